//! The receipt (回执): what the petitioner takes home. Printed again it has no query code, which is kept as a hash only.

use super::notices::day;
use crate::auth::Context;
use crate::contact_line::{self, AskAt};
use crate::deadline::ClockKind;
use crate::petition::model::PartyRole;
use crate::petition::{Case, view};
use crate::platform::clock::office_day;
use crate::platform::db::Conn;
use crate::platform::db::types::{Id, Time};
use crate::platform::error::{Error, Result, Text};
use crate::platform::web::Lang;
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
    /// Where to ask: the office's telephone, if one is entered.
    pub ask_at: Option<AskAt>,
    /// What follows, in plain words, in the language asked for.
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
    id: Id,
    name: String,
}

#[derive(Debug, Deserialize)]
struct Limit {
    kind: ClockKind,
    due_on: NaiveDate,
}

impl Told {
    /// The unit that registered it.
    pub fn registered_unit(&self) -> Id {
        self.registered_unit.id
    }
}

impl Receipt {
    /// The receipt of a petition, its days those of a zone.
    pub fn of(told: Told, zone: Tz, ask_at: Option<AskAt>, lang: Lang) -> Self {
        let petitioner = told.parties.into_iter().find(|p| p.role.is_principal()).map(|p| p.name);
        let by = told.clocks.iter().rfind(|clock| clock.kind == ClockKind::TriageNotice).map(|clock| clock.due_on);
        let keep = lang.of(KEEP);
        let what_follows = match (by.map(|by| day(by, lang)), lang) {
            (None, _) => keep.to_owned(),
            (Some(by), Lang::Zh) => format!("我们会在{by}之前（含当日）告诉您由哪个单位办理。{keep}"),
            (Some(by), Lang::En) => format!("We will tell you by {by} at the latest which unit deals with it. {keep}"),
        };
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
            ask_at,
            what_follows,
        }
    }
}

const KEEP: Text = Text {
    zh: "请保管好本回执，凭编号和查询码查询办理情况。",
    en: "Please keep this receipt: with the number and the query code you can ask how the matter stands.",
};

/// The receipt of a petition the caller may see.
///
/// # Errors
/// NotFound.
pub fn receipt(c: &mut Conn, cx: &Context, id: Id, lang: Lang) -> Result<Receipt> {
    let case = Case::load(c, cx, id)?;
    let ask_at = contact_line::nearest::ask_at(c, case.row.registered_unit)?;
    let shown = serde_json::to_value(view::shown(c, cx, &case)?).and_then(serde_json::from_value);
    Ok(Receipt::of(shown.map_err(|e| Error::Internal(Box::new(e)))?, cx.zone, ask_at, lang))
}

/// What a page looks like, for the document.
pub const PAGE_EXAMPLE: &str = "<!doctype html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\">\
    <title>信访回执 XF-20260819-V000002-E</title></head><body><h1>信访回执</h1><table><tr><th scope=\"row\">编号</th>\
    <td>XF-20260819-V000002-E</td></tr><tr><th scope=\"row\">查询码</th><td>7QK2M 9X4TB</td></tr></table></body></html>\n";

/// What the page of a refusal looks like, for the document.
pub const REFUSED_EXAMPLE: &str = "<!doctype html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><title>填写有误</title></head>\
    <body><h1>填写有误</h1><table><tr><th scope=\"row\">事由</th><td>此项必填。</td></tr></table></body></html>\n";

/// A code in groups of five, to be read over a telephone.
fn in_groups(code: &str) -> String {
    let letters: Vec<char> = code.chars().collect();
    letters.chunks(5).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

/// The receipt as a page to print, in large letters; its QR code holds the number, and the query code if there is one.
///
/// # Errors
/// Internal only.
pub fn page(receipt: &Receipt, lang: Lang) -> Result<String> {
    let say = |zh: &'static str, en: &'static str| lang.of(Text { zh, en });
    let mut page = LargePrint::titled(lang, say("信访回执", "Receipt of your petition"), &receipt.number);
    page.row(say("编号", "Number"), &receipt.number);
    if let Some(code) = &receipt.query_code {
        page.row(say("查询码", "Query code"), &in_groups(code));
    }
    page.row(say("信访人", "Petitioner"), receipt.petitioner.as_deref().unwrap_or(say("（未署名）", "(not named)")));
    page.row(say("事由", "Matter"), &receipt.title);
    if receipt.read_back == Some(true) {
        page.row(say("口述内容", "What was said"), say("已向本人复述确认", "Read back and confirmed"));
    }
    page.row(say("收件单位", "Received by"), &receipt.office);
    page.row(say("登记日期", "Registered on"), &day(receipt.registered_on, lang));
    if let Some(AskAt { name, phone, address, note }) = &receipt.ask_at {
        let place = address.as_ref().map_or_else(|| name.clone(), |address| format!("{name}{}{address}", say("，", ", ")));
        page.row(say("咨询电话", "Telephone"), &note.as_ref().map_or_else(|| phone.clone(), |note| format!("{phone} ({note})")));
        page.row(say("咨询地点", "Where to ask"), &place);
    }
    page.below(&format!("<p>{}</p>", escaped(&receipt.what_follows)));
    let coded = [Some(receipt.number.as_str()), receipt.query_code.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(" ");
    let code = QrCode::new(coded.as_bytes()).map_err(|e| Error::Internal(Box::new(e)))?;
    let drawn = code.render::<svg::Color<'_>>().min_dimensions(180, 180).build();
    let said = format!("<div role=\"img\" aria-label=\"{}{}\">", say("二维码：", "QR code: "), escaped(&coded));
    // the picture's XML prologue has no place in a page
    page.below(&format!("{said}{}</div>", drawn.find("<svg").map_or("", |at| &drawn[at..])));
    Ok(page.html())
}
