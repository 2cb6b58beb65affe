//! What a file may be called.

use crate::codes;
use crate::platform::error::Fault;
use crate::platform::web::codes as web;

/// Characters of a file name at most.
pub const NAME_LENGTH: usize = 200;

const NAME: &str = "/content-disposition";

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
mod tests {
    use super::*;

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
