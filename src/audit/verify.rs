//! Verifies the chains: every event by itself, every event against the one before it, and every subject's row against its events.
//!
//! Finds what was changed, removed, put in or moved by anybody who did not also write every later event and the row anew.

use super::model::{Event, EventSealed, SubjectKind};
use super::repo::{self, Subject};
use super::soundness::examine;
use crate::platform::db::types::Id;
use crate::platform::db::{Conn, in_snapshot};
use crate::platform::error::{Error, Result};
use crate::platform::key::Keyring;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::fmt;

/// Rows read at a time, each page in a short read of its own, so that the desk goes on working.
pub(super) const PAGE: i64 = 200;

/// How far the verifier is, and at the end what it saw.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Report {
    /// Events there were when it began.
    pub expected: u64,
    /// Subjects whose chain was begun.
    pub subjects: u64,
    /// Events read.
    pub events: u64,
    /// Events whose sealed content is gone, which is allowed.
    pub erased: u64,
    /// Findings so far.
    pub findings: u64,
}

/// Something that is not as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The kind of subject, if it can be told.
    pub kind: Option<SubjectKind>,
    /// The subject; the event where there is no more than that.
    pub id: Id,
    /// The number, code or user name people know the subject by, if it has a row.
    pub name: Option<String>,
    /// Which of its events; none for what concerns the chain as a whole.
    pub n: Option<i64>,
    /// What is wrong.
    pub what: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind.map_or("unknown", SubjectKind::as_str), self.id)?;
        if let Some(name) = &self.name {
            write!(f, " ({name})")?;
        }
        if let Some(n) = self.n {
            write!(f, " event {n}")?;
        }
        write!(f, ": {}", self.what)
    }
}

/// Verifies every chain. `watch` is told after each page how far it is and what is new; memory does not grow with the trail.
///
/// # Errors
/// Database only; whatever is wrong with the trail is a finding.
pub fn verify(c: &mut Conn, keys: &Keyring, watch: &mut dyn FnMut(&Report, &[Finding])) -> Result<Report> {
    verify_paged(c, keys, PAGE, watch)
}

pub(super) fn verify_paged(c: &mut Conn, keys: &Keyring, limit: i64, watch: &mut dyn FnMut(&Report, &[Finding])) -> Result<Report> {
    let mut walk = Walk { keys, watch, report: Report::default(), found: Vec::new(), chain: None };
    walk.report.expected = u64::try_from(repo::count(c)?).unwrap_or_default();
    walk.chains(c, limit)?;
    walk.rows_without_events(c, limit)?;
    walk.without_event(c, limit, "it waits for its place in the order, but there is no such event", repo::pending_without_event)?;
    walk.without_event(c, limit, "it has a position in the order, but there is no such event", repo::ordered_without_event)?;
    walk.without_event(c, limit, "it has sealed content, but there is no such event", repo::sealed_without_event)?;
    Ok(walk.report)
}

/// What stands where an event is expected: the event, or why it can't be read.
type Found = Result<(Event, Option<EventSealed>), String>;

/// Events in the order of (subject, n), and the rows of their subjects at the same moment.
struct Page {
    events: Vec<(Id, i64, Found)>,
    rows: HashMap<(SubjectKind, Id), Subject>,
    standings: HashMap<Id, Standing>,
}

/// Where a petition stands, as JSON like the events say it; null before the first.
#[derive(Debug, Clone, PartialEq)]
struct Standing {
    stage: Value,
    lead_unit: Value,
}

impl Page {
    fn read(c: &mut Conn, (subject, n): (Id, i64), begun: Option<&Chain>, limit: i64) -> Result<Self> {
        let events = match repo::after(c, subject, n, limit) {
            Ok(rows) => rows.into_iter().map(|row| (row.0.subject_id, row.0.subject_n, Ok(row))).collect(),
            // one value no column may have spoils the whole page: each by itself, then
            Err(Error::Internal(_)) => {
                let places = repo::places_after(c, subject, n, limit)?;
                Self::one_by_one(c, places)?
            }
            Err(e) => return Err(e),
        };
        let mut kinds: HashMap<SubjectKind, Vec<Id>> = HashMap::new();
        let told = events.iter().filter_map(|(id, _, found)| found.as_ref().ok().map(|(event, _)| (event.subject_kind, *id)));
        for (kind, id) in begun.and_then(|chain| Some((chain.kind?, chain.subject))).into_iter().chain(told) {
            let ids = kinds.entry(kind).or_default();
            if ids.last() != Some(&id) {
                ids.push(id);
            }
        }
        let mut page = Self { events, rows: HashMap::new(), standings: HashMap::new() };
        for (kind, ids) in kinds {
            page.rows.extend(repo::subjects(c, kind, &ids)?.into_iter().map(|row| ((kind, row.id), row)));
            if kind == SubjectKind::Petition {
                let standing = |(id, stage, lead): (Id, String, Option<Id>)| (id, Standing { stage: json!(stage), lead_unit: json!(lead) });
                page.standings.extend(repo::standings(c, &ids)?.into_iter().map(standing));
            }
        }
        Ok(page)
    }

    fn row(&self, chain: &Chain) -> Option<&Subject> {
        self.rows.get(&(chain.kind?, chain.subject))
    }

    fn one_by_one(c: &mut Conn, places: Vec<(Id, i64)>) -> Result<Vec<(Id, i64, Found)>> {
        let read = |(subject, n)| match repo::at(c, subject, n) {
            Ok(row) => Ok((subject, n, Ok(row))),
            Err(Error::Internal(e)) => {
                let cause = std::iter::successors(e.source(), |e| e.source()).last();
                Ok((subject, n, Err(cause.map_or(e.to_string(), |cause| format!("{e}: {cause}")))))
            }
            Err(e) => Err(e),
        };
        places.into_iter().map(read).collect()
    }
}

/// What is known of a subject from its events so far. After an event that is missing or can't be read, hash and standing are unknown.
struct Chain {
    subject: Id,
    kind: Option<SubjectKind>,
    n: i64,
    hash: Option<Vec<u8>>,
    stage: Option<Value>,
    lead_unit: Option<Value>,
}

impl Chain {
    fn begin(subject: Id) -> Self {
        Self { subject, kind: None, n: 0, hash: Some(vec![0; 32]), stage: Some(Value::Null), lead_unit: Some(Value::Null) }
    }

    fn lose_track(&mut self) {
        (self.hash, self.stage, self.lead_unit) = (None, None, None);
    }
}

struct Walk<'a> {
    keys: &'a Keyring,
    watch: &'a mut dyn FnMut(&Report, &[Finding]),
    report: Report,
    /// Findings not yet told.
    found: Vec<Finding>,
    chain: Option<Chain>,
}

impl Walk<'_> {
    fn tell(&mut self) {
        self.report.findings += self.found.len() as u64;
        (self.watch)(&self.report, &self.found);
        self.found.clear();
    }

    fn chains(&mut self, c: &mut Conn, limit: i64) -> Result<()> {
        let mut place = (Id::NIL, i64::MIN);
        loop {
            let page = in_snapshot(c, |c| Page::read(c, place, self.chain.as_ref(), limit))?;
            for (subject, n, found) in &page.events {
                let mut chain = match self.chain.take() {
                    Some(chain) if chain.subject == *subject => chain,
                    before => {
                        self.end(before, &page);
                        self.report.subjects += 1;
                        Chain::begin(*subject)
                    }
                };
                self.follow(&mut chain, *n, found, &page)?;
                self.chain = Some(chain);
                place = (*subject, *n);
            }
            let is_last = (page.events.len() as u64) < limit.unsigned_abs();
            if is_last {
                let chain = self.chain.take();
                self.end(chain, &page);
            }
            self.tell();
            if is_last {
                return Ok(());
            }
        }
    }

    /// The next event of a chain.
    fn follow(&mut self, chain: &mut Chain, n: i64, found: &Found, page: &Page) -> Result<()> {
        self.report.events += 1;
        let mut wrong = Vec::new();
        let next = chain.n.max(0).saturating_add(1);
        if n != next {
            wrong.push(match n {
                _ if n < 1 => "chains begin with event 1".to_owned(),
                _ if n < next => "another event stands at its place".to_owned(),
                _ if n == next + 1 => format!("event {next} is missing"),
                _ => format!("events {next} to {} are missing", n - 1),
            });
            chain.lose_track();
        }
        chain.n = n;
        match found {
            Ok((event, sealed)) => {
                let examined = examine(event, sealed.as_ref(), self.keys)?;
                wrong.extend(examined.wrong);
                self.report.erased += u64::from(examined.erased);
                if *chain.kind.get_or_insert(event.subject_kind) != event.subject_kind {
                    wrong.push("the events before it are about another kind of subject".to_owned());
                }
                if chain.hash.as_ref().is_some_and(|before| *before != event.prev_hash) {
                    wrong.push(if n == 1 { "something stood before it" } else { "it does not follow the event before it" }.to_owned());
                }
                chain.hash = Some(event.hash.clone());
                if examined.data.is_none() {
                    (chain.stage, chain.lead_unit) = (None, None);
                }
                if event.subject_kind == SubjectKind::Petition {
                    let data = examined.data.unwrap_or_default();
                    wrong.extend(moved(&mut chain.stage, &data, "stage"));
                    wrong.extend(moved(&mut chain.lead_unit, &data, "lead_unit"));
                }
            }
            Err(why) => {
                wrong.push(format!("it can't be read ({why})"));
                chain.lose_track();
            }
        }
        self.report_all(chain, Some(n), wrong, page);
        Ok(())
    }

    /// After a subject's last event: its row must say the same.
    fn end(&mut self, chain: Option<Chain>, page: &Page) {
        let Some(chain) = chain else { return };
        let mut wrong = Vec::new();
        match page.row(&chain) {
            // without a kind none of its events could be read, and each is a finding
            None if chain.kind.is_none() => {}
            None => wrong.push("it has events, but it is not there itself".to_owned()),
            Some(row) if row.event_n > chain.n => {
                wrong.push(format!("its last events are missing: {} by its row, {} found", row.event_n, chain.n));
            }
            Some(row) if row.event_n < chain.n => {
                wrong.push(format!("its row knows of {} events, but the last found is {}", row.event_n, chain.n));
            }
            Some(row) if chain.hash.as_ref().is_some_and(|hash| *hash != row.event_hash) => {
                wrong.push("its row has another hash than its last event".to_owned());
            }
            Some(_) => {}
        }
        let standing = page.standings.get(&chain.subject).filter(|_| chain.kind == Some(SubjectKind::Petition));
        if let Some(row) = standing {
            for (name, told, has) in [("stage", &chain.stage, &row.stage), ("lead_unit", &chain.lead_unit, &row.lead_unit)] {
                if let Some(told) = told.as_ref().filter(|told| *told != has) {
                    wrong.push(format!("its {name} is {has}, but its events make it {told}"));
                }
            }
        }
        self.report_all(&chain, None, wrong, page);
    }

    fn report_all(&mut self, chain: &Chain, n: Option<i64>, wrong: Vec<String>, page: &Page) {
        let name = || page.row(chain).map(|row| row.name.clone());
        self.found.extend(wrong.into_iter().map(|what| Finding { kind: chain.kind, id: chain.subject, name: name(), n, what }));
    }

    fn rows_without_events(&mut self, c: &mut Conn, limit: i64) -> Result<()> {
        for kind in SubjectKind::ALL {
            let mut after = Id::NIL;
            loop {
                let rows = repo::without_events(c, *kind, after, limit)?;
                let Some(last) = rows.last().map(|row| row.id) else { break };
                after = last;
                self.found.extend(rows.into_iter().map(|row| {
                    let what = format!("it has no events: {} by its row", row.event_n);
                    Finding { kind: Some(*kind), id: row.id, name: Some(row.name), n: None, what }
                }));
                self.tell();
            }
        }
        Ok(())
    }

    fn without_event(&mut self, c: &mut Conn, limit: i64, what: &str, page: fn(&mut Conn, Id, i64) -> Result<Vec<Id>>) -> Result<()> {
        let mut after = Id::NIL;
        loop {
            let ids = page(c, after, limit)?;
            let Some(last) = ids.last() else { return Ok(()) };
            after = *last;
            self.found.extend(ids.into_iter().map(|id| Finding { kind: None, id, name: None, n: None, what: what.to_owned() }));
            self.tell();
        }
    }
}

/// Moves what is known by what an event says of it; says what is wrong when it does not fit.
fn moved(known: &mut Option<Value>, data: &Value, name: &str) -> Option<String> {
    let step = data.get(name)?;
    let (Some(from), Some(to)) = (step.get("from"), step.get("to")) else {
        return Some(format!("it says no `from` and `to` of {name}"));
    };
    let before = known.replace(to.clone());
    let before = before.filter(|before| before != from)?;
    Some(format!("it takes {name} from {from}, but it was {before}"))
}
