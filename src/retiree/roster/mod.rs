//! Many profiles from a roster: found on file, compared, then entered as if by hand, each with its event.
//!
//! A part is found, compared and encrypted outside the transaction that enters it; that one looks again whether all still is as it was.

mod said;

pub use said::{Emptied, Entry};

use super::model::{Retiree, Whole};
use super::profile::{Profile, RetireeChange};
use super::repo::reach::Reach;
use super::repo::roster as repo;
use super::{looked_after, rules, sealing, service};
use crate::audit::{self, Composed, Head, SubjectKind};
use crate::auth::{Actor, Context};
use crate::codes;
use crate::person::{Spelled, identity};
use crate::platform::db::Conn;
use crate::platform::db::types::Id;
use crate::platform::error::{Fault, Result};
use chrono::NaiveDate;
use serde_json::json;
use std::collections::{BTreeSet, HashMap};

/// A name as it is compared, and a birth date.
pub type Birth = (NaiveDate, String);

/// Whom a row speaks of.
#[derive(Debug, Clone)]
pub struct Found {
    /// The profile; none of somebody new.
    pub profile: std::result::Result<Option<Retiree>, Fault>,
    /// Whether another row of the file may speak of them by what this one does not say.
    pub by_one_of_two: bool,
    birth: Option<Birth>,
}

/// What a row comes to, beside what is on file.
pub enum Compared {
    /// Somebody new.
    New(Box<Profile>),
    /// Another profile than before.
    Changed(Box<Difference>),
    /// It is all on file.
    Unchanged,
    /// It can't be entered.
    Faulty(Vec<Fault>),
}

/// A profile as it is, as rows too, and as it will be.
pub struct Difference {
    before: Whole,
    old: Profile,
    next: Profile,
}

/// The rows of a part, encrypted and ready to be entered.
#[derive(Default)]
pub struct Ready {
    new: Vec<Newcomer>,
    changed: Vec<Changed>,
}

struct Newcomer {
    whole: Whole,
    event: Composed,
    birth: Option<Birth>,
}

struct Changed {
    before: Whole,
    after: Whole,
    event: Composed,
}

/// Whether a part was entered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entering {
    /// It is entered.
    Done,
    /// Somebody wrote what it rests on meanwhile; nothing is entered.
    Overtaken,
}

/// Whether somebody may bring in a roster: they reach everybody, numbers too.
///
/// # Errors
/// Database only.
pub fn reaches_all(c: &mut Conn, actor: &Actor, today: NaiveDate) -> Result<bool> {
    let reach = Reach::of(c, actor, today)?;
    Ok(reach.all && reach.numbers)
}

/// Everything that is wrong with a row by itself.
pub fn faults(entry: &Entry, today: NaiveDate) -> Vec<Fault> {
    match blank(entry).map(|blank| said::with_said(&blank, entry, today)) {
        Some(Ok(profile)) => rules::faults(&profile, today),
        Some(Err(faults)) => faults,
        None => Vec::new(),
    }
}

/// When somebody was born, as a row says it or their number does.
pub fn born(change: &RetireeChange) -> Option<NaiveDate> {
    let said = || change.identity_number.as_ref()?.as_deref().and_then(identity::read).map(|said| said.born);
    change.birth_date.flatten().or_else(said)
}

/// Finds whom rows speak of: by identity number, else by name and birth date.
///
/// # Errors
/// Database or internal only.
pub fn find(c: &mut Conn, cx: &Context, entries: &[Entry]) -> Result<Vec<Found>> {
    let hash = |entry: &Entry| match &entry.change.identity_number {
        Some(Some(number)) => sealing::identity_hash(cx, number).map(Some),
        _ => Ok(None),
    };
    let hashes: Vec<Option<Vec<u8>>> = entries.iter().map(hash).collect::<Result<_>>()?;
    let by_number = repo::by_identities(c, hashes.iter().flatten().cloned().collect())?;
    let birth = |entry: &Entry| Some((born(&entry.change)?, Spelled::of(entry.change.name.as_deref()?).folded));
    let births: Vec<Option<Birth>> = entries.iter().map(birth).collect();
    // whose number is on file needs no other mark
    let unknown = |hash: &Option<Vec<u8>>| hash.as_ref().is_none_or(|hash| !by_number.contains_key(hash));
    let sought: BTreeSet<Birth> =
        hashes.iter().zip(&births).filter(|(hash, _)| unknown(hash)).filter_map(|(_, birth)| birth.clone()).collect();
    let by_birth = repo::by_births(c, &sought.into_iter().collect::<Vec<_>>())?;
    let found = |(hash, birth): (Option<Vec<u8>>, Option<Birth>)| {
        let known = hash.as_ref().and_then(|hash| by_number.get(hash));
        let alike = birth.as_ref().and_then(|birth| by_birth.get(birth)).map_or(&[][..], Vec::as_slice);
        let profile = match (known, &hash) {
            (Some(row), _) if birth.as_ref().is_none_or(|(_, name)| *name == row.name_folded) => Ok(Some(row.clone())),
            (Some(_), _) => Err(Fault::new("/name", codes::NAME_ON_FILE_DIFFERS)),
            // who has another number is somebody else
            (None, Some(_)) => only(alike.iter().filter(|row| row.identity_hash.is_none())),
            (None, None) => only(alike.iter()),
        };
        let by_one_of_two = match &profile {
            Ok(Some(row)) if known.is_some() => birth.as_ref().map(|(day, _)| *day) != row.birth_date,
            Ok(Some(row)) => hash.is_none() && row.identity_hash.is_some(),
            _ => false,
        };
        Found { profile, by_one_of_two, birth }
    };
    Ok(hashes.into_iter().zip(births).map(found).collect())
}

fn only<'a>(mut alike: impl Iterator<Item = &'a Retiree>) -> std::result::Result<Option<Retiree>, Fault> {
    match (alike.next(), alike.next()) {
        (Some(_), Some(_)) => Err(Fault::new("/name", codes::SEVERAL_ALIKE)),
        (one, _) => Ok(one.cloned()),
    }
}

/// Compares rows with whom they speak of. Changes nothing.
///
/// # Errors
/// Database or internal only.
pub fn compare(c: &mut Conn, cx: &Context, entries: &[Entry], found: &[Found]) -> Result<Vec<Compared>> {
    let rows = found.iter().filter_map(|found| found.profile.as_ref().ok()?.clone()).collect();
    let mut wholes = repo::wholes(c, rows)?;
    let compared = entries.iter().zip(found).map(|(entry, found)| match &found.profile {
        Err(fault) => Ok(Compared::Faulty(vec![fault.clone()])),
        Ok(Some(row)) => wholes.remove(&row.id).map_or(Ok(Compared::Unchanged), |before| changed(cx, before, entry)),
        Ok(None) => Ok(created(cx, entry)),
    });
    compared.collect()
}

fn created(cx: &Context, entry: &Entry) -> Compared {
    let Some(blank) = blank(entry) else { return Compared::Faulty(vec![Fault::new("/name", codes::ROW_WITHOUT_KEY)]) };
    match next(cx, &blank, entry) {
        Ok(profile) => Compared::New(Box::new(profile)),
        Err(faults) => Compared::Faulty(faults),
    }
}

fn changed(cx: &Context, before: Whole, entry: &Entry) -> Result<Compared> {
    let old = sealing::opened(cx, &before)?;
    Ok(match next(cx, &old, entry) {
        Ok(next) if next == old => Compared::Unchanged,
        Ok(next) => Compared::Changed(Box::new(Difference { before, old, next })),
        Err(faults) => Compared::Faulty(faults),
    })
}

fn next(cx: &Context, profile: &Profile, entry: &Entry) -> std::result::Result<Profile, Vec<Fault>> {
    let mut next = said::with_said(profile, entry, cx.today())?;
    let faults = rules::faults(&next, cx.today());
    if !faults.is_empty() {
        return Err(faults);
    }
    let said = next.identity_number.as_deref().and_then(identity::read);
    (next.sex, next.birth_date) = (next.sex.or(said.map(|said| said.sex)), next.birth_date.or(said.map(|said| said.born)));
    Ok(next)
}

fn blank(entry: &Entry) -> Option<Profile> {
    let (name, category) = (entry.change.name.as_ref()?, entry.change.category?);
    serde_json::from_value(json!({ "name": name.trim(), "category": category })).ok()
}

/// Encrypts what is to be entered, with its events; `job` is named in those of new profiles.
///
/// # Errors
/// Internal only.
pub fn ready(cx: &mut Context, compared: Vec<Compared>, found: &[Found], job: Id) -> Result<Ready> {
    let mut ready = Ready::default();
    for (compared, found) in compared.into_iter().zip(found) {
        match compared {
            Compared::New(profile) => ready.new.push(newcomer(cx, &profile, found.birth.clone(), job)?),
            Compared::Changed(difference) => ready.changed.push(difference.sealed(cx)?),
            Compared::Unchanged | Compared::Faulty(_) => {}
        }
    }
    Ok(ready)
}

fn newcomer(cx: &mut Context, profile: &Profile, birth: Option<Birth>, job: Id) -> Result<Newcomer> {
    let id = cx.draw.id();
    let mut whole = sealing::sealed(cx, id, profile, None)?;
    let draft = service::draft(cx, "retiree_created")
        .with("category", profile.category)
        .with("status", profile.status)
        .with("liaison_officer", profile.liaison_officer)
        .with("double_of_none", false)
        .with("job_id", job)
        .sealed(json!(profile));
    let event = audit::compose(cx, SubjectKind::Retiree, id, &Head::none(), draft)?;
    let head = event.head();
    (whole.row.event_n, whole.row.event_hash) = (head.n, head.hash);
    Ok(Newcomer { whole, event, birth })
}

impl Difference {
    fn sealed(self, cx: &mut Context) -> Result<Changed> {
        let Self { before, old, next } = self;
        let mut after = sealing::sealed(cx, before.row.id, &next, Some(&before.row))?;
        // what is the same is not written again
        if old.phones == next.phones {
            after.phones.clone_from(&before.phones);
        }
        if old.relatives == next.relatives {
            after.relatives.clone_from(&before.relatives);
        }
        let draft = service::changed(cx, &old, &next);
        let head = Head { n: before.row.event_n, hash: before.row.event_hash.clone() };
        let event = audit::compose(cx, SubjectKind::Retiree, before.row.id, &head, draft)?;
        Ok(Changed { before, after, event })
    }
}

/// Enters a part in a few statements, with the visits that follow from it, unless somebody overtook it.
///
/// # Errors
/// [`Error::Again`](crate::platform::error::Error::Again) when somebody does so at this very moment; else database only.
pub fn enter(c: &mut Conn, cx: &mut Context, ready: &Ready) -> Result<Entering> {
    if overtaken(c, ready)? {
        return Ok(Entering::Overtaken);
    }
    repo::insert_all(c, &ready.new.iter().map(|new| &new.whole).collect::<Vec<_>>())?;
    let pairs: Vec<(&Whole, &Whole, Head)> =
        ready.changed.iter().map(|changed| (&changed.before, &changed.after, changed.event.head())).collect();
    repo::replace_all(c, &pairs)?;
    let events = ready.new.iter().map(|new| &new.event).chain(ready.changed.iter().map(|changed| &changed.event));
    audit::record_each(c, &events.collect::<Vec<_>>())?;
    let moved = ready.changed.iter().map(|changed| (Some(&changed.before), &changed.after));
    let entered: Vec<(Option<&Whole>, &Whole)> = ready.new.iter().map(|new| (None, &new.whole)).chain(moved).collect();
    looked_after::all_changed(c, cx, &entered)?;
    Ok(Entering::Done)
}

/// Whether somebody entered or changed one of them since they were compared.
fn overtaken(c: &mut Conn, ready: &Ready) -> Result<bool> {
    let read: HashMap<Id, (i64, i64)> =
        ready.changed.iter().map(|changed| (changed.before.row.id, (changed.before.row.version, changed.before.row.event_n))).collect();
    if repo::states(c, read.keys().copied().collect())? != read {
        return Ok(true);
    }
    let told = |changed: &&Changed| changed.before.row.identity_hash != changed.after.row.identity_hash;
    let rows = ready.new.iter().map(|new| &new.whole.row).chain(ready.changed.iter().filter(told).map(|changed| &changed.after.row));
    let hashes: Vec<Vec<u8>> = rows.filter_map(|row| row.identity_hash.clone()).collect();
    if repo::any_identity(c, hashes)? {
        return Ok(true);
    }
    let births: Vec<Birth> = ready.new.iter().filter_map(|new| new.birth.clone()).collect();
    let by_birth = repo::numbered_by_births(c, &births)?;
    // somebody else of that name and day has another number
    let resembles = |new: &Newcomer, numbered: &bool| !(*numbered && new.whole.row.identity_hash.is_some());
    let alike = |new: &Newcomer| new.birth.as_ref().and_then(|birth| by_birth.get(birth)).map_or(&[][..], Vec::as_slice);
    Ok(ready.new.iter().any(|new| alike(new).iter().any(|numbered| resembles(new, numbered))))
}
