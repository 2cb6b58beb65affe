//! Pure decisions: what a profile must say, and what is looked for.

use super::profile::Profile;
use crate::codes;
use crate::person::{compared_identity, folded, identity};
use crate::platform::error::Fault;
use chrono::{Datelike, NaiveDate};

/// Nobody alive, and nothing that concerns them, is of before.
const FIRST_YEAR: i32 = 1900;
/// Fewest digits that are looked for as a number.
const DIGITS: usize = 5;

/// Everything that is wrong with a profile by itself.
pub fn faults(profile: &Profile, today: NaiveDate) -> Vec<Fault> {
    let mut faults = Vec::new();
    if let Some(number) = &profile.identity_number {
        faults.extend(identity::faults(number, profile.birth_date, profile.sex, today, |member| format!("/{member}")));
    }
    if profile.birth_date.is_some_and(|born| born > today) {
        faults.push(Fault::new("/birth_date", codes::IN_FUTURE));
    }
    if profile.birth_date.is_some_and(|born| born.year() < FIRST_YEAR) {
        faults.push(Fault::new("/birth_date", codes::TOO_EARLY));
    }
    for (i, unit) in profile.units.iter().enumerate() {
        if unit.from.zip(unit.to).is_some_and(|(from, to)| from > to) {
            faults.push(Fault::new(format!("/units/{i}/from"), codes::FROM_AFTER_TO));
        }
        for (member, day) in [("from", unit.from), ("to", unit.to)] {
            if day.is_some_and(|day| day.year() < FIRST_YEAR) {
                faults.push(Fault::new(format!("/units/{i}/{member}"), codes::TOO_EARLY));
            }
        }
    }
    faults
}

/// What somebody typed to find a retiree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sought {
    /// The beginning of a name as it is written.
    Name(String),
    /// The beginning of a name by initials or by sound.
    Sound(String),
    /// Digits: a telephone number or an identity number, whole.
    Number {
        /// As identity numbers are compared.
        identity: String,
        /// As it was typed, for a telephone number.
        typed: String,
    },
}

/// What is looked for; none for what can't be anybody's.
pub fn sought(text: &str) -> Option<Sought> {
    // a control character is in nobody's name, and not every one can be asked for
    if text.chars().any(|c| c.is_control() && !c.is_whitespace()) {
        return None;
    }
    let text = folded(text);
    let digits = text.chars().filter(char::is_ascii_digit).count();
    if digits >= DIGITS && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '(' | ')')) {
        return Some(Sought::Number { identity: compared_identity(&text), typed: text });
    }
    if text.is_empty() {
        None
    } else if text.chars().all(|c| c.is_ascii_alphabetic() || c == 'ü') {
        Some(Sought::Sound(text.replace('ü', "v")))
    } else {
        Some(Sought::Name(text))
    }
}

/// The least text that begins otherwise and comes after all that begin so.
pub fn behind(beginning: &str) -> String {
    let mut chars: Vec<char> = beginning.chars().collect();
    while let Some(last) = chars.pop() {
        // the code points between are no characters
        let next = if last == '\u{d7ff}' { Some('\u{e000}') } else { char::from_u32(u32::from(last) + 1) };
        if let Some(next) = next {
            chars.push(next);
            break;
        }
    }
    chars.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::person::compared_phone;

    #[test]
    fn what_was_typed_says_what_is_looked_for() {
        let sound = |text: &str| Some(Sought::Sound(text.to_owned()));
        assert_eq!(sought("zjg"), sound("zjg"));
        assert_eq!(sought(" Zhang Jian Guo "), sound("zhangjianguo"));
        assert_eq!(sought("张 建"), Some(Sought::Name("张建".to_owned())));
        assert_eq!(sought("  "), None);
        let number = Some(Sought::Number { identity: "13800000001".to_owned(), typed: "138-0000-0001".to_owned() });
        assert_eq!(sought("138-0000 -0001"), number);
        assert_eq!(
            sought("11010519491231002x"),
            Some(Sought::Number { identity: "11010519491231002X".to_owned(), typed: "11010519491231002x".to_owned() })
        );
        for typed in ["+8613800000001", "＋８６ １３８ ０００００００１", " 8613800000001"] {
            assert!(matches!(sought(typed), Some(Sought::Number { typed, .. }) if compared_phone(&typed) == "13800000001"), "{typed}");
        }
        assert_eq!(sought("Lü"), sound("lv"));
        assert_eq!(sought("ｚｊｇ"), sound("zjg"));
        assert_eq!(sought("阿不都·热"), Some(Sought::Name("阿不都热".to_owned())));
        assert_eq!(sought("·"), None);
        assert_eq!(sought("o'neill"), Some(Sought::Name("o'neill".to_owned())));
    }

    #[test]
    fn a_beginning_ends_before_the_next() {
        assert_eq!(behind("zjg"), "zjh");
        assert_eq!(behind("z"), "{");
        assert_eq!(behind("𠮷"), "𠮸");
        assert_eq!(behind("a\u{10ffff}"), "b");
        assert_eq!(behind("\u{d7ff}"), "\u{e000}");
    }
}
