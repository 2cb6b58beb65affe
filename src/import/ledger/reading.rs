//! From the cells of a ledger to what each row tells, with everything that is wrong by itself.

use super::model::{Row, Told};
use crate::codes;
use crate::import::cells::Cells;
use crate::import::reading::Reading;
use crate::import::service::rows_of_part;
use crate::import::table::{Columns, Table};
use crate::person::identity;
use crate::person::number::tidy_identity;
use crate::petition::model::Kind;
use crate::petition::registration::RegisterPetition;
use crate::petition::rules::too_early;
use crate::platform::error::{Error, Fault, Result};
use crate::platform::web::{Shapes, codes as web};
use chrono::NaiveDate;
use serde_json::{Map, Value, json};
use std::collections::HashMap;

/// Columns without which there is no ledger.
const REQUIRED: [&str; 4] = ["number", "received_on", "channel", "title"];
/// Characters of a number or an issuer.
const NUMBER: usize = 100;
/// Characters of what is kept as that register says it.
const WORDS: usize = 4000;
/// Characters of a title that is the beginning of a statement.
const TITLE: usize = 60;
/// What a name says that is none.
const NAMELESS: [&str; 4] = ["匿名", "无名", "不详", "anonymous"];

/// Whether an issuer can be one.
///
/// # Errors
/// Invalid when it is blank or too long.
pub fn check_issuer(issuer: &str) -> Result<()> {
    if issuer.trim().is_empty() {
        return Err(Error::fault("/issuer", web::REQUIRED));
    }
    if issuer.chars().count() > NUMBER {
        return Err(Error::Invalid(vec![Fault::new("/issuer", web::TOO_LONG).arg(NUMBER)]));
    }
    Ok(())
}

/// Reads a table as the ledger of an issuer.
///
/// # Errors
/// Invalid for what is wrong with the whole.
pub fn read(table: &Table, issuer: &str, today: NaiveDate, shapes: &Shapes) -> Result<Reading> {
    let (columns, first) = Columns::find(&table.rows, "ledger", &REQUIRED)?;
    let mut reading = Reading::of(columns, rows_of_part(true));
    let mut seen: HashMap<String, u32> = HashMap::new();
    for row in table.rows.iter().skip(first) {
        let mut cells = Cells { table, row, columns: &reading.columns, faults: Vec::new() };
        let read = told(&mut cells, issuer, today);
        let mut faults = cells.faults;
        if let Some(row) = read.filter(|_| faults.is_empty()) {
            faults = shape_faults(&row, shapes, &reading.columns)?;
            if let Some(at) = seen.get(&row.number) {
                reading.doubles += 1;
                faults.push((Some("number"), Fault::new("", codes::NUMBER_TWICE).arg(at)));
            }
            if faults.is_empty() {
                seen.insert(row.number.clone(), row.line);
                reading.keep(&row)?;
                continue;
            }
        }
        reading.refuse(row.line, faults);
    }
    reading.end();
    Ok(reading)
}

/// What a row tells; none when it lacks what it must have.
fn told(cells: &mut Cells<'_>, issuer: &str, today: NaiveDate) -> Option<Row> {
    let mut text = |column| cells.text(column).and_then(|value| value.as_str().map(str::to_owned));
    let (number, name, identity_number, phone) = (text("number"), text("name"), text("identity_number"), text("phone"));
    let (title, statement) = (text("title"), text("statement"));
    let (category, purpose) = (text("category"), text("purpose"));
    let (procedure, outcome, repeats) = (text("procedure"), text("outcome"), text("repeats"));
    let mut day = |column| cells.day(column).and_then(|value| serde_json::from_value::<NaiveDate>(value).ok());
    let (received_on, registered_on, due_on, closed_on) = (day("received_on"), day("registered_on"), day("due_on"), day("closed_on"));
    let channel = cells.word("channel", "channel");
    let closed = cells.word("closed", "closed").map(|word| word == "true");
    let words = [("procedure", &procedure), ("outcome", &outcome), ("repeats", &repeats), ("category", &category), ("purpose", &purpose)];
    for (column, text) in words {
        if text.as_ref().is_some_and(|text| text.chars().count() > WORDS) {
            cells.fault(column, Fault::new("", web::TOO_LONG).arg(WORDS));
        }
    }
    let missing = [
        ("number", number.is_none()),
        ("received_on", received_on.is_none()),
        ("channel", channel.as_ref().is_none_or(Value::is_null)),
        ("title", title.is_none() && statement.is_none()),
    ];
    for (column, is_missing) in missing {
        if is_missing && !cells.faults.iter().any(|(faulty, _)| *faulty == Some(column)) {
            cells.fault(column, Fault::new("", web::REQUIRED));
        }
    }
    for (column, day) in [("received_on", received_on), ("closed_on", closed_on)] {
        if day.is_some_and(|day| day > today) {
            cells.fault(column, Fault::new("", codes::IN_FUTURE));
        }
        if day.is_some_and(too_early) {
            cells.fault(column, Fault::new("", codes::TOO_EARLY));
        }
    }
    if closed == Some(false) && closed_on.is_some() {
        cells.fault("closed_on", Fault::new("", codes::CLOSED_AND_OPEN));
    }
    if closed_on.zip(received_on).is_some_and(|(closed, received)| closed < received) {
        cells.fault("closed_on", Fault::new("", codes::CLOSED_BEFORE_RECEIVED));
    }
    if let Some(number) = &identity_number {
        for fault in identity::faults(&tidy_identity(number), None, None, today, |_| String::new()) {
            cells.fault("identity_number", fault);
        }
    }
    let (number, received_on, channel) = (number?, received_on?, channel?);
    let said = statement.clone().or_else(|| title.clone())?;
    let title = title.unwrap_or_else(|| said.chars().take(TITLE).collect());
    let name = name.filter(|name| !NAMELESS.contains(&name.as_str()));
    let mut petition = json!({
        "channel": channel, "title": title, "statement": said,
        "external_numbers": [{"issuer": issuer, "number": number}],
        "backdating_reason": format!("自“{issuer}”台账导入（编号{number}）"),
    });
    let person = name.map(|name| {
        let mut person = Map::from_iter([("role".to_owned(), json!("petitioner")), ("name".to_owned(), json!(name))]);
        let known = [("identity_number", &identity_number), ("phone", &phone)];
        person.extend(known.into_iter().filter_map(|(member, value)| Some((member.to_owned(), json!(value.as_ref()?)))));
        Value::Object(person)
    });
    match person {
        Some(person) => petition["parties"] = json!([person]),
        None => petition["anonymous"] = json!(true),
    }
    let kind = purpose.as_deref().and_then(|text| crate::import::table::words("purpose", text)).and_then(|word| Kind::parse(&word));
    Some(Row {
        line: cells.row.line,
        number,
        received_on,
        closed: closed.unwrap_or(closed_on.is_some()),
        closed_on,
        kind,
        category: category.clone(),
        petition,
        told: Told { registered_on, due_on, procedure, outcome, repeats, category, purpose },
    })
}

/// What a desk could not register either.
fn shape_faults(row: &Row, shapes: &Shapes, columns: &Columns) -> Result<Vec<(Option<&'static str>, Fault)>> {
    let mut whole = row.petition.clone();
    whole["kind"] = json!(Kind::Claim);
    whole["category"] = json!("other");
    match shapes.read::<RegisterPetition>(&mut whole) {
        Ok(_) => Ok(Vec::new()),
        Err(Error::Invalid(faults)) => Ok(faults.into_iter().map(|fault| (column_of(&fault.pointer, columns), fault)).collect()),
        Err(other) => Err(other),
    }
}

/// The column a member of a registration was read from.
fn column_of(pointer: &str, columns: &Columns) -> Option<&'static str> {
    let name = match pointer.rsplit('/').next()? {
        "statement" if !columns.called.contains_key("statement") => "title",
        name => name,
    };
    columns.known.iter().find(|(known, _)| *known == name).map(|(known, _)| *known)
}
