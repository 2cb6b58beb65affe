//! What becomes of the rows of a part: opened, compared with who and what is on file, encrypted when they are to be entered.

use super::model::{Claim, PartRow, Reached, Staged, Task};
use super::named::Named;
use super::{ledger, repo, service};
use crate::auth::Context;
use crate::codes;
use crate::platform::db::Conn;
use crate::platform::db::types::Id;
use crate::platform::error::{Error, Fault, Result};
use crate::platform::web::codes as web;
use crate::retiree::roster::{self, Compared, Entering, Found, Ready};
use std::collections::HashMap;
use std::ops::Range;

/// What is done with rows: first all are compared, then entered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pass {
    Comparing,
    Entering,
}

/// The rows of some parts, as they were found.
pub(super) struct Examined {
    /// The line of each row.
    pub lines: Vec<u32>,
    /// What is wrong, each with its line.
    pub faults: Vec<(u32, Fault)>,
    /// Whom the rows speak of, where another row may speak of them by something else.
    claims: Vec<Claim>,
    tally: Reached,
    entries: Entries,
}

enum Entries {
    Roster(Ready),
    Ledger(Vec<ledger::Planned>),
}

/// Looks at the rows of some parts. Changes nothing.
///
/// # Errors
/// Forbidden for who does not reach everybody; else database or internal only.
pub(super) fn examine(c: &mut Conn, cx: &mut Context, task: &Task, job: Id, pass: Pass, parts: Range<i64>) -> Result<Examined> {
    if !roster::reaches_all(c, &cx.actor, cx.today())? {
        return Err(Error::Forbidden(web::NOT_PERMITTED));
    }
    let parts = parts.map(|n| repo::held(c, job, n)).collect::<Result<Vec<PartRow>>>()?;
    match &task.issuer {
        Some(issuer) => of_ledger(c, cx, task, issuer, job, &parts),
        None => of_roster(c, cx, task, job, pass, &parts),
    }
}

fn of_ledger(c: &mut Conn, cx: &mut Context, task: &Task, issuer: &str, job: Id, parts: &[PartRow]) -> Result<Examined> {
    let mut rows: Vec<ledger::Row> = Vec::new();
    for part in parts {
        rows.extend(service::opened::<ledger::Row>(cx, task, part)?);
    }
    let planned = ledger::plan(c, cx, issuer, &rows, job)?;
    let lines: Vec<u32> = rows.iter().map(|row| row.line).collect();
    let (mut tally, mut faults) = (Reached::default(), Vec::new());
    for (line, plan) in lines.iter().zip(&planned) {
        plan.count(&mut tally);
        if let ledger::Planned::Faulty(found) = plan {
            faults.extend(found.iter().map(|fault| (*line, fault.clone())));
        }
    }
    Ok(Examined { lines, faults, claims: Vec::new(), tally, entries: Entries::Ledger(planned) })
}

fn of_roster(c: &mut Conn, cx: &mut Context, task: &Task, job: Id, pass: Pass, parts: &[PartRow]) -> Result<Examined> {
    let mut rows: Vec<Staged> = Vec::new();
    for part in parts {
        rows.extend(service::opened::<Staged>(cx, task, part)?);
    }
    let named = Named::of(c, &rows)?;
    let (mut examined, mut entries, mut lines) = (Examined::of_rows(&rows), Vec::new(), Vec::new());
    for row in &rows {
        match named.entry(row, task.unit_id)? {
            Ok(entry) => {
                entries.push(entry);
                lines.push(row.line);
            }
            Err(faults) => examined.refuse(row.line, faults),
        }
    }
    let mut found = roster::find(c, cx, &entries)?;
    examined.claims = one_row_each(c, task, job, &lines, &mut found)?;
    let compared = roster::compare(c, cx, &entries, &found)?;
    for (line, compared) in lines.iter().zip(&compared) {
        match compared {
            Compared::New(_) => examined.tally.new += 1,
            Compared::Changed(_) => examined.tally.changed += 1,
            Compared::Unchanged => examined.tally.unchanged += 1,
            Compared::Faulty(faults) => examined.refuse(*line, faults.clone()),
        }
    }
    if pass == Pass::Entering {
        examined.entries = Entries::Roster(roster::ready(cx, compared, &found, job)?);
    }
    Ok(examined)
}

/// Two rows of one person would write over each other: the second is a fault. Which come second by what they say alone was seen when
/// the file was read; here it is who is on file that shows it. Answers whom these rows are the first to speak of.
fn one_row_each(c: &mut Conn, task: &Task, job: Id, lines: &[u32], found: &mut [Found]) -> Result<Vec<Claim>> {
    let known = |found: &Found| found.profile.as_ref().ok().and_then(|row| Some(row.as_ref()?.id));
    // without numbers there is but one way to speak of somebody
    let claims = |found: &Found| known(found).filter(|_| found.by_one_of_two && task.called("identity_number").is_some());
    let before = repo::claims(c, job, found.iter().filter_map(claims).collect())?;
    let (mut taken, mut made) = (HashMap::new(), Vec::new());
    for (line, found) in lines.iter().zip(found) {
        let Some(id) = known(found) else { continue };
        let first = before.get(&id).copied().filter(|first| *first != i64::from(*line)).or_else(|| taken.get(&id).copied());
        if let Some(first) = first {
            found.profile = Err(Fault::new("/name", codes::DOUBLE_IN_FILE).arg(first));
            continue;
        }
        taken.insert(id, i64::from(*line));
        if claims(found).is_some() && !before.contains_key(&id) {
            made.push(Claim { job_id: job, retiree_id: id, line: i64::from(*line) });
        }
    }
    Ok(made)
}

impl Examined {
    fn of_rows(rows: &[Staged]) -> Self {
        Self {
            lines: rows.iter().map(|row| row.line).collect(),
            faults: Vec::new(),
            claims: Vec::new(),
            tally: Reached::default(),
            entries: Entries::Roster(Ready::default()),
        }
    }

    fn refuse(&mut self, line: u32, faults: Vec<Fault>) {
        self.tally.faulty += 1;
        self.faults.extend(faults.into_iter().map(|fault| (line, fault)));
    }

    /// Counts the rows.
    pub fn count(&self, reached: &mut Reached) {
        reached.new += self.tally.new;
        reached.changed += self.tally.changed;
        reached.unchanged += self.tally.unchanged;
        reached.faulty += self.tally.faulty;
        reached.closed += self.tally.closed;
        reached.overdue += self.tally.overdue;
    }

    /// Remembers whom the rows speak of, in the transaction that notes them compared.
    pub fn claim(&self, c: &mut Conn, job: Id) -> Result<Entering> {
        if self.claims.is_empty() {
            return Ok(Entering::Done);
        }
        if !repo::claims(c, job, self.claims.iter().map(|claim| claim.retiree_id).collect())?.is_empty() {
            return Ok(Entering::Overtaken);
        }
        repo::insert_claims(c, &self.claims)?;
        Ok(Entering::Done)
    }

    /// Enters what is good.
    pub fn enter(&self, c: &mut Conn, cx: &mut Context) -> Result<Entering> {
        match &self.entries {
            Entries::Roster(ready) => roster::enter(c, cx, ready),
            Entries::Ledger(planned) => ledger::enter(c, cx, planned),
        }
    }
}
