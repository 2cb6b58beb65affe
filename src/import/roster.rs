//! From the cells of a roster to what each row says of somebody, with everything that is wrong by itself.

use super::cells::Cells;
use super::model::Staged;
use super::reading::Reading;
use super::service::rows_of_part;
use super::table::{Columns, Table};
use crate::codes;
use crate::person::compared_identity;
use crate::platform::error::{Error, Fault, Result};
use crate::platform::web::{Shapes, codes as web};
use crate::retiree::RetireeChange;
use crate::retiree::model::UnitRole;
use crate::retiree::roster::{self, Emptied, Entry};
use chrono::NaiveDate;
use serde_json::{Map, Value, json};
use std::collections::HashMap;

/// Columns without which there is no roster.
const REQUIRED: [&str; 2] = ["name", "category"];
/// Characters of a unit's code or name.
const UNIT_NAME: usize = 200;

/// Reads a table as a roster.
///
/// # Errors
/// Invalid for what is wrong with the whole.
pub fn read(table: &Table, today: NaiveDate, shapes: &Shapes) -> Result<Reading> {
    let (columns, first) = Columns::find(&table.rows, "roster", &REQUIRED)?;
    let mut reading = Reading::of(columns, rows_of_part(false));
    let mut seen = Seen::default();
    for row in table.rows.iter().skip(first) {
        let mut cells = Cells { table, row, columns: &reading.columns, faults: Vec::new() };
        let staged = cells.staged();
        let mut faults = cells.faults;
        if faults.is_empty() {
            match checked(&staged, today, shapes)? {
                Ok(change) => match seen.fault(&change, row.line) {
                    None => {
                        reading.keep(&staged)?;
                        continue;
                    }
                    Some((column, fault)) => {
                        reading.doubles += 1;
                        faults.push((Some(column), fault));
                    }
                },
                Err(found) => faults = found.into_iter().map(|f| (column_of(&f.pointer, &reading.columns), f)).collect(),
            }
        }
        reading.refuse(row.line, faults);
    }
    reading.end();
    Ok(reading)
}

type Faults = Vec<Fault>;

/// The change a row asks for, if its shape and its meaning hold.
fn checked(staged: &Staged, today: NaiveDate, shapes: &Shapes) -> Result<std::result::Result<RetireeChange, Faults>> {
    let change: RetireeChange = match shapes.read(&mut staged.change.clone()) {
        Ok(change) => change,
        Err(Error::Invalid(faults)) => return Ok(Err(faults)),
        Err(other) => return Err(other),
    };
    let entry = Entry { change, ..Entry::default() };
    let mut faults = roster::faults(&entry, today);
    if faults.is_empty() && entry.change.identity_number.as_ref().is_none_or(Option::is_none) && roster::born(&entry.change).is_none() {
        faults.push(Fault::new("/name", codes::ROW_WITHOUT_KEY));
    }
    Ok(if faults.is_empty() { Ok(entry.change) } else { Err(faults) })
}

/// The column a member of a change was read from.
pub fn column_of(pointer: &str, columns: &Columns) -> Option<&'static str> {
    let mut parts = pointer.trim_start_matches('/').split('/');
    let (first, second, third) = (parts.next()?, parts.next(), parts.next());
    let name = match (first, second, third) {
        ("phones", Some("0"), _) if columns.called.contains_key("phone") => "phone",
        ("phones", ..) => "second_phone",
        ("relatives", _, Some("relation")) => "relative_relation",
        ("relatives", _, Some("phone")) => "relative_phone",
        ("relatives", ..) => "relative_name",
        (first, ..) => first,
    };
    columns.known.iter().find(|(known, _)| *known == name).map(|(known, _)| *known)
}

/// Who stood in the file before, and where.
#[derive(Default)]
struct Seen {
    by_number: HashMap<String, (u32, String)>,
    by_birth: HashMap<(String, NaiveDate), u32>,
    without_number: HashMap<(String, NaiveDate), u32>,
}

impl Seen {
    fn fault(&mut self, change: &RetireeChange, line: u32) -> Option<(&'static str, Fault)> {
        let name: String = change.name.as_deref().unwrap_or_default().split_whitespace().collect();
        let number = change.identity_number.clone().flatten().map(|text| compared_identity(&text));
        let birth = roster::born(change).map(|born| (name.clone(), born));
        let double = |at: u32| Fault::new("", codes::DOUBLE_IN_FILE).arg(at);
        let fault = match &number {
            Some(number) => match self.by_number.get(number) {
                Some((at, other)) if *other != name => Some(("identity_number", Fault::new("", codes::SAME_NUMBER_OTHER_NAME).arg(at))),
                Some((at, _)) => Some(("identity_number", double(*at))),
                None => birth.as_ref().and_then(|birth| self.without_number.get(birth)).map(|at| ("name", double(*at))),
            },
            None => birth.as_ref().and_then(|birth| self.by_birth.get(birth)).map(|at| ("name", double(*at))),
        };
        if fault.is_none() {
            if let Some(birth) = birth {
                if number.is_none() {
                    self.without_number.insert(birth.clone(), line);
                }
                self.by_birth.insert(birth, line);
            }
            if let Some(number) = number {
                self.by_number.insert(number, (line, name));
            }
        }
        fault
    }
}

impl Cells<'_> {
    fn staged(&mut self) -> Staged {
        let mut change = Map::new();
        let (mut phones, mut relative, mut units, mut liaison, mut emptied) = (Vec::new(), Map::new(), Vec::new(), None, Vec::new());
        let columns = self.columns;
        for (name, _) in &columns.known {
            let value = match *name {
                "birth_date" => self.day(name),
                "sex" | "category" | "status" | "living_situation" | "mobility" | "preferred_contact" => self.word(name, name),
                "hearing_impaired" | "vision_impaired" | "disability" | "in_hospital" => self.yes(name),
                _ => self.text(name),
            };
            let Some(value) = value else { continue };
            match (*name, value) {
                ("phone" | "second_phone", Value::String(number)) => phones.push(json!({ "number": number })),
                ("phone", _) => emptied.push(Emptied::Phones),
                ("second_phone", _) => emptied.push(Emptied::OtherPhones),
                ("relative_name", Value::Null) => emptied.push(Emptied::Relatives),
                ("relative_relation", Value::Null) => {}
                ("relative_phone", Value::Null) => emptied.push(Emptied::RelativePhone),
                ("relative_name", value) => drop(relative.insert("name".to_owned(), value)),
                ("relative_relation", value) => drop(relative.insert("relation".to_owned(), value)),
                ("relative_phone", value) => drop(relative.insert("phone".to_owned(), value)),
                ("responsible_unit", value) => units.push((UnitRole::Responsible, self.unit(name, &value))),
                ("managing_unit", value) => units.push((UnitRole::Managing, self.unit(name, &value))),
                ("functional_unit", value) => units.push((UnitRole::Functional, self.unit(name, &value))),
                ("liaison_officer", Value::String(officer)) => liaison = self.unit(name, &Value::String(officer)),
                ("name" | "category" | "status" | "hearing_impaired" | "vision_impaired" | "disability" | "in_hospital", Value::Null) => {
                    self.fault(name, Fault::new("", web::REQUIRED));
                }
                (name, value) => drop(change.insert(name.to_owned(), value)),
            }
        }
        for name in REQUIRED {
            if !change.contains_key(name) && !self.faults.iter().any(|(column, _)| *column == Some(name)) {
                self.fault(name, Fault::new("", web::REQUIRED));
            }
        }
        if !phones.is_empty() {
            change.insert("phones".to_owned(), Value::Array(phones));
        }
        if relative.contains_key("name") && relative.contains_key("relation") {
            change.insert("relatives".to_owned(), json!([relative]));
        } else if !relative.is_empty() {
            let column = ["relative_name", "relative_relation", "relative_phone"].into_iter().find(|c| columns.called.contains_key(c));
            self.faults.push((column, Fault::new("", codes::RELATIVE_INCOMPLETE)));
        }
        Staged { line: self.row.line, change: Value::Object(change), units, liaison, emptied }
    }

    fn unit(&mut self, column: &'static str, value: &Value) -> Option<String> {
        let text = value.as_str()?;
        if text.chars().count() > UNIT_NAME {
            self.fault(column, Fault::new("", web::TOO_LONG).arg(UNIT_NAME));
        }
        Some(text.to_owned())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::import::table;
    use std::fmt::Write;

    #[test]
    fn three_bad_rows_are_found_among_a_hundred_thousand() {
        let mut file = String::from("姓名,出生日期,人员类别\n");
        for n in 0..100_000 {
            let born = if [7, 50_000, 99_999].contains(&n) { "1943-02-30" } else { "1943-05-02" };
            writeln!(file, "甲{n},{born},离休").unwrap();
        }
        let read = read(&table::read(file.as_bytes()).unwrap(), NaiveDate::from_ymd_opt(2026, 3, 1).unwrap(), &Shapes::default()).unwrap();
        assert_eq!((read.good, read.parts.len(), read.faulty), (99_997, 500, 3));
        assert_eq!(read.faults.iter().map(|fault| fault.line).collect::<Vec<_>>(), [9, 50_002, 100_001]);
    }
}
