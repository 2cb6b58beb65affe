//! Finding: words among the petitions, who has come before, people among the retirees; and how soon what was registered is found.

use super::client::{Call, Connection, Failure};
use super::load::Play;
use super::raw::{self, Statement};
use super::repo::finding::{self, Visitor};
use super::report::{Limit, Row, Wanted};
use super::requests::{self, mixed, read};
use super::server::{Following, Server};
use super::{Run, repo};
use crate::platform::db::DatabaseUrl;
use crate::platform::error::{Error, Result};
use crate::search::repo::index;
use crate::search::terms;
use futures_util::future::try_join;
use serde_json::json;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A page of what was found, perhaps an empty one.
const FOUND: &str = "{\"items\":[";
/// The index of a million petitions is built in less.
const PATIENCE: Duration = Duration::from_secs(3600);
/// Visitors and names that are looked for.
const LOOKED_FOR: usize = 200;
/// How often is looked for what was just registered.
const LOOK: Duration = Duration::from_millis(20);

impl Run<'_> {
    /// Words, names and numbers, once the index holds all petitions.
    pub(super) async fn searches(&mut self) -> Result<()> {
        let Some(pairs) = finding::pairs(&mut self.connect()?, &self.office.ids)? else {
            self.notes.push("searching was not measured: the petitions have no words".to_owned());
            return Ok(());
        };
        self.index_holds_all().await?;
        let petitions = repo::petitions(&mut self.connect()?)?;
        let visitors = finding::visitors(&mut self.connect()?, &self.office.ids, LOOKED_FOR)?;
        let name = visitors.first().map_or("", |visitor| visitor.name.as_str());
        let both = format!("{} {}", pairs.half, pairs.rare);
        for (work, q, most) in [
            ("search, two characters of up to half", pairs.half.as_str(), Some(20.0)),
            ("search, two characters of few", &pairs.rare, Some(20.0)),
            ("search, both", &both, Some(20.0)),
            ("search, a whole name", name, None),
        ] {
            let token = self.office.token(self.server()?.address, "supervisor").await?;
            let path = format!("/api/v1/search?q={}", percent(q));
            let asked = terms::of_words(&terms::words(q));
            let statement: Statement = Arc::new(move |c, _| index::candidates(c, &asked, &[], i64::MAX, 100).map(drop));
            let play = async |c: &mut Connection, _| read(c, &path, Some(&token), FOUND).await;
            let place = index::beside(&self.config.database).map_or_else(|| self.config.database.clone(), DatabaseUrl::Sqlite);
            let row = Row::told(work).detail(format!("\u{201c}{q}\u{201d} in {petitions}"));
            self.answered_within(row, most, place, ("the index alone", statement), play).await?;
        }
        Ok(())
    }

    /// Who has come before, and which retiree it is.
    pub(super) async fn people(&mut self) -> Result<()> {
        let visitors: Arc<[Visitor]> = finding::visitors(&mut self.connect()?, &self.office.ids, LOOKED_FOR)?.into();
        if !visitors.is_empty() {
            let token = self.office.token(self.server()?.address, "desk").await?;
            let bodies: Vec<String> = visitors.iter().map(asking).collect();
            let among = bodies.len();
            let statement: Statement = Arc::new(move |c, n| finding::of_name(c, &visitors[pick(n, visitors.len())].folded));
            let play = async |c: &mut Connection, n| {
                let body = Some(("application/json", bodies[pick(n, among)].as_str()));
                let call = Call { method: "POST", path: "/api/v1/petitions/candidates", token: Some(&token), body, ..Call::default() };
                c.send(call).await?.held_to(200, "{").map(|_| ())
            };
            let database = self.config.database.clone();
            self.answered_within(Row::told("candidates"), Some(30.0), database, ("of the name alone", statement), play).await?;
        }
        let (names, retirees) = finding::retirees(&mut self.connect()?, LOOKED_FOR as i64)?;
        if names.is_empty() {
            self.notes.push("looking for retirees was not measured: there are none; `xinfang import roster` brings some in, `xinfang bench run --only import` too".to_owned());
            return Ok(());
        }
        let names: Arc<[(String, String)]> = names.into();
        for (work, by_name) in [("retirees, by initials", false), ("retirees, by name", true)] {
            let token = self.office.token(self.server()?.address, "desk").await?;
            let among = names.len();
            let asked = |(name, initials): &(String, String)| if by_name { name.clone() } else { initials.clone() };
            let paths: Vec<String> = names.iter().map(|name| format!("/api/v1/retirees?q={}", percent(&asked(name)))).collect();
            let known = Arc::clone(&names);
            let statement: Statement = Arc::new(move |c, n| finding::by_initials(c, &known[pick(n, known.len())].1));
            let play = async |c: &mut Connection, n| read(c, &paths[pick(n, among)], Some(&token), FOUND).await;
            let database = self.config.database.clone();
            let row = Row::told(work).detail(format!("among {retirees}"));
            self.answered_within(row, Some(10.0), database, ("fifty by initials", statement), play).await?;
        }
        Ok(())
    }

    /// Registering while the search follows against registering while it stays behind, and how soon what was registered is found.
    pub(super) async fn following(&mut self) -> Result<()> {
        self.index_holds_all().await?;
        let (connections, serial) = (self.writers(), self.serial("following"));
        let address = self.server()?.address;
        let token = self.office.token(address, "desk").await?;
        let play = async |c: &mut Connection, _| requests::register(c, &token, &serial).await.map(|_| ());
        let followed = self.sustained(connections, &play).await?;
        let with = followed.per_second;
        self.index_holds_all().await?;
        let token = self.office.token(address, "desk").await?;
        let play = async |c: &mut Connection, _| requests::register(c, &token, &serial).await.map(|_| ());
        let rate = (with / 2.0).max(1.0);
        let (steady, waits) = try_join(self.steady(connections, rate, &play), freshness(address, &token, &serial, self.seconds)).await?;

        if let Some(server) = self.server.take() {
            server.stop().await?;
        }
        self.server = Some(Server::start(self.config, Following::No).await?);
        let token = self.office.token(self.server()?.address, "desk").await?;
        let play = async |c: &mut Connection, _| requests::register(c, &token, &serial).await.map(|_| ());
        let alone = self.sustained(connections, &play).await?;
        if let Some(server) = self.server.take() {
            server.stop().await?;
        }
        self.server = Some(Server::start(self.config, Following::Yes).await?);

        let without = Limit { what: "the search stays behind".to_owned(), per_second: Some(alone.per_second), ..Limit::default() };
        let share = 100.0 * with / alone.per_second;
        let row = Row::load("register, the search follows", followed).limit(without);
        self.rows.push(row.figure("of the rate without", share, "%", Some(Wanted::AtLeast(70.0))));
        let longest = waits.iter().max().map_or(f64::NAN, |wait| wait.as_secs_f64() * 1e3);
        let row = Row::load("register, the search follows", steady).detail(format!("{} looked for", waits.len()));
        self.rows.push(row.figure("found after, at most", longest, "ms", Some(Wanted::AtMost(2000.0))));
        Ok(())
    }

    /// One caller after the other, for it is the time of an answer that is asked for.
    async fn answered_within(
        &mut self,
        row: Row,
        most: Option<f64>,
        place: DatabaseUrl,
        (what, statement): (&str, Statement),
        play: impl Play,
    ) -> Result<()> {
        let load = self.sustained(1, &play).await?;
        let raw = raw::alone(&place, self.seconds / 2, statement).await?;
        let limit = Limit { what: what.to_owned(), p99_ms: Some(raw.quantile_ms(0.99)), per_second: Some(raw.rate()), cpu_us: None };
        let p99 = load.p99_ms;
        let row = Row { load: Some(load), ..row }.limit(limit);
        self.rows.push(row.figure("p99", p99, "ms", most.map(Wanted::AtMost)));
        Ok(())
    }

    /// Waits until the index holds all there is.
    async fn index_holds_all(&self) -> Result<()> {
        let began = Instant::now();
        loop {
            let (complete, lag) = self.server()?.following().await;
            if complete && lag <= 0.0 {
                return Ok(());
            }
            if began.elapsed() > PATIENCE {
                return Err(Error::internal("the index of the search is not built in an hour"));
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }
}

/// Registers a petition with a word of its own, looks for it until it is found, and so on; the waits.
async fn freshness(address: SocketAddr, token: &str, serial: &requests::Serial, over: Duration) -> Result<Vec<Duration>> {
    let lost = |why: Failure| Error::internal(format!("what was registered is not found: {why}"));
    let (mut c, mut waits, began) = (Connection::to(address), Vec::new(), Instant::now());
    while began.elapsed() < over || waits.is_empty() {
        let word = requests::register_a_word(&mut c, token, serial).await.map_err(lost)?;
        let (registered, path) = (Instant::now(), format!("/api/v1/search?q={word}&limit=1"));
        while read(&mut c, &path, Some(token), "{\"items\":[{").await.is_err() {
            if registered.elapsed() > Duration::from_secs(60) {
                return Err(lost(Failure::Slow));
            }
            tokio::time::sleep(LOOK).await;
        }
        waits.push(registered.elapsed());
    }
    Ok(waits)
}

fn asking(visitor: &Visitor) -> String {
    let mut party = json!({ "name": visitor.name });
    if let Some(born) = visitor.born {
        party["birth_date"] = json!(born);
    }
    json!({ "parties": [party], "title": visitor.title, "statement": visitor.statement }).to_string()
}

fn pick(n: u64, among: usize) -> usize {
    usize::try_from(mixed(n) % among.max(1) as u64).unwrap_or(0)
}

fn percent(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}
