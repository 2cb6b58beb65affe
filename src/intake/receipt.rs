//! The receipt (回执): what the petitioner takes home. Printed again it has no query code, which is kept as a hash only.

use crate::auth::Context;
use crate::deadline::ClockKind;
use crate::petition::{Case, view};
use crate::platform::clock::office_day;
use crate::platform::db::Conn;
use crate::platform::db::types::{Id, Time};
use crate::platform::error::Result;
use crate::platform::web::html::escaped;
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

/// A receipt.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Receipt {
    /// The petition.
    pub petition_id: Id,
    /// Its number, in groups.
    #[schema(example = "XF-20260302-V000123-K")]
    pub number: String,
    /// A line that names the matter.
    pub title: String,
    /// The petitioner's name; null when anonymous.
    pub petitioner: Option<String>,
    /// The office that registered it.
    pub office: String,
    /// When the office got it.
    pub received_at: Time,
    /// The office day of registration.
    pub registered_on: NaiveDate,
    /// What follows, in plain words.
    pub what_follows: String,
}

/// The receipt of a petition the caller may see.
///
/// # Errors
/// NotFound.
pub fn receipt(c: &mut Conn, cx: &Context, id: Id) -> Result<Receipt> {
    let case = Case::load(c, cx, id)?;
    let shown = view::shown(c, cx, &case)?;
    let office = shown.registered_unit.name;
    let petitioner = case.parties.iter().find(|p| p.role.is_principal()).map(|p| p.name.clone());
    Ok(Receipt {
        petition_id: id,
        number: shown.number,
        title: shown.title,
        petitioner: petitioner.filter(|_| !shown.anonymous),
        office,
        received_at: shown.received_at,
        registered_on: office_day(shown.registered_at.0, cx.zone),
        what_follows: match case.clocks.last_of(ClockKind::TriageNotice) {
            Some(clock) => {
                let by = clock.due_on.format("%Y年%-m月%-d日");
                format!("我们会在{by}之前（含当日）告诉您由哪个单位办理。请保管好本回执，凭编号查询办理情况。")
            }
            None => "请保管好本回执，凭编号查询办理情况。".to_owned(),
        },
    })
}

/// The receipt as a page to print, in large letters.
pub fn page(receipt: &Receipt) -> String {
    let rows = [
        ("编号", receipt.number.as_str()),
        ("信访人", receipt.petitioner.as_deref().unwrap_or("（未署名）")),
        ("事由", receipt.title.as_str()),
        ("收件单位", receipt.office.as_str()),
        ("登记日期", &receipt.registered_on.to_string()),
    ]
    .map(|(name, value)| format!("<tr><th scope=\"row\">{name}</th><td>{}</td></tr>", escaped(value)))
    .concat();
    format!(
        "<!doctype html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><title>信访回执 {number}</title>\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <style>body{{font:1.5rem/1.6 serif;max-width:40rem;margin:2rem auto;padding:0 1rem}}\
         th{{text-align:left;padding-right:1.5rem;vertical-align:top;white-space:nowrap}}td{{overflow-wrap:anywhere}}\
         @media print{{body{{margin:0}}}}</style></head>\
         <body><h1>信访回执</h1><table>{rows}</table><p>{follows}</p></body></html>\n",
        number = escaped(&receipt.number),
        follows = escaped(&receipt.what_follows),
    )
}
