//! SQL of the retirees.

pub mod reach;
pub(super) mod roster;

use super::model::{PhoneRow, Retiree, RetireeCategory, RetireeStatus, UnitRow, Whole};
use super::rules::behind;
use crate::audit::Head;
use crate::on_both;
use crate::platform::db::condition::held;
use crate::platform::db::schema::{retiree, retiree_phone, retiree_relative, retiree_unit};
use crate::platform::db::types::Id;
use crate::platform::db::{Conn, MultiBackend};
use crate::platform::error::{Error, Result};
use chrono::NaiveDate;
use diesel::prelude::*;
use reach::{Condition, Reach, of_units_below};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// Profiles merged into each other, one after the other, at most; more can only be a circle made behind our back.
const LINE_MAX: usize = 64;

/// One way to those who are looked for, each an index of its own; lists go through one after the other.
#[derive(Debug, Clone)]
pub(super) enum Way {
    /// All, by sound.
    All,
    /// Whose name begins so, as written.
    Folded(String),
    /// Whose initials begin so.
    Initials(String),
    /// Whose name begins so by sound, but not by initials.
    Pinyin(String),
    /// Who has the number.
    Identity(Vec<u8>),
    /// Who has the telephone number, but not as an identity number.
    Phone {
        /// The telephone number's hash.
        phone: Vec<u8>,
        /// The hash of the same digits as an identity number.
        identity: Vec<u8>,
    },
}

/// Where a page ends: the way, the key in its order, the id.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Place {
    pub(super) way: usize,
    key: String,
    id: Id,
}

impl Way {
    /// The place of a row in this way's order.
    pub fn place(&self, way: usize, row: &Retiree) -> Place {
        let key = match self {
            Self::Folded(_) => &row.name_folded,
            Self::Initials(_) => &row.name_initials,
            _ => &row.name_pinyin,
        };
        Place { way, key: key.clone(), id: row.id }
    }
}

/// What else a list is held to.
#[derive(Debug, Clone, Default)]
pub(super) struct Held {
    pub unit: Option<Id>,
    pub branch: Option<String>,
    pub category: Option<RetireeCategory>,
    pub status: Option<RetireeStatus>,
    pub liaison_officer: Option<Id>,
}

/// Rows of one way behind a place of it, in its order; profiles that were merged into others are left out.
pub(super) fn along(
    c: &mut Conn,
    reach: &Reach,
    way: &Way,
    narrowed: &Held,
    after: Option<&Place>,
    today: NaiveDate,
    rows: i64,
) -> Result<Vec<Retiree>> {
    let begins = |from: &str| (from.to_owned(), behind(from));
    // the index of identity numbers has just these rows, in no order that helps
    let goes_on = held(Box::new(retiree::merged_into.is_null().nullable()));
    let mut query = retiree::table.into_boxed::<MultiBackend>().filter(goes_on).filter(reach.condition());
    macro_rules! ordered_by {
        ($column:ident) => {{
            if let Some(Place { key, id, .. }) = after {
                let further = retiree::$column.gt(key.clone()).or(retiree::id.gt(*id));
                query = query.filter(retiree::$column.ge(key.clone()).and(further));
            }
            query.order((retiree::$column, retiree::id))
        }};
    }
    macro_rules! beginning {
        ($column:ident, $text:expr) => {{
            let (from, to) = begins($text);
            query = query.filter(retiree::$column.ge(from).and(retiree::$column.lt(to)));
        }};
    }
    match way {
        Way::All => {}
        Way::Folded(text) => beginning!(name_folded, text),
        Way::Initials(text) => beginning!(name_initials, text),
        Way::Pinyin(text) => {
            let (from, to) = begins(text);
            beginning!(name_pinyin, text);
            query = query.filter(retiree::name_initials.lt(from).or(retiree::name_initials.ge(to)));
        }
        Way::Identity(hash) => query = query.filter(retiree::identity_hash.eq(hash.clone())),
        Way::Phone { phone, identity } => {
            let theirs = retiree_phone::table.filter(retiree_phone::phone_hash.eq(phone.clone())).select(retiree_phone::retiree_id);
            let other: Condition = Box::new(retiree::identity_hash.is_null().nullable().or(retiree::identity_hash.ne(identity.clone())));
            query = query.filter(retiree::id.eq_any(theirs)).filter(other);
        }
    }
    if let Some(unit) = narrowed.unit {
        query = query.filter(retiree::id.eq_any(of_units_below(unit, today)));
    }
    if let Some(branch) = &narrowed.branch {
        query = query.filter(retiree::party_branch.eq(branch.clone()));
    }
    if let Some(category) = narrowed.category {
        query = query.filter(retiree::category.eq(category));
    }
    if let Some(status) = narrowed.status {
        query = query.filter(retiree::status.eq(status));
    }
    if let Some(officer) = narrowed.liaison_officer {
        query = query.filter(retiree::liaison_officer.eq(officer));
    }
    let query = match way {
        Way::Folded(_) => ordered_by!(name_folded),
        Way::Initials(_) => ordered_by!(name_initials),
        _ => ordered_by!(name_pinyin),
    };
    Ok(query.limit(rows).load(c)?)
}

/// A retiree the caller reaches, merged or not.
pub(super) fn find(c: &mut Conn, reach: &Reach, id: Id) -> Result<Option<Retiree>> {
    let reached = retiree::table.into_boxed::<MultiBackend>().filter(retiree::id.eq(id)).filter(reach.condition());
    Ok(reached.first(c).optional()?)
}

/// A retiree, whoever asks.
pub(super) fn find_unscoped(c: &mut Conn, id: Id) -> Result<Option<Retiree>> {
    Ok(on_both!(c, |c| retiree::table.find(id).first(c)).optional()?)
}

/// A retiree, whoever asks, whom nobody else changes, merges or keeps like this before the transaction ends.
pub(super) fn kept(c: &mut Conn, id: Id) -> Result<Option<Retiree>> {
    let row = retiree::table.find(id);
    Ok(match c {
        Conn::Pg(c) => row.for_no_key_update().first(c).optional()?,
        Conn::Sqlite(c) => row.first(c).optional()?,
    })
}

/// The profile that goes on for one: itself, or the last it was merged into.
pub(super) fn survivor(c: &mut Conn, mut row: Retiree) -> Result<Retiree> {
    for _ in 0..LINE_MAX {
        match row.merged_into {
            Some(next) => row = find_unscoped(c, next)?.ok_or_else(|| Error::internal(format!("retiree {next} is gone")))?,
            None => return Ok(row),
        }
    }
    Err(Error::internal(format!("the merges of retiree {} go in a circle", row.id)))
}

/// The profiles merged into one, directly or over others, without itself.
pub(super) fn merged_into(c: &mut Conn, id: Id) -> Result<Vec<Id>> {
    let (mut all, mut latest) = (Vec::new(), vec![id]);
    while !latest.is_empty() && all.len() < LINE_MAX * LINE_MAX {
        let of = latest.iter().copied().map(Some).collect::<Vec<_>>();
        latest = retiree::table.filter(retiree::merged_into.eq_any(of)).order(retiree::id).select(retiree::id).load(c)?;
        all.extend(&latest);
    }
    Ok(all)
}

/// These, whoever asks.
pub(super) fn several(c: &mut Conn, ids: &[Id]) -> Result<Vec<Retiree>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(retiree::table.filter(retiree::id.eq_any(ids.to_vec())).load(c)?)
}

/// These and all profiles that were merged with them, each with the one that goes on.
pub(super) fn one_person(c: &mut Conn, ids: &[Id]) -> Result<HashMap<Id, Id>> {
    let mut tops: Vec<Id> = ids.to_vec();
    for _ in 0..LINE_MAX {
        let merged = retiree::table.filter(retiree::id.eq_any(tops.clone())).filter(retiree::merged_into.is_not_null());
        let merged: HashMap<Id, Option<Id>> =
            merged.select((retiree::id, retiree::merged_into)).load::<(Id, Option<Id>)>(c)?.into_iter().collect();
        if merged.is_empty() {
            break;
        }
        tops.iter_mut().for_each(|id| *id = merged.get(id).copied().flatten().unwrap_or(*id));
    }
    let mut all: HashMap<Id, Id> = tops.iter().map(|id| (*id, *id)).collect();
    let mut latest: Vec<Option<Id>> = tops.into_iter().map(Some).collect();
    while !latest.is_empty() && all.len() < LINE_MAX * LINE_MAX {
        let below = retiree::table.filter(retiree::merged_into.eq_any(latest)).select((retiree::id, retiree::merged_into));
        let below: Vec<(Id, Option<Id>)> = below.load(c)?;
        let goes_on: Vec<(Id, Id)> = below.iter().filter_map(|(id, into)| Some((*id, *all.get(&(*into)?)?))).collect();
        latest = goes_on.iter().filter(|(id, _)| !all.contains_key(id)).map(|(id, _)| Some(*id)).collect();
        all.extend(goes_on);
    }
    Ok(all)
}

/// A row with all that belongs to it.
pub(super) fn whole(c: &mut Conn, row: Retiree) -> Result<Whole> {
    let id = row.id;
    Ok(Whole {
        phones: retiree_phone::table.filter(retiree_phone::retiree_id.eq(id)).order(retiree_phone::n).load(c)?,
        units: retiree_unit::table.filter(retiree_unit::retiree_id.eq(id)).order(retiree_unit::n).load(c)?,
        relatives: retiree_relative::table.filter(retiree_relative::retiree_id.eq(id)).order(retiree_relative::n).load(c)?,
        row,
    })
}

/// The units of several, in the order they were entered.
pub(super) fn units_of(c: &mut Conn, ids: &[Id]) -> Result<Vec<UnitRow>> {
    let theirs = retiree_unit::table.filter(retiree_unit::retiree_id.eq_any(ids.to_vec()));
    Ok(theirs.order((retiree_unit::retiree_id, retiree_unit::n)).load(c)?)
}

/// The next profiles, by id, of those who live and whose profile goes on. They are neither merged nor changed before the transaction ends:
/// what is planned for them then goes with them.
pub(super) fn living_after(c: &mut Conn, after: Id, most: i64) -> Result<Vec<Retiree>> {
    let living = retiree::table.filter(retiree::id.gt(after)).filter(retiree::merged_into.is_null());
    let living = living.filter(retiree::status.ne(RetireeStatus::Deceased));
    let next = living.order(retiree::id).limit(most);
    Ok(match c {
        Conn::Pg(c) => next.for_share().load(c)?,
        Conn::Sqlite(c) => next.load(c)?,
    })
}

/// Retirees the caller reaches, each with the telephone number to try first.
pub(super) fn with_phone(c: &mut Conn, reach: &Reach, ids: &[Id]) -> Result<Vec<(Retiree, Option<PhoneRow>)>> {
    let first = retiree_phone::retiree_id.eq(retiree::id).and(retiree_phone::n.eq(0));
    let query = retiree::table.filter(retiree::id.eq_any(ids.to_vec()));
    let reached: Vec<Id> = if reach.all {
        ids.to_vec()
    } else {
        retiree::table
            .into_boxed::<MultiBackend>()
            .filter(retiree::id.eq_any(ids.to_vec()))
            .filter(reach.condition())
            .select(retiree::id)
            .load(c)?
    };
    let rows: Vec<(Retiree, Option<PhoneRow>)> =
        query.left_join(retiree_phone::table.on(first)).select((retiree::all_columns, retiree_phone::all_columns.nullable())).load(c)?;
    Ok(rows.into_iter().filter(|(row, _)| reached.contains(&row.id)).collect())
}

/// Who has this identity number.
pub(super) fn by_identity(c: &mut Conn, hash: &[u8]) -> Result<Option<Retiree>> {
    let theirs = retiree::table.filter(retiree::identity_hash.eq(hash.to_vec())).filter(retiree::merged_into.is_null());
    Ok(theirs.first(c).optional()?)
}

/// Those reached who have this name and birth date.
pub(super) fn by_name(c: &mut Conn, reach: &Reach, folded: &str, born: NaiveDate, rows: i64) -> Result<Vec<Retiree>> {
    let alike =
        retiree::table.into_boxed::<MultiBackend>().filter(retiree::birth_date.eq(born)).filter(retiree::name_folded.eq(folded.to_owned()));
    let alike = alike.filter(retiree::merged_into.is_null()).filter(reach.condition());
    Ok(alike.order(retiree::id).limit(rows).load(c)?)
}

/// Those reached who have one of these telephone numbers.
pub(super) fn by_phones(c: &mut Conn, reach: &Reach, hashes: &[Vec<u8>], rows: i64) -> Result<Vec<Retiree>> {
    let theirs = retiree_phone::table.filter(retiree_phone::phone_hash.eq_any(hashes.to_vec())).select(retiree_phone::retiree_id);
    let alike = retiree::table.into_boxed::<MultiBackend>().filter(retiree::id.eq_any(theirs));
    let alike = alike.filter(retiree::merged_into.is_null()).filter(reach.condition());
    Ok(alike.order(retiree::id).limit(rows).load(c)?)
}

/// Holds a profile as it was read until the transaction ends: it is neither changed nor merged meanwhile.
///
/// # Errors
/// [`Error::Again`] when it was.
pub(super) fn hold(c: &mut Conn, row: &Retiree) -> Result<()> {
    let read = retiree::table.filter(retiree::id.eq(row.id)).filter(retiree::version.eq(row.version));
    let unmerged = read.filter(retiree::merged_into.is_null());
    let held = diesel::update(unmerged).set(retiree::version.eq(row.version)).execute(c)?;
    if held == 0 { Err(Error::Again) } else { Ok(()) }
}

/// Stores a new retiree.
pub(super) fn insert(c: &mut Conn, whole: &Whole) -> Result<()> {
    on_both!(c, |c| diesel::insert_into(retiree::table).values(&whole.row).execute(c)).map_err(Error::lost_race)?;
    insert_parts(c, whole)
}

fn insert_parts(c: &mut Conn, whole: &Whole) -> Result<()> {
    for row in &whole.phones {
        on_both!(c, |c| diesel::insert_into(retiree_phone::table).values(row).execute(c))?;
    }
    for row in &whole.units {
        on_both!(c, |c| diesel::insert_into(retiree_unit::table).values(row).execute(c))?;
    }
    for row in &whole.relatives {
        on_both!(c, |c| diesel::insert_into(retiree_relative::table).values(row).execute(c))?;
    }
    Ok(())
}

/// Writes a changed row over the version it was read at, and moves its chain's head.
pub(super) fn update(c: &mut Conn, row: &Retiree, head: &Head) -> Result<Retiree> {
    let next = Retiree { version: row.version + 1, event_n: head.n, event_hash: head.hash.clone(), ..row.clone() };
    let read = retiree::table.filter(retiree::id.eq(row.id)).filter(retiree::version.eq(row.version));
    let changed = on_both!(c, |c| diesel::update(read).set(&next).execute(c)).map_err(Error::lost_race)?;
    if changed == 0 { Err(Error::Again) } else { Ok(next) }
}

/// Moves the head of a chain alone: what is told of somebody beside their profile is no change of it.
pub(super) fn move_head(c: &mut Conn, row: &Retiree, head: &Head) -> Result<()> {
    let read = retiree::table.filter(retiree::id.eq(row.id)).filter(retiree::event_n.eq(row.event_n));
    let moved = diesel::update(read).set((retiree::event_n.eq(head.n), retiree::event_hash.eq(&head.hash))).execute(c)?;
    if moved == 0 { Err(Error::Again) } else { Ok(()) }
}

/// The same with all that belongs to it.
pub(super) fn replace(c: &mut Conn, whole: &Whole, head: &Head) -> Result<Retiree> {
    let (next, id) = (update(c, &whole.row, head)?, whole.row.id);
    diesel::delete(retiree_phone::table.filter(retiree_phone::retiree_id.eq(id))).execute(c)?;
    diesel::delete(retiree_unit::table.filter(retiree_unit::retiree_id.eq(id))).execute(c)?;
    diesel::delete(retiree_relative::table.filter(retiree_relative::retiree_id.eq(id))).execute(c)?;
    insert_parts(c, whole)?;
    Ok(next)
}
