//! What a file may be called, how much may be enclosed, and who opens what.

use super::model::About;
use crate::attachment::storage;
use crate::codes;
use crate::platform::error::{Fault, Refusal};
use crate::platform::web::codes as web;
use chrono::Duration;

/// Characters of a file name at most.
pub const NAME_LENGTH: usize = 200;

/// Files of one petition at most: a collective petition of a hundred with two papers each.
pub const FILES_PER_PETITION: usize = 200;
/// Bytes of one petition's files at most.
pub const BYTES_PER_PETITION: u64 = 25 * storage::LIMIT;
/// The time in which an account's files are counted.
pub const PACE: Duration = Duration::hours(1);
/// Files one account may enclose in that time: a phone that was offline for a month brings some hundreds.
pub const FILES_PER_PACE: usize = 600;
/// Bytes one account may enclose in that time.
pub const BYTES_PER_PACE: u64 = 100 * storage::LIMIT;

const NAME: &str = "/content-disposition";

/// Why a petition that holds files of these sizes takes no other of `size` bytes.
pub fn too_much(sizes: &[i64], size: i64) -> Option<Refusal> {
    if sizes.len() >= FILES_PER_PETITION {
        return Some(Refusal { args: vec![FILES_PER_PETITION.to_string()], ..Refusal::new(codes::FILES_TOO_MANY) });
    }
    let limit = Refusal { args: vec![(BYTES_PER_PETITION / 1024 / 1024).to_string()], ..Refusal::new(codes::FILES_TOO_LARGE) };
    (bytes(sizes) + size.unsigned_abs() > BYTES_PER_PETITION).then_some(limit)
}

/// Whether an account that enclosed files of these sizes of late has to wait.
pub fn too_fast(sizes: &[i64]) -> bool {
    sizes.len() >= FILES_PER_PACE || bytes(sizes) >= BYTES_PER_PACE
}

fn bytes(sizes: &[i64]) -> u64 {
    sizes.iter().map(|size| size.unsigned_abs()).sum()
}

/// Whether a file may be opened by who sees the petition, but not the numbers of its people: a photograph of an identity card shows them.
pub const fn is_open(about: About) -> bool {
    matches!(about, About::Answer)
}

/// What is wrong with a file name.
pub fn name_fault(name: &str) -> Option<Fault> {
    if name.trim().is_empty() {
        return Some(Fault::new(NAME, web::EMPTY));
    }
    if name.chars().count() > NAME_LENGTH {
        return Some(Fault::new(NAME, web::TOO_LONG).arg(NAME_LENGTH));
    }
    let unsafe_name = name.chars().any(|c| c.is_control() || matches!(c, '/' | '\\') || is_hidden(c)) || name.chars().all(|c| c == '.');
    unsafe_name.then(|| Fault::new(NAME, codes::FILE_NAME_UNSAFE))
}

/// Marks that turn the direction of writing (UAX 9), break lines or can't be seen: `photo_gpj.exe` may be shown as `photo_exe.jpg`.
const fn is_hidden(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{fffd}')
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn there_is_an_end_to_what_is_taken() {
        let name = |refusal: Option<Refusal>| refusal.map(|refusal| refusal.code.name);
        let whole = i64::try_from(storage::LIMIT).unwrap();
        assert_eq!(name(too_much(&[], whole)), None);
        assert_eq!(name(too_much(&[1; 199], 1)), None);
        assert_eq!(name(too_much(&[1; 200], 1)), Some("files_too_many"));
        assert_eq!(name(too_much(&[whole; 24], whole)), None);
        assert_eq!(name(too_much(&[whole; 25], 1)), Some("files_too_large"));
        assert!(!too_fast(&[1; 599]) && too_fast(&[1; 600]) && too_fast(&[whole; 100]));
    }

    #[test]
    fn names_are_names_alone() {
        for name in ["身份证正面.jpg", "药费 (2).pdf", "𠮷田.txt", ".hidden", "a", &"长".repeat(200)] {
            assert_eq!(name_fault(name), None, "{name}");
        }
        let long = "长".repeat(201);
        let bad = ["", "  ", "a/b.jpg", "..\\a", "..", "a\u{202e}gpj.exe", "a\u{2066}b", "a\0", "a\nb", "a\u{200b}b", "\u{feff}a", &long];
        for name in bad {
            assert!(name_fault(name).is_some(), "{name:?}");
        }
    }
}
