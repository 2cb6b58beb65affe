//! What a registration asks of the engine: the rows it leaves and, on PostgreSQL, where each is a round trip, what it reads.
//!
//! When the product registers with other statements, these follow, or the ratio to them says nothing.

use crate::audit::model::{Event, EventPending, EventSealed};
use crate::category::Category;
use crate::deadline::Clock;
use crate::petition::model::{Content, Fact, Party, Petition};
use crate::platform::db::Conn;
use crate::platform::db::schema::{
    category, clock, event, event_pending, event_sealed, idempotency, party, petition, petition_content, petition_fact, timetable, unit,
    unit_closure,
};
use crate::platform::db::types::{Id, Time};
use crate::platform::error::Result;
use crate::platform::ids::{Draw, Ids};
use chrono::Utc;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;

/// The rows one registration leaves.
#[derive(Clone)]
pub struct Sample {
    petition: Petition,
    content: Content,
    fact: Fact,
    party: Party,
    clocks: Vec<Clock>,
    event: Event,
    sealed: EventSealed,
    answer: (Id, Vec<u8>, Vec<u8>, Vec<u8>, Time),
}

impl Sample {
    /// Those of the petition registered last.
    ///
    /// # Errors
    /// When there is none of this program's load.
    pub fn of_last(c: &mut Conn) -> Result<Self> {
        let petition: Petition = petition::table.order(petition::n.desc()).first(c)?;
        let event: Event = event::table.filter(event::subject_id.eq(petition.id)).filter(event::subject_n.eq(1)).first(c)?;
        Ok(Self {
            content: petition_content::table.find(petition.id).first(c)?,
            fact: petition_fact::table.find(petition.id).first(c)?,
            party: party::table.filter(party::petition_id.eq(petition.id)).first(c)?,
            clocks: clock::table.filter(clock::subject_id.eq(petition.id)).load(c)?,
            sealed: event_sealed::table.find(event.id).first(c)?,
            answer: idempotency::table.filter(idempotency::caller_id.eq(petition.registered_by)).first(c)?,
            petition,
            event,
        })
    }

    /// The same without its clocks: what they cost is the difference.
    pub fn without_clocks(mut self) -> Self {
        self.clocks.clear();
        self
    }

    /// The same rows under other keys.
    fn renew(&mut self, draw: &mut Draw, n: i64) {
        let (id, event) = (draw.id(), draw.id());
        self.petition.id = id;
        self.petition.n = n;
        self.petition.number = format!("RAW-20260302-{n:09}");
        self.petition.matter_id = draw.id();
        self.content.petition_id = id;
        self.fact.petition_id = id;
        self.party.id = draw.id();
        self.party.petition_id = id;
        for clock in &mut self.clocks {
            (clock.id, clock.subject_id) = (draw.id(), id);
        }
        self.event.id = event;
        self.event.subject_id = id;
        self.sealed.event_id = event;
        self.answer.1 = draw.secret::<32>().to_vec();
    }
}

/// The statements for one engine, in the product's order; where others can come first, with what the product says to that.
macro_rules! engine {
    ($engine:ident, $connection:ty $(, $ending:ident)?) => {
        mod $engine {
            use super::*;

            pub(super) fn insert(c: &mut $connection, s: &Sample) -> QueryResult<()> {
                diesel::insert_into(petition::table).values(&s.petition)$(.$ending())?.execute(c)?;
                diesel::insert_into(petition_content::table).values(&s.content).execute(c)?;
                diesel::insert_into(petition_fact::table).values(&s.fact).execute(c)?;
                diesel::insert_into(party::table).values(&s.party).execute(c)?;
                diesel::insert_into(event::table).values(&s.event)$(.$ending())?.execute(c)?;
                diesel::insert_into(event_sealed::table).values(&s.sealed).execute(c)?;
                diesel::insert_into(event_pending::table).values(&EventPending { event_id: s.event.id }).execute(c)?;
                for clock in &s.clocks {
                    diesel::insert_into(clock::table).values(clock).execute(c)?;
                }
                let (caller, key, fingerprint, answer, expires) = &s.answer;
                let row = (
                    idempotency::caller_id.eq(caller),
                    idempotency::key_hash.eq(key),
                    idempotency::fingerprint.eq(fingerprint),
                    idempotency::answer.eq(answer),
                    idempotency::expires_at.eq(expires),
                );
                diesel::insert_into(idempotency::table).values(row)$(.$ending())?.execute(c)?;
                Ok(())
            }
        }
    };
}

engine!(lite, SqliteConnection);
engine!(pg, PgConnection, on_conflict_do_nothing);

#[diesel::declare_sql_function]
extern "SQL" {
    fn nextval(sequence: diesel::sql_types::Text) -> diesel::sql_types::BigInt;
}

/// Writes the rows of `size` registrations in one transaction.
///
/// # Errors
/// Database only.
pub fn write(c: &mut Conn, sample: &mut Sample, size: u64) -> Result<()> {
    let mut draw = Ids::Random.moment(Utc::now()).draw();
    match c {
        Conn::Sqlite(c) => {
            c.batch_execute("BEGIN IMMEDIATE")?;
            for _ in 0..size {
                sample.renew(&mut draw, sample.petition.n + 1);
                lite::insert(c, sample)?;
            }
            c.batch_execute("COMMIT")?;
        }
        Conn::Pg(c) => c.transaction(|c| {
            for _ in 0..size {
                let n = read(c, sample)?;
                sample.renew(&mut draw, n);
                pg::insert(c, sample)?;
            }
            QueryResult::Ok(())
        })?,
    }
    Ok(())
}

/// What a registration asks: whether it was answered before, its category, its number, the units above its own.
fn read(c: &mut PgConnection, s: &Sample) -> QueryResult<i64> {
    let kept = idempotency::table.find((s.answer.0, &s.answer.1[..16])).filter(idempotency::expires_at.gt(s.answer.4));
    let _: Option<Vec<u8>> = kept.select(idempotency::answer).first(c).optional()?;
    let _: Category = category::table.filter(category::code.eq(&s.petition.category)).first(c)?;
    let above = unit_closure::table
        .inner_join(unit::table.on(unit::id.eq(unit_closure::ancestor_id)))
        .filter(unit_closure::descendant_id.eq(s.petition.registered_unit))
        .order(unit_closure::depth)
        .select((unit::id, unit::name));
    above.load::<(Id, String)>(c)?;
    if !s.clocks.is_empty() {
        timetable::table.find(1_i16).select((timetable::calendars, timetable::profiles)).first::<(Vec<u8>, Vec<u8>)>(c)?;
    }
    diesel::select(nextval("petition_n")).get_result(c)
}
