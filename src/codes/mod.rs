//! One table of the domain's refusal and fault codes, in words, both languages: every sentence says what is wrong and what to do.
//!
//! One file a part of the procedure; the constants are all found here. A code used in several parts stands in `general`.
//! Where a detail has a `{}`, the caller hands in its argument: a name, a date or a number, never a word that would need translating.
// Each table brings its own `ALL`; nobody asks for it through this module, `TABLES` joins them.
#![allow(ambiguous_glob_reexports)]

use crate::platform::error::Code;

mod appeal;
mod attachments;
mod closing;
mod forms;
mod general;
mod handling;
mod import;
mod office;
mod opinion;
mod people;
mod receipt;
mod reception;
mod referral;
mod registration;
mod replay;
mod supervision;
mod timetable;
mod visits;

pub use appeal::*;
pub use attachments::*;
pub use closing::*;
pub use forms::*;
pub use general::*;
pub use handling::*;
pub use import::*;
pub use office::*;
pub use opinion::*;
pub use people::*;
pub use receipt::*;
pub use reception::*;
pub use referral::*;
pub use registration::*;
pub use replay::*;
pub use supervision::*;
pub use timetable::*;
pub use visits::*;

/// Every code of the domain, a table for each part of the procedure.
pub const TABLES: &[&[Code]] = &[
    general::ALL,
    registration::ALL,
    people::ALL,
    receipt::ALL,
    reception::ALL,
    forms::ALL,
    attachments::ALL,
    visits::ALL,
    referral::ALL,
    handling::ALL,
    opinion::ALL,
    appeal::ALL,
    closing::ALL,
    supervision::ALL,
    replay::ALL,
    import::ALL,
    timetable::ALL,
    office::ALL,
];

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn all() -> impl Iterator<Item = &'static Code> {
        TABLES.iter().flat_map(|table| table.iter())
    }

    #[test]
    fn names_are_unique_and_snake_case() {
        let mut seen = HashSet::new();
        for code in all() {
            assert!(seen.insert(code.name), "{} stands twice", code.name);
            assert!(code.name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_'), "{}", code.name);
        }
    }

    #[test]
    fn every_code_speaks_both_languages() {
        for code in all() {
            for text in [code.title, code.detail] {
                assert!(!text.en.trim().is_empty() && !text.zh.trim().is_empty(), "{} is without words", code.name);
                assert!(text.en.is_ascii(), "{} mixes languages: {}", code.name, text.en);
                assert!(text.zh.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)), "{} has no Chinese: {}", code.name, text.zh);
            }
            assert!(code.detail.en.ends_with('.') && code.detail.zh.ends_with('。'), "{}: a detail is a sentence", code.name);
        }
    }

    #[test]
    fn both_languages_take_the_same_arguments() {
        for code in all() {
            let holes = |text: &str| text.matches("{}").count();
            assert_eq!(holes(code.detail.en), holes(code.detail.zh), "{}", code.name);
            assert_eq!(holes(code.title.en) + holes(code.title.zh), 0, "{}: a title takes no argument", code.name);
        }
    }
}
