//! Making and changing accounts.

use super::model::{Account, AccountStatus, Me, NewStaff, NewStaffBody, StaffChange, StaffView, permissions};
use super::{repo, rules, session};
use crate::audit::{Draft, Head, SubjectKind, append};
use crate::auth::{Context, Permission, Role, Roles};
use crate::codes;
use crate::platform::db::Conn;
use crate::platform::db::types::{Id, Time};
use crate::platform::error::{Error, Fault, Refusal, Result};
use crate::platform::ids::is_v7;
use crate::platform::web::codes::{BAD_FORM, ID_TAKEN};
use crate::unit::{self, UnitRef};
use serde_json::{Map, Value, json};

/// Accounts as shown, their roles and units looked up together.
///
/// # Errors
/// Database only.
pub fn views(c: &mut Conn, accounts: Vec<Account>) -> Result<Vec<StaffView>> {
    let ids: Vec<Id> = accounts.iter().map(|a| a.id).collect();
    let mut units: Vec<Id> = accounts.iter().map(|a| a.unit_id).collect();
    units.sort_unstable();
    units.dedup();
    let (roles, names) = (repo::roles(c, &ids)?, unit::repo::names(c, &units)?);
    let view = |account: Account| {
        let unit = UnitRef { id: account.unit_id, name: names.get(&account.unit_id).cloned().unwrap_or_default() };
        let held = roles.get(&account.id).copied().unwrap_or_default();
        StaffView::new(account, held, unit)
    };
    accounts.into_iter().map(view).collect()
}

/// One account as shown.
///
/// # Errors
/// Database only.
pub fn view(c: &mut Conn, account: Account) -> Result<StaffView> {
    views(c, vec![account])?.pop().ok_or(Error::NotFound)
}

/// The caller's own account.
///
/// # Errors
/// NotFound when it is no account of staff.
pub fn me(c: &mut Conn, cx: &Context) -> Result<Me> {
    let account = repo::find(c, cx.actor.id())?.ok_or(Error::NotFound)?;
    let StaffView { id, username, name, unit, roles, .. } = view(c, account)?;
    let permissions = permissions(roles.iter().copied().collect());
    Ok(Me { id, username, name, unit, roles, permissions })
}

/// The account a caller is about to change, at the version they have seen.
///
/// # Errors
/// NotFound, VersionRequired, Stale.
pub fn open(c: &mut Conn, cx: &Context, id: Id) -> Result<Account> {
    let account = repo::find(c, id)?.ok_or(Error::NotFound)?;
    let view = view(c, account.clone())?;
    cx.expect_version(account.version, &view.etag)?;
    Ok(account)
}

/// Makes the account somebody asked for. With its password comes the hash, made beforehand.
///
/// # Errors
/// As [`create`]; Invalid for a password that will not do.
pub fn enter(c: &mut Conn, cx: &mut Context, body: &NewStaffBody, hash: Option<&str>) -> Result<Account> {
    let new = NewStaff {
        id: body.id,
        username: rules::fold_username(&body.username),
        name: body.name.clone(),
        unit_id: body.unit_id,
        roles: body.roles.iter().copied().collect(),
        password_hash: hash.unwrap_or_default().to_owned(),
    };
    let mut faults: Vec<Fault> = rules::password_fault("/password", &body.password, &new.username).into_iter().collect();
    faults.extend(new_faults(c, &new)?);
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    if hash.is_none() {
        return Err(Error::internal("a new password without its hash"));
    }
    add(c, cx, new)
}

/// Makes an account. Whether its password is long enough was looked at where it was hashed.
///
/// # Errors
/// Invalid for a user name that will not do, or a unit that is not there, dissolved or external; Conflict when id or user name
/// is in use.
pub fn create(c: &mut Conn, cx: &mut Context, new: NewStaff) -> Result<Account> {
    let faults = new_faults(c, &new)?;
    if faults.is_empty() { add(c, cx, new) } else { Err(Error::Invalid(faults)) }
}

fn new_faults(c: &mut Conn, new: &NewStaff) -> Result<Vec<Fault>> {
    let mut faults = Vec::new();
    if new.id.is_some_and(|id| !is_v7(id.0)) {
        faults.push(Fault::new("/id", codes::NOT_V7));
    }
    if !rules::username_fits(&rules::fold_username(&new.username)) {
        faults.push(Fault::new("/username", BAD_FORM));
    }
    check_unit(c, new.unit_id, &mut faults)?;
    Ok(faults)
}

fn add(c: &mut Conn, cx: &mut Context, new: NewStaff) -> Result<Account> {
    let mut account = Account {
        id: new.id.unwrap_or_else(|| cx.draw.id()),
        username: rules::fold_username(&new.username),
        name: new.name.trim().to_owned(),
        unit_id: new.unit_id,
        status: AccountStatus::Active,
        password_hash: new.password_hash,
        created_at: Time(cx.now()),
        version: 1,
        event_n: 0,
        event_hash: Vec::new(),
    };
    let draft = draft(cx, "account_created")
        .with("unit_id", account.unit_id)
        .with("roles", new.roles.iter().collect::<Vec<_>>())
        .with("status", account.status)
        .sealed(json!({ "username": account.username, "name": account.name }));
    if new.id.is_some() {
        crate::audit::repo::require_free(c, account.id)?;
    }
    let head = append(c, cx, SubjectKind::Account, account.id, &Head::none(), draft)?;
    (account.event_n, account.event_hash) = (head.n, head.hash);
    if !repo::insert(c, &account)? {
        let same_id = repo::find(c, account.id)?.is_some();
        return Err(if same_id { Error::conflict(ID_TAKEN) } else { username_taken(account.username) });
    }
    repo::set_roles(c, account.id, new.roles)?;
    Ok(account)
}

/// Changes an account that [`open`] gave; a change of nothing is no event. With a new password comes its hash, made beforehand.
///
/// # Errors
/// Invalid for a unit or a password that will not do; Conflict when nobody would be left to administer.
pub fn change(c: &mut Conn, cx: &mut Context, account: Account, change: &StaffChange, hash: Option<&str>) -> Result<Account> {
    let held = repo::roles(c, &[account.id])?.remove(&account.id).unwrap_or_default();
    let roles = change.roles.as_ref().map_or(held, |roles| roles.iter().copied().collect());
    let mut next = account.clone();
    next.name = change.name.as_deref().map(|n| n.trim().to_owned()).unwrap_or(next.name);
    next.unit_id = change.unit_id.unwrap_or(next.unit_id);
    next.status = change.status.unwrap_or(next.status);
    let mut faults = Vec::new();
    if next.unit_id != account.unit_id {
        check_unit(c, next.unit_id, &mut faults)?;
    }
    if let Some(password) = &change.password {
        faults.extend(rules::password_fault("/password", password, &account.username));
    }
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    keep_an_administrator(c, &account, held, &next, roles)?;

    let mut current = account;
    if next != current || roles != held {
        let draft = differences(draft(cx, "account_changed"), (&current, held), (&next, roles), change.reason.as_deref());
        if roles != held {
            repo::set_roles(c, current.id, roles)?;
        }
        current = record(c, cx, &next, draft)?;
    }
    if change.password.is_some() {
        let hash = hash.ok_or_else(|| Error::internal("a new password without its hash"))?;
        return reset_password(c, cx, current, hash);
    }
    if current.status == AccountStatus::Suspended {
        session::repo::revoke_account(c, current.id, Time(cx.now()))?;
    }
    Ok(current)
}

/// Puts a new password in place; every session of the account ends.
///
/// # Errors
/// Database only.
pub fn reset_password(c: &mut Conn, cx: &mut Context, account: Account, hash: &str) -> Result<Account> {
    let next = Account { password_hash: hash.to_owned(), ..account };
    let draft = draft(cx, "password_reset");
    let changed = record(c, cx, &next, draft)?;
    // the account first: whoever was being let in meanwhile is done, and is met here
    session::repo::revoke_account(c, changed.id, Time(cx.now()))?;
    Ok(changed)
}

fn record(c: &mut Conn, cx: &mut Context, next: &Account, draft: Draft) -> Result<Account> {
    let head = Head { n: next.event_n, hash: next.event_hash.clone() };
    let head = append(c, cx, SubjectKind::Account, next.id, &head, draft)?;
    repo::update(c, next, &head)
}

fn draft(cx: &Context, act: &'static str) -> Draft {
    Draft::new(act, cx.actor.role_among(Permission::AdministerStaff.roles()))
}

fn username_taken(username: String) -> Error {
    Error::Conflict(Refusal { args: vec![username], ..Refusal::new(codes::CODE_TAKEN) })
}

fn check_unit(c: &mut Conn, id: Id, faults: &mut Vec<Fault>) -> Result<()> {
    let code = match unit::repo::find(c, id)? {
        None => codes::UNKNOWN_UNIT,
        Some(unit) if unit.external => codes::UNIT_EXTERNAL,
        Some(unit) if unit.dissolved_on.is_some() => codes::UNIT_DISSOLVED,
        Some(_) => return Ok(()),
    };
    faults.push(Fault::new("/unit_id", code));
    Ok(())
}

fn keep_an_administrator(c: &mut Conn, before: &Account, held: Roles, after: &Account, roles: Roles) -> Result<()> {
    let administers = |account: &Account, roles: Roles| account.status == AccountStatus::Active && roles.has(Role::Administrator);
    if !administers(before, held) || administers(after, roles) {
        return Ok(());
    }
    repo::lock_administrators(c)?;
    if repo::other_administrator(c, before.id)? { Ok(()) } else { Err(Error::conflict(codes::LAST_ADMINISTRATOR)) }
}

/// What changed, before and after: codes and ids, and apart from them names and words.
fn differences(mut draft: Draft, before: (&Account, Roles), after: (&Account, Roles), reason: Option<&str>) -> Draft {
    let roles = |roles: Roles| json!(roles.iter().collect::<Vec<_>>());
    for (name, from, to) in [
        ("unit_id", json!(before.0.unit_id), json!(after.0.unit_id)),
        ("status", json!(before.0.status), json!(after.0.status)),
        ("roles", roles(before.1), roles(after.1)),
    ] {
        if from != to {
            draft = draft.with(name, json!({ "from": from, "to": to }));
        }
    }
    let mut words = Map::new();
    if before.0.name != after.0.name {
        words.insert("name".to_owned(), json!({ "from": before.0.name, "to": after.0.name }));
    }
    if let Some(reason) = reason {
        words.insert("reason".to_owned(), json!(reason));
    }
    if words.is_empty() { draft } else { draft.sealed(Value::Object(words)) }
}
