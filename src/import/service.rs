//! Taking in a file: read, checked, stored in parts, and a job asked for.

use super::model::{FaultRow, FaultView, ImportMode, PartRow, Task};
use super::reading::{Reading, RowFault};
use super::table::Columns;
use super::{ledger, repo, roster, table};
use crate::auth::Context;
use crate::codes;
use crate::job::{Job, JobKind, service as job};
use crate::platform::db::Conn;
use crate::platform::db::types::Id;
use crate::platform::error::{Code, Error, Fault, Result};
use crate::platform::web::codes as web;
use crate::platform::web::problem::fill;
use crate::platform::web::{Lang, Shapes};
use crate::retiree::roster::reaches_all;
use crate::unit;
use chrono::NaiveDate;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Bytes a file may have.
pub const LIMIT: usize = 64 * 1024 * 1024;
/// Rows of a part: what the job enters in one transaction.
pub const PART: usize = 200;

/// What a file is, and what it takes to read it.
#[derive(Debug, Clone)]
pub enum Source {
    /// A roster, with the unit responsible for whom it names none.
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

/// A file that was read, with what is to be done with it.
pub struct Order {
    wish: Wish,
    /// The good rows, in parts.
    parts: Vec<Vec<u8>>,
    good: usize,
    faults: Vec<RowFault>,
    faulty: i64,
    doubles: i64,
    columns: Columns,
}

impl Order {
    fn of<R: Serialize>(wish: Wish, reading: Reading<R>) -> Result<Self> {
        let part = |rows| serde_json::to_vec(rows).map_err(|e| Error::Internal(Box::new(e)));
        let parts = reading.rows.chunks(PART).map(part).collect::<Result<_>>()?;
        let Reading { rows, faults, faulty, doubles, columns } = reading;
        Ok(Self { wish, parts, good: rows.len(), faults, faulty, doubles, columns })
    }
}

/// Reads a file. Takes long: not for a thread that others wait for.
///
/// # Errors
/// Invalid for what is wrong with the whole file, or with who gave its numbers.
pub fn read(bytes: &[u8], wish: Wish, today: NaiveDate, shapes: &Shapes) -> Result<Order> {
    let table = || table::read(bytes).map_err(|code| Error::Invalid(vec![Fault::new("", code)]));
    match &wish.source {
        Source::Roster(_) => {
            let reading = roster::read(&table()?, today, shapes)?;
            Order::of(wish, reading)
        }
        Source::Ledger(issuer) => {
            ledger::check_issuer(issuer)?;
            let reading = ledger::read(&table()?, issuer, today, shapes)?;
            Order::of(wish, reading)
        }
    }
}

/// What is stored of a file, encrypted.
pub struct Stored {
    task: Task,
    parts: Vec<Vec<u8>>,
}

/// Encrypts what was read, before the transaction.
///
/// # Errors
/// Internal only.
pub fn stored(cx: &mut Context, order: &Order) -> Result<Stored> {
    let sealed_for = cx.draw.id();
    let mut parts = Vec::new();
    for (n, text) in order.parts.iter().enumerate() {
        parts.push(cx.seal(sealed_for, &field(n), text)?);
    }
    let (unit_id, issuer) = match &order.wish.source {
        Source::Roster(unit) => (*unit, None),
        Source::Ledger(issuer) => (None, Some(issuer.clone())),
    };
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let task = Task {
        sealed_for,
        dry_run: order.wish.dry_run,
        mode: order.wish.mode,
        unit_id,
        issuer,
        parts: count(parts.len()),
        rows: count(order.good) + order.faulty,
        faulty: (order.faulty, count(order.faults.len())),
        doubles: order.doubles,
        called: order.columns.called.iter().map(|(name, called)| ((*name).to_owned(), called.clone())).collect(),
        unknown_columns: order.columns.unknown.clone(),
    };
    Ok(Stored { task, parts })
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

/// Stores the file and asks for the job.
///
/// # Errors
/// Forbidden for who does not reach everybody; Invalid for an unknown unit.
pub fn order(c: &mut Conn, cx: &mut Context, order: &Order, stored: &Stored) -> Result<Job> {
    if !reaches_all(c, &cx.actor, cx.today())? {
        return Err(Error::Forbidden(web::NOT_PERMITTED));
    }
    if let Some(unit) = stored.task.unit_id
        && unit::repo::find(c, unit)?.is_none_or(|unit| unit.dissolved_on.is_some())
    {
        return Err(Error::Invalid(vec![Fault::new("/unit_id", codes::UNKNOWN_UNIT)]));
    }
    let kind = if stored.task.issuer.is_some() { JobKind::Ledger } else { JobKind::Roster };
    let job = job::ask(c, cx, kind, &stored.task, Some(stored.task.rows))?;
    let part = |(n, content): (i64, &Vec<u8>)| PartRow { job_id: job.id, n, content: content.clone() };
    repo::insert_parts(c, &(0..).zip(&stored.parts).map(part).collect::<Vec<_>>())?;
    let faults = order.faults.iter();
    let rows = (1..).zip(faults).map(|(n, fault)| row(job.id, n, fault.line, fault.column.clone(), fault.code, &fault.args));
    repo::insert_faults(c, &rows.collect::<Vec<_>>())?;
    Ok(job)
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
