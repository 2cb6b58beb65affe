//! Reading: one petition, pages of 50, figures.

use super::load::Play;
use super::raw::{self, Statement};
use super::repo::reading::{self, Counted, Listed};
use super::report::{Limit, Row, Wanted};
use super::requests::{mixed, read};
use super::{READERS, Run, repo};
use crate::bench::run::client::{Call, Connection};
use crate::petition::{Channel, Kind, Stage};
use crate::platform::clock::Clock;
use crate::platform::db::types::Time;
use crate::platform::error::{Error, Result};
use futures_util::future::try_join;
use std::sync::Arc;
use std::time::Duration;

/// Page 10,000 of 50.
const DEEP: usize = 10_000 * 50;
/// A list that holds something.
const FILLED: &str = "{\"items\":[{";
/// A list, perhaps an empty one.
const LIST: &str = "{\"items\":[";

impl Run<'_> {
    /// What reads are held against besides the raw statement.
    pub(super) async fn empty(&mut self) -> Result<()> {
        let load = self.sustained(READERS, async |c: &mut Connection, _| read(c, "/livez", None, "{").await).await?;
        self.rows.push(Row::load("empty handler", load).constant());
        Ok(())
    }

    /// One petition by its id, by somebody who sees nearly all.
    pub(super) async fn read_one(&mut self) -> Result<()> {
        let token = self.office.token(self.server()?.address, "supervisor").await?;
        let asked: Arc<[_]> =
            self.office.ids.iter().map(|id| (*id, format!("/api/v1/petitions/{id}"), format!("{{\"id\":\"{id}"))).collect();
        let pick = |n: u64, among: usize| usize::try_from(mixed(n) % among as u64).unwrap_or(0);
        let ids = Arc::clone(&asked);
        let statement: Statement = Arc::new(move |c, n| reading::one(c, ids[pick(n, ids.len())].0));
        let play = async |c: &mut Connection, n| {
            let (_, path, beginning) = &asked[pick(n, asked.len())];
            read(c, path, Some(&token), beginning).await
        };
        self.held(Row::told("read one"), None, statement, play).await
    }

    /// Pages of 50: of whom, of what, and how deep.
    pub(super) async fn lists(&mut self) -> Result<()> {
        let (reception, medical) = (self.office.reception, self.office.medical);
        let of_unit = format!("/api/v1/petitions?unit={medical}");
        let least = Some(2500.0);
        let lists: [(&str, &'static str, &str, &str, Listed); 5] = [
            ("list 50, the desk's newest", "desk", "/api/v1/petitions", FILLED, Listed::RegisteredBy(reception)),
            ("list 50, a unit's newest", "officer", "/api/v1/petitions", FILLED, Listed::LedBy(medical)),
            ("list 50, all newest", "supervisor", "/api/v1/petitions", FILLED, Listed::All),
            ("list 50, all of one unit", "supervisor", &of_unit, FILLED, Listed::LedBy(medical)),
            ("list 50, all at one stage", "supervisor", "/api/v1/petitions?stage=handling", LIST, Listed::At(Stage::Handling)),
        ];
        for (work, who, path, beginning, listed) in lists {
            let token = self.office.token(self.server()?.address, who).await?;
            let statement: Statement = Arc::new(move |c, _| reading::list(c, listed));
            let mut row = Row::told(work);
            if let Listed::At(stage) = listed {
                row = row.detail(format!("{} petitions at it", repo::at_stage(&mut self.connect()?, stage)?));
            }
            let play = async |c: &mut Connection, _| read(c, path, Some(&token), beginning).await;
            self.held(row, least, statement, play).await?;
        }
        self.deep_page().await
    }

    /// What is due next, 50 a page.
    pub(super) async fn worklists(&mut self) -> Result<()> {
        let medical = self.office.medical;
        let at_hand = repo::at_hand(&mut self.connect()?, medical)?;
        for (work, who, unit) in [("worklist, a unit's", "officer", Some(medical)), ("worklist, the whole tree", "supervisor", None)] {
            let token = self.office.token(self.server()?.address, who).await?;
            let statement: Statement = Arc::new(move |c, _| reading::worklist(c, unit));
            let mut row = Row::told(work);
            if unit.is_some() {
                row = row.detail(format!("{at_hand} at hand"));
            }
            let play = async |c: &mut Connection, _| read(c, "/api/v1/worklist", Some(&token), LIST).await;
            self.held(row, None, statement, play).await?;
        }
        Ok(())
    }

    /// A page far down against the first one, of everything.
    async fn deep_page(&mut self) -> Result<()> {
        let token = self.office.token(self.server()?.address, "leader").await?;
        let all = usize::try_from(repo::petitions(&mut self.connect()?)?).unwrap_or(0);
        let first = self.sustained(READERS, async |c: &mut Connection, _| read(c, "/api/v1/petitions", Some(&token), FILLED).await).await?;
        let (cursor, before) = self.cursor_after(&token, DEEP.min(all * 9 / 10)).await?;
        let path = match &cursor {
            Some(cursor) => format!("/api/v1/petitions?cursor={cursor}"),
            None => "/api/v1/petitions".to_owned(),
        };
        let token = self.office.token(self.server()?.address, "leader").await?;
        let deep = self.sustained(READERS, async |c: &mut Connection, _| read(c, &path, Some(&token), FILLED).await).await?;
        let (limit, ratio) = (
            Limit { what: "page 1".to_owned(), per_second: Some(first.per_second), ..Limit::default() },
            first.per_second / deep.per_second,
        );
        self.rows.push(Row::load("list 50, page 1", first).constant());
        let deep = Row::load("list 50, a deep page", deep).detail(format!("page {}", before / 50 + 1)).limit(limit).constant();
        self.rows.push(deep.figure("time ÷ page 1's", ratio, "×", Some(Wanted::AtMost(1.2))));
        Ok(())
    }

    /// Walks down in the greatest steps there are; gives the cursor behind that many petitions, or behind as many as a walk passes.
    async fn cursor_after(&self, token: &str, wanted: usize) -> Result<(Option<String>, usize)> {
        let mut connection = Connection::to(self.server()?.address);
        let (mut cursor, mut passed) = (None::<String>, 0);
        while passed + 50 <= wanted {
            let step = (wanted - passed).min(200);
            let path = match &cursor {
                Some(cursor) => format!("/api/v1/petitions?limit={step}&cursor={cursor}"),
                None => format!("/api/v1/petitions?limit={step}"),
            };
            let lost = |e: &dyn std::fmt::Display| Error::internal(format!("the walk to a deep page ended after {passed} petitions: {e}"));
            let call = Call { method: "GET", path: &path, token: Some(token), ..Call::default() };
            let reply = connection.send(call).await.map_err(|e| lost(&e))?.held_to(200, LIST).map_err(|e| lost(&e))?;
            let Ok(next) = reply.text("next_cursor") else { break };
            (cursor, passed) = (Some(next.to_owned()), passed + step);
        }
        Ok((cursor, passed))
    }

    /// The summary over all days: of one unit and one dimension beside it, and of everything.
    pub(super) async fn statistics(&mut self) -> Result<()> {
        let medical = self.office.medical;
        let unit = Counted { unit: Some(medical), ..Counted::default() };
        let of_unit = format!("&unit={medical}");
        let petitions = repo::petitions(&mut self.connect()?)? as f64;
        // one scan may take so long a million rows
        let scan = 300.0 * (petitions / 1e6).max(1.0);
        let cuts: [(&str, String, Counted, f64); 6] = [
            ("statistics, one unit", of_unit.clone(), unit, 10.0),
            ("statistics, unit and kind", format!("{of_unit}&kind=claim"), Counted { kind: Some(Kind::Claim), ..unit }, 10.0),
            ("statistics, unit and channel", format!("{of_unit}&channel=letter"), Counted { channel: Some(Channel::Letter), ..unit }, 10.0),
            (
                "statistics, unit and category",
                format!("{of_unit}&category=medical.remote"),
                Counted { category: Some("medical.remote"), ..unit },
                10.0,
            ),
            ("statistics, everything", String::new(), Counted::default(), scan),
            (
                "statistics, kind, channel and category",
                "&kind=claim&channel=letter&category=medical.remote".to_owned(),
                Counted { unit: None, kind: Some(Kind::Claim), channel: Some(Channel::Letter), category: Some("medical.remote") },
                scan,
            ),
        ];
        let now = Time(Clock::System(chrono::Duration::zero()).now());
        for (work, filter, counted, most) in cuts {
            let token = self.office.token(self.server()?.address, "leader").await?;
            let path = format!("/api/v1/statistics/summary?from=2000-01-01{filter}");
            let load = self.sustained(1, async |c: &mut Connection, _| read(c, &path, Some(&token), "{\"from\":").await).await?;
            let raw = raw::alone(&self.config.database, self.seconds / 2, Arc::new(move |c, _| reading::summary(c, counted, now))).await?;
            let share = 100.0 * load.per_second / raw.rate();
            let limit =
                Limit { what: "raw GROUP BY".to_owned(), p99_ms: Some(raw.quantile_ms(0.99)), per_second: Some(raw.rate()), cpu_us: None };
            let p99 = load.p99_ms;
            let row = Row::load(work, load).limit(limit).figure("of raw", share, "%", None);
            self.rows.push(row.figure("p99", p99, "ms", Some(Wanted::AtMost(most))));
        }
        Ok(())
    }

    /// A read in both loops: how many a second against the raw statement in one thread and the empty handler, how late at half that
    /// rate against the raw statement beside the same load.
    async fn held(&mut self, row: Row, least: Option<f64>, statement: Statement, play: impl Play) -> Result<()> {
        let database = &self.config.database;
        let closed = self.sustained(READERS, &play).await?;
        let (per_second, work) = (closed.per_second, row.work.clone());
        let alone = raw::alone(database, self.seconds / 2, Arc::clone(&statement)).await?;
        let raw = Limit {
            what: "raw, one thread".to_owned(),
            per_second: Some(alone.rate()),
            p99_ms: Some(alone.quantile_ms(0.99)),
            cpu_us: None,
        };
        let mut row = Row { load: Some(closed), ..row }.constant().limit(raw);
        if let Some(least) = least {
            row = row.figure("rate", per_second, "/s", Some(Wanted::AtLeast(least)));
        }
        row = row.figure("of raw", 100.0 * per_second / alone.rate(), "%", None);
        let empty = self.rows.iter().find(|row| row.work == "empty handler").and_then(|row| row.load.as_ref());
        if let Some(empty) = empty {
            row = row.figure("of the empty handler", 100.0 * per_second / empty.per_second, "%", None);
        }
        self.rows.push(row);
        if per_second == 0.0 {
            return Ok(());
        }
        let rate = per_second / 2.0;
        // seldom enough to be no load of its own
        let seldom = (rate / 10.0).clamp(20.0, 200.0);
        let (steady, beside) = try_join(self.steady(READERS, rate, &play), raw::beside(database, seldom, self.seconds, statement)).await?;
        let (p99, raw_p99) = (steady.p99_ms, beside.quantile_ms(0.99));
        let limit = Limit { what: "raw, beside the same load".to_owned(), p99_ms: Some(raw_p99), ..Limit::default() };
        self.rows.push(Row::load(&work, steady).limit(limit).figure("p99 ÷ raw's", p99 / raw_p99, "×", Some(Wanted::AtMost(3.0))));
        Ok(())
    }

    /// Memory once all that is kept for reading is kept.
    pub(super) async fn rest(&mut self) -> Result<()> {
        tokio::time::sleep(self.seconds.min(Duration::from_secs(1))).await;
        if let Some(mib) = self.server()?.memory_mib() {
            let row = Row::told("memory at rest after the reads").figure("anonymous", mib, "MiB", Some(Wanted::AtMost(80.0)));
            self.rows.push(row);
        }
        Ok(())
    }
}
