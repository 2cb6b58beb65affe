//! The pages behind a problem's `type`: HTML whatever `Accept` says, for people follow these links.

use super::html::{LargePrint, PAGE, escaped};
use super::negotiation::Lang;
use super::problem::{Problem, fill};
use super::request::RequestMeta;
use crate::platform::error::{Code, Error, Text};
use actix_web::http::header::{CONTENT_LANGUAGE, VARY};
use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use std::fmt::Write as _;

const WHAT_TO_DO: Text = Text { zh: "请您", en: "What to do" };

/// The tables of codes a product serves pages for.
pub type CodeTables = &'static [&'static [Code]];

/// The page that explains one code.
pub fn problem_page(code: &Code, lang: Lang) -> String {
    let heading = escaped(lang.of(code.title));
    let detail = escaped(&fill(lang.of(code.detail), &[]));
    let back = match lang {
        Lang::Zh => "全部问题代码",
        Lang::En => "All problem codes",
    };
    let body = format!("<h1>{heading}</h1><p>{detail}</p><p><code>{}</code></p><p><a href=\"/problems\">{back}</a></p>", code.name);
    page(&heading, &body, lang)
}

impl Problem {
    /// The whole answer as a page in large letters, for who asked for one: what to do, or every fault with its field, which `name` puts in
    /// words.
    pub fn in_large_print(&self, meta: &RequestMeta, name: impl Fn(&str, Lang) -> String) -> HttpResponse {
        let document = self.document(meta);
        let mut page = LargePrint::titled(meta.lang, &document.title, "");
        if document.errors.is_empty() {
            page.row(meta.lang.of(WHAT_TO_DO), &document.detail);
        }
        for fault in &document.errors {
            page.row(&name(&fault.pointer, meta.lang), &fault.detail);
        }
        self.respond(meta, PAGE, page.html().into_bytes())
    }
}

/// Serves `GET /problems`, the list, and `GET /problems/{code}`; an unknown code is a 404 problem.
pub fn problem_pages(tables: CodeTables) -> impl Fn(&mut ServiceConfig) + Clone {
    move |config| {
        let index = move |req: HttpRequest| async move {
            let lang = RequestMeta::of(&req).lang;
            html(index_page(tables, lang), lang)
        };
        let one = move |req: HttpRequest, name: web::Path<String>| async move {
            let lang = RequestMeta::of(&req).lang;
            let code = tables.iter().copied().flatten().find(|c| c.name == name.as_str());
            code.map(|code| html(problem_page(code, lang), lang)).ok_or_else(|| Problem::from(Error::NotFound))
        };
        let refuse = || async { Err::<HttpResponse, _>(Problem::method_not_allowed(vec!["GET", "HEAD"])) };
        config.service(web::resource("/problems").route(web::get().to(index)).default_service(web::to(refuse)));
        config.service(web::resource("/problems/{code}").route(web::get().to(one)).default_service(web::to(refuse)));
    }
}

fn index_page(tables: CodeTables, lang: Lang) -> String {
    let heading = match lang {
        Lang::Zh => "问题代码",
        Lang::En => "Problem codes",
    };
    let mut body = format!("<h1>{heading}</h1><dl>");
    for code in tables.iter().copied().flatten() {
        let title = escaped(lang.of(code.title));
        // Writing to a String can't fail.
        let _ = write!(body, "<dt><a href=\"/problems/{0}\"><code>{0}</code></a></dt><dd>{title}</dd>", code.name);
    }
    body.push_str("</dl>");
    page(heading, &body, lang)
}

fn page(title: &str, body: &str, lang: Lang) -> String {
    format!(
        "<!DOCTYPE html><html lang=\"{}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title></head><body><main>{body}</main></body></html>",
        lang.tag()
    )
}

fn html(text: String, lang: Lang) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((CONTENT_LANGUAGE, lang.tag()))
        .insert_header((VARY, "Accept-Language"))
        .body(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::web::codes;

    #[test]
    fn pages_name_the_code_and_escape_the_words() {
        let page = problem_page(&codes::DUPLICATE_KEY, Lang::En);
        assert!(page.contains("<code>duplicate_key</code>") && page.contains("&quot;…&quot;") && page.contains("lang=\"en\""), "{page}");
        assert!(index_page(&[codes::ALL], Lang::Zh).contains("href=\"/problems/stale\""));
    }
}
