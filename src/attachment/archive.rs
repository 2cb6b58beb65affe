//! Office documents are packed (ZIP, or the compound files of old). Only their directory is looked at; nothing is ever unpacked.

use super::media::MediaType;

/// What a packed file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Packed {
    /// Not packed at all.
    Not,
    /// An office document.
    Kind(MediaType),
    /// Says of itself that it unpacks to more than any document does.
    Swells,
    /// Something else, or broken.
    Other,
}

/// What a document may unpack to, in bytes.
const UNPACKED: u64 = 512 * 1024 * 1024;
/// Entries a document may have.
const ENTRIES: usize = 20_000;
/// The mark at the end of a ZIP's directory (APPNOTE 4.3.16), and how long what follows it may be.
const END: &[u8; 4] = b"PK\x05\x06";
const END_LENGTH: usize = 22;
const COMMENT: usize = u16::MAX as usize;
/// The mark of a directory's entry (APPNOTE 4.3.12) and its fixed length.
const ENTRY: &[u8; 4] = b"PK\x01\x02";
const ENTRY_LENGTH: usize = 46;
/// The mark of a compound file (MS-CFB 2.2).
const COMPOUND: &[u8; 8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

/// Looks at the directory.
pub fn look(content: &[u8]) -> Packed {
    if content.starts_with(COMPOUND) {
        return match infer::get(content).map(|kind| kind.mime_type()) {
            Some("application/msword") => Packed::Kind(MediaType::Doc),
            Some("application/vnd.ms-excel") => Packed::Kind(MediaType::Xls),
            _ => Packed::Other,
        };
    }
    if !content.starts_with(b"PK") {
        return Packed::Not;
    }
    match entries(content) {
        None => Packed::Other,
        Some(entries) if entries.iter().fold(0u64, |sum, entry| sum.saturating_add(entry.unpacked)) > UNPACKED => Packed::Swells,
        Some(entries) => kind(content, &entries),
    }
}

struct Entry<'a> {
    name: &'a [u8],
    unpacked: u64,
}

fn kind(content: &[u8], entries: &[Entry<'_>]) -> Packed {
    // OpenDocument 1.3, part 2, 3.3: the first entry, neither packed nor with anything extra
    let odt = content.get(30..38) == Some(b"mimetype") && {
        let stated = MediaType::Odt.as_str().as_bytes();
        content.get(38..38 + stated.len()) == Some(stated) && content.get(38 + stated.len()..).is_some_and(|rest| rest.starts_with(b"PK"))
    };
    if odt {
        return Packed::Kind(MediaType::Odt);
    }
    let has = |name: &[u8]| entries.iter().any(|entry| entry.name == name);
    // ECMA-376, part 2
    if !has(b"[Content_Types].xml") {
        return Packed::Other;
    }
    let kinds: [(&[u8], MediaType); 3] =
        [(b"word/document.xml", MediaType::Docx), (b"xl/workbook.xml", MediaType::Xlsx), (b"ppt/presentation.xml", MediaType::Pptx)];
    let mut found = kinds.into_iter().filter(|(part, _)| has(part));
    match (found.next(), found.next()) {
        (Some((_, kind)), None) => Packed::Kind(kind),
        _ => Packed::Other,
    }
}

/// The directory's entries; none when there is none that holds.
fn entries(content: &[u8]) -> Option<Vec<Entry<'_>>> {
    let from = content.len().checked_sub(END_LENGTH)?;
    let lowest = from.saturating_sub(COMMENT);
    let end = (lowest..=from).rev().find(|at| content.get(*at..at + 4) == Some(END))?;
    let (count, at) = (usize::from(short(content, end + 10)?), usize::try_from(long(content, end + 16)?).ok()?);
    // what has more, or is longer, is written otherwise and is no document of 20 MiB
    if count == 0 || count > ENTRIES || count == usize::from(u16::MAX) {
        return None;
    }
    let (mut entries, mut at) = (Vec::with_capacity(count), at);
    for _ in 0..count {
        if content.get(at..at + 4) != Some(ENTRY) {
            return None;
        }
        let lengths = [short(content, at + 28)?, short(content, at + 30)?, short(content, at + 32)?].map(usize::from);
        let name = content.get(at + ENTRY_LENGTH..at + ENTRY_LENGTH + lengths[0])?;
        entries.push(Entry { name, unpacked: u64::from(long(content, at + 24)?) });
        at = at + ENTRY_LENGTH + lengths.iter().sum::<usize>();
    }
    Some(entries)
}

fn short(content: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(content.get(at..at + 2)?.try_into().ok()?))
}

fn long(content: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(content.get(at..at + 4)?.try_into().ok()?))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// A ZIP of entries that are stored, each stating a length.
    fn zip(entries: &[(&str, &[u8], u32)]) -> Vec<u8> {
        let (mut file, mut directory) = (Vec::new(), Vec::new());
        for (name, content, unpacked) in entries {
            let (name_length, length) = (u16::try_from(name.len()).unwrap(), u32::try_from(content.len()).unwrap());
            let at = u32::try_from(file.len()).unwrap();
            let both = [&[20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0][..], &length.to_le_bytes(), &unpacked.to_le_bytes()].concat();
            file.extend([&b"PK\x03\x04"[..], &both, &name_length.to_le_bytes(), &[0, 0], name.as_bytes(), content].concat());
            let rest = [&name_length.to_le_bytes()[..], &[0; 12], &at.to_le_bytes(), name.as_bytes()].concat();
            directory.extend([&b"PK\x01\x02\x14\0"[..], &both, &rest].concat());
        }
        let (count, length, at) = (entries.len(), directory.len(), file.len());
        let (count, length, at) = (u16::try_from(count).unwrap(), u32::try_from(length).unwrap(), u32::try_from(at).unwrap());
        let counts = [count.to_le_bytes(), count.to_le_bytes()].concat();
        [&file[..], &directory, b"PK\x05\x06\0\0\0\0", &counts, &length.to_le_bytes(), &at.to_le_bytes(), &[0, 0]].concat()
    }

    #[test]
    fn the_directory_says_what_it_is() {
        let docx = zip(&[("word/document.xml", b"<w/>", 4), ("[Content_Types].xml", b"<Types/>", 8)]);
        assert_eq!(look(&docx), Packed::Kind(MediaType::Docx));
        let xlsx = zip(&[("[Content_Types].xml", b"<Types/>", 8), ("xl/workbook.xml", b"<x/>", 4)]);
        assert_eq!(look(&xlsx), Packed::Kind(MediaType::Xlsx));
        let odt = MediaType::Odt.as_str().as_bytes();
        assert_eq!(look(&zip(&[("mimetype", odt, 39), ("content.xml", b"<o/>", 4)])), Packed::Kind(MediaType::Odt));
        let bomb = zip(&[("[Content_Types].xml", b"<Types/>", 8), ("word/document.xml", b"0", u32::MAX)]);
        assert_eq!(look(&bomb), Packed::Swells);
        let both = zip(&[("[Content_Types].xml", b"", 0), ("word/document.xml", b"", 0), ("xl/workbook.xml", b"", 0)]);
        for other in [zip(&[("a.exe", b"MZ", 2)]), both, docx[..docx.len() - 30].to_vec(), b"PK\x03\x04".to_vec(), b"PK".to_vec()] {
            assert_eq!(look(&other), Packed::Other);
        }
        assert_eq!(look(b"%PDF-1.4"), Packed::Not);
        assert_eq!(look(&[&COMPOUND[..], &[0; 600]].concat()), Packed::Other);
    }
}
