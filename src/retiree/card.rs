//! The contact card (亲情联络卡): whom a retiree calls, in large letters beside the telephone.

use super::model::UnitRole;
use super::service::reached;
use super::{repo, view::StaffRef};
use crate::account;
use crate::auth::Context;
use crate::platform::db::Conn;
use crate::platform::db::types::Id;
use crate::platform::error::{Error, Result};
use crate::platform::web::html::LargePrint;
use crate::unit;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Numbers that everybody may need.
const LINES: &str = include_str!("../../data/contact-lines.json");

/// A telephone line.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ContactLine {
    /// What it is for.
    #[schema(example = "医疗急救")]
    pub name: String,
    /// The number.
    #[schema(example = "120")]
    pub number: String,
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
    /// Hospital, emergencies, repairs, questions about pension and insurance.
    pub lines: Vec<ContactLine>,
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
    // a dissolved unit's work is somebody else's: theirs is the card's name
    let entered: Vec<_> = lasting.map(|unit| (unit.role, unit.unit_id)).collect();
    let lineage = unit::repo::lineage(c, &entered.iter().map(|(_, unit)| *unit).collect::<Vec<_>>())?;
    let current: Vec<_> = entered.into_iter().map(|(role, unit)| (role, lineage.current(unit))).collect();
    let heads = account::repo::heads(c, &current.iter().map(|(_, unit)| *unit).collect::<Vec<_>>())?;
    let mut units: Vec<ContactUnit> = Vec::new();
    for (role, unit) in current {
        let heads = heads.iter().filter(|(of, _)| *of == unit).map(|(_, name)| name.clone()).collect();
        units.push(ContactUnit { role, name: lineage.shown(unit).name, heads });
    }
    let officer = match whole.row.liaison_officer {
        Some(id) => account::repo::names(c, &[id])?.remove(&id).map(|name| StaffRef { id, name }),
        None => None,
    };
    let lines = serde_json::from_str(LINES).map_err(|e| Error::Internal(Box::new(e)))?;
    Ok(ContactCard { retiree_id: whole.row.id, name: whole.row.name, liaison_officer: officer, units, lines })
}

/// The card as a page to print, in large letters.
pub(super) fn page(card: &ContactCard) -> String {
    let mut page = LargePrint::titled("亲情联络卡", &card.name);
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
    for line in &card.lines {
        page.row(&line.name, &line.number);
    }
    page.html()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lines_can_be_read() {
        let lines: Vec<ContactLine> = serde_json::from_str(LINES).unwrap_or_default();
        assert!(lines.iter().any(|line| line.number == "120"));
    }
}
