//! Taking in a file: read, checked, stored in parts, and a job asked for.

use super::model::{FaultRow, FaultView, ImportMode, PartRow, Task};
use super::reading::Reading;
use super::{ledger, repo, roster, table};
use crate::auth::Context;
use crate::codes;
use crate::job::{Job, JobKind, service as job};
use crate::platform::db::types::Id;
use crate::platform::db::{Conn, Db};
use crate::platform::error::{Code, Error, Fault, Result};
use crate::platform::web::codes as web;
use crate::platform::web::problem::fill;
use crate::platform::web::{Lang, Shapes};
use crate::retiree::roster::reaches_all;
use crate::unit;
use chrono::NaiveDate;
use serde::de::DeserializeOwned;

/// Bytes a file may have.
pub const LIMIT: usize = 64 * 1024 * 1024;
/// Faults that are listed: who has more looks for what is wrong with all of them.
pub const LISTED: i64 = 10_000;
/// Bytes of parts stored at once: the desk waits behind it.
const AT_ONCE: usize = 256 * 1024;
/// Faults stored at once.
const FAULTS: usize = 1000;

/// Rows of a part: what the job enters in one transaction. A petition of a ledger takes much longer than a profile.
pub const fn rows_of_part(ledger: bool) -> i64 {
    if ledger { 20 } else { 200 }
}

/// What a file is, and what it takes to read it.
#[derive(Debug, Clone)]
pub enum Source {
    /// A roster, with the unit responsible for those who have none and for whom it names none.
    Roster(Option<Id>),
    /// The ledger of another register: who gave its numbers.
    Ledger(String),
}

/// What is to be done with a file.
#[derive(Debug, Clone)]
pub struct Wish {
    /// What it is.
    pub source: Source,
    /// Whether nothing is to be entered.
    pub dry_run: bool,
    /// What becomes of the good rows of a file that has bad ones.
    pub mode: ImportMode,
}

/// Reads a file. Takes long: not for a thread that others wait for.
///
/// # Errors
/// Invalid for what is wrong with the whole file, or with who gave its numbers.
pub fn read(bytes: &[u8], wish: &Wish, today: NaiveDate, shapes: &Shapes) -> Result<Reading> {
    let table = || table::read(bytes).map_err(|code| Error::Invalid(vec![Fault::new("", code)]));
    match &wish.source {
        Source::Roster(_) => roster::read(&table()?, today, shapes),
        Source::Ledger(issuer) => {
            ledger::check_issuer(issuer)?;
            ledger::read(&table()?, issuer, today, shapes)
        }
    }
}

/// A file that was read, encrypted, with what is to be done with it.
pub struct Order {
    /// The job that will do it.
    pub job: Id,
    task: Task,
    parts: Vec<PartRow>,
    faults: Vec<FaultRow>,
}

/// Encrypts what was read. Takes long too.
///
/// # Errors
/// Internal only.
pub fn sealed(cx: &mut Context, wish: Wish, reading: Reading) -> Result<Order> {
    let (job, sealed_for) = (cx.draw.id(), cx.draw.id());
    let mut parts = Vec::with_capacity(reading.parts.len());
    for (n, text) in (0..).zip(reading.parts) {
        parts.push(PartRow { job_id: job, n, content: cx.seal(sealed_for, &field(n), &text)? });
    }
    let faults = reading.faults.iter();
    let faults = (1..).zip(faults).map(|(n, fault)| row(job, n, fault.line, fault.column.clone(), fault.code, &fault.args)).collect();
    let (unit_id, issuer) = match wish.source {
        Source::Roster(unit) => (unit, None),
        Source::Ledger(issuer) => (None, Some(issuer)),
    };
    let task = Task {
        sealed_for,
        dry_run: wish.dry_run,
        mode: wish.mode,
        unit_id,
        issuer,
        parts: i64::try_from(parts.len()).unwrap_or(i64::MAX),
        rows: reading.good + reading.faulty,
        faulty: (reading.faulty, reading.faults_total),
        doubles: reading.doubles,
        called: reading.columns.called.iter().map(|(name, called)| ((*name).to_owned(), called.clone())).collect(),
        unknown_columns: reading.columns.unknown,
    };
    Ok(Order { job, task, parts, faults })
}

fn field(n: impl std::fmt::Display) -> String {
    format!("rows/{n}")
}

/// The rows of a part.
///
/// # Errors
/// Internal only.
pub fn opened<R: DeserializeOwned>(cx: &Context, task: &Task, part: &PartRow) -> Result<Vec<R>> {
    let text = cx.unseal(task.sealed_for, &field(part.n), &part.content)?;
    serde_json::from_str(&text).map_err(|e| Error::Internal(Box::new(e)))
}

/// Whether somebody may bring in a file, and the unit is there.
///
/// # Errors
/// Forbidden for who does not reach everybody; Invalid for an unknown unit.
pub fn admit(c: &mut Conn, cx: &Context, source: &Source) -> Result<()> {
    let unit = if let Source::Roster(unit) = source { *unit } else { None };
    admitted(c, cx, unit)
}

fn admitted(c: &mut Conn, cx: &Context, unit: Option<Id>) -> Result<()> {
    if !reaches_all(c, &cx.actor, cx.today())? {
        return Err(Error::Forbidden(web::NOT_PERMITTED));
    }
    if let Some(unit) = unit
        && unit::repo::find(c, unit)?.is_none_or(|unit| unit.dissolved_on.is_some())
    {
        return Err(Error::Invalid(vec![Fault::new("/unit_id", codes::UNKNOWN_UNIT)]));
    }
    Ok(())
}

impl Order {
    /// Stores what was read, a little at a time behind everybody else; without its job nobody sees it.
    ///
    /// # Errors
    /// Database only; what was stored by then is forgotten after a while.
    pub async fn put_down(&mut self, db: &Db) -> Result<()> {
        let mut parts = std::mem::take(&mut self.parts).into_iter().peekable();
        while parts.peek().is_some() {
            let (mut some, mut size) = (Vec::new(), 0);
            while let Some(part) = parts.next_if(|_| size < AT_ONCE) {
                size += part.content.len();
                some.push(part);
            }
            db.write_background(move |c| repo::insert_parts(c, &some)).await?;
        }
        let faults = std::mem::take(&mut self.faults);
        for some in faults.chunks(FAULTS) {
            let some = some.to_vec();
            db.write_background(move |c| repo::insert_faults(c, &some)).await?;
        }
        Ok(())
    }

    /// Asks for the job.
    ///
    /// # Errors
    /// As [`admit`].
    pub fn ask(&self, c: &mut Conn, cx: &Context) -> Result<Job> {
        admitted(c, cx, self.task.unit_id)?;
        let kind = if self.task.issuer.is_some() { JobKind::Ledger } else { JobKind::Roster };
        job::ask_as(c, cx, self.job, kind, &self.task, Some(self.task.rows))
    }
}

/// Removes what was read for a job that has ended or never was, a little at a time.
///
/// # Errors
/// Database only; what is left is forgotten after a while.
pub async fn clear(db: &Db, job: Id) -> Result<()> {
    while db.write_background(move |c| repo::drop_parts(c, job, repo::PARTS)).await? > 0 {}
    Ok(())
}

/// A fault as stored.
pub(super) fn row(job: Id, n: i64, line: u32, column: Option<String>, code: Code, args: &[String]) -> FaultRow {
    let args = serde_json::to_string(args).unwrap_or_default();
    FaultRow { job_id: job, n, line: line.into(), column_name: column, code: code.name.to_owned(), args }
}

/// A fault in words.
pub fn view(row: FaultRow, lang: Lang) -> FaultView {
    let known = || codes::TABLES.iter().flat_map(|table| table.iter()).chain(web::ALL).find(|code| code.name == row.code);
    let args: Vec<String> = serde_json::from_str(&row.args).unwrap_or_default();
    let detail = known().map_or_else(String::new, |code| fill(lang.of(code.detail), &args));
    FaultView { row: row.line, column: row.column_name, code: row.code, detail }
}

/// Faults as a table for a spreadsheet, which reads UTF-8 by its byte order mark. A text that would be a formula is kept from it.
///
/// # Errors
/// Internal only.
pub fn csv(faults: &[FaultView], lang: Lang) -> Result<Vec<u8>> {
    let plain = |text: &str| match text.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r') => format!("'{text}"),
        _ => text.to_owned(),
    };
    let broken = |e: csv::Error| Error::Internal(Box::new(e));
    let mut writer = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
    let header = match lang {
        Lang::Zh => ["行", "列", "代码", "说明"],
        Lang::En => ["row", "column", "code", "detail"],
    };
    writer.write_record(header).map_err(broken)?;
    for fault in faults {
        let column = plain(fault.column.as_deref().unwrap_or_default());
        writer.write_record([&fault.row.to_string(), &column, &fault.code, &plain(&fault.detail)]).map_err(broken)?;
    }
    writer.into_inner().map_err(|e| Error::internal(e.to_string()))
}
