//! The seeder: the simulated office, multiplied.
//!
//! The sample office and its petitions are made by the product's own services in a temporary database, with the keys of the
//! database to be filled. Each petition is then an original of which copies are written, with ids, times, people and amounts
//! of their own and a chain of events that verifies. What becomes of each column says `recast`, exhaustively: a new column
//! or table does not compile, or is refused, until the seeder knows it.

mod copy;
mod leftovers;
mod marks;
mod people;
mod plan;
mod recast;
mod repo;
mod shift;
mod target;
mod template;

use crate::deadline::rules::midnight;
use crate::platform::Platform;
use crate::platform::clock::{Clock, office_day};
use crate::platform::config::Config;
use crate::platform::db::{Conn, DatabaseUrl, Db, connect};
use crate::platform::error::{Error, Result};
use crate::platform::ids::Ids;
use crate::platform::key::Keyring;
use crate::platform::objects::{Objects, ObjectsUrl};
use crate::{app, demo, jobs};
use chrono::{Duration, NaiveTime};
use copy::{Copy, World};
use leftovers::Leftover;
pub use leftovers::Leftovers;
use plan::{Planned, plan};
use rand::SeedableRng;
use rand::rngs::StdRng;
use repo::{Office, Rows, in_its_words};
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Instant;
use template::Original;

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Order {
    /// How many petitions.
    pub petitions: u64,
    /// The same seed on the same day gives the same data but for secrets.
    pub seed: u64,
}

/// How far a run is.
#[derive(Debug, Clone, Copy)]
pub enum Progress<'a> {
    /// The sample office is being made.
    Sampling,
    /// So many petitions are written.
    Written(u64),
    /// Something is made out of all that is written: an index, a key, statistics.
    Making(&'a str),
}

/// What was done.
#[derive(Debug, Clone, Copy)]
pub struct Seeded {
    /// Rows, in all tables.
    pub rows: u64,
    /// Events among them.
    pub events: u64,
    /// Petitions of the sample office that were copied.
    pub originals: usize,
    /// Seconds until all rows were written.
    pub writing: f64,
    /// Seconds in all.
    pub total: f64,
    /// The SQLite file's size; none on PostgreSQL.
    pub bytes: Option<u64>,
}

/// Petitions made and written together.
const BATCH: usize = 400;
/// The office is older than the oldest copy.
const OFFICE_AGE: Duration = Duration::days(11 * 366);

/// Fills an empty database. However it ends, the database is filled or as it was; by a signal too, if `leftovers` listens.
///
/// # Errors
/// In words: the database is not empty, newer, or in use; no room is left; the sample can't be copied.
pub fn seed(config: &Config, order: Order, leftovers: &Leftovers, tell: &mut dyn FnMut(Progress<'_>)) -> Result<Seeded> {
    let begun = Instant::now();
    let done = fill(config, order, leftovers, tell);
    leftovers.remove();
    let mut done = done.map_err(|e| explained(e, config))?;
    done.total = begun.elapsed().as_secs_f64();
    Ok(done)
}

fn fill(config: &Config, order: Order, leftovers: &Leftovers, tell: &mut dyn FnMut(Progress<'_>)) -> Result<Seeded> {
    let begun = Instant::now();
    let target = target::open(config, leftovers)?;
    tell(Progress::Sampling);
    let (office, rows) = sample(config, Arc::clone(&target.keys), order.seed, leftovers)?;
    let (mut office_trail, originals) = template::originals(rows, &office.ids(), &target.keys)?;
    let mut filling = match (&config.database, &target.file) {
        (DatabaseUrl::Sqlite(_), Some(held)) => Filling::Sqlite(repo::sqlite::Filling::begin(&held.filling, &office)?),
        (url, _) => {
            let note = |pid| leftovers.add(Leftover::Session(url.clone(), pid));
            Filling::Pg(repo::postgres::Filling::begin(url, &office, note)?)
        }
    };
    let mut positions = 1..;
    let mut place = |rows: &mut Rows| rows.order.iter_mut().zip(&mut positions).for_each(|(row, position)| row.position = position);
    place(&mut office_trail);
    filling.add(&office_trail).map_err(in_its_words)?;
    let mut done =
        Seeded { rows: 0, events: office_trail.events.len() as u64, originals: originals.len(), writing: 0.0, total: 0.0, bytes: None };
    let today = office_day(Clock::System(config.clock_offset).now(), config.zone);
    let world = World {
        keys: &target.keys,
        zone: config.zone,
        office_code: &config.office_code,
        seed: order.seed,
        people: order.petitions * 7 / 10,
        today,
        begun: midnight(today, config.zone),
        timetable: &office.timetable,
    };
    let n = usize::try_from(order.petitions).map_err(|_| Error::internal("so many petitions fit no memory"))?;
    let facts: Vec<plan::Original> = originals.iter().map(Original::in_plan).collect();
    // the day, not the moment: runs of one day plan alike
    let day = today.and_time(NaiveTime::MIN).and_utc().timestamp_micros();
    let planned = plan(&facts, n, day, &mut StdRng::seed_from_u64(order.seed), &mut world.fits(&originals));
    if planned.len() < n {
        return Err(Error::internal("no petition of the sample office fits any other week"));
    }
    made(&world, &originals, &planned, &mut |mut rows| {
        place(&mut rows);
        filling.add(&rows).map_err(in_its_words)?;
        done.rows += rows.len() as u64;
        done.events += rows.events.len() as u64;
        tell(Progress::Written(rows.petitions.len() as u64));
        Ok(())
    })?;
    done.writing = begun.elapsed().as_secs_f64();
    let mut making = |what: &str| tell(Progress::Making(what));
    let finished = match filling {
        Filling::Sqlite(filling) => filling.finish(&mut making),
        Filling::Pg(filling) => filling.finish(i64::try_from(n).unwrap_or(i64::MAX), leftovers, &mut making),
    };
    finished.map_err(in_its_words)?;
    done.bytes = target.file.map(|held| held.replace(leftovers)).transpose()?;
    Ok(done)
}

impl World<'_> {
    /// Which original may be moved by how many weeks, asked as often as one likes.
    fn fits(&self, originals: &[Original]) -> impl FnMut(u32, u32) -> bool {
        let mut known: HashMap<(u32, u32), bool> = HashMap::new();
        move |original, weeks| {
            *known.entry((original, weeks)).or_insert_with(|| {
                let original = originals.get(original as usize);
                original.is_some_and(|original| original.fits(weeks, self.timetable, self.zone, self.begun).unwrap_or(false))
            })
        }
    }
}

enum Filling {
    Sqlite(repo::sqlite::Filling),
    Pg(repo::postgres::Filling),
}

impl Filling {
    fn add(&mut self, rows: &Rows) -> diesel::QueryResult<()> {
        match self {
            Self::Sqlite(filling) => filling.add(rows),
            Self::Pg(filling) => filling.add(rows),
        }
    }
}

/// The sample office and its petitions, made by the product's own services.
fn sample(config: &Config, keys: Arc<Keyring>, seed: u64, leftovers: &Leftovers) -> Result<(Office, Rows)> {
    let folder = tempfile::tempdir().map_err(|e| Error::internal(format!("no temporary folder: {e}")))?;
    leftovers.add(Leftover::Folder(folder.path().to_owned()));
    let database = DatabaseUrl::Sqlite(folder.path().join("sample.db"));
    let now = Clock::System(config.clock_offset).now();
    let clock = Clock::set(now - OFFICE_AGE);
    let platform = Platform {
        db: Db::open(&database)?,
        clock: clock.clone(),
        ids: Ids::seeded(seed),
        objects: Objects::new(ObjectsUrl::Memory, Arc::clone(&keys)),
        keys,
        config: Arc::new(Config { database: database.clone(), demo: true, ..config.clone() }),
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|e| Error::Internal(Box::new(e)))?;
    runtime.block_on(async {
        demo::office(&platform).await?;
        clock.move_to(now);
        demo::petitions(&platform, &Arc::new(app::shapes())).await?;
        jobs::order::sequence(&platform).await
    })?;
    platform.db.close();
    let mut c: Conn = connect(&database, true)?;
    repo::load(&mut c)
}

/// Makes the copies in threads of their own and hands them on in order.
fn made(world: &World<'_>, originals: &[Original], planned: &[Planned], write: &mut dyn FnMut(Rows) -> Result<()>) -> Result<()> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from).clamp(1, 4);
    std::thread::scope(|scope| {
        let makers: Vec<Receiver<Result<Rows>>> = (0..threads)
            .map(|first| {
                let (send, receive) = sync_channel(2);
                scope.spawn(move || make(world, originals, planned, (first, threads), &send));
                receive
            })
            .collect();
        // round about: batches come in the order of registration
        for i in 0..planned.len().div_ceil(BATCH) {
            let rows = makers[i % threads].recv().map_err(|_| Error::internal("a thread that makes copies has ended"))?;
            write(rows?)?;
        }
        Ok(())
    })
}

/// Every `step`-th batch from the `first` on.
fn make(world: &World<'_>, originals: &[Original], planned: &[Planned], (first, step): (usize, usize), send: &SyncSender<Result<Rows>>) {
    let mut copy = Copy::new(world);
    for (i, batch) in planned.chunks(BATCH).enumerate().skip(first).step_by(step) {
        let mut rows = Rows::default();
        let made = batch.iter().enumerate().try_for_each(|(k, planned)| {
            let original = originals.get(planned.original as usize).ok_or(Error::NotFound)?;
            let n = i64::try_from(i * BATCH + k + 1).unwrap_or(i64::MAX);
            copy.make(original, *planned, n, &mut rows)
        });
        let failed = made.is_err();
        // nobody takes them any more: the writer has failed, and says why
        if send.send(made.map(|()| rows)).is_err() || failed {
            return;
        }
    }
}

/// A database's own words for what an operator can mend.
fn explained(e: Error, config: &Config) -> Error {
    let text = match &e {
        Error::Internal(cause) => cause.to_string(),
        Error::Busy | Error::Again => "the database can't be reached or is busy".to_owned(),
        other => other.to_string(),
    };
    if ["disk is full", "No space left", "could not extend file", "os error 28"].iter().any(|full| text.contains(full)) {
        return Error::internal(format!("there is no room left for {}; the database is as it was ({text})", config.database));
    }
    e
}
