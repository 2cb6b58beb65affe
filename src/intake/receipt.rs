//! The receipt (回执): what the petitioner takes home. Printed again it has no query code, which is kept as a hash only.

use crate::auth::Context;
use crate::deadline::ClockKind;
use crate::petition::model::PartyRole;
use crate::petition::{Case, view};
use crate::platform::clock::office_day;
use crate::platform::db::Conn;
use crate::platform::db::types::{Id, Time};
use crate::platform::error::{Error, Result};
use crate::platform::web::html::{LargePrint, escaped};
use chrono::NaiveDate;
use chrono_tz::Tz;
use qrcode::QrCode;
use qrcode::render::svg;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Asking for a new query code.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "老人遗失回执，已核对身份证。"}))]
pub struct ReissueQueryCode {
    /// Why, and how it was made sure that it is the petitioner who asks.
    #[schema(min_length = 1, max_length = 1000, pattern = "\\S")]
    pub reason: String,
}

/// A receipt.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Receipt {
    /// The petition.
    pub petition_id: Id,
    /// Its number, in groups.
    #[schema(example = "XF-20260302-V000123-K")]
    pub number: String,
    /// The query code; only where it has just been made.
    #[serde(skip)]
    pub query_code: Option<String>,
    /// A line that names the matter.
    pub title: String,
    /// The petitioner's name; null when anonymous.
    pub petitioner: Option<String>,
    /// The office that registered it.
    pub office: String,
    /// Whether what was said was read back to whoever said it; null where nobody said.
    pub read_back: Option<bool>,
    /// When the office got it.
    pub received_at: Time,
    /// The office day of registration.
    pub registered_on: NaiveDate,
    /// What follows, in plain words.
    pub what_follows: String,
}

/// What a receipt says of a petition as it is answered.
#[derive(Debug, Deserialize)]
pub struct Told {
    id: Id,
    number: String,
    query_code: Option<String>,
    title: String,
    anonymous: bool,
    read_back: Option<bool>,
    parties: Vec<Person>,
    registered_unit: Office,
    received_at: Time,
    registered_at: Time,
    clocks: Vec<Limit>,
}

#[derive(Debug, Deserialize)]
struct Person {
    name: String,
    role: PartyRole,
}

#[derive(Debug, Deserialize)]
struct Office {
    name: String,
}

#[derive(Debug, Deserialize)]
struct Limit {
    kind: ClockKind,
    due_on: NaiveDate,
}

impl Receipt {
    /// The receipt of a petition, its days those of a zone.
    pub fn of(told: Told, zone: Tz) -> Self {
        let petitioner = told.parties.into_iter().find(|p| p.role.is_principal()).map(|p| p.name);
        let by = told.clocks.iter().rfind(|clock| clock.kind == ClockKind::TriageNotice).map(|clock| clock.due_on);
        let first = by.map(|by| format!("我们会在{}之前（含当日）告诉您由哪个单位办理。", by.format("%Y年%-m月%-d日")));
        Self {
            petition_id: told.id,
            number: told.number,
            query_code: told.query_code,
            title: told.title,
            petitioner: petitioner.filter(|_| !told.anonymous),
            office: told.registered_unit.name,
            read_back: told.read_back,
            received_at: told.received_at,
            registered_on: office_day(told.registered_at.0, zone),
            what_follows: format!("{}请保管好本回执，凭编号和查询码查询办理情况。", first.unwrap_or_default()),
        }
    }
}

/// The receipt of a petition the caller may see.
///
/// # Errors
/// NotFound.
pub fn receipt(c: &mut Conn, cx: &Context, id: Id) -> Result<Receipt> {
    let case = Case::load(c, cx, id)?;
    let shown = serde_json::to_value(view::shown(c, cx, &case)?).and_then(serde_json::from_value);
    Ok(Receipt::of(shown.map_err(|e| Error::Internal(Box::new(e)))?, cx.zone))
}

/// What a page looks like, for the document.
pub const PAGE_EXAMPLE: &str = "<!doctype html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\">\
    <title>信访回执 XF-20260819-V000002-E</title></head><body><h1>信访回执</h1><table><tr><th scope=\"row\">编号</th>\
    <td>XF-20260819-V000002-E</td></tr><tr><th scope=\"row\">查询码</th><td>7QK2M 9X4TB</td></tr></table></body></html>\n";

/// A code in groups of five, to be read over a telephone.
fn in_groups(code: &str) -> String {
    let letters: Vec<char> = code.chars().collect();
    letters.chunks(5).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

/// The receipt as a page to print, in large letters; its QR code holds the number, and the query code if there is one.
///
/// # Errors
/// Internal only.
pub fn page(receipt: &Receipt) -> Result<String> {
    let mut page = LargePrint::titled("信访回执", &receipt.number);
    page.row("编号", &receipt.number);
    if let Some(code) = &receipt.query_code {
        page.row("查询码", &in_groups(code));
    }
    page.row("信访人", receipt.petitioner.as_deref().unwrap_or("（未署名）"));
    page.row("事由", &receipt.title);
    if receipt.read_back == Some(true) {
        page.row("口述内容", "已向本人复述确认");
    }
    page.row("收件单位", &receipt.office);
    page.row("登记日期", &receipt.registered_on.format("%Y年%-m月%-d日").to_string());
    page.below(&format!("<p>{}</p>", escaped(&receipt.what_follows)));
    let coded = [Some(receipt.number.as_str()), receipt.query_code.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(" ");
    let code = QrCode::new(coded.as_bytes()).map_err(|e| Error::Internal(Box::new(e)))?;
    let drawn = code.render::<svg::Color<'_>>().min_dimensions(180, 180).build();
    let said = format!("<div role=\"img\" aria-label=\"二维码：{}\">", escaped(&coded));
    // the picture's XML prologue has no place in a page
    page.below(&format!("{said}{}</div>", drawn.find("<svg").map_or("", |at| &drawn[at..])));
    Ok(page.html())
}
