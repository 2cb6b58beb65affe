//! What a user name and a password may be.

use crate::codes;
use crate::platform::error::Fault;
use unicode_normalization::UnicodeNormalization;

/// Characters of a user name, folded.
pub const USERNAME: std::ops::RangeInclusive<usize> = 2..=64;
/// Characters a password has at least (NIST SP 800-63B, 3.1.1.2, asks for 8; nothing else is asked of it).
pub const PASSWORD_MIN: usize = 10;

/// Passwords of sufficient length that are tried first.
const COMMON: &[&str] = &[
    "0123456789",
    "1234567890",
    "0987654321",
    "9876543210",
    "1234567891",
    "12345678910",
    "123456789a",
    "a123456789",
    "123123123123",
    "1q2w3e4r5t",
    "1qaz2wsx3edc",
    "qwertyuiop",
    "qwerty123456",
    "password123",
    "password1234",
    "administrator",
    "admin123456",
    "woaini1314520",
    "woaini520520",
    "abcdefghij",
    "abcd123456",
    "laoganbu123",
    "xinfang123",
];

/// The one spelling of a user name: NFKC, small letters, no blanks around.
pub fn fold_username(text: &str) -> String {
    text.trim().nfkc().flat_map(char::to_lowercase).nfkc().collect()
}

/// Whether a folded user name will do: its length, no blanks, nothing invisible.
pub fn username_fits(folded: &str) -> bool {
    let visible =
        |c: char| !c.is_whitespace() && !c.is_control() && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}');
    USERNAME.contains(&folded.chars().count()) && folded.chars().all(visible)
}

/// What is wrong with a password, if anything.
pub fn password_fault(pointer: &str, password: &str, folded_username: &str) -> Option<Fault> {
    if password.chars().count() < PASSWORD_MIN {
        return Some(Fault::new(pointer, codes::PASSWORD_TOO_SHORT).arg(PASSWORD_MIN));
    }
    let folded = fold_username(password);
    let mut characters = folded.chars();
    let first = characters.next();
    let all_the_same = characters.all(|c| Some(c) == first);
    let common = COMMON.contains(&folded.as_str()) || all_the_same || folded == folded_username;
    common.then(|| Fault::new(pointer, codes::PASSWORD_COMMON))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usernames_have_one_spelling() {
        for (typed, folded) in
            [("Desk", "desk"), (" desk ", "desk"), ("ｄｅｓｋ", "desk"), ("接访员１", "接访员1"), ("ÉCOLE", "école"), ("ﬁeld", "field")]
        {
            assert_eq!(fold_username(typed), folded, "{typed}");
            assert_eq!(fold_username(folded), folded, "folding twice changes nothing");
        }
    }

    #[test]
    fn usernames_that_fit() {
        let long = "a".repeat(65);
        for (name, fits) in [
            ("ab", true),
            ("a", false),
            ("a b", false),
            ("a\u{200b}b", false),
            ("a\tb", false),
            (&long, false),
            (&long[1..], true),
            ("王五", true),
        ] {
            assert_eq!(username_fits(name), fits, "{name:?}");
        }
    }

    #[test]
    fn passwords() {
        for (password, code) in [
            ("demo-demo", Some(codes::PASSWORD_TOO_SHORT)),
            ("密码要十个字符", Some(codes::PASSWORD_TOO_SHORT)),
            ("1234567890", Some(codes::PASSWORD_COMMON)),
            ("PASSWORD123", Some(codes::PASSWORD_COMMON)),
            ("aaaaaaaaaaaa", Some(codes::PASSWORD_COMMON)),
            ("Zhou-Bing-1", Some(codes::PASSWORD_COMMON)),
            ("correct horse", None),
            ("柳堤巷口第三棵大树", Some(codes::PASSWORD_TOO_SHORT)),
            ("柳堤巷口第三棵大槐树", None),
        ] {
            assert_eq!(password_fault("/password", password, "zhou-bing-1").map(|f| f.code), code, "{password}");
        }
    }
}
