//! The sample office itself: its units and its people, made through the product's own services.

use super::chance::seed;
use super::habits::Habits;
use super::texts::json;
use crate::account::{model::NewStaff, password, repo as accounts, service as staff};
use crate::auth::context::Origin;
use crate::auth::{Actor, Role, Roles};
use crate::contact_line::{self, model::NewContactLine};
use crate::deadline::Timetable;
use crate::deadline::rules::midnight;
use crate::platform::Platform;
use crate::platform::clock::office_day;
use crate::platform::db::Conn;
use crate::platform::db::types::Id;
use crate::platform::error::{Error, Result};
use crate::platform::ids::Ids;
use crate::policy_issue::{
    self,
    model::{DecidePolicyIssue, OpenPolicyIssue},
};
use crate::unit::{self, model::NewUnit, service as units};
use crate::{calendar, category, deadline};
use chrono::Days;
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// The password of every account of the sample office; nowhere else is one so short allowed.
pub const PASSWORD: &str = "demo-demo";

/// The stream its ids are drawn from.
const STREAM: u8 = 0;

#[derive(Deserialize)]
struct Sample {
    units: Vec<SampleUnit>,
    accounts: Vec<SampleAccount>,
    contact_lines: Vec<SampleLine>,
    policy_issues: Vec<SampleIssue>,
}

#[derive(Deserialize)]
struct SampleUnit {
    code: String,
    name: String,
    kind: unit::UnitKind,
    parent: Option<String>,
    #[serde(default)]
    external: bool,
}

#[derive(Deserialize)]
struct SampleAccount {
    username: String,
    name: String,
    unit: String,
    roles: Vec<Role>,
}

#[derive(Deserialize)]
struct SampleLine {
    unit: String,
    kind: contact_line::LineKind,
    name: String,
    phone: String,
    address: Option<String>,
    note: Option<String>,
}

#[derive(Deserialize)]
struct SampleIssue {
    title: String,
    cause: String,
    decision: Option<String>,
    legal_basis: Option<String>,
}

/// An account of the sample office, for the list that is printed.
#[derive(Debug, Clone)]
pub struct Inhabitant {
    /// The user name.
    pub username: String,
    /// The person's name.
    pub name: String,
    /// The unit's name.
    pub unit: String,
    /// What they are employed as.
    pub roles: Vec<Role>,
}

fn sample() -> Result<Sample> {
    json(include_str!("../../data/demo/office.json"))
}

/// How far a database is filled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filled {
    /// Nobody is in it yet.
    Nothing,
    /// The sample office, with no petition: its filling was broken off.
    Office,
    /// All of the sample, or an office of its own.
    All,
}

/// How far the database is filled.
///
/// # Errors
/// Database only.
pub async fn filled(platform: &Platform) -> Result<Filled> {
    let look = |c: &mut Conn| {
        if !unit::repo::any(c)? {
            return Ok(Filled::Nothing);
        }
        let empty = !crate::petition::repo::any(c)?;
        Ok(if empty && Office::read(c).is_ok() { Filled::Office } else { Filled::All })
    };
    platform.db.read(look).await
}

/// Makes the units, accounts and contact lines of the sample office, and the shipped categories. It was there before the first petition
/// of the run.
///
/// # Errors
/// Database, or internal when the sample can't be read.
pub async fn office(platform: &Platform) -> Result<()> {
    let sample = sample()?;
    let today = office_day(platform.clock.now(), platform.config.zone);
    let before = Days::new(Habits::read()?.days + 7);
    // of the day, not of the hour: ids carry their time
    let moment = Ids::seeded(seed(today, STREAM)).moment(midnight(today, platform.config.zone) - before);
    let opened = today - before;
    let hash = password::hash(PASSWORD)?;
    let origin = Origin { moment, ..Origin::system(platform, "demo") };
    platform
        .db
        .write(move |c| {
            let cx = &mut origin.context();
            category::service::load_shipped(c, cx)?;
            calendar::service::load_shipped(c, cx)?;
            deadline::service::load_shipped(c, cx)?;
            let mut ids: HashMap<&str, Id> = HashMap::new();
            for sample in &sample.units {
                let parent_id = sample.parent.as_ref().and_then(|code| ids.get(code.as_str()).copied());
                let new = NewUnit {
                    id: None,
                    code: sample.code.clone(),
                    name: sample.name.clone(),
                    kind: sample.kind,
                    external: sample.external,
                    parent_id,
                    review_unit_id: None,
                    valid_from: Some(opened),
                };
                ids.insert(&sample.code, units::create(c, cx, &new)?.id);
            }
            for sample in &sample.accounts {
                let unit_id = *ids.get(sample.unit.as_str()).ok_or_else(|| Error::internal("an account of no unit"))?;
                let roles: Roles = sample.roles.iter().copied().collect();
                let new = NewStaff {
                    id: None,
                    username: sample.username.clone(),
                    name: sample.name.clone(),
                    unit_id,
                    roles,
                    password_hash: hash.clone(),
                };
                staff::create(c, cx, new)?;
            }
            for sample in &sample.contact_lines {
                let new = NewContactLine {
                    id: None,
                    unit_id: *ids.get(sample.unit.as_str()).ok_or_else(|| Error::internal("a contact line of no unit"))?,
                    kind: sample.kind,
                    name: sample.name.clone(),
                    phone: sample.phone.clone(),
                    address: sample.address.clone(),
                    note: sample.note.clone(),
                    position: None,
                };
                contact_line::service::create(c, cx, &new)?;
            }
            let supervisor = accounts::by_username(c, "supervisor")?.ok_or_else(|| Error::internal("nobody supervises"))?;
            cx.origin.actor = Arc::new(Actor::staff(supervisor.id, supervisor.unit_id, Roles::of(&[Role::Supervisor])));
            for sample in &sample.policy_issues {
                let new = OpenPolicyIssue { id: None, title: sample.title.clone(), cause: sample.cause.clone() };
                let issue = policy_issue::service::open(c, cx, &new)?;
                if let Some((decision, legal_basis)) = sample.decision.clone().zip(sample.legal_basis.clone()) {
                    policy_issue::service::decide(c, cx, issue, &DecidePolicyIssue { decision, legal_basis })?;
                }
            }
            Ok(())
        })
        .await
}

/// Who works in the sample office.
///
/// # Errors
/// Internal when the sample can't be read.
pub fn inhabitants() -> Result<Vec<Inhabitant>> {
    let sample = sample()?;
    let names: HashMap<&str, &str> = sample.units.iter().map(|u| (u.code.as_str(), u.name.as_str())).collect();
    let shown = |a: &SampleAccount| Inhabitant {
        username: a.username.clone(),
        name: a.name.clone(),
        unit: names.get(a.unit.as_str()).copied().unwrap_or_default().to_owned(),
        roles: a.roles.clone(),
    };
    Ok(sample.accounts.iter().map(shown).collect())
}

/// The sample office as it stands in a database.
#[derive(Clone)]
pub(super) struct Office {
    timetable: Arc<Timetable>,
    units: BTreeMap<String, Id>,
    staff: BTreeMap<String, (Arc<Actor>, String)>,
    policy_issues: BTreeMap<String, Id>,
}

impl Office {
    /// # Errors
    /// Internal when the database has another office.
    pub fn read(c: &mut Conn) -> Result<Self> {
        let sample = sample()?;
        let missing = |what: &str| Error::internal(format!("the database has another office: no {what}"));
        let (mut units, mut staff) = (BTreeMap::new(), BTreeMap::new());
        for sample in sample.units {
            let found = unit::repo::by_code(c, &sample.code)?.ok_or_else(|| missing(&sample.code))?;
            units.insert(sample.code, found.id);
        }
        for sample in sample.accounts {
            let account = accounts::by_username(c, &sample.username)?.ok_or_else(|| missing(&sample.username))?;
            let roles = accounts::roles(c, &[account.id])?.remove(&account.id).unwrap_or_default();
            let actor = Actor::staff(account.id, account.unit_id, roles);
            staff.insert(sample.username, (Arc::new(actor), sample.unit));
        }
        let mut policy_issues = BTreeMap::new();
        for sample in sample.policy_issues {
            let found = policy_issue::repo::by_title(c, &sample.title)?.ok_or_else(|| missing(&sample.title))?;
            policy_issues.insert(sample.title, found);
        }
        Ok(Self { timetable: Timetable::current(c)?, units, staff, policy_issues })
    }

    /// The sample without a database.
    #[cfg(test)]
    #[allow(clippy::unwrap_used)]
    pub fn made_up() -> Self {
        let (sample, mut draw) = (sample().unwrap(), Ids::seeded(0).moment(chrono::DateTime::UNIX_EPOCH).draw());
        let units = sample.units.into_iter().map(|unit| (unit.code, draw.id())).collect::<BTreeMap<_, _>>();
        let policy_issues = sample.policy_issues.into_iter().map(|issue| (issue.title, draw.id())).collect();
        let mut actor = |a: &SampleAccount| Actor::staff(draw.id(), units[&a.unit], a.roles.iter().copied().collect());
        let staff = sample.accounts.into_iter().map(|a| (a.username.clone(), (Arc::new(actor(&a)), a.unit))).collect();
        Self { timetable: Arc::new(deadline::service::shipped().unwrap()), units, staff, policy_issues }
    }

    /// What it counts limits by.
    pub fn timetable(&self) -> &Arc<Timetable> {
        &self.timetable
    }

    /// The id of a unit.
    pub fn unit(&self, code: &str) -> Result<Id> {
        self.units.get(code).copied().ok_or_else(|| Error::internal(format!("the sample has no unit {code}")))
    }

    /// The policy issue of that title.
    pub fn policy_issue(&self, title: &str) -> Result<Id> {
        self.policy_issues.get(title).copied().ok_or_else(|| Error::internal(format!("the sample has no policy issue {title}")))
    }

    /// Somebody who acts.
    pub fn actor(&self, username: &str) -> Result<Arc<Actor>> {
        self.known(username).map(|(actor, _)| Arc::clone(actor))
    }

    /// The id of somebody's account.
    pub fn account(&self, username: &str) -> Result<Id> {
        self.known(username).map(|(actor, _)| actor.id())
    }

    /// Whose account that is, if anybody's.
    pub fn who(&self, account: Id) -> Option<Arc<Actor>> {
        self.staff.values().find(|(actor, _)| actor.id() == account).map(|(actor, _)| Arc::clone(actor))
    }

    /// Who heads a unit, if anybody does.
    pub fn head_of(&self, unit: &str) -> Option<&str> {
        let heads = |(_, (actor, of)): &(&String, &(Arc<Actor>, String))| of == unit && actor.roles.has(Role::UnitHead);
        self.staff.iter().find(heads).map(|(username, _)| username.as_str())
    }

    /// The code of the unit they belong to.
    pub fn unit_of(&self, username: &str) -> Result<&str> {
        self.known(username).map(|(_, unit)| unit.as_str())
    }

    fn known(&self, username: &str) -> Result<&(Arc<Actor>, String)> {
        self.staff.get(username).ok_or_else(|| Error::internal(format!("the sample has no {username}")))
    }
}
