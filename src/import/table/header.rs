//! Which column is which: found by its Chinese, English or pinyin name, under a title too.

use super::{Cell, Row};
use crate::codes;
use crate::platform::error::{Code, Error, Fault, Result};
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

/// Rows of titles that may stand above the header.
pub(super) const ABOVE: usize = 20;
/// Columns a row names at least to be a header.
const NAMED: usize = 2;

#[derive(Debug, Default, Deserialize)]
struct Names {
    roster: BTreeMap<String, Vec<String>>,
    ledger: BTreeMap<String, Vec<String>>,
    words: HashMap<String, HashMap<String, String>>,
}

fn names() -> &'static Names {
    static NAMES: OnceLock<Names> = OnceLock::new();
    NAMES.get_or_init(|| serde_json::from_str(include_str!("../../../data/import-columns.json")).unwrap_or_default())
}

/// The names of the columns of one kind of file.
fn names_of(list: &str) -> &'static BTreeMap<String, Vec<String>> {
    if list == "ledger" { &names().ledger } else { &names().roster }
}

/// The product's word for what stands in a column of a closed list; the words themselves are understood too.
pub fn words(list: &str, text: &str) -> Option<String> {
    let text = text.to_lowercase();
    let known = names().words.get(list)?;
    known.get(&text).cloned().or_else(|| known.values().find(|word| **word == text).cloned())
}

/// What may stand in a column of a closed list, as people write it.
pub fn words_of(list: &str) -> String {
    let known = names().words.get(list).into_iter().flat_map(|words| words.keys());
    known.filter(|word| !word.is_ascii()).map(String::as_str).collect::<Vec<_>>().join("、")
}

/// The columns of a table.
#[derive(Debug, Clone, Default)]
pub struct Columns {
    /// The names of those that are read, with their places.
    pub known: Vec<(&'static str, usize)>,
    /// As each is called in the file.
    pub called: BTreeMap<&'static str, String>,
    /// Those that nobody knows, as they are called.
    pub unknown: Vec<String>,
}

impl Columns {
    /// Finds the header of a kind of file; answers the columns and the rows below it. A second header below the first is passed over.
    ///
    /// # Errors
    /// Invalid: nothing there, a column missing or there twice.
    pub fn find(rows: &[Row], list: &str, required: &[&str]) -> Result<(Self, usize)> {
        let fault = |code: Code| Fault::new("", code);
        if rows.is_empty() {
            return Err(Error::Invalid(vec![fault(codes::NO_ROWS)]));
        }
        let found = rows.iter().take(ABOVE).position(|row| row.cells.iter().filter_map(|cell| column(list, cell)).count() >= NAMED);
        let missing = |name: &str| fault(codes::COLUMN_MISSING).arg(shown(list, name));
        let Some(at) = found else { return Err(Error::Invalid(required.iter().map(|name| missing(name)).collect())) };
        let (mut columns, mut faults) = (Self::default(), Vec::new());
        for (n, cell) in rows.get(at).map_or(&[][..], |row| &row.cells).iter().enumerate() {
            let Cell::Text(text) = cell else { continue };
            match column(list, cell) {
                Some(name) if columns.called.contains_key(name) => faults.push(fault(codes::COLUMN_TWICE).arg(text)),
                Some(name) => {
                    columns.known.push((name, n));
                    columns.called.insert(name, text.clone());
                }
                None => columns.unknown.push(text.chars().take(100).collect()),
            }
        }
        faults.extend(required.iter().filter(|name| !columns.called.contains_key(**name)).map(|name| missing(name)));
        if !faults.is_empty() {
            return Err(Error::Invalid(faults));
        }
        let again = |row: &&Row| {
            columns.known.iter().filter(|(name, n)| row.cells.get(*n).and_then(|cell| column(list, cell)) == Some(*name)).count() >= NAMED
        };
        let below = rows.iter().skip(at + 1).take_while(again).count();
        if at + 1 + below >= rows.len() {
            return Err(Error::Invalid(vec![fault(codes::NO_ROWS)]));
        }
        Ok((columns, at + 1 + below))
    }
}

/// A column's first name in the list, for people.
fn shown(list: &str, name: &str) -> String {
    names_of(list).get(name).and_then(|names| names.first()).map_or_else(|| name.to_owned(), |zh| format!("{zh} ({name})"))
}

/// The column a cell of a header names.
fn column(list: &str, cell: &Cell) -> Option<&'static str> {
    static ROSTER: OnceLock<HashMap<String, &'static str>> = OnceLock::new();
    static LEDGER: OnceLock<HashMap<String, &'static str>> = OnceLock::new();
    let by_name = if list == "ledger" { &LEDGER } else { &ROSTER }.get_or_init(|| {
        let of = |(name, called): (&'static String, &'static Vec<String>)| called.iter().map(move |c| (folded(c), name.as_str()));
        names_of(list).iter().flat_map(of).collect()
    });
    let Cell::Text(text) = cell else { return None };
    by_name.get(&folded(text)).copied()
}

/// Lower case, without blanks, marks and remarks in brackets.
fn folded(text: &str) -> String {
    let end = text.find(['(', '（']).filter(|at| *at > 0).unwrap_or(text.len());
    let kept = text.get(..end).unwrap_or(text).chars().filter(|c| !c.is_whitespace() && !matches!(c, '*' | ':' | '：' | '＊'));
    kept.collect::<String>().to_lowercase()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn rows(lines: &[&[&str]]) -> Vec<Row> {
        let row = |(n, cells): (u32, &&[&str])| Row { line: n, cells: cells.iter().map(|text| Cell::of(text)).collect() };
        (1..).zip(lines).map(row).collect()
    }

    #[test]
    fn a_header_is_found_under_a_title_and_doubled() {
        let table =
            rows(&[&["样例县离退休人员名册"], &["姓 名*", "人员类别（必填）", "备注"], &["xm", "rylb", "bz"], &["张建国", "离休", ""]]);
        let (columns, first) = Columns::find(&table, "roster", &["name", "category"]).unwrap();
        assert_eq!((columns.known, first), (vec![("name", 0), ("category", 1)], 3));
        assert_eq!(columns.unknown, ["备注"]);
    }

    #[test]
    fn what_is_missing_or_doubled_is_named() {
        let codes = |lines: &[&[&str]]| match Columns::find(&rows(lines), "roster", &["name", "category"]) {
            Err(Error::Invalid(faults)) => faults.into_iter().map(|f| (f.code.name, f.args)).collect::<Vec<_>>(),
            other => panic!("{other:?}"),
        };
        assert_eq!(codes(&[]), [("no_rows", vec![])]);
        assert_eq!(codes(&[&["姓名", "人员类别"]]), [("no_rows", vec![])]);
        assert_eq!(codes(&[&["姓名", "性别"], &["张", "男"]]), [("column_missing", vec!["人员类别 (category)".to_owned()])]);
        assert_eq!(codes(&[&["姓名", "xm", "类别"], &["张", "张", "离休"]]), [("column_twice", vec!["xm".to_owned()])]);
        assert_eq!(codes(&[&["a", "b"]]).len(), 2);
    }
}
