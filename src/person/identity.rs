//! Identity numbers (公民身份号码, GB 11643): 18 characters, the last a check over the others. Passports and numbers of 15 digits, which
//! were given until 1999, have no check and are taken as they are.

use super::Sex;
use crate::codes;
use crate::platform::error::Fault;
use chrono::{Months, NaiveDate};

/// Characters of a number that has a check.
const LENGTH: usize = 18;
/// Weights of its digits (ISO 7064, MOD 11-2).
const WEIGHTS: [u32; LENGTH - 1] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
/// Check characters by the weighted sum's remainder.
const CHECKS: [char; 11] = ['1', '0', 'X', '9', '8', '7', '6', '5', '4', '3', '2'];

/// Months nobody has lived: 130 years.
const LIFE: Months = Months::new(130 * 12);

/// What a number says of its holder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Said {
    /// When they were born.
    pub born: NaiveDate,
    /// Their sex.
    pub sex: Sex,
}

/// The check character of the 17 digits before it; none where they are not 17 digits.
pub fn check_character(digits: &str) -> Option<char> {
    let digits: Vec<u32> = digits.chars().map(|c| c.to_digit(10)).collect::<Option<_>>()?;
    let weighted = digits.iter().zip(WEIGHTS).map(|(digit, weight)| digit * weight).sum::<u32>() as usize;
    (digits.len() == WEIGHTS.len()).then(|| CHECKS.get(weighted % CHECKS.len()).copied()).flatten()
}

/// What a number with a check says; none when its check character or its date is wrong.
pub fn read(number: &str) -> Option<Said> {
    let digits = checked(number)?;
    let born = NaiveDate::parse_from_str(digits.get(6..14)?, "%Y%m%d").ok()?;
    let serial: u32 = digits.get(14..)?.parse().ok()?;
    Some(Said { born, sex: if serial.is_multiple_of(2) { Sex::Female } else { Sex::Male } })
}

/// The digits of a number whose check character fits.
fn checked(number: &str) -> Option<&str> {
    let (digits, check) = number.split_at_checked(LENGTH - 1)?;
    (check_character(digits)? == check.chars().next()?.to_ascii_uppercase()).then_some(digits)
}

/// What is wrong about a number, or contradicts what is said beside it; `at` gives the pointer of a member.
pub fn faults(number: &str, born: Option<NaiveDate>, sex: Option<Sex>, today: NaiveDate, at: impl Fn(&str) -> String) -> Vec<Fault> {
    if number.chars().count() != LENGTH {
        return Vec::new();
    }
    let wrong = |code| vec![Fault::new(at("identity_number"), code)];
    if checked(number).is_none() {
        return wrong(codes::IDENTITY_NUMBER_WRONG);
    }
    let Some(said) = read(number).filter(|said| said.born <= today && said.born.checked_add_months(LIFE).is_some_and(|end| end >= today))
    else {
        return wrong(codes::IDENTITY_BIRTH_DATE_IMPOSSIBLE);
    };
    let mut faults = Vec::new();
    if born.is_some_and(|born| born != said.born) {
        faults.push(Fault::new(at("birth_date"), codes::IDENTITY_BIRTH_DATE_DIFFERS));
    }
    if sex.is_some_and(|sex| sex != said.sex) {
        faults.push(Fault::new(at("sex"), codes::IDENTITY_SEX_DIFFERS));
    }
    faults
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn day(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).unwrap()
    }

    #[test]
    fn the_check_character_is_the_standard_s() {
        // the examples of GB 11643-1999
        assert_eq!(check_character("11010519491231002"), Some('X'));
        assert_eq!(check_character("44052418800101001"), Some('4'));
        assert_eq!(check_character("1101051949123100"), None);
        assert_eq!(check_character("1101051949123100x"), None);
    }

    #[test]
    fn a_number_says_when_and_as_what_somebody_was_born() {
        assert_eq!(read("11010519491231002X"), Some(Said { born: day(1949, 12, 31), sex: Sex::Female }));
        assert_eq!(read("11010519491231002x"), Some(Said { born: day(1949, 12, 31), sex: Sex::Female }));
        assert_eq!(read("440524188001010014"), Some(Said { born: day(1880, 1, 1), sex: Sex::Male }));
        for wrong in ["110105194912310021", "11010519491331002X", "ABCDEFGHIJKLMNOPQR", "身份证号码身份证号码身份证号码身份证号"]
        {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn only_numbers_with_a_check_are_checked() {
        let (today, none) = (day(2026, 3, 1), Vec::<String>::new());
        let told = |f: Fault| format!("{} {:?}", f.pointer, f.code);
        let found =
            |number: &str, born, sex| faults(number, born, sex, today, |m| format!("/{m}")).into_iter().map(told).collect::<Vec<_>>();
        assert_eq!(found("E12345678", Some(day(1950, 1, 1)), None), none);
        assert_eq!(found("110105491231002", None, Some(Sex::Male)), none);
        assert_eq!(found("11010519491231002X", Some(day(1949, 12, 31)), Some(Sex::Female)), none);
        assert_eq!(found("110105194912310020", None, None), ["/identity_number identity_number_wrong"]);
        assert_eq!(
            found("11010519491231002X", Some(day(1949, 12, 30)), Some(Sex::Male)),
            ["/birth_date identity_birth_date_differs", "/sex identity_sex_differs"]
        );
        // a check that fits is no sense yet: the 13th month, before anybody alive, not yet
        for born in ["19491331", "18000301", "18960228", "20260302", "20300301"] {
            let digits = format!("110105{born}002");
            let number = format!("{digits}{}", check_character(&digits).unwrap());
            assert_eq!(found(&number, None, None), ["/identity_number identity_birth_date_impossible"], "{number}");
        }
        for born in ["18960301", "20260301"] {
            let digits = format!("110105{born}002");
            assert_eq!(found(&format!("{digits}{}", check_character(&digits).unwrap()), None, None), none);
        }
    }
}
