//! Publishing profiles.

use super::model::{ProfileRow, ProfileVersionRow};
use super::profile::{Profile, ProfileDocument, Rule};
use super::repo;
use super::timetable::{CalendarVersion, Timetable};
use crate::audit::{Draft, Head, SubjectKind, append};
use crate::auth::Context;
use crate::calendar::{self, Calendar};
use crate::platform::db::types::Time;
use crate::platform::db::{Conn, alone};
use crate::platform::error::{Error, Result};
use chrono::NaiveDate;
use data_encoding::HEXLOWER;
use serde::Deserialize;
use sha2::{Digest, Sha256};

/// The profiles of the product.
const SHIPPED: [&str; 2] = [include_str!("../../data/profiles/cn-2022.json"), include_str!("../../data/profiles/cn-simplified.json")];

#[derive(Deserialize)]
struct Shipped {
    code: String,
    name: String,
    valid_from: NaiveDate,
    calendar: String,
    source: String,
    rules: Vec<Rule>,
}

fn read_shipped() -> Result<Vec<Shipped>> {
    let read = |text: &&str| serde_json::from_str(text).map_err(|e| Error::Internal(Box::new(e)));
    SHIPPED.iter().map(read).collect()
}

impl Shipped {
    fn document(self) -> ProfileDocument {
        ProfileDocument { calendar: self.calendar, source: self.source, rules: self.rules }
    }
}

/// The timetable of an office that has published nothing of its own.
///
/// # Errors
/// Internal when what is shipped can't be read.
pub fn shipped() -> Result<Timetable> {
    let (code, document) = calendar::service::shipped()?;
    let calendar = CalendarVersion { code, version: 1, calendar: Calendar::of(&document) };
    let profile = |shipped: Shipped| {
        let (code, valid_from) = (shipped.code.clone(), shipped.valid_from);
        Profile { code, version: 1, valid_from, document: shipped.document() }
    };
    Ok(Timetable::of(vec![calendar], read_shipped()?.into_iter().map(profile).collect()))
}

/// Fills an empty table with the shipped profiles.
///
/// # Errors
/// Database, or internal when what is shipped can't be read.
pub fn load_shipped(c: &mut Conn, cx: &mut Context) -> Result<()> {
    alone(c)?;
    if repo::any_profile(c)? {
        return Ok(());
    }
    for shipped in read_shipped()? {
        let (id, valid_from) = (cx.draw.id(), shipped.valid_from);
        let (code, name) = (shipped.code.clone(), shipped.name.clone());
        let mut row = ProfileRow { id, code, name, newest: 1, version: 1, event_n: 0, event_hash: Vec::new() };
        let document = serde_json_canonicalizer::to_string(&shipped.document()).map_err(|e| Error::Internal(Box::new(e)))?;
        let digest = Sha256::digest(document.as_bytes()).to_vec();
        let draft = Draft::by_system("profile_published")
            .with("code", &row.code)
            .with("profile_version", 1)
            .with("valid_from", valid_from)
            .with("digest", HEXLOWER.encode(&digest));
        let head = append(c, cx, SubjectKind::Profile, id, &Head::none(), draft)?;
        (row.event_n, row.event_hash) = (head.n, head.hash);
        let version =
            ProfileVersionRow { profile_id: id, n: 1, valid_from, document, digest, published_at: Time(cx.now()), published_by: None };
        repo::insert_profile(c, &row, &version)?;
    }
    Ok(())
}
