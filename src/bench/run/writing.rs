//! Writing: registering, and a petition's way to its opinion.

use super::Run;
use super::raw::{self, Scratch};
use super::report::{Limit, Row, Wanted};
use super::requests::{self, Serial, act, read};
use crate::bench::run::client::Connection;
use crate::platform::error::{Error, Result};

const REGISTER: &str = "register";

impl Run<'_> {
    /// Keys no other run has used.
    pub(super) fn serial(&self, work: &str) -> Serial {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        Serial::new(format!("bench-{work}-{:x}", now.as_micros()))
    }

    /// Registering over HTTP, durable, against the engine alone writing the same rows.
    pub(super) async fn register(&mut self) -> Result<()> {
        let (connections, serial) = (self.writers(), self.serial("register"));
        let token = self.office.token(self.server()?.address, "desk").await?;
        let play = async |c: &mut Connection, _| requests::register(c, &token, &serial).await.map(|_| ());
        let groups = self.server()?.groups().await;
        let closed = self.sustained(connections, &play).await?;
        let group = self.server()?.groups().await.mean_since(&groups);
        let steady = match closed.per_second {
            0.0 => None,
            rate => Some(self.steady(connections, rate / 2.0, &play).await?),
        };
        let per_second = closed.per_second;
        let mut row = Row::load(REGISTER, closed).constant();
        if self.is_sqlite() {
            row = row.detail(format!("{group:.1} a commit")).figure("rate", per_second, "/s", Some(Wanted::AtLeast(6000.0)));
        }
        self.group = Some(group);
        self.rows.push(row);
        self.rows.extend(steady.map(|load| Row::load(REGISTER, load)));
        Ok(())
    }

    /// What registering is held against, once the server is stopped. Why there is no limit is told, and no reason to fail.
    pub(super) async fn raw_registrations(&mut self, group: f64, spoil: bool) {
        let (connections, group) = if self.is_sqlite() { (1, group.round().max(1.0) as u64) } else { (self.writers(), 1) };
        let place = if spoil { Ok(Scratch::itself(&self.config.database)) } else { Scratch::copy(&self.config.database).await };
        let both = async {
            let place = place?;
            let without = raw::registrations(&place, connections, group, false, self.seconds).await?;
            Ok((raw::registrations(&place, connections, group, true, self.seconds).await?, without))
        };
        let (what, wanted) =
            if self.is_sqlite() { ("raw, one thread, the same commits", 35.0) } else { ("raw, as many connections", 60.0) };
        let row = self.rows.iter_mut().find(|row| row.work == REGISTER);
        match (both.await, row) {
            (Ok((raw, without)), Some(row)) => {
                let rate = row.load.as_ref().map_or(0.0, |load| load.per_second);
                row.limits.push(Limit { what: what.to_owned(), per_second: Some(raw.rate), cpu_us: raw.cpu_us, p99_ms: None });
                *row = row.clone().figure("of raw", 100.0 * rate / raw.rate, "%", Some(Wanted::AtLeast(wanted)));
                let clocks = 100.0 * (1.0 - raw.rate / without.rate);
                *row = row.clone().figure("its clocks, of the rows", clocks, "%", Some(Wanted::AtMost(25.0)));
            }
            (Err(e), _) => {
                let why = if let Error::Internal(cause) = &e { cause.to_string() } else { e.to_string() };
                self.notes.push(format!("the limit of registering was not taken: {why}"));
            }
            (Ok(_), None) => {}
        }
    }

    /// Five calls of four people: the desk registers, the supervisor refers, the officer accepts, gives the opinion and looks at the list.
    pub(super) async fn lifecycle(&mut self) -> Result<()> {
        let (connections, serial, medical) = (self.writers(), self.serial("lifecycle"), self.office.medical);
        let address = self.server()?.address;
        let desk = self.office.token(address, "desk").await?;
        let supervisor = self.office.token(address, "supervisor").await?;
        let officer = self.office.token(address, "officer").await?;
        let referral = format!(r#"{{"unit_id":"{medical}","mode":"refer","note":"请核实后在规定期限内答复信访人"}}"#);
        let acceptance = r#"{"notice":{"method":"in_person"}}"#;
        let opinion = r#"{"outcome":"supported","facts":"经查，住院属急诊，票据齐全，异地就医备案已补办。","opinion":"支持信访人的报销请求，按规定比例于下月随养老金发放。","legal_basis":"《社会保险法》第二十八条、第二十九条"}"#;
        let play = async |c: &mut Connection, _| {
            let (id, seen) = requests::register(c, &desk, &serial).await?;
            let path = format!("/api/v1/petitions/{id}");
            let seen = act(c, ("POST", &format!("{path}/referrals")), &supervisor, &seen, &referral).await?;
            let seen = act(c, ("POST", &format!("{path}/acceptance")), &officer, &seen, acceptance).await?;
            act(c, ("PUT", &format!("{path}/opinion")), &officer, &seen, opinion).await?;
            read(c, "/api/v1/petitions", Some(&officer), "{\"items\":[{").await
        };
        let load = self.sustained(connections, &play).await?;
        let per_second = load.per_second;
        let mut row = Row::load("lifecycle", load).constant().figure("rate", per_second, "/s", Some(Wanted::AtLeast(600.0)));
        let rate = |work: &str| self.rows.iter().find(|row| row.work == work)?.load.as_ref().map(|load| load.per_second);
        if let Some((register, list)) = rate(REGISTER).zip(rate("list 50, a unit's newest")) {
            let sum = 1.0 / (4.0 / register + 1.0 / list);
            let limit = Limit { what: "four registrations and a list".to_owned(), per_second: Some(sum), ..Limit::default() };
            row = row.limit(limit).figure("of their sum", 100.0 * per_second / sum, "%", None);
        }
        self.rows.push(row);
        Ok(())
    }
}
