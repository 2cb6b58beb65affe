//! Numbers as they are typed, kept and compared: identity numbers, telephone numbers.

use super::spelling::narrow;
use serde::{Deserialize, Deserializer};

/// Digits of a mobile number at home (1…).
const MOBILE: usize = 11;

/// A telephone number in the form it is looked up by: its digits, without the country's prefix; of a landline without the area code, for
/// at home nobody dials it.
pub fn compared_phone(text: &str) -> String {
    taken_apart(text).1
}

/// The area code of a landline, where it is told: 573 of 0573-82345678.
pub fn area_of(text: &str) -> Option<String> {
    taken_apart(text).0
}

/// Whether two telephone numbers are one; a landline's with and without its area code are, those of two areas are not.
pub fn same_phone(one: &str, other: &str) -> bool {
    let ((area, number), (other_area, other_number)) = (taken_apart(one), taken_apart(other));
    number == other_number && (area.is_none() || other_area.is_none() || area == other_area)
}

/// The area code, where it is told, and the number behind it.
fn taken_apart(text: &str) -> (Option<String>, String) {
    let typed: String = tidy_phone(text).chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
    let abroad = typed.strip_prefix("+86").or_else(|| typed.strip_prefix("0086"));
    let digits: String = abroad.unwrap_or(&typed).chars().filter(char::is_ascii_digit).collect();
    let bare = digits.strip_prefix("86").filter(|rest| is_mobile(rest)).unwrap_or(&digits);
    let behind_zero = bare.strip_prefix('0');
    if let Some(mobile) = behind_zero.filter(|digits| is_mobile(digits)) {
        return (None, mobile.to_owned());
    }
    // whoever dials from abroad leaves the zero out
    let with_area = behind_zero.or_else(|| abroad.map(|_| bare).filter(|digits| !is_mobile(digits)));
    match with_area.and_then(|digits| digits.split_at_checked(digits.len() - local(digits)?.len())) {
        Some((area, number)) => (Some(area.to_owned()), number.to_owned()),
        None => (None, bare.to_owned()),
    }
}

fn is_mobile(digits: &str) -> bool {
    digits.len() == MOBILE && digits.starts_with('1') && !digits.starts_with("10")
}

/// The number without its area code: 10 and 2x, else three digits; seven or eight digits follow.
fn local(digits: &str) -> Option<&str> {
    let code = if digits.starts_with("10") || digits.starts_with('2') { 2 } else { 3 };
    digits.get(code..).filter(|rest| matches!(rest.len(), 7 | 8))
}

/// An identity number in the form it is looked up by.
pub fn compared_identity(text: &str) -> String {
    tidy_identity(text).to_uppercase()
}

/// An identity number as it is kept: without the spaces and dashes between its parts, in letters of plain width.
pub fn tidy_identity(text: &str) -> String {
    text.chars().map(plain).filter(|c| !c.is_whitespace() && *c != '-').collect()
}

/// A telephone number as it is kept: in characters of plain width, without spaces around it.
pub fn tidy_phone(text: &str) -> String {
    text.chars().map(plain).collect::<String>().trim().to_owned()
}

/// The plain character of one of full width, and the hyphen of any dash.
fn plain(c: char) -> char {
    match c {
        '‐'..='―' | '−' => '-',
        other => narrow(other),
    }
}

/// Reads an identity number as it is kept.
///
/// # Errors
/// The deserializer's.
pub fn identity<'de, D: Deserializer<'de>>(d: D) -> Result<Option<String>, D::Error> {
    Ok(Option::<String>::deserialize(d)?.map(|text| tidy_identity(&text)))
}

/// Reads a telephone number as it is kept.
///
/// # Errors
/// The deserializer's.
pub fn phone<'de, D: Deserializer<'de>>(d: D) -> Result<String, D::Error> {
    Ok(tidy_phone(&String::deserialize(d)?))
}

/// Reads a telephone number as it is kept, where there may be none.
///
/// # Errors
/// The deserializer's.
pub fn optional_phone<'de, D: Deserializer<'de>>(d: D) -> Result<Option<String>, D::Error> {
    Ok(Option::<String>::deserialize(d)?.map(|text| tidy_phone(&text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_two_areas_are_two() {
        for (one, other, same) in [
            ("0573-82345678", "0573 82345678", true),
            ("0573-82345678", "82345678", true),
            ("+8613800001234", "138 0000 1234", true),
            ("+8613800001234", "008613800001234", true),
            ("0573-82345678", "0571-82345678", false),
            ("+86 573 82345678", "0573-82345678", true),
            ("+86 573 82345678", "（0571）82345678", false),
            ("010-82345678", "+86 10 82345678", true),
            ("013800001234", "+8613800001234", true),
            ("82345678", "82345679", false),
        ] {
            assert_eq!(same_phone(one, other), same, "{one} {other}");
        }
    }

    #[test]
    fn a_telephone_number_is_the_same_however_it_is_dialled() {
        for (typed, compared) in [
            ("13800001234", "13800001234"),
            ("138 0000-1234", "13800001234"),
            ("１３８００００１２３４", "13800001234"),
            ("+8613800001234", "13800001234"),
            ("+86 138 0000 1234", "13800001234"),
            ("008613800001234", "13800001234"),
            ("8613800001234", "13800001234"),
            ("013800001234", "13800001234"),
            ("0573-82345678", "82345678"),
            ("（0573）82345678", "82345678"),
            ("+86 573 82345678", "82345678"),
            ("+86 (0573) 82345678", "82345678"),
            ("010-82345678", "82345678"),
            ("+86 10 82345678", "82345678"),
            ("021-6234567", "6234567"),
            ("82345678", "82345678"),
            ("86345678", "86345678"),
            ("12345", "12345"),
            ("+1 212 5550100", "12125550100"),
            ("03", "03"),
        ] {
            assert_eq!(compared_phone(typed), compared, "{typed}");
        }
    }

    #[test]
    fn an_identity_number_is_the_same_however_it_is_set() {
        for typed in ["11010519491231002X", "110105 19491231 002x", "110105-19491231-002X", "１１０１０５１９４９１２３１００２Ｘ"]
        {
            assert_eq!(compared_identity(typed), "11010519491231002X", "{typed}");
        }
    }
}
