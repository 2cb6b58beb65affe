//! Notices as papers: the notice of receipt, printing any of them, recording that one arrived.

use crate::auth::Context;
use crate::codes;
use crate::deadline::ClockKind;
use crate::notice::{self, NewDelivery, NewNotice, Notice, NoticeKind, rules, texts};
use crate::petition::clocks::NewClock;
use crate::petition::{Act, repo, service};
use crate::platform::db::Conn;
use crate::platform::db::types::Id;
use crate::platform::error::{Error, Result, Text};
use crate::platform::web::html::{LargePrint, escaped};
use crate::platform::web::{Answer, Body, Lang};
use chrono::NaiveDate;
use serde_json::json;

/// Gives the notice that the petition has arrived.
///
/// # Errors
/// As [`service::perform`].
pub fn give(c: &mut Conn, cx: &mut Context, id: Id, body: &Body<NewNotice>) -> Result<Answer> {
    service::perform(c, cx, id, Act::GiveNotice, body, |c, cx, case, input| {
        case.row.facts.notice_given = true;
        let row = case.issue_notice(c, cx, NoticeKind::Receipt, cx.actor.unit_id, input.into())?;
        let draft = case.draft(&cx.actor, Act::GiveNotice, "notice_given");
        case.fulfil(c, cx, "give_notice")?;
        let (unit, from) = (case.row.sending_unit, row.issued_at.0);
        case.start_clock(c, cx, NewClock { kind: ClockKind::Disposition, from, unit, until: None })?;
        case.event(draft.with("notice_id", row.id).with("method", input.method));
        Ok(Some(format!("notices/{}", row.id)))
    })
}

/// A notice of a petition the caller may see.
///
/// # Errors
/// NotFound.
pub fn one(c: &mut Conn, cx: &Context, petition: Id, id: Id) -> Result<Notice> {
    repo::require_visible(c, &cx.actor, petition)?;
    notice::repo::one(c, petition, id)?.ok_or(Error::NotFound)
}

/// Records that a notice arrived, with its proof (送达).
///
/// # Errors
/// As [`service::perform`]; Conflict for one that has arrived, or that is the answer itself; Invalid for a time before the notice or
/// ahead, a missing witness.
pub fn deliver(c: &mut Conn, cx: &mut Context, petition: Id, id: Id, body: &Body<NewDelivery>) -> Result<Answer> {
    one(c, cx, petition, id)?;
    service::perform(c, cx, petition, Act::DeliverNotice, body, |c, cx, case, input| {
        let notice = notice::repo::one(c, petition, id)?.ok_or(Error::NotFound)?;
        if notice.kind.is_answer() {
            return Err(case.refusal(&cx.actor, codes::DELIVERED_AS_ANSWER));
        }
        if notice.delivered_at.is_some() {
            return Err(case.refusal(&cx.actor, codes::NOTICE_DELIVERED));
        }
        let faults = rules::delivery_faults(input, notice.issued_at.0, cx.now(), codes::BEFORE_NOTICE);
        if !faults.is_empty() {
            return Err(Error::Invalid(faults));
        }
        let row = case.deliver_notice(c, cx, notice, input)?;
        let mut draft = case.draft(&cx.actor, Act::DeliverNotice, "notice_delivered");
        draft.claimed_at = input.delivered_at;
        case.event(
            draft
                .with("notice_id", id)
                .with("method", input.method)
                .with("receipt", input.receipt)
                .with("delivered_at", row.delivered_at)
                .sealed(json!({"recipient": row.recipient, "witness": row.witness})),
        );
        Ok(None)
    })
}

/// What a page looks like, for the document.
pub const PAGE_EXAMPLE: &str = "<!doctype html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\">\
    <title>信访事项受理告知书 XF-20260819-V000002-E/3</title></head><body><h1>信访事项受理告知书</h1><table><tr><th scope=\"row\">编号</th>\
    <td>XF-20260819-V000002-E/3</td></tr></table><p>您的信访件（编号XF-20260819-V000002-E）已由财务科受理。</p></body></html>\n";

/// The notice as a page to print, in large letters. Its words, names and date are those it was issued with.
pub fn page(notice: &Notice, lang: Lang) -> String {
    let say = |zh: &'static str, en: &'static str| lang.of(Text { zh, en });
    let paper = &notice.document;
    let (mut page, kind) = (LargePrint::titled(lang, lang.of(texts::title(notice.kind)), &paper.number), notice.kind);
    page.row(say("编号", "Number"), &paper.number);
    let to = if notice.to_unit.is_some() { say("受文单位", "To") } else { say("信访人", "Petitioner") };
    page.row(to, paper.addressee.as_deref().unwrap_or(say("（未署名）", "(not named)")));
    let words = match lang {
        Lang::Zh => &notice.text,
        Lang::En => paper.english.as_ref().unwrap_or(&notice.text),
    };
    words.lines().for_each(|line| page.below(&format!("<p>{}</p>", escaped(line))));
    let rests_on = match (&paper.articles, lang) {
        (Some(_), Lang::En) => texts::articles(kind).map(|articles| articles.en.to_owned()),
        (articles, _) => articles.clone(),
    };
    if let Some(articles) = rests_on {
        page.below(&format!("<p>{}{}</p>", say("所依条款：", "Articles: "), escaped(&articles)));
    }
    let on = paper.issued_on.map_or_else(String::new, |on| day(on, lang));
    page.below(&format!("<p style=\"text-align:right\">{}<br>{on}</p>", escaped(&paper.sign_off)));
    page.html()
}

/// A day as it is written out.
pub fn day(day: NaiveDate, lang: Lang) -> String {
    let form = match lang {
        Lang::Zh => "%Y年%-m月%-d日",
        Lang::En => "%-d %B %Y",
    };
    day.format(form).to_string()
}
