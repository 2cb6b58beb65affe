//! Tables in Excel workbooks (.xlsx): the first sheet that holds anything. Of formulas the value last computed is read.

use super::{CELLS, COLUMNS, Cell, ROWS, Row, Table};
use crate::codes;
use crate::platform::error::Code;
use calamine::{DataRef, Reader, Xlsx};
use chrono::NaiveDate;
use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};

/// Bytes a workbook may unpack to: what a small file pretends to hold must not fill the memory.
const UNPACKED: u64 = 512 * 1024 * 1024;
/// Different texts a workbook may say it has: as many are made room for before the first is read.
const TEXTS: u64 = 4_000_000;
/// Bytes of the different texts, all of which are in memory at once.
const SHARED: u64 = 192 * 1024 * 1024;
/// Cells filled from merged ones at most, empty ones in front of others among them.
const FILLED: usize = 2_000_000;

pub(super) fn read(bytes: &[u8]) -> Result<Table, Code> {
    let since_1904 = looked_through(bytes)?;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|_| codes::FILE_UNREADABLE)?;
    for sheet in book.sheet_names() {
        let mut rows = cells(&mut book, &sheet)?;
        if rows.is_empty() {
            continue;
        }
        fill_merged(&mut book, &sheet, &mut rows);
        let filled = |cells: &Vec<Cell>| cells.iter().any(|cell| *cell != Cell::Empty);
        let rows: Vec<Row> =
            rows.into_iter().filter(|(_, cells)| filled(cells)).map(|(n, cells)| Row { line: n.saturating_add(1), cells }).collect();
        if rows.len() > ROWS + 1 {
            return Err(codes::FILE_TOO_LARGE);
        }
        return Ok(Table { rows, since_1904, workbook: true });
    }
    Err(codes::NO_ROWS)
}

/// Unpacks everything once without keeping it, for sizes said beforehand may lie; says whether days count from 1904.
fn looked_through(bytes: &[u8]) -> Result<bool, Code> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| codes::FILE_UNREADABLE)?;
    let (mut left, mut since_1904) = (UNPACKED, false);
    for n in 0..archive.len() {
        let entry = archive.by_index(n).map_err(|_| codes::FILE_UNREADABLE)?;
        let is_shared = entry.name().is_ok_and(|name| name.to_ascii_lowercase().ends_with("sharedstrings.xml"));
        let is_book = entry.name().is_ok_and(|name| name.eq_ignore_ascii_case("xl/workbook.xml"));
        let mut unpacked = entry.take(left + 1);
        let size = if is_book {
            let mut text = Vec::new();
            let size = unpacked.read_to_end(&mut text).map_err(|_| codes::FILE_UNREADABLE)?;
            let text = String::from_utf8_lossy(&text);
            since_1904 = ["date1904=\"1\"", "date1904=\"true\""].iter().any(|said| text.contains(said));
            size as u64
        } else {
            let mut counted = Counted::default();
            let size = std::io::copy(&mut unpacked, &mut counted).map_err(|_| codes::FILE_UNREADABLE)?;
            if counted.most > TEXTS || (is_shared && size > SHARED) {
                return Err(codes::FILE_TOO_LARGE);
            }
            size
        };
        left = left.checked_sub(size).ok_or(codes::FILE_TOO_LARGE)?;
    }
    Ok(since_1904)
}

/// Looks for the largest number of texts that an unpacked part says it has, wherever it stands.
#[derive(Default)]
struct Counted {
    /// The end of what went by, in which the beginning of a number may stand.
    tail: Vec<u8>,
    most: u64,
}

impl Counted {
    const NAME: &'static [u8] = b"uniqueCount";
    /// A name, spaces, a sign, and more digits than any number has.
    const OVERLAP: usize = 256;
}

impl Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.tail.extend_from_slice(bytes);
        for at in 0..self.tail.len().saturating_sub(Self::NAME.len()) {
            let Some(after) = self.tail[at..].strip_prefix(Self::NAME) else { continue };
            let digits = after.iter().skip_while(|b| b" \t\r\n=\"'".contains(b)).take_while(|b| b.is_ascii_digit());
            let said = digits.fold(0_u64, |n, b| n.saturating_mul(10).saturating_add(u64::from(b - b'0')));
            self.most = self.most.max(said);
        }
        let done = self.tail.len().saturating_sub(Self::OVERLAP);
        self.tail.drain(..done);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

type Rows = BTreeMap<u32, Vec<Cell>>;

fn cells<R: Read + std::io::Seek>(book: &mut Xlsx<R>, sheet: &str) -> Result<Rows, Code> {
    let mut reader = book.worksheet_cells_reader(sheet).map_err(|_| codes::FILE_UNREADABLE)?;
    let (mut rows, mut count) = (Rows::new(), 0_usize);
    while let Some(cell) = reader.next_cell().map_err(|_| codes::FILE_UNREADABLE)? {
        let ((row, column), value) = (cell.get_position(), read_cell(cell.get_value()));
        let column = column as usize;
        if value == Cell::Empty || column >= COLUMNS {
            continue;
        }
        let cells = rows.entry(row).or_default();
        if cells.len() <= column {
            count += column + 1 - cells.len();
            cells.resize(column + 1, Cell::Empty);
        }
        if let Some(place) = cells.get_mut(column) {
            *place = value;
        }
        if count > CELLS || rows.len() > ROWS + super::header::ABOVE + 1 {
            return Err(codes::FILE_TOO_LARGE);
        }
    }
    Ok(rows)
}

fn read_cell(value: &DataRef<'_>) -> Cell {
    match value {
        DataRef::Empty => Cell::Empty,
        DataRef::Int(n) => Cell::Number(*n as f64),
        DataRef::Float(n) => Cell::Number(*n),
        DataRef::String(text) => Cell::of(text),
        DataRef::SharedString(text) => Cell::of(text),
        DataRef::Bool(yes) => Cell::Text(yes.to_string()),
        DataRef::DateTime(at) => {
            let (y, m, d, ..) = at.to_ymd_hms_milli();
            // the day before the first, and whatever a time without a day is shown as
            let day = if at.is_duration() || at.as_f64() < 1.0 { None } else { NaiveDate::from_ymd_opt(y.into(), m.into(), d.into()) };
            Cell::Day(day)
        }
        DataRef::DateTimeIso(text) => Cell::Day(text.get(..10).and_then(|day| day.parse().ok())),
        DataRef::DurationIso(_) => Cell::Day(None),
        DataRef::Error(_) => Cell::Broken,
    }
}

/// Gives the value of merged cells, which stands in the first, to those below it.
fn fill_merged<R: Read + std::io::Seek>(book: &mut Xlsx<R>, sheet: &str, rows: &mut Rows) {
    let Ok(merged) = book.merge_cells_by_sheet_name(sheet) else { return };
    let mut left = FILLED;
    for area in merged {
        let (first, column) = (area.start.0, area.start.1 as usize);
        let Some(value) = rows.get(&first).and_then(|cells| cells.get(column)).cloned() else { continue };
        if area.end.0 <= first {
            continue;
        }
        for (_, cells) in rows.range_mut(first.saturating_add(1)..=area.end.0) {
            let grows = (column + 1).saturating_sub(cells.len()).max(1);
            let Some(rest) = left.checked_sub(grows) else { return };
            left = rest;
            if cells.len() <= column {
                cells.resize(column + 1, Cell::Empty);
            }
            if let Some(place) = cells.get_mut(column).filter(|place| **place == Cell::Empty) {
                place.clone_from(&value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_of_texts_is_seen_however_the_bytes_come() {
        let said = b"<sst xmlns=\"x\" count=\"1\" uniqueCount = '1000000000000'><si/></sst>";
        for size in [1, 2, 7, said.len()] {
            let mut counted = Counted::default();
            said.chunks(size).for_each(|part| counted.write_all(part).unwrap_or_default());
            assert_eq!(counted.most, 1_000_000_000_000, "{size}");
        }
        let mut huge = Counted::default();
        huge.write_all(b"uniqueCount=\"99999999999999999999999\"").unwrap_or_default();
        assert_eq!(huge.most, u64::MAX);
    }
}
