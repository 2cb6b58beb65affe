//! What stands in the cells of a row, read as text, day or one of a closed list of words.

use super::table::{CHARACTERS, Cell, Columns, Row, Table, words, words_of};
use crate::codes;
use crate::platform::error::Fault;
use crate::platform::web::codes as web;
use chrono::{Days, NaiveDate};
use serde_json::{Value, json};

/// What a cell says to take away what is on file; an empty one leaves it.
const ERASE: [&str; 3] = ["清空", "(clear)", "（清空）"];
/// Beyond this, a spreadsheet's quantity has not kept all its digits.
const EXACT: f64 = 1e15;

/// The cells of a row by column.
pub(super) struct Cells<'a> {
    pub table: &'a Table,
    pub row: &'a Row,
    pub columns: &'a Columns,
    /// What is wrong in the row, by column.
    pub faults: Vec<(Option<&'static str>, Fault)>,
}

impl Cells<'_> {
    pub fn fault(&mut self, column: &'static str, fault: Fault) {
        self.faults.push((Some(column), fault));
    }

    /// A cell with something readable in it.
    pub fn cell(&mut self, column: &'static str) -> Option<Cell> {
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
            Cell::TooLong => {
                self.fault(column, Fault::new("", codes::CELL_TOO_LONG).arg(CHARACTERS));
                None
            }
            cell => Some(cell.clone()),
        }
    }

    pub fn text(&mut self, column: &'static str) -> Option<Value> {
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

    pub fn day(&mut self, column: &'static str) -> Option<Value> {
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

    pub fn word(&mut self, column: &'static str, list: &str) -> Option<Value> {
        let text = match self.cell(column)? {
            Cell::Text(text) if ERASE.contains(&text.as_str()) => return Some(Value::Null),
            Cell::Text(text) => text,
            Cell::Number(n) => n.to_string(),
            _ => String::new(),
        };
        let word = words(list, &text);
        if word.is_none() {
            self.fault(column, Fault::new("", web::NOT_IN_LIST).arg(words_of(list)));
        }
        word.map(Value::String)
    }

    pub fn yes(&mut self, column: &'static str) -> Option<Value> {
        let said = self.word(column, "yes")?;
        Some(said.as_str().map_or(Value::Null, |word| json!(word == "true")))
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
