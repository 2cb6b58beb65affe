//! A table as it stands in a file, whatever kind of file: rows of cells, empty rows left out.

mod header;
mod text;
mod workbook;

pub use header::{Columns, words, words_of};

use crate::codes;
use crate::platform::error::Code;
use chrono::NaiveDate;

/// Rows a file may have.
pub const ROWS: usize = 200_000;
/// Columns that are looked at.
pub const COLUMNS: usize = 256;

/// Cells a table may hold, empty ones in front of others among them.
pub(super) const CELLS: usize = 8_000_000;
/// Characters a cell may hold: no more than a spreadsheet's.
pub const CHARACTERS: usize = 32_767;

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Cell {
    /// Nothing.
    #[default]
    Empty,
    /// A text, without blanks around it.
    Text(String),
    /// A quantity.
    Number(f64),
    /// A day; none for one that no calendar has, such as 1900-01-00.
    Day(Option<NaiveDate>),
    /// Bytes that are no characters.
    Undecodable,
    /// An error of the spreadsheet.
    Broken,
    /// More than a cell may hold.
    TooLong,
}

impl Cell {
    /// Of a text as read.
    fn of(text: &str) -> Self {
        let text = text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}'));
        match text {
            "" => Self::Empty,
            text if text.len() > CHARACTERS && text.chars().count() > CHARACTERS => Self::TooLong,
            text if text.contains('\u{fffd}') => Self::Undecodable,
            text => Self::Text(text.to_owned()),
        }
    }
}

/// A row with the line a person finds it at, counted from 1.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Its line.
    pub line: u32,
    /// Its cells, from the first column.
    pub cells: Vec<Cell>,
}

/// The rows of a file that are not empty.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// The rows, the header among them.
    pub rows: Vec<Row>,
    /// Days as quantities count from 1904 instead of 1900.
    pub since_1904: bool,
    /// Quantities that are days can be told from texts.
    pub workbook: bool,
}

/// Reads a file by what it is, not by what it is called.
///
/// # Errors
/// The code of what is wrong with the whole file.
pub fn read(bytes: &[u8]) -> Result<Table, Code> {
    match bytes {
        [] => Err(codes::NO_ROWS),
        [b'P', b'K', 3, 4, ..] => workbook::read(bytes),
        // an Excel file of before 2007, a PDF
        [0xd0, 0xcf, 0x11, 0xe0, ..] | [b'%', b'P', b'D', b'F', ..] => Err(codes::FILE_UNREADABLE),
        _ => text::read(bytes),
    }
}
