//! Originals: the petitions of the sample office, marked for copying.

use super::marks::{Detail, Marks, Slot, filled};
use super::plan;
use super::recast::Recast;
use super::repo::Rows;
use super::shift::{EARLIER, Shift, WEEK};
use crate::audit::chain::unseal_text;
use crate::audit::model::{Event, EventSealed, SubjectKind};
use crate::auth::context::place;
use crate::deadline::{Clock, Timetable};
use crate::petition::model::{IntakePlace, Petition, Sex, Stage};
use crate::platform::db::types::Id;
use crate::platform::error::{Error, Result};
use crate::platform::key::Keyring;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use data_encoding::HEXLOWER;
use std::collections::{HashMap, HashSet};

/// A petition to be copied.
pub(super) struct Original {
    /// As it is.
    pub(super) petition: Petition,
    /// Its rows but for the trail, marked; encrypted columns hold the marked plain text.
    pub(super) rows: Rows,
    /// Its trail, marked.
    pub(super) trail: Vec<Told>,
    /// What fills each mark.
    pub(super) slots: Vec<Slot>,
    /// Its people: the sex of each, as far as it is recorded.
    pub(super) sexes: Vec<Option<Sex>>,
    /// Those whose petition it is and whose age is known.
    pub(super) principals: Vec<usize>,
    /// The first of them, if their age is known.
    pub(super) first: Option<usize>,
    /// Where it was taken down.
    pub(super) intake_place: Option<IntakePlace>,
}

impl Original {
    /// What the plan needs to know of it.
    pub(super) fn in_plan(&self) -> plan::Original {
        let open = self.petition.stage != Stage::Closed || self.rows.clocks.iter().any(Clock::is_open);
        plan::Original { registered: self.petition.registered_at.0.timestamp_micros(), open }
    }

    /// Whether it may be moved back by so many weeks, where nothing more may have come of its clocks by `now`.
    ///
    /// # Errors
    /// Internal when a clock names a version that is not there.
    pub(super) fn fits(&self, weeks: u32, timetable: &Timetable, zone: Tz, now: DateTime<Utc>) -> Result<bool> {
        let least = Shift::by(weeks * WEEK, zone);
        for clock in &self.rows.clocks {
            if least.counted(clock, &self.petition, timetable, now)?.is_none() {
                return Ok(false);
            }
        }
        let most = Shift::by(weeks * WEEK + EARLIER - 1, zone);
        let starts = self.rows.clocks.iter().map(|clock| clock.started_at.0);
        Ok(starts.chain(self.trail.iter().map(|told| told.event.at.0)).all(|at| most.keeps_day(at)))
    }
}

/// An event with its sealed content in plain.
pub(super) struct Told {
    pub(super) event: Event,
    pub(super) sealed: Option<String>,
}

/// Splits what the sample office wrote: the office's own trail, and each petition.
pub(super) fn originals(rows: Rows, office: &HashSet<Id>, keys: &Keyring) -> Result<(Rows, Vec<Original>)> {
    let mut by_petition = rows.by_petition();
    let petitions: Vec<Id> = by_petition.iter().filter(|(_, rows)| !rows.petitions.is_empty()).map(|(id, _)| *id).collect();
    let mut originals = Vec::with_capacity(petitions.len());
    for id in petitions {
        let Some(rows) = by_petition.remove(&id) else { continue };
        // the copies of one petition know nothing of those of another: each is a matter of its own
        if rows.petitions.first().is_some_and(|petition| petition.facts.linked) {
            continue;
        }
        originals.push(original(rows, office, keys)?);
    }
    // the same order for the same seed
    originals.sort_by_key(|o| o.petition.n);
    let mut office_trail = Rows::default();
    for (subject, mut rows) in by_petition {
        if rows
            .events
            .first()
            .is_some_and(|event| matches!(event.subject_kind, SubjectKind::Retiree | SubjectKind::VisitTask | SubjectKind::ReceptionDay))
        {
            continue;
        }
        if !office.contains(&subject) {
            return Err(Error::internal(format!("rows about {subject}, which is neither a petition nor the office")));
        }
        office_trail.append(&mut rows);
    }
    Ok((office_trail, originals))
}

fn original(mut rows: Rows, office: &HashSet<Id>, keys: &Keyring) -> Result<Original> {
    let petition = rows.petitions.first().cloned().ok_or(Error::NotFound)?;
    let mut marks = Marks::new(office);
    marks.look_for(&petition.number, Slot::Number)?;
    for number in &rows.external_numbers {
        marks.look_for(&number.number, Slot::Digits(number.number.clone()))?;
    }
    let (mut sexes, mut principals, mut first) = (Vec::new(), Vec::new(), None);
    rows.parties.sort_by_key(|party| party.n);
    for party in &mut rows.parties {
        let person = marks.person(party);
        let sealed = [
            (&mut party.identity_number, "identity_number", Detail::Identity),
            (&mut party.phone, "phone", Detail::Phone),
            (&mut party.address, "address", Detail::Address),
        ];
        for (value, field, detail) in sealed {
            if let Some(value) = value {
                *value = keys.unseal(place(party.id, field).as_bytes(), value)?;
                marks.look_for(&String::from_utf8_lossy(value), Slot::Person(person, detail))?;
            }
        }
        marks.look_for(&party.name, Slot::Person(person, Detail::Name))?;
        if person == sexes.len() {
            sexes.push(party.sex);
        }
        if party.role.is_principal() {
            first = first.or(Some(party.birth_date.map(|_| person)));
            principals.extend(party.birth_date.map(|_| person));
        }
    }
    let mut trail = trail(&mut rows, keys)?;
    for Told { event, sealed } in &mut trail {
        mark_event(event, sealed.as_mut(), &mut marks)
            .map_err(|e| Error::internal(format!("{} event {}: {e}", petition.number, event.subject_n)))?;
    }
    rows.mark_all(&mut marks)?;
    let (slots, _) = marks.into_slots();
    let intake_place = rows.contents.first().and_then(|content| content.intake_place);
    Ok(Original { petition, rows, trail, slots, sexes, principals, first: first.flatten(), intake_place })
}

fn trail(rows: &mut Rows, keys: &Keyring) -> Result<Vec<Told>> {
    rows.order.clear();
    let mut events = std::mem::take(&mut rows.events);
    events.sort_by_key(|event| event.subject_n);
    let mut sealed: HashMap<Id, EventSealed> = rows.sealed.drain(..).map(|row| (row.event_id, row)).collect();
    let told = |event: Event| {
        let sealed = sealed.remove(&event.id).map(|sealed| unseal_text(keys, &sealed)).transpose()?;
        Ok(Told { event, sealed })
    };
    events.into_iter().map(told).collect()
}

/// Marks an event and makes sure that its marks, filled with what stood there, give the very text again.
fn mark_event(event: &mut Event, sealed: Option<&mut String>, marks: &mut Marks<'_>) -> Result<()> {
    let Event {
        id,
        subject_kind: _,
        subject_id,
        subject_n: _,
        format: _,
        act: _,
        at: _,
        claimed_at: _,
        actor_id,
        actor_role: _,
        on_behalf_of,
        request_id: _,
        client: _,
        body,
        sealed_hash,
        prev_hash,
        hash: _,
    } = event;
    for text in [Some(body), sealed].into_iter().flatten() {
        let marked = marks.json(text)?;
        let mut originals = marks.originals().to_vec();
        originals[super::marks::PREV] = HEXLOWER.encode(prev_hash);
        originals[super::marks::SEALED] = sealed_hash.as_ref().map(|hash| HEXLOWER.encode(hash)).unwrap_or_default();
        if filled(&marked, &originals) != *text {
            return Err(Error::internal(format!("marked and filled again it is another text: {text}")));
        }
        *text = marked;
    }
    id.mark(marks)?;
    subject_id.mark(marks)?;
    actor_id.mark(marks)?;
    on_behalf_of.mark(marks)
}
