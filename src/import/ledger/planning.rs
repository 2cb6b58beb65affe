//! What becomes of the rows of a ledger: compared with what was entered before, then entered, each with its event.

use super::model::{Content, LedgerEntry, Row};
use super::repo;
use crate::audit::{self, Composed, Draft, Head, SubjectKind};
use crate::auth::{Context, Permission};
use crate::codes;
use crate::deadline::rules::midnight;
use crate::deadline::{ClockKind, Timetable};
use crate::import::model::Reached;
use crate::person::compared_identity;
use crate::petition::model::Kind;
use crate::petition::registration::{self, Prepared, RegisterPetition};
use crate::platform::db::Conn;
use crate::platform::db::types::{Id, Time};
use crate::platform::error::{Error, Fault, Result};
use crate::retiree::roster::Entering;
use serde_json::json;

/// The category of what is in none of ours.
const OTHER: &str = "other";

/// What becomes of a row.
pub enum Planned {
    /// It is entered.
    New(Box<Coming>),
    /// It was entered before, just so.
    Unchanged,
    /// It can't be entered.
    Faulty(Vec<Fault>),
}

/// A row about to be entered.
pub struct Coming {
    entry: LedgerEntry,
    event: Composed,
    /// The petition it becomes, and whether its first limit has passed; none of a closed one.
    petition: Option<(RegisterPetition, Prepared, bool)>,
}

impl Planned {
    /// Counts it.
    pub fn count(&self, reached: &mut Reached) {
        match self {
            Self::New(coming) => {
                reached.new += 1;
                reached.closed += i64::from(coming.petition.is_none());
                reached.overdue += i64::from(coming.petition.as_ref().is_some_and(|(_, _, late)| *late));
            }
            Self::Unchanged => reached.unchanged += 1,
            Self::Faulty(_) => reached.faulty += 1,
        }
    }
}

/// Compares rows with what was entered of that issuer; `job` is named in the events. Changes nothing.
///
/// # Errors
/// Database or internal only.
pub fn plan(c: &mut Conn, cx: &mut Context, issuer: &str, rows: &[Row], job: Id) -> Result<Vec<Planned>> {
    let before = repo::digests(c, issuer, rows.iter().map(|row| row.number.clone()).collect())?;
    let categories = repo::categories(c, rows.iter().filter_map(|row| row.category.clone()).collect(), cx.today())?;
    let timetable = Timetable::current(c)?;
    let mut planned = Vec::with_capacity(rows.len());
    for row in rows {
        let digest = digest(cx, row)?;
        planned.push(match before.get(&row.number) {
            Some(known) if *known == digest => Planned::Unchanged,
            Some(_) => Planned::Faulty(vec![Fault::new("/number", codes::ENTERED_OTHERWISE)]),
            None => {
                let known = row.category.as_ref().and_then(|called| categories.get(called));
                let category = known.map_or(OTHER, |(code, _)| code);
                let kind = row.kind.or(known.and_then(|(_, kind)| *kind)).unwrap_or(Kind::Claim);
                Planned::New(Box::new(coming(cx, &timetable, (issuer, row, job), (kind, category), digest)?))
            }
        });
    }
    Ok(planned)
}

/// What tells whether a row says the same as before, wherever it stands in the file.
fn digest(cx: &Context, row: &Row) -> Result<Vec<u8>> {
    let text = serde_json::to_string(&Row { line: 0, ..row.clone() }).map_err(|e| Error::Internal(Box::new(e)))?;
    cx.keys.lookup("ledger_row", &text)
}

fn coming(
    cx: &mut Context,
    timetable: &Timetable,
    (issuer, row, job): (&str, &Row, Id),
    (kind, category): (Kind, &str),
    digest: Vec<u8>,
) -> Result<Coming> {
    let read = |e| Error::Internal(Box::new(e));
    let received_at = midnight(row.received_on, cx.zone);
    let mut words = row.petition.clone();
    words["kind"] = json!(kind);
    words["category"] = json!(category);
    words["received_at"] = json!(received_at);
    let mut new: RegisterPetition = serde_json::from_value(words).map_err(read)?;
    let channel = new.channel;
    let number = new.parties.iter().find_map(|party| party.identity_number.as_deref());
    let identity_hash = number.map(|text| cx.keys.lookup("identity_number", &compared_identity(text))).transpose()?;
    let petition = if row.closed {
        None
    } else {
        new.id = Some(cx.draw.id());
        let due = timetable.rule(ClockKind::TriageNotice, kind, None, row.received_on).and_then(|rule| {
            let limit = rule.rule.limit_of(None)?;
            Some(rule.due(&rule.term(received_at, limit, &[]), cx.zone).at)
        });
        let prepared = registration::prepare(cx, &new)?;
        Some((new, prepared, due.is_some_and(|due| due < cx.now())))
    };
    let id = cx.draw.id();
    let content = Content { petition: row.petition.clone(), told: row.told.clone() };
    let content = cx.seal(id, "content", &serde_json::to_vec(&content).map_err(read)?)?;
    let petition_id = petition.as_ref().and_then(|(new, ..)| new.id);
    let draft = Draft::new("ledger_entered", cx.actor.role_among(Permission::ImportRecords.roles()))
        .with("job_id", job)
        .with("petition_id", petition_id)
        .with("received_on", row.received_on)
        .with("closed_on", row.closed_on)
        .sealed(json!({"issuer": issuer, "number": row.number}));
    let event = audit::compose(cx, SubjectKind::LedgerEntry, id, &Head::none(), draft)?;
    let head = event.head();
    let entry = LedgerEntry {
        id,
        issuer: issuer.to_owned(),
        number: row.number.clone(),
        petition_id,
        kind,
        channel,
        category: category.to_owned(),
        received_on: row.received_on,
        closed_on: row.closed_on,
        identity_hash,
        content,
        digest,
        entered_by: cx.actor.id(),
        entered_at: Time(cx.now()),
        event_n: head.n,
        event_hash: head.hash,
    };
    Ok(Coming { entry, event, petition })
}

/// Enters what was planned: a petition for each open row, and the row itself; unless somebody entered one of them meanwhile.
///
/// # Errors
/// As [`registration::record`]; [`Error::Again`] when somebody enters one of them at this very moment.
pub fn enter(c: &mut Conn, cx: &mut Context, planned: &[Planned]) -> Result<Entering> {
    let new: Vec<&Coming> = planned.iter().filter_map(|plan| if let Planned::New(new) = plan { Some(&**new) } else { None }).collect();
    let Some(first) = new.first() else { return Ok(Entering::Done) };
    let numbers = new.iter().map(|coming| coming.entry.number.clone()).collect();
    if !repo::digests(c, &first.entry.issuer, numbers)?.is_empty() {
        return Ok(Entering::Overtaken);
    }
    for coming in &new {
        if let Some((petition, prepared, _)) = &coming.petition {
            registration::record(c, cx, petition, prepared)?;
        }
    }
    repo::insert_all(c, &new.iter().map(|coming| &coming.entry).collect::<Vec<_>>())?;
    audit::record_each(c, &new.iter().map(|coming| &coming.event).collect::<Vec<_>>())?;
    Ok(Entering::Done)
}
