//! One copy: its own ids, times, people and chain.

use super::marks::{self, Detail, PREV, SEALED, Slot, filled};
use super::people::Person;
use super::plan::Planned;
use super::recast::{Recast, numbered};
use super::repo::Rows;
use super::shift::Shift;
use super::template::{Original, Told};
use crate::audit::chain::seal_text;
use crate::audit::model::{Event, EventOrder, Sealed};
use crate::auth::context::place;
use crate::deadline::{Clock, Timetable};
use crate::petition::model::{IntakePlace, Petition};
use crate::petition::number::query_code;
use crate::petition::priority::{PriorityFacts, Reason, Reasons};
use crate::petition::rules;
use crate::platform::clock::office_day;
use crate::platform::db::types::{Id, Time};
use crate::platform::error::{Error, Result};
use crate::platform::ids::Ids;
use crate::platform::key::Keyring;
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use data_encoding::HEXLOWER;
use rand::rngs::StdRng;
use rand::{Rng, RngExt, SeedableRng};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// What all copies of a run share.
pub(super) struct World<'a> {
    pub(super) keys: &'a Keyring,
    pub(super) zone: Tz,
    pub(super) office_code: &'a str,
    /// Who lives in it.
    pub(super) seed: u64,
    /// How many live in it.
    pub(super) people: u64,
    pub(super) today: NaiveDate,
    /// When today begins.
    pub(super) begun: DateTime<Utc>,
    /// What clocks are counted by.
    pub(super) timetable: &'a Timetable,
}

/// Makes copies, one after the other; each thread has its own.
pub(super) struct Copy<'a> {
    world: &'a World<'a>,
    pub(super) keys: &'a Keyring,
    pub(super) office_code: &'a str,
    /// The same for the same seed: ids, people, amounts.
    rng: StdRng,
    /// Never the same: nonces, salts, query codes.
    secret: StdRng,
    shift: Shift,
    /// The original.
    petition: Option<&'a Petition>,
    ids: Vec<Id>,
    values: Vec<String>,
    people: Vec<Person>,
    /// The place in the order of registration.
    pub(super) n: i64,
    pub(super) number: String,
    pub(super) registered_day: NaiveDate,
    pub(super) received_day: NaiveDate,
    pub(super) closed_day: Option<NaiveDate>,
    /// When the first whose petition it is was born.
    pub(super) first_born: Option<NaiveDate>,
    pub(super) priority_reasons: Reasons,
    pub(super) event_hash: Vec<u8>,
}

impl<'a> Copy<'a> {
    pub(super) fn new(world: &'a World<'a>) -> Self {
        Self {
            world,
            keys: world.keys,
            office_code: world.office_code,
            rng: StdRng::seed_from_u64(world.seed),
            secret: StdRng::from_seed(Ids::Random.bytes()),
            shift: Shift::by(0, world.zone),
            petition: None,
            ids: Vec::new(),
            values: Vec::new(),
            people: Vec::new(),
            n: 0,
            number: String::new(),
            registered_day: NaiveDate::MIN,
            received_day: NaiveDate::MIN,
            closed_day: None,
            first_born: None,
            priority_reasons: Reasons::default(),
            event_hash: Vec::new(),
        }
    }

    /// Makes the `n`-th petition, into `rows`.
    pub(super) fn make(&mut self, original: &'a Original, planned: Planned, n: i64, rows: &mut Rows) -> Result<()> {
        self.begin(original, planned, n);
        self.trail(&original.trail, rows)?;
        rows.add_copy(&original.rows, self)
    }

    fn begin(&mut self, original: &'a Original, planned: Planned, n: i64) {
        self.rng = StdRng::seed_from_u64(self.world.seed ^ n.unsigned_abs().wrapping_mul(0x9E37_79B9_7F4A_7C15));
        self.shift = Shift::by(planned.back, self.world.zone);
        self.n = n;
        let petition = &original.petition;
        self.petition = Some(petition);
        self.registered_day = self.day(self.time(petition.registered_at));
        self.received_day = self.day(self.time(petition.received_at));
        self.closed_day = petition.closed_at.map(|at| self.day(self.time(at)));
        self.number = numbered(self, petition.channel);
        self.meet(original);
        self.fill(&original.slots);
    }

    /// Who files it. Some come again and again.
    fn meet(&mut self, original: &Original) {
        self.people.clear();
        for sex in &original.sexes {
            let regular = self.rng.random_ratio(1, 4);
            let among = if regular { self.world.people / 20 } else { self.world.people };
            let number = self.rng.random_range(0..among.max(1));
            let mut person = Person::of(self.world.seed, number, *sex, self.world.today);
            // within one petition a name is one person's
            while self.person(&person.name).is_some() {
                person = Person::of(self.world.seed, self.rng.random(), *sex, self.world.today);
            }
            self.people.push(person);
        }
        let born = |person: &usize| self.people.get(*person).map(|p| p.born);
        self.first_born = original.first.as_ref().and_then(born);
        let oldest = original.principals.iter().filter_map(born).min();
        let urgent = original.petition.urgent;
        let facts = PriorityFacts {
            age: oldest.map(|born| rules::age(born, self.registered_day)),
            in_hospital: original.intake_place == Some(IntakePlace::Hospital),
            ..PriorityFacts::default()
        };
        self.priority_reasons = Reasons::of(&facts, urgent).with(Reason::SetByHand, original.petition.facts.priority.is_some());
    }

    /// What stands at each mark.
    fn fill(&mut self, slots: &[Slot]) {
        self.ids.clear();
        self.ids.resize(slots.len(), Id::NIL);
        self.values.resize(slots.len(), String::new());
        for (i, slot) in slots.iter().enumerate() {
            let value = match slot {
                Slot::Chain => continue,
                Slot::Number => self.number.clone(),
                Slot::Id(id) => {
                    let id = self.fresh(*id);
                    self.ids[i] = id;
                    id.to_string()
                }
                Slot::Time { at, micros } => marks::instant(self.shift.time(*at), *micros),
                Slot::Day(day) => self.date(*day).to_string(),
                Slot::DayInWords(day) => marks::in_words(self.date(*day)),
                Slot::Person(person, detail) => self.people.get(*person).map(|p| p.detail(*detail)).unwrap_or_default(),
                Slot::Digits(original) => self.digits(original),
                Slot::Amount { thousandths, decimals } => self.amount(*thousandths, *decimals),
            };
            self.values[i] = value;
        }
    }

    /// A version 7 id of the same place in its write, at the copy's time.
    fn fresh(&mut self, original: Id) -> Id {
        let [mut id, random]: [[u8; 16]; 2] = [*original.0.as_bytes(), self.rng.random::<u128>().to_be_bytes()];
        let millis = id[..6].iter().fold(0_i64, |ms, byte| ms << 8 | i64::from(*byte));
        let millis = DateTime::from_timestamp_millis(millis).map_or(millis, |at| self.shift.time(at).timestamp_millis());
        id[..6].copy_from_slice(&millis.to_be_bytes()[2..]);
        id[8..].copy_from_slice(&random[8..]);
        id[8] = 0x80 | (id[8] & 0x3f);
        Id(Uuid::from_bytes(id))
    }

    fn digits(&mut self, original: &str) -> String {
        original.chars().map(|c| if c.is_ascii_digit() { char::from(b'0' + self.rng.random_range(0..10)) } else { c }).collect()
    }

    fn amount(&mut self, thousandths: u64, decimals: u8) -> String {
        let step = 10_u64.pow(3 - u32::from(decimals.min(3)));
        let value = (thousandths * self.rng.random_range(60..170) / 100 / step).max(1) * step;
        let (whole, part) = (value / 1000, value % 1000 / step);
        if decimals == 0 { whole.to_string() } else { format!("{whole}.{part:0width$}", width = usize::from(decimals)) }
    }

    /// The events in their order, each with the hash of the one before.
    fn trail(&mut self, trail: &[Told], rows: &mut Rows) -> Result<()> {
        self.event_hash = vec![0; 32];
        for Told { event, sealed } in trail {
            let Event {
                id,
                subject_kind,
                subject_id,
                subject_n,
                format,
                act,
                at,
                claimed_at,
                actor_id,
                actor_role,
                on_behalf_of,
                request_id,
                client,
                body,
                sealed_hash: _,
                prev_hash: _,
                hash: _,
            } = event;
            let id = self.id(*id);
            let sealed = match sealed {
                Some(words) => {
                    let (salt, nonce) = (self.secret.random(), self.secret.random());
                    Some(seal_text(self.keys, id, &self.filled(words), salt, nonce)?)
                }
                None => None,
            };
            self.values[PREV].clear();
            HEXLOWER.encode_append(&self.event_hash, &mut self.values[PREV]);
            self.values[SEALED].clear();
            if let Some(Sealed { hash, .. }) = &sealed {
                HEXLOWER.encode_append(hash, &mut self.values[SEALED]);
            }
            let body = self.filled(body);
            let prev_hash = std::mem::replace(&mut self.event_hash, Sha256::digest(body.as_bytes()).to_vec());
            rows.events.push(Event {
                id,
                subject_kind: *subject_kind,
                subject_id: self.id(*subject_id),
                subject_n: *subject_n,
                format: *format,
                act: act.clone(),
                at: self.time(*at),
                claimed_at: claimed_at.recast(self)?,
                actor_id: actor_id.recast(self)?,
                actor_role: actor_role.clone(),
                on_behalf_of: on_behalf_of.recast(self)?,
                request_id: request_id.clone(),
                client: client.clone(),
                body,
                sealed_hash: sealed.as_ref().map(|sealed| sealed.hash.to_vec()),
                prev_hash,
                hash: self.event_hash.clone(),
            });
            rows.sealed.extend(sealed.map(|sealed| sealed.row));
            // all copies get their positions when they are written
            rows.order.push(EventOrder { position: 0, event_id: id });
        }
        Ok(())
    }

    /// The copy's id for one of the original.
    pub(super) fn id(&self, id: Id) -> Id {
        marks::own(id).and_then(|slot| self.ids.get(slot)).copied().unwrap_or(id)
    }

    /// An instant of the original, in the copy.
    pub(super) fn time(&self, at: Time) -> Time {
        Time(self.shift.time(at.0))
    }

    /// A day that somebody named, in the copy: as many whole weeks back.
    pub(super) fn date(&self, day: NaiveDate) -> NaiveDate {
        self.shift.day(day)
    }

    /// The office's day.
    pub(super) fn day(&self, at: Time) -> NaiveDate {
        office_day(at.0, self.world.zone)
    }

    /// A clock, but for its ids.
    ///
    /// # Errors
    /// Internal when it is counted otherwise: the plan knows better.
    pub(super) fn clock(&self, clock: &Clock) -> Result<Clock> {
        let counted = self.petition.map(|of| self.shift.counted(clock, of, self.world.timetable, self.world.begun)).transpose()?;
        counted.flatten().ok_or_else(|| Error::internal("a clock of a copy is not where it is counted to"))
    }

    /// An instant in microseconds, in the copy.
    pub(super) fn micros(&self, at: i64) -> i64 {
        DateTime::from_timestamp_micros(at).map_or(at, |at| self.shift.time(at).timestamp_micros())
    }

    /// A text with what it has in this copy.
    pub(super) fn filled(&self, text: &str) -> String {
        filled(text, &self.values)
    }

    /// Who has this name in the copy.
    pub(super) fn person(&self, name: &str) -> Option<&Person> {
        self.people.iter().find(|person| person.name == name)
    }

    /// Encrypts a text for a row.
    pub(super) fn seal(&mut self, row: Id, field: &str, text: &str) -> Result<Vec<u8>> {
        let nonce = self.secret.random();
        self.keys.seal(place(row, field).as_bytes(), text.as_bytes(), nonce)
    }

    /// What is kept of a query code nobody was told.
    pub(super) fn query_code(&mut self, petition: Id) -> Result<Vec<u8>> {
        let mut random = [0; 10];
        self.secret.fill_bytes(&mut random);
        self.keys.code_mac(petition.0.as_bytes(), &query_code(random))
    }
}

impl Person {
    fn detail(&self, detail: Detail) -> String {
        match detail {
            Detail::Name => self.name.clone(),
            Detail::Phone => self.phone.clone(),
            Detail::Identity => self.identity.clone(),
            Detail::Address => self.address.clone(),
            Detail::Born => self.born.to_string(),
        }
    }
}
