//! Bringing in a roster: people who are not on file yet, against the engine alone writing the same rows, as many a commit.

use super::Run;
use super::raw::Scratch;
use super::repo::roster as raw;
use super::report::{Limit, Row, Wanted};
use crate::app;
use crate::auth::context::Origin;
use crate::auth::policy::Permission;
use crate::import::course::acting;
use crate::import::model::ImportMode;
use crate::import::service::{self, Source, Wish, rows_of_part};
use crate::job::Job;
use crate::jobs::runner;
use crate::person::identity::check_character;
use crate::platform::Platform;
use crate::platform::clock::{Clock, office_day};
use crate::platform::config::Config;
use crate::platform::db::connect;
use crate::platform::error::{Error, Result};
use crate::platform::ids::Ids;
use std::fmt::Write;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// People of the roster.
const PEOPLE: usize = 20_000;

impl Run<'_> {
    /// Brings in a roster in this process, on a copy. Why it was not measured is told, and no reason to fail.
    pub(super) async fn imports(&mut self, spoil: bool) {
        match self.import_once(spoil).await {
            Ok(row) => self.rows.push(row),
            Err(e) => {
                let why = if let Error::Internal(cause) = &e { cause.to_string() } else { e.to_string() };
                self.notes.push(format!("bringing in a roster was not measured: {why}"));
            }
        }
    }

    async fn import_once(&self, spoil: bool) -> Result<Row> {
        let url = &self.config.database;
        let place = if spoil { Scratch::itself(url) } else { Scratch::copy(url).await? };
        let by = raw::somebody(&mut connect(&place.url, true)?, Permission::ImportRecords.roles())?;
        let config = Config { database: place.url.clone(), ..self.config.clone() };
        let platform = Platform::open(config, Clock::System(chrono::Duration::zero()), Ids::Random)?;
        let mut origin = Origin::system(&platform, "bench");
        origin.actor = Arc::new(platform.db.read(move |c| acting(c, by)).await?);
        let wish = Wish { source: Source::Roster(None), dry_run: false, mode: ImportMode::SkipFaulty };
        let today = office_day(platform.clock.now(), platform.config.zone);
        let file = file();
        let began = Instant::now();
        let reading = service::read(file.as_bytes(), &wish, today, &app::shapes())?;
        let mut order = service::sealed(&mut origin.aside(), wish, reading)?;
        order.put_down(&platform.db).await?;
        let read_in = began.elapsed();
        let id = order.job;
        let _: Job = platform.db.write(move |c| order.ask(c, &origin.context())).await?;
        let began = Instant::now();
        runner::run_all(&platform).await?;
        let took = began.elapsed();
        platform.db.close();
        let mut c = connect(&place.url, false)?;
        let entered = raw::Entered::by(&mut c, id, PEOPLE as i64)?;
        if entered.len() != PEOPLE {
            return Err(Error::internal(format!("{} of {PEOPLE} people were entered", entered.len())));
        }
        let alone = entered.again(&mut c, usize::try_from(rows_of_part(false)).unwrap_or(200))?;
        let rate = |over: Duration| PEOPLE as f64 / over.as_secs_f64();
        let mut row = Row::told("import").detail(format!("a roster of {PEOPLE} new people"));
        row.limits.push(Limit {
            what: "raw, one thread, the same commits".to_owned(),
            per_second: Some(rate(alone)),
            cpu_us: None,
            p99_ms: None,
        });
        Ok(row
            .figure("compared and entered", rate(took), "/s", Some(Wanted::AtLeast(5000.0)))
            .figure("of raw", 100.0 * rate(took) / rate(alone), "%", None)
            .figure("read and stored", rate(read_in), "/s", None))
    }
}

/// People there are none of, of a region there is none of.
fn file() -> String {
    let mut text = String::from("姓名,身份证号,人员类别,联系电话,住址\n");
    for n in 0..PEOPLE {
        let digits = format!("990199{}{:02}{:02}{:03}", 1930 + n / 336 % 20, n / 28 % 12 + 1, n % 28 + 1, n / 6720);
        let (Some(check), given) = (check_character(&digits), u32::try_from(n % 5000).unwrap_or(0)) else { continue };
        let given = char::from_u32(0x4e00 + given).unwrap_or('某');
        // a text grows without fail
        let _ = writeln!(text, "测{given},{digits}{check},退休干部,139{n:08},样例县城东区和平路{n}号");
    }
    text
}
