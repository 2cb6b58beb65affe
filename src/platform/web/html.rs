//! Text in a page; pages in large print.

use super::negotiation::Lang;

/// A text as it stands between tags or in an attribute's quotes.
pub fn escaped(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut out, c| {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
        out
    })
}

/// What a page is sent as.
pub const PAGE: &str = "text/html; charset=utf-8";

/// Rows that find room on a sheet of A4 in the largest letters.
const ROOMY: usize = 11;

/// A sheet to print for somebody with weak eyes: a heading, a table of names and values, and what stands below.
pub struct LargePrint {
    lang: Lang,
    heading: String,
    of: String,
    rows: Vec<String>,
    below: String,
}

impl LargePrint {
    /// An empty sheet: what it is, and of what.
    pub fn titled(lang: Lang, heading: &str, of: &str) -> Self {
        Self { lang, heading: escaped(heading), of: escaped(of), rows: Vec::new(), below: String::new() }
    }

    /// A row of the table, in plain text.
    pub fn row(&mut self, name: &str, value: &str) {
        self.rows.push(format!("<tr><th scope=\"row\">{}</th><td>{}</td></tr>", escaped(name), escaped(value)));
    }

    /// Markup below the table.
    pub fn below(&mut self, markup: &str) {
        self.below += markup;
    }

    /// The page.
    pub fn html(&self) -> String {
        let Self { lang, heading, of, rows, below } = self;
        let (lang, rows, size) = (lang.tag(), rows.concat(), if rows.len() > ROOMY { "1.25rem" } else { "1.75rem" });
        format!(
            "<!doctype html>\n<html lang=\"{lang}\"><head><meta charset=\"utf-8\"><title>{heading} {of}</title>\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
             <style>body{{font:1.75rem/1.6 serif;max-width:44rem;margin:2rem auto;padding:0 1rem}}\
             th{{text-align:left;padding-right:1.5rem;vertical-align:top;min-width:5em;max-width:11em}}td{{overflow-wrap:anywhere}}\
             @media print{{body{{font-size:{size};margin:0}}}}</style></head>\
             <body><h1>{heading}</h1><table>{rows}</table>{below}</body></html>\n"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_text_is_markup() {
        assert_eq!(escaped("<a href='x'>\"&"), "&lt;a href=&#39;x&#39;&gt;&quot;&amp;");
    }
}
