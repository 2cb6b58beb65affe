//! The sample office of `serve --demo`: its units, its people, some petitions, all made through the product's own services.
//!
//! Everything in it is a sample; `data/demo.json` says what.

mod script;

pub use script::petitions;

use crate::account::{model::NewStaff, password, service as accounts};
use crate::auth::context::Origin;
use crate::auth::{Role, Roles};
use crate::category;
use crate::platform::Platform;
use crate::platform::db::types::Id;
use crate::platform::error::{Error, Result};
use crate::unit::{self, model::NewUnit, service as units};
use chrono::{Duration, NaiveDate};
use serde::Deserialize;
use std::collections::HashMap;

const SAMPLE: &str = include_str!("../../data/demo.json");

/// The password of every account of the sample office; nowhere else is one so short allowed.
pub const PASSWORD: &str = "demo-demo";

#[derive(Deserialize)]
struct Sample {
    units: Vec<SampleUnit>,
    accounts: Vec<SampleAccount>,
    petitions: Vec<script::SamplePetition>,
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
    serde_json::from_str(SAMPLE).map_err(|e| Error::Internal(Box::new(e)))
}

/// Whether the database has nobody in it yet.
///
/// # Errors
/// Database only.
pub async fn is_empty(platform: &Platform) -> Result<bool> {
    platform.db.read(|c| Ok(!unit::repo::any(c)?)).await
}

/// Makes the units and accounts of the sample office, and the shipped categories.
///
/// # Errors
/// Database, or internal when the sample can't be read.
pub async fn office(platform: &Platform) -> Result<()> {
    let sample = sample()?;
    // the office existed before the first sample petition arrived
    let opened: NaiveDate = (platform.clock.now() - Duration::days(400)).date_naive();
    let hash = password::hash(PASSWORD)?;
    let origin = Origin::system(platform, "demo");
    platform
        .db
        .write(move |c| {
            let cx = &mut origin.context();
            category::service::load_shipped(c, cx)?;
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
                accounts::create(c, cx, new)?;
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
