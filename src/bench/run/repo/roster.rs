//! What a roster asks of the engine: the rows that new people leave, many to a statement.

use crate::audit::model::{Event, EventPending, EventSealed};
use crate::auth::Roles;
use crate::on_both;
use crate::platform::db::schema::{account_role, event, event_pending, event_sealed, retiree, retiree_phone, retiree_spelling};
use crate::platform::db::types::Id;
use crate::platform::db::{Conn, in_transaction};
use crate::platform::error::{Error, Result};
use crate::platform::ids::Ids;
use crate::retiree::model::{PhoneRow, Retiree};
use crate::retiree::repo::spelling::SpellingRow;
use chrono::Utc;
use diesel::prelude::*;
use std::collections::HashMap;
use std::time::{Duration, Instant};

/// An account that has one of these roles.
pub fn somebody(c: &mut Conn, roles: Roles) -> Result<Id> {
    let theirs: Vec<(Id, crate::auth::Role)> = account_role::table.select((account_role::account_id, account_role::role)).load(c)?;
    let fits = theirs.into_iter().find(|(_, role)| roles.has(*role));
    fits.map(|(id, _)| id).ok_or_else(|| Error::internal("nobody may bring in a roster"))
}

/// People a job entered.
pub struct Entered {
    people: Vec<Person>,
}

/// A profile with all that was written for it.
struct Person {
    row: Retiree,
    phones: Vec<PhoneRow>,
    spellings: Vec<SpellingRow>,
    event: Event,
    sealed: EventSealed,
}

impl Entered {
    /// Those of the newest profiles whose event bears the mark of a job.
    pub fn by(c: &mut Conn, job: Id, most: i64) -> Result<Self> {
        let rows: Vec<Retiree> = retiree::table.order(retiree::id.desc()).limit(most).load(c)?;
        let mut people = Vec::with_capacity(rows.len());
        for some in rows.chunks(500) {
            let ids: Vec<Id> = some.iter().map(|row| row.id).collect();
            let events: Vec<(Event, EventSealed)> = event::table
                .inner_join(event_sealed::table.on(event_sealed::event_id.eq(event::id)))
                .filter(event::subject_id.eq_any(&ids))
                .load(c)?;
            let mut events: HashMap<Id, (Event, EventSealed)> = events
                .into_iter()
                .filter(|(event, _)| event.body.contains(&job.to_string()))
                .map(|pair| (pair.0.subject_id, pair))
                .collect();
            let mut phones: HashMap<Id, Vec<PhoneRow>> = HashMap::new();
            for row in retiree_phone::table.filter(retiree_phone::retiree_id.eq_any(&ids)).load::<PhoneRow>(c)? {
                phones.entry(row.retiree_id).or_default().push(row);
            }
            let mut spellings: HashMap<Id, Vec<SpellingRow>> = HashMap::new();
            for row in retiree_spelling::table.filter(retiree_spelling::retiree_id.eq_any(&ids)).load::<SpellingRow>(c)? {
                spellings.entry(row.retiree_id).or_default().push(row);
            }
            for row in some {
                if let Some((event, sealed)) = events.remove(&row.id) {
                    let (phones, spellings) = (phones.remove(&row.id), spellings.remove(&row.id));
                    let (phones, spellings) = (phones.unwrap_or_default(), spellings.unwrap_or_default());
                    people.push(Person { row: row.clone(), phones, spellings, event, sealed });
                }
            }
        }
        Ok(Self { people })
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.people.len()
    }

    /// Writes the same rows under other keys, so many people a transaction; says how long that took.
    pub fn again(mut self, c: &mut Conn, together: usize) -> Result<Duration> {
        let mut draw = Ids::Random.moment(Utc::now()).draw();
        for Person { row, phones, spellings, event, sealed } in &mut self.people {
            (row.id, event.id) = (draw.id(), draw.id());
            row.identity_hash = Some(draw.secret::<32>().to_vec());
            phones.iter_mut().for_each(|phone| phone.retiree_id = row.id);
            spellings.iter_mut().for_each(|spelling| spelling.retiree_id = row.id);
            (event.subject_id, sealed.event_id) = (row.id, event.id);
        }
        let began = Instant::now();
        for some in self.people.chunks(together) {
            in_transaction(c, |c| write(c, some))?;
        }
        Ok(began.elapsed())
    }
}

fn write(c: &mut Conn, some: &[Person]) -> Result<()> {
    let rows: Vec<&Retiree> = some.iter().map(|person| &person.row).collect();
    let phones: Vec<&PhoneRow> = some.iter().flat_map(|person| &person.phones).collect();
    let spellings: Vec<&SpellingRow> = some.iter().flat_map(|person| &person.spellings).collect();
    let events: Vec<&Event> = some.iter().map(|person| &person.event).collect();
    let sealed: Vec<&EventSealed> = some.iter().map(|person| &person.sealed).collect();
    let pending: Vec<EventPending> = events.iter().map(|event| EventPending { event_id: event.id }).collect();
    on_both!(c, |c| {
        diesel::insert_into(retiree::table).values(rows).execute(c)?;
        diesel::insert_into(retiree_phone::table).values(phones).execute(c)?;
        diesel::insert_into(retiree_spelling::table).values(spellings).execute(c)?;
        diesel::insert_into(event::table).values(events).execute(c)?;
        diesel::insert_into(event_sealed::table).values(sealed).execute(c)?;
        diesel::insert_into(event_pending::table).values(&pending).execute(c)?;
    });
    Ok(())
}
