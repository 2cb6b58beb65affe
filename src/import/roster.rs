//! From the cells of a roster to what each row says of somebody, with everything that is wrong by itself.

use super::model::Staged;
use super::table::{Cell, Columns, Row, Table, words};
use crate::codes;
use crate::person::compared_identity;
use crate::platform::error::{Code, Error, Fault, Result};
use crate::platform::web::{Shapes, codes as web};
use crate::retiree::RetireeChange;
use crate::retiree::model::UnitRole;
use crate::retiree::roster::{self, Entry};
use chrono::{Days, NaiveDate};
use serde_json::{Map, Value, json};
use std::collections::HashMap;

/// Columns without which there is no roster.
const REQUIRED: [&str; 2] = ["name", "category"];
/// What a cell says to take away what is on file; an empty one leaves it.
const ERASE: [&str; 3] = ["清空", "(clear)", "（清空）"];
/// Beyond this, a spreadsheet's quantity has not kept all its digits.
const EXACT: f64 = 1e15;
/// Characters of a unit's code or name.
const UNIT_NAME: usize = 200;

/// A fault of a row; none for the row as a whole.
#[derive(Debug, Clone, PartialEq)]
pub struct RowFault {
    /// Its line.
    pub line: u32,
    /// The column.
    pub column: Option<String>,
    /// What is wrong.
    pub code: Code,
    /// What fills the sentence.
    pub args: Vec<String>,
}

/// What was read.
#[derive(Debug, Default)]
pub struct Reading {
    /// The good rows.
    pub rows: Vec<Staged>,
    /// What is wrong with the others.
    pub faults: Vec<RowFault>,
    /// How many others.
    pub faulty: i64,
    /// How many of them say of somebody what another row says.
    pub doubles: i64,
    /// The columns.
    pub columns: Columns,
}

/// Reads a table as a roster.
///
/// # Errors
/// Invalid for what is wrong with the whole.
pub fn read(table: &Table, today: NaiveDate, shapes: &Shapes) -> Result<Reading> {
    let (columns, first) = Columns::find(&table.rows, &REQUIRED)?;
    let mut reading = Reading { columns, ..Reading::default() };
    let mut seen = Seen::default();
    for row in table.rows.iter().skip(first) {
        let mut cells = Cells { table, row, columns: &reading.columns, faults: Vec::new() };
        let staged = cells.staged();
        let mut faults = cells.faults;
        if faults.is_empty() {
            match checked(&staged, today, shapes)? {
                Ok(change) => match seen.fault(&change, row.line) {
                    None => {
                        reading.rows.push(staged);
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
        reading.faulty += 1;
        let called = |column: &&str| reading.columns.called.get(column).cloned();
        reading.faults.extend(faults.into_iter().map(|(column, fault)| RowFault {
            line: row.line,
            column: column.as_ref().and_then(called),
            code: fault.code,
            args: fault.args,
        }));
    }
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
    let entry = Entry { change, units: Vec::new() };
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

/// The cells of a row by column.
struct Cells<'a> {
    table: &'a Table,
    row: &'a Row,
    columns: &'a Columns,
    faults: Vec<(Option<&'static str>, Fault)>,
}

impl Cells<'_> {
    fn staged(&mut self) -> Staged {
        let mut change = Map::new();
        let (mut phones, mut relative, mut units, mut liaison) = (Vec::new(), Map::new(), Vec::new(), None);
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
                ("phone" | "second_phone", _) => {}
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
        Staged { line: self.row.line, change: Value::Object(change), units, liaison }
    }

    fn fault(&mut self, column: &'static str, fault: Fault) {
        self.faults.push((Some(column), fault));
    }

    /// A cell with something readable in it.
    fn cell(&mut self, column: &'static str) -> Option<Cell> {
        let at = self.columns.known.iter().find(|(name, _)| *name == column).map(|(_, n)| *n)?;
        match self.row.cells.get(at)? {
            Cell::Empty => None,
            Cell::Undecodable => {
                self.fault(column, Fault::new("", codes::CELL_UNDECODABLE));
                None
            }
            Cell::Broken => {
                self.fault(column, Fault::new("", codes::CELL_BROKEN));
                None
            }
            cell => Some(cell.clone()),
        }
    }

    fn text(&mut self, column: &'static str) -> Option<Value> {
        let text = match self.cell(column)? {
            Cell::Text(text) if ERASE.contains(&text.as_str()) => return Some(Value::Null),
            Cell::Text(text) if column == "identity_number" && is_scientific(&text) => {
                self.fault(column, Fault::new("", codes::NUMBER_LOST_DIGITS));
                return None;
            }
            Cell::Text(text) => text,
            Cell::Number(n) if n.abs() >= EXACT => {
                self.fault(column, Fault::new("", codes::NUMBER_LOST_DIGITS));
                return None;
            }
            Cell::Number(n) => n.to_string(),
            Cell::Day(Some(day)) => day.to_string(),
            _ => {
                self.fault(column, Fault::new("", web::BAD_FORM));
                return None;
            }
        };
        // what is read off a card or a receipt is written with blanks
        let text = if column == "identity_number" { text.split_whitespace().collect() } else { text };
        Some(Value::String(text))
    }

    fn day(&mut self, column: &'static str) -> Option<Value> {
        let day = match self.cell(column)? {
            Cell::Day(day) => day,
            Cell::Text(text) if ERASE.contains(&text.as_str()) => return Some(Value::Null),
            Cell::Text(text) => day_of(&text),
            Cell::Number(n) if n.fract() == 0.0 && (19_000_101.0..=99_991_231.0).contains(&n) => day_of(&n.to_string()),
            Cell::Number(n) if self.table.workbook => of_serial(n, self.table.since_1904),
            _ => None,
        };
        if day.is_none() {
            self.fault(column, Fault::new("", web::BAD_DATE));
        }
        day.map(|day| json!(day))
    }

    fn word(&mut self, column: &'static str, list: &str) -> Option<Value> {
        let text = match self.cell(column)? {
            Cell::Text(text) if ERASE.contains(&text.as_str()) => return Some(Value::Null),
            Cell::Text(text) => text,
            Cell::Number(n) => n.to_string(),
            _ => String::new(),
        };
        let word = words(list, &text);
        if word.is_none() {
            self.fault(column, Fault::new("", web::NOT_IN_LIST));
        }
        word.map(Value::String)
    }

    fn yes(&mut self, column: &'static str) -> Option<Value> {
        let said = self.word(column, "yes")?;
        Some(said.as_str().map_or(Value::Null, |word| json!(word == "true")))
    }

    fn unit(&mut self, column: &'static str, value: &Value) -> Option<String> {
        let text = value.as_str()?;
        if text.chars().count() > UNIT_NAME {
            self.fault(column, Fault::new("", web::TOO_LONG).arg(UNIT_NAME));
        }
        Some(text.to_owned())
    }
}

/// Whether a spreadsheet wrote a long number so, as 1.10101E+17.
fn is_scientific(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['e', 'E']) else { return false };
    let digits = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
    mantissa.chars().all(|c| c.is_ascii_digit() || c == '.') && exponent.strip_prefix('+').is_some_and(digits)
}

/// A day as people write it, the year in four digits.
fn day_of(text: &str) -> Option<NaiveDate> {
    let text = text.split_whitespace().next()?;
    let parts: Vec<&str> = text.split(['-', '/', '.', '年', '月', '日']).filter(|part| !part.is_empty()).collect();
    let (year, month, day) = match parts.as_slice() {
        [whole] if whole.len() == 8 => (whole.get(..4)?, whole.get(4..6)?, whole.get(6..)?),
        [year, month, day] if year.len() == 4 => (*year, *month, *day),
        _ => return None,
    };
    NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}

/// A day as a workbook counts: 1 is 1900-01-01 and 60 a 29 February that never was; or 0 is 1904-01-01.
fn of_serial(n: f64, since_1904: bool) -> Option<NaiveDate> {
    if !(1.0..2_958_466.0).contains(&n) {
        return None;
    }
    let n = n.trunc() as u64;
    if since_1904 {
        return NaiveDate::from_ymd_opt(1904, 1, 1)?.checked_add_days(Days::new(n));
    }
    let days = match n {
        60 => return None,
        n if n > 60 => n - 1,
        n => n,
    };
    NaiveDate::from_ymd_opt(1899, 12, 31)?.checked_add_days(Days::new(days))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_as_people_and_workbooks_write_them() {
        let day = NaiveDate::from_ymd_opt(1943, 5, 2);
        for text in ["1943-05-02", "1943/5/2", "1943.5.2", "19430502", "1943年5月2日", "1943-05-02 00:00:00"] {
            assert_eq!(day_of(text), day, "{text}");
        }
        for text in ["43-5-2", "1943-5", "1900-01-00", "1943-02-30", "x", "1943"] {
            assert_eq!(day_of(text), None, "{text}");
        }
        assert_eq!(of_serial(15_828.0, false), day);
        assert_eq!(of_serial(15_828.0 - 1462.0, true), day);
        assert_eq!((of_serial(0.0, false), of_serial(60.0, false), of_serial(f64::NAN, false)), (None, None, None));
        assert_eq!(of_serial(1.0, false), NaiveDate::from_ymd_opt(1900, 1, 1));
    }

    #[test]
    fn a_number_in_scientific_notation_is_known() {
        assert!(is_scientific("1.10101E+17") && is_scientific("1e+17"));
        assert!(!is_scientific("11010519491231002X") && !is_scientific("E12345678") && !is_scientific("1E5"));
    }
}
