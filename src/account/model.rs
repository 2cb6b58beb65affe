//! Accounts as rows, as asked for and as shown.

use crate::auth::{Permission, Role, Roles};
use crate::platform::db::schema::{account, account_role};
use crate::platform::db::types::{Id, Time};
use crate::platform::error::Result;
use crate::platform::web::etag::tag_of;
use crate::unit::UnitRef;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use std::fmt;
use utoipa::ToSchema;

crate::text_enum! {
    /// Whether an account may be used.
    pub enum AccountStatus {
        /// It may.
        Active = "active",
        /// It may not, until it is restored.
        Suspended = "suspended",
    }
}

/// An account; its roles stand apart.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = account)]
pub struct Account {
    /// Its id.
    pub id: Id,
    /// The user name, folded.
    pub username: String,
    /// The person's name.
    pub name: String,
    /// The unit they belong to.
    pub unit_id: Id,
    /// Whether it may be used.
    pub status: AccountStatus,
    /// Argon2id, in PHC form.
    pub password_hash: String,
    /// When it was made.
    pub created_at: Time,
    /// Changes so far.
    pub version: i64,
    /// Events so far.
    pub event_n: i64,
    /// Hash of the last event.
    pub event_hash: Vec<u8>,
}

/// A role an account holds.
#[derive(Debug, Clone, Copy, Queryable, Insertable)]
#[diesel(table_name = account_role)]
pub struct AccountRole {
    /// Whose.
    pub account_id: Id,
    /// Which.
    pub role: Role,
}

/// An account to be made, with its password hashed already: hashing is slow and has no place in a transaction.
#[derive(Clone)]
pub struct NewStaff {
    /// A UUIDv7 made by the client; the office makes one otherwise.
    pub id: Option<Id>,
    /// The user name, folded or not.
    pub username: String,
    /// The person's name.
    pub name: String,
    /// The unit they belong to.
    pub unit_id: Id,
    /// What they are employed as.
    pub roles: Roles,
    /// Argon2id, in PHC form.
    pub password_hash: String,
}

/// A member of staff to be entered.
#[derive(Clone, Deserialize, ToSchema)]
#[schema(as = NewStaff)]
#[serde(deny_unknown_fields)]
pub struct NewStaffBody {
    /// A UUIDv7 made by the client; left out, the office makes one.
    pub id: Option<Id>,
    /// The user name, not in use; capitals and widths make no difference.
    #[schema(min_length = 2, max_length = 64, example = "zhoubing")]
    pub username: String,
    /// The person's name.
    #[schema(min_length = 1, max_length = 60, example = "周丙")]
    pub name: String,
    /// The unit they belong to; one of the office.
    pub unit_id: Id,
    /// What they are employed as.
    #[schema(min_items = 1, max_items = 7)]
    pub roles: Vec<Role>,
    /// The first password, at least 10 characters.
    #[schema(max_length = 256, format = Password)]
    pub password: String,
}

/// What changes about a member of staff; what is left out stays.
#[derive(Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StaffChange {
    /// Another name.
    #[schema(min_length = 1, max_length = 60)]
    pub name: Option<String>,
    /// Another unit of the office.
    pub unit_id: Option<Id>,
    /// Other roles, all of them.
    #[schema(min_items = 1, max_items = 7)]
    pub roles: Option<Vec<Role>>,
    /// Suspends or restores; suspended, nobody signs in with it and its sessions end.
    pub status: Option<AccountStatus>,
    /// A new password in place of a forgotten one, at least 10 characters; ends its sessions.
    #[schema(max_length = 256, format = Password)]
    pub password: Option<String>,
    /// Why, for the trail.
    #[schema(min_length = 1, max_length = 500, example = "岗位调整")]
    pub reason: Option<String>,
}

// A password must not be shown by a stray `{:?}`.
impl fmt::Debug for NewStaffBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewStaffBody").field("username", &self.username).finish_non_exhaustive()
    }
}

impl fmt::Debug for StaffChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StaffChange").finish_non_exhaustive()
    }
}

impl fmt::Debug for NewStaff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewStaff").field("username", &self.username).finish_non_exhaustive()
    }
}

/// A member of staff as shown.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct StaffView {
    /// The account's id.
    pub id: Id,
    /// The user name, folded.
    #[schema(example = "zhoubing")]
    pub username: String,
    /// The person's name.
    #[schema(example = "周丙")]
    pub name: String,
    /// The unit they belong to.
    pub unit: UnitRef,
    /// What they are employed as.
    pub roles: Vec<Role>,
    /// Whether the account may be used.
    pub status: AccountStatus,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Changes so far.
    pub version: i64,
    /// The entity-tag for If-Match.
    #[schema(example = "\"2-0a1b2c3d4e5f\"")]
    pub etag: String,
}

impl StaffView {
    /// An account as shown, with its entity-tag.
    ///
    /// # Errors
    /// Internal only.
    pub fn new(account: Account, roles: Roles, unit: UnitRef) -> Result<Self> {
        let mut view = Self {
            id: account.id,
            username: account.username,
            name: account.name,
            unit,
            roles: roles.iter().collect(),
            status: account.status,
            created_at: account.created_at.0,
            version: account.version,
            etag: String::new(),
        };
        view.etag = tag_of(view.version, &view)?;
        Ok(view)
    }
}

/// The caller's own account.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Me {
    /// The account's id.
    pub id: Id,
    /// The user name, folded.
    #[schema(example = "officer")]
    pub username: String,
    /// The person's name.
    #[schema(example = "周丙")]
    pub name: String,
    /// The unit they belong to.
    pub unit: UnitRef,
    /// What they are employed as.
    pub roles: Vec<Role>,
    /// What they may do beyond the acts on petitions, by name.
    #[schema(value_type = Vec<String>, example = json!(["read_petitions", "read_events", "read_statistics", "read_office", "read_self"]))]
    pub permissions: Vec<&'static str>,
}

/// The names of the permissions these roles have.
pub fn permissions(roles: Roles) -> Vec<&'static str> {
    Permission::ALL.into_iter().filter(|p| p.roles().meets(roles)).map(Permission::as_str).collect()
}

/// Which staff a list holds.
#[derive(Debug, Clone, Default, Serialize)]
pub struct StaffFilter {
    /// Only of this unit.
    pub unit: Option<Id>,
    /// Only with this role.
    pub role: Option<Role>,
    /// Only in this state.
    pub status: Option<AccountStatus>,
}
