use super::office::cpu_of;
use chrono::Utc;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::{PgConnection, SqliteConnection};
use std::path::Path;
use std::time::{Duration, Instant};
use xinfang::audit::model::{Event, EventPending, EventSealed};
use xinfang::category::model::Category;
use xinfang::petition::model::{Content, Fact, Party, Petition};
use xinfang::platform::db::schema::{
    category, event, event_pending, event_sealed, idempotency, party, petition, petition_content, petition_fact, unit, unit_closure,
};
use xinfang::platform::db::types::{Id, Time};
use xinfang::platform::ids::{Draw, Ids};

/// The rows one registration leaves.
#[derive(Clone)]
pub struct Sample {
    petition: Petition,
    content: Content,
    fact: Fact,
    party: Party,
    event: Event,
    sealed: EventSealed,
    answer: (Id, Vec<u8>, Vec<u8>, Vec<u8>, Time),
}

impl Sample {
    /// The same rows under other keys.
    fn renew(&mut self, draw: &mut Draw, n: i64) {
        let (id, event) = (draw.id(), draw.id());
        self.petition.id = id;
        self.petition.n = n;
        self.petition.number = format!("XF-20260302-V{n:09}-K");
        self.petition.matter_id = draw.id();
        self.content.petition_id = id;
        self.fact.petition_id = id;
        self.party.id = draw.id();
        self.party.petition_id = id;
        self.event.id = event;
        self.event.subject_id = id;
        self.sealed.event_id = event;
        self.answer.1 = draw.secret::<32>().to_vec();
    }
}

/// The statements of a registration for one engine, without what the product thinks in between.
macro_rules! engine {
    ($engine:ident, $connection:ty) => {
        mod $engine {
            use super::*;

            pub fn sample(c: &mut $connection) -> Sample {
                let petition: Petition = petition::table.order(petition::n.desc()).first(c).unwrap();
                let event: Event = event::table.filter(event::subject_id.eq(petition.id)).first(c).unwrap();
                Sample {
                    content: petition_content::table.find(petition.id).first(c).unwrap(),
                    fact: petition_fact::table.find(petition.id).first(c).unwrap(),
                    party: party::table.filter(party::petition_id.eq(petition.id)).first(c).unwrap(),
                    sealed: event_sealed::table.find(event.id).first(c).unwrap(),
                    answer: idempotency::table.filter(idempotency::caller_id.eq(petition.registered_by)).first(c).unwrap(),
                    petition,
                    event,
                }
            }

            pub fn write(c: &mut $connection, s: &Sample) -> QueryResult<()> {
                diesel::insert_into(event::table).values(&s.event).execute(c)?;
                diesel::insert_into(event_sealed::table).values(&s.sealed).execute(c)?;
                diesel::insert_into(event_pending::table).values(&EventPending { event_id: s.event.id }).execute(c)?;
                diesel::insert_into(petition::table).values(&s.petition).on_conflict_do_nothing().execute(c)?;
                diesel::insert_into(petition_content::table).values(&s.content).execute(c)?;
                diesel::insert_into(petition_fact::table).values(&s.fact).execute(c)?;
                diesel::insert_into(party::table).values(&s.party).execute(c)?;
                let (caller, key, fingerprint, answer, expires) = &s.answer;
                let row = (
                    idempotency::caller_id.eq(caller),
                    idempotency::key_hash.eq(key),
                    idempotency::fingerprint.eq(fingerprint),
                    idempotency::answer.eq(answer),
                    idempotency::expires_at.eq(expires),
                );
                diesel::insert_into(idempotency::table).values(row).on_conflict_do_nothing().execute(c)?;
                Ok(())
            }
        }
    };
}

engine!(lite, SqliteConnection);
engine!(pg, PgConnection);

/// The rows of the last petition of a stopped server.
pub fn sample_sqlite(file: &Path) -> Sample {
    lite::sample(&mut SqliteConnection::establish(file.to_str().unwrap()).unwrap())
}

/// Registrations a second and processor time of one thread that writes nothing but the rows, in transactions of `group`.
pub fn sqlite(file: &Path, sample: &Sample, group: usize, over: Duration) -> (f64, Duration) {
    let c = &mut SqliteConnection::establish(file.to_str().unwrap()).unwrap();
    c.batch_execute(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-32768;",
    )
    .unwrap();
    let (mut sample, mut n) = (sample.clone(), 0);
    let (began, cpu) = (Instant::now(), cpu_of("/proc/thread-self/stat"));
    while began.elapsed() < over {
        let mut draw = Ids::Random.moment(Utc::now()).draw();
        c.batch_execute("BEGIN IMMEDIATE").unwrap();
        for _ in 0..group {
            n += 1;
            sample.renew(&mut draw, n);
            lite::write(c, &sample).unwrap();
        }
        c.batch_execute("COMMIT").unwrap();
    }
    (n as f64 / began.elapsed().as_secs_f64(), cpu_of("/proc/thread-self/stat") - cpu)
}

#[diesel::declare_sql_function]
extern "SQL" {
    fn nextval(sequence: diesel::sql_types::Text) -> diesel::sql_types::BigInt;
}

/// As [`sqlite`], with the statements that read too (each is a round trip), on so many connections with a thread each.
pub fn postgres(url: &str, connections: usize, over: Duration) -> (f64, Duration) {
    let sample = pg::sample(&mut PgConnection::establish(url).unwrap());
    let began = Instant::now();
    let threads: Vec<_> = (0..connections)
        .map(|_| {
            let (url, mut sample) = (url.to_owned(), sample.clone());
            std::thread::spawn(move || {
                let c = &mut PgConnection::establish(&url).unwrap();
                let mut done = 0;
                while began.elapsed() < over {
                    let mut draw = Ids::Random.moment(Utc::now()).draw();
                    c.transaction(|c| {
                        let n = read(c, &sample)?;
                        sample.renew(&mut draw, n);
                        pg::write(c, &sample)
                    })
                    .unwrap();
                    done += 1;
                }
                done
            })
        })
        .collect();
    let cpu = cpu_of("/proc/self/stat");
    let done: usize = threads.into_iter().map(|t| t.join().unwrap()).sum();
    (done as f64 / began.elapsed().as_secs_f64(), cpu_of("/proc/self/stat") - cpu)
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
    diesel::select(nextval("petition_n")).get_result(c)
}
