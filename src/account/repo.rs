//! SQL of the accounts.

use super::model::{Account, AccountRole, AccountStatus, StaffFilter};
use crate::audit::Head;
use crate::auth::{Role, Roles};
use crate::on_both;
use crate::platform::db::schema::{account, account_role};
use crate::platform::db::types::Id;
use crate::platform::db::{Both, Conn};
use crate::platform::error::{Error, Result};
use diesel::prelude::*;
use std::collections::{HashMap, HashSet};

/// An account.
///
/// # Errors
/// Database only.
pub fn find(c: &mut Conn, id: Id) -> Result<Option<Account>> {
    Ok(account::table.find(id).first(c).optional()?)
}

/// An account that nobody changes before this transaction ends; others may hold it the same way.
///
/// # Errors
/// Database only.
pub fn held(c: &mut Conn, id: Id) -> Result<Option<Account>> {
    Ok(match c {
        Conn::Pg(c) => account::table.find(id).for_share().first(c).optional()?,
        // a write transaction has the whole file
        Conn::Sqlite(c) => account::table.find(id).first(c).optional()?,
    })
}

/// An account by its folded user name.
///
/// # Errors
/// Database only.
pub fn by_username(c: &mut Conn, folded: &str) -> Result<Option<Account>> {
    Ok(account::table.filter(account::username.eq(folded)).first(c).optional()?)
}

/// Whether there is any account.
///
/// # Errors
/// Database only.
pub fn any(c: &mut Conn) -> Result<bool> {
    Ok(account::table.select(account::id).first::<Id>(c).optional()?.is_some())
}

/// The names of persons.
///
/// # Errors
/// Database only.
pub fn names(c: &mut Conn, ids: &[Id]) -> Result<HashMap<Id, String>> {
    let rows: Vec<(Id, String)> = account::table.filter(account::id.eq_any(ids.to_vec())).select((account::id, account::name)).load(c)?;
    Ok(rows.into_iter().collect())
}

/// Those of these persons whose account may be used.
///
/// # Errors
/// Database only.
pub fn active(c: &mut Conn, ids: &[Id]) -> Result<HashSet<Id>> {
    let active = account::table.filter(account::id.eq_any(ids.to_vec())).filter(account::status.eq(AccountStatus::Active.as_str()));
    Ok(active.select(account::id).load(c)?.into_iter().collect())
}

/// The roles of accounts; one without roles is missing.
///
/// # Errors
/// Database only.
pub fn roles(c: &mut Conn, ids: &[Id]) -> Result<HashMap<Id, Roles>> {
    let rows: Vec<AccountRole> = account_role::table.filter(account_role::account_id.eq_any(ids.to_vec())).load(c)?;
    let mut roles: HashMap<Id, Roles> = HashMap::new();
    for row in rows {
        let held = roles.entry(row.account_id).or_default();
        *held = held.with(Roles::of(&[row.role]));
    }
    Ok(roles)
}

/// Whether a unit has a head who is there, other than these.
///
/// # Errors
/// Database only.
pub fn has_head(c: &mut Conn, unit: Id, than: Vec<Id>) -> Result<bool> {
    let head: Option<Id> = account::table
        .inner_join(account_role::table.on(account_role::account_id.eq(account::id)))
        .filter(account::unit_id.eq(unit))
        .filter(account_role::role.eq(Role::UnitHead.as_str()))
        .filter(account::status.eq(AccountStatus::Active.as_str()))
        .filter(account::id.ne_all(than))
        .select(account::id)
        .first(c)
        .optional()?;
    Ok(head.is_some())
}

/// The heads of units who are there: the unit and the person's name.
///
/// # Errors
/// Database only.
pub fn heads(c: &mut Conn, units: &[Id]) -> Result<Vec<(Id, String)>> {
    let heads = account::table
        .inner_join(account_role::table.on(account_role::account_id.eq(account::id)))
        .filter(account::unit_id.eq_any(units.to_vec()))
        .filter(account_role::role.eq(Role::UnitHead.as_str()))
        .filter(account::status.eq(AccountStatus::Active.as_str()));
    Ok(heads.order(account::username).select((account::unit_id, account::name)).load(c)?)
}

/// A page of accounts after a user name, by user name.
pub(super) fn page(c: &mut Conn, filter: &StaffFilter, after: Option<&str>, rows: i64) -> Result<Vec<Account>> {
    let mut query = account::table.order(account::username).limit(rows).into_boxed();
    if let Some(after) = after {
        query = query.filter(account::username.gt(after.to_owned()));
    }
    if let Some(unit) = filter.unit {
        query = query.filter(account::unit_id.eq(unit));
    }
    if let Some(status) = filter.status {
        query = query.filter(account::status.eq(status.as_str()));
    }
    if let Some(role) = filter.role {
        let holders = account_role::table.filter(account_role::role.eq(role.as_str())).select(account_role::account_id);
        query = query.filter(account::id.eq_any(holders));
    }
    Ok(query.load(c)?)
}

/// Inserts an account; false when its id or its user name is in use.
pub(super) fn insert(c: &mut Conn, row: &Account) -> Result<bool> {
    Ok(Both(diesel::insert_into(account::table).values(row).on_conflict_do_nothing()).execute(c)? == 1)
}

/// Gives an account these roles and no others.
pub(super) fn set_roles(c: &mut Conn, account: Id, roles: Roles) -> Result<()> {
    diesel::delete(account_role::table.filter(account_role::account_id.eq(account))).execute(c)?;
    let rows: Vec<AccountRole> = roles.iter().map(|role| AccountRole { account_id: account, role }).collect();
    on_both!(c, |c| diesel::insert_into(account_role::table).values(rows).execute(c))?;
    Ok(())
}

/// Writes a changed account over the version it was read at, and moves its chain's head.
pub(super) fn update(c: &mut Conn, row: &Account, head: &Head) -> Result<Account> {
    let changed = diesel::update(account::table.find(row.id).filter(account::version.eq(row.version)))
        .set((
            account::name.eq(&row.name),
            account::unit_id.eq(row.unit_id),
            account::status.eq(row.status.as_str()),
            account::password_hash.eq(&row.password_hash),
            account::version.eq(row.version + 1),
            account::event_n.eq(head.n),
            account::event_hash.eq(&head.hash),
        ))
        .execute(c)?;
    if changed == 0 {
        return Err(Error::Again);
    }
    Ok(Account { version: row.version + 1, event_n: head.n, event_hash: head.hash.clone(), ..row.clone() })
}

/// Makes changes of administrators wait for each other: two who suspend one another would leave none.
pub(super) fn lock_administrators(c: &mut Conn) -> Result<()> {
    match c {
        Conn::Pg(c) => diesel::sql_query("LOCK TABLE account_role IN SHARE ROW EXCLUSIVE MODE").execute(c)?,
        // a write transaction has the whole file
        Conn::Sqlite(_) => 0,
    };
    Ok(())
}

/// Whether somebody else could still administer.
pub(super) fn other_administrator(c: &mut Conn, than: Id) -> Result<bool> {
    let other: Option<Id> = account::table
        .inner_join(account_role::table.on(account_role::account_id.eq(account::id)))
        .filter(account_role::role.eq(Role::Administrator.as_str()))
        .filter(account::status.eq(AccountStatus::Active.as_str()))
        .filter(account::id.ne(than))
        .select(account::id)
        .first(c)
        .optional()?;
    Ok(other.is_some())
}
