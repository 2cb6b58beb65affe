//! SQL of the categories.

use super::model::Category;
use super::rules;
use crate::audit::Head;
use crate::on_both;
use crate::platform::db::schema::category;
use crate::platform::db::{Both, Conn};
use crate::platform::error::{Error, Result};
use diesel::prelude::*;

/// A category by its code.
///
/// # Errors
/// Database only.
pub fn find(c: &mut Conn, code: &str) -> Result<Option<Category>> {
    if !rules::code_fits(code) {
        return Ok(None);
    }
    on_both!(c, |c| category::table.filter(category::code.eq(code)).first(c)).optional().map_err(Into::into)
}

/// A page of categories after a place, in their order.
pub(super) fn page(c: &mut Conn, after: Option<&(i32, String)>, rows: i64) -> Result<Vec<Category>> {
    let mut query = category::table.order((category::position, category::code)).limit(rows).into_boxed();
    if let Some((position, code)) = after {
        let behind = category::position.gt(*position).or(category::position.eq(*position).and(category::code.gt(code.clone())));
        query = query.filter(behind);
    }
    Ok(query.load(c)?)
}

/// The last place in use.
pub(super) fn last_position(c: &mut Conn) -> Result<Option<i32>> {
    Ok(category::table.select(diesel::dsl::max(category::position)).first(c)?)
}

/// Whether any category stands below one.
pub(super) fn has_children(c: &mut Conn, code: &str) -> Result<bool> {
    let child: Option<String> = category::table.filter(category::parent.eq(code)).select(category::code).first(c).optional()?;
    Ok(child.is_some())
}

/// Inserts a category; false when its code is in use.
pub(super) fn insert(c: &mut Conn, row: &Category) -> Result<bool> {
    Ok(Both(diesel::insert_into(category::table).values(row).on_conflict_do_nothing()).execute(c)? == 1)
}

/// Writes a changed category over the version it was read at, and moves its chain's head.
pub(super) fn update(c: &mut Conn, row: &Category, head: &Head) -> Result<Category> {
    let changed = diesel::update(category::table.find(row.id).filter(category::version.eq(row.version)))
        .set((
            category::name.eq(&row.name),
            category::name_en.eq(&row.name_en),
            category::parent.eq(&row.parent),
            category::position.eq(row.position),
            category::closed_on.eq(row.closed_on),
            category::version.eq(row.version + 1),
            category::event_n.eq(head.n),
            category::event_hash.eq(&head.hash),
        ))
        .execute(c)?;
    if changed == 0 {
        return Err(Error::Again);
    }
    Ok(Category { version: row.version + 1, event_n: head.n, event_hash: head.hash.clone(), ..row.clone() })
}
