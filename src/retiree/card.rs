//! The contact card (亲情联络卡): whom a retiree calls, in large letters beside the telephone.

use super::model::UnitRole;
use super::service::reached;
use super::{repo, view::StaffRef};
use crate::account;
use crate::auth::Context;
use crate::contact_line::{self, ContactLine, LineKind};
use crate::platform::db::Conn;
use crate::platform::db::types::Id;
use crate::platform::error::{Error, Result};
use crate::platform::web::html::LargePrint;
use crate::platform::web::negotiation::Lang;
use crate::unit;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Numbers that everybody may need.
const LINES: &str = include_str!("../../data/contact-lines.json");

/// Lines of the units on a page to print, the nearest: it is one sheet.
const PRINTED: usize = 8;

/// A telephone line on a card.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CardLine {
    /// What it is for; null for a number of the whole country.
    #[serde(default)]
    pub kind: Option<LineKind>,
    /// The unit whose line it is; null for a number of the whole country.
    #[serde(default)]
    #[schema(example = "县老干部局")]
    pub unit: Option<String>,
    /// Who answers.
    #[schema(example = "医疗急救")]
    pub name: String,
    /// The number.
    #[schema(example = "120")]
    pub number: String,
    /// Where to go.
    #[serde(default)]
    pub address: Option<String>,
    /// What else is to be known.
    #[serde(default)]
    pub note: Option<String>,
}

crate::text_enum! {
    /// What a card should say and nobody entered.
    pub enum MissingContact {
        /// A unit that looks after them.
        Unit = "unit",
        /// Their liaison officer.
        LiaisonOfficer = "liaison_officer",
        /// The unit's telephone.
        Office = "office",
        /// Who leads the unit.
        Leader = "leader",
        /// A hospital.
        Hospital = "hospital",
        /// Repairs in the home.
        Repair = "repair",
    }
}

/// A unit with those who lead it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ContactUnit {
    /// What it is to the retiree.
    pub role: UnitRole,
    /// Its name.
    #[schema(example = "城东社区服务站")]
    pub name: String,
    /// Its heads.
    pub heads: Vec<String>,
}

/// A contact card.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ContactCard {
    /// The retiree.
    pub retiree_id: Id,
    /// Their name.
    pub name: String,
    /// The member of staff who looks after them.
    pub liaison_officer: Option<StaffRef>,
    /// Their units of today, and who leads them.
    pub units: Vec<ContactUnit>,
    /// Lines of their units and of those above them, the nearest first; then the numbers of the whole country.
    pub lines: Vec<CardLine>,
    /// What nobody entered.
    pub missing: Vec<MissingContact>,
}

/// The card of a retiree the caller reaches.
///
/// # Errors
/// NotFound.
pub(super) fn card(c: &mut Conn, cx: &Context, id: Id) -> Result<ContactCard> {
    let (_, row) = reached(c, cx, id)?;
    let whole = repo::whole(c, row)?;
    let today = cx.today();
    let lasting =
        whole.units.iter().filter(|unit| unit.valid_from.is_none_or(|from| from <= today) && unit.valid_to.is_none_or(|to| to >= today));
    let mut entered: Vec<_> = lasting.map(|unit| (unit.role, unit.unit_id)).collect();
    // who is responsible comes first
    entered.sort();
    let ids: Vec<Id> = entered.iter().map(|(_, unit)| *unit).collect();
    let lineage = unit::repo::lineage(c, &ids)?;
    // a dissolved unit's work is somebody else's: theirs is the card's name
    let current: Vec<_> = entered.into_iter().map(|(role, unit)| (role, lineage.current(unit))).collect();
    let own = contact_line::nearest::of(c, &lineage, &ids)?;
    let named: Vec<Id> = current.iter().map(|(_, unit)| *unit).chain(own.iter().map(|line| line.unit_id)).collect();
    let names = unit::repo::names(c, &named)?;
    let name_of = |unit: Id| names.get(&unit).cloned().unwrap_or_default();
    let heads = account::repo::heads(c, &current.iter().map(|(_, unit)| *unit).collect::<Vec<_>>())?;
    let mut units: Vec<ContactUnit> = Vec::new();
    for (role, unit) in current {
        let heads = heads.iter().filter(|(of, _)| *of == unit).map(|(_, name)| name.clone()).collect();
        units.push(ContactUnit { role, name: name_of(unit), heads });
    }
    let officer = match whole.row.liaison_officer {
        Some(id) => account::repo::names(c, &[id])?.remove(&id).map(|name| StaffRef { id, name }),
        None => None,
    };
    let missing = missing(&units, officer.is_some(), &own);
    let mut lines: Vec<CardLine> = own
        .into_iter()
        .map(|line| CardLine {
            kind: Some(line.kind),
            unit: Some(name_of(line.unit_id)),
            name: line.name,
            number: line.phone,
            address: line.address,
            note: line.note,
        })
        .collect();
    let national: Vec<CardLine> = serde_json::from_str(LINES).map_err(|e| Error::Internal(Box::new(e)))?;
    lines.extend(national);
    Ok(ContactCard { retiree_id: whole.row.id, name: whole.row.name, liaison_officer: officer, units, lines, missing })
}

fn missing(units: &[ContactUnit], has_officer: bool, own: &[ContactLine]) -> Vec<MissingContact> {
    let has = |kind: LineKind| own.iter().any(|line| line.kind == kind);
    let led = units.iter().any(|unit| !unit.heads.is_empty()) || has(LineKind::Leader);
    let there = [
        (MissingContact::Unit, !units.is_empty()),
        (MissingContact::LiaisonOfficer, has_officer),
        (MissingContact::Office, has(LineKind::Office)),
        (MissingContact::Leader, led),
        (MissingContact::Hospital, has(LineKind::Hospital)),
        (MissingContact::Repair, has(LineKind::Repair)),
    ];
    there.into_iter().filter(|(_, there)| !there).map(|(what, _)| what).collect()
}

/// The card as a page to print, in large letters: one sheet.
pub(super) fn page(card: &ContactCard) -> String {
    let mut page = LargePrint::titled(Lang::Zh, "亲情联络卡", &card.name);
    page.row("姓名", &card.name);
    page.row("联络员", card.liaison_officer.as_ref().map_or("（待定）", |officer| officer.name.as_str()));
    for unit in &card.units {
        let role = match unit.role {
            UnitRole::Responsible => "原工作单位",
            UnitRole::Managing => "管理单位",
            UnitRole::Functional => "服务单位",
        };
        let heads = if unit.heads.is_empty() { String::new() } else { format!("（负责人：{}）", unit.heads.join("、")) };
        page.row(role, &format!("{}{heads}", unit.name));
    }
    let (own, national): (Vec<_>, Vec<_>) = card.lines.iter().partition(|line| line.kind.is_some());
    let more = own.len().saturating_sub(PRINTED);
    for line in own.into_iter().take(PRINTED).chain(national) {
        let more: Vec<&str> = [&line.address, &line.note].into_iter().flatten().map(String::as_str).collect();
        let more = if more.is_empty() { String::new() } else { format!("（{}）", more.join("，")) };
        page.row(&line.name, &format!("{}{more}", line.number));
    }
    if more > 0 {
        page.below(&format!("<p>另有 {more} 个电话未印出，请向工作人员询问。</p>"));
    }
    if !card.missing.is_empty() {
        let missing: Vec<&str> = card.missing.iter().map(|what| in_words(*what)).collect();
        page.below(&format!("<p>尚未登记：{}。请向工作人员询问。</p>", missing.join("、")));
    }
    page.html()
}

const fn in_words(what: MissingContact) -> &'static str {
    match what {
        MissingContact::Unit => "管理单位",
        MissingContact::LiaisonOfficer => "联络员",
        MissingContact::Office => "单位电话",
        MissingContact::Leader => "单位负责人",
        MissingContact::Hospital => "医院电话",
        MissingContact::Repair => "维修电话",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lines_can_be_read() {
        let lines: Vec<CardLine> = serde_json::from_str(LINES).unwrap_or_default();
        assert!(lines.iter().any(|line| line.number == "120"));
    }
}
