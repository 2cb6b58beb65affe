//! Tables as text: separated by commas, semicolons or tabs, in UTF-8, UTF-16 or GB18030.

use super::{CELLS, COLUMNS, Cell, ROWS, Row, Table};
use crate::codes;
use crate::platform::error::Code;
use encoding_rs::{Encoding, GB18030, UTF_8};
use std::borrow::Cow;

/// Lines looked at to find the separator.
const LOOKED_AT: usize = 20;

pub(super) fn read(bytes: &[u8]) -> Result<Table, Code> {
    let text = decoded(bytes);
    if text.contains('\0') {
        return Err(codes::FILE_UNREADABLE);
    }
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(separator(&text)).from_reader(text.as_bytes());
    let (mut rows, mut record, mut count) = (Vec::new(), csv::StringRecord::new(), 0_usize);
    while reader.read_record(&mut record).map_err(|_| codes::FILE_UNREADABLE)? {
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        if rows.len() > ROWS {
            return Err(codes::FILE_TOO_LARGE);
        }
        let line = record.position().map_or(0, |at| u32::try_from(at.line()).unwrap_or(u32::MAX));
        let filled = record.iter().take(COLUMNS).enumerate().filter(|(_, cell)| !cell.is_empty()).last().map_or(0, |(last, _)| last + 1);
        count += filled;
        if count > CELLS {
            return Err(codes::FILE_TOO_LARGE);
        }
        rows.push(Row { line, cells: record.iter().take(filled).map(Cell::of).collect() });
    }
    Ok(Table { rows, since_1904: false, workbook: false })
}

/// By its byte order mark; else UTF-8 if it is, else GB18030, which Chinese spreadsheets write.
fn decoded(bytes: &[u8]) -> Cow<'_, str> {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return encoding.decode_with_bom_removal(bytes).0;
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        // one bad byte in what is UTF-8 otherwise makes a bad cell, not a file in another language
        Err(_) if mostly_utf8(bytes) => UTF_8.decode_without_bom_handling(bytes).0,
        Err(_) => GB18030.decode_without_bom_handling(bytes).0,
    }
}

/// Whether there are many more good characters beyond ASCII than bad bytes.
fn mostly_utf8(bytes: &[u8]) -> bool {
    let text = UTF_8.decode_without_bom_handling(bytes).0;
    let count = |f: fn(char) -> bool| text.chars().filter(|c| f(*c)).count();
    count(|c| c == '\u{fffd}') * 20 < count(|c| ('\u{3000}'..='\u{ffef}').contains(&c))
}

/// The separator that stands most often in the first lines; quoted ones count too, they are few.
fn separator(text: &str) -> u8 {
    let count = |separator: char| text.lines().take(LOOKED_AT).map(|line| line.matches(separator).count()).sum::<usize>();
    let (comma, semicolon, tab) = (count(','), count(';'), count('\t'));
    if tab > comma && tab >= semicolon {
        b'\t'
    } else if semicolon > comma {
        b';'
    } else {
        b','
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn texts(bytes: &[u8]) -> Vec<Vec<Cell>> {
        read(bytes).unwrap().rows.into_iter().map(|row| row.cells).collect()
    }

    #[test]
    fn every_usual_encoding_and_separator_gives_the_same() {
        let text = "姓名,性别\n张建国,男\n";
        let wanted = texts(text.as_bytes());
        assert_eq!(wanted[1], [Cell::Text("张建国".to_owned()), Cell::Text("男".to_owned())]);
        assert_eq!(texts(format!("\u{feff}{text}").as_bytes()), wanted);
        assert_eq!(texts(&GB18030.encode(text).0), wanted);
        for big in [false, true] {
            let units = std::iter::once(0xfeff).chain(text.encode_utf16());
            let bytes: Vec<u8> = units.flat_map(|u: u16| if big { u.to_be_bytes() } else { u.to_le_bytes() }).collect();
            assert_eq!(texts(&bytes), wanted);
        }
        for separator in [";", "\t"] {
            assert_eq!(texts(text.replace(',', separator).as_bytes()), wanted);
        }
    }

    #[test]
    fn lines_are_those_of_the_file_and_empty_ones_are_none() {
        let table = read("姓名,住址\n\n,,\n张,\"一\n二\"\n李,三\n".as_bytes()).unwrap();
        assert_eq!(table.rows.iter().map(|row| row.line).collect::<Vec<_>>(), [1, 4, 6]);
        assert_eq!(read(&b",,\n".repeat(100_000)).unwrap().rows, []);
    }

    #[test]
    fn a_bad_byte_makes_a_bad_cell() {
        let mut bytes = "姓名,住址\n张建国,城东区和平路十二号三栋二零一室\n".repeat(3).into_bytes();
        bytes.extend(b"\xff\xfe,x\n");
        let rows = texts(&bytes);
        assert_eq!(rows[6], [Cell::Undecodable, Cell::Text("x".to_owned())]);
        assert_eq!(rows[1][0], Cell::Text("张建国".to_owned()));
    }
}
