//! A petition's number and query code: read over a telephone, typed by an old hand.

use super::model::Channel;
use chrono::NaiveDate;

/// ISO 7064, MOD 37,36: catches every single wrong character and every transposition of neighbours.
const ALPHABET: &[u8; 36] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
/// Crockford's base 32: no I, L, O, U.
const CROCKFORD: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

fn check_character(payload: impl Iterator<Item = u8>) -> char {
    let mut check = 36;
    for byte in payload {
        let value = ALPHABET.iter().position(|a| *a == byte).unwrap_or(0);
        check = (check + value) % 36;
        check = if check == 0 { 36 } else { check } * 2 % 37;
    }
    char::from(ALPHABET[(37 - check) % 36])
}

/// The number of the `n`-th petition: office, day, channel, sequence, check character, in groups.
pub fn number(office: &str, day: NaiveDate, channel: Channel, n: i64) -> String {
    let groups = format!("{office}-{}-{}{n:06}", day.format("%Y%m%d"), channel.letter());
    let check = check_character(groups.bytes().filter(|b| *b != b'-'));
    format!("{groups}-{check}")
}

/// A number as somebody wrote it (any case, any grouping), in the form it is kept in; `None` when no number can look so.
pub fn read_number(text: &str) -> Option<String> {
    let plain: Vec<u8> = text.bytes().filter(u8::is_ascii_alphanumeric).map(|b| b.to_ascii_uppercase()).collect();
    let (check, payload) = plain.split_last()?;
    if char::from(*check) != check_character(payload.iter().copied()) {
        return None;
    }
    // the sequence is all digits after the last letter of the payload, the day the eight digits before that letter
    let letter = payload.iter().rposition(u8::is_ascii_uppercase)?;
    let day = letter.checked_sub(8)?;
    let part = |range: std::ops::Range<usize>| String::from_utf8(payload[range].to_vec()).ok();
    let (office, day, sequence) = (part(0..day)?, part(day..letter)?, part(letter..payload.len())?);
    Some(format!("{office}-{day}-{sequence}-{}", char::from(*check)))
}

/// A query code as somebody wrote it (any case, any grouping), letters that look like digits read as these.
pub fn read_query_code(text: &str) -> String {
    let typed = text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase());
    typed
        .map(|c| {
            if c == 'O' {
                '0'
            } else if matches!(c, 'I' | 'L') {
                '1'
            } else {
                c
            }
        })
        .collect()
}

/// A query code: 10 characters, 50 random bits.
pub fn query_code(random: [u8; 10]) -> String {
    random.iter().map(|b| char::from(CROCKFORD[usize::from(b & 31)])).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_number_survives_being_read_aloud_and_catches_slips() {
        let day = NaiveDate::from_ymd_opt(2026, 2, 5).unwrap();
        let number = number("XF", day, Channel::Visit, 123);
        assert!(number.starts_with("XF-20260205-V000123-"), "{number}");
        assert_eq!(read_number(&number.to_lowercase().replace('-', " ")).as_deref(), Some(number.as_str()));
        let plain: Vec<char> = number.chars().filter(|c| *c != '-').collect();
        for i in 0..plain.len() {
            for other in ALPHABET {
                let mut slip = plain.clone();
                slip[i] = char::from(*other);
                assert_eq!(read_number(&slip.iter().collect::<String>()).is_some(), slip == plain, "{slip:?}");
            }
            if i > 0 && plain[i] != plain[i - 1] {
                let mut swapped = plain.clone();
                swapped.swap(i, i - 1);
                assert!(read_number(&swapped.iter().collect::<String>()).is_none(), "{swapped:?}");
            }
        }
        assert!(read_number("").is_none() && read_number("王").is_none());
    }

    #[test]
    fn a_query_code_has_ten_readable_characters() {
        let code = query_code([0, 31, 255, 7, 9, 10, 18, 27, 200, 100]);
        assert_eq!(code.len(), 10);
        assert!(code.bytes().all(|b| CROCKFORD.contains(&b)));
        assert_eq!(read_query_code("7qk2-o9xl tb"), "7QK209X1TB");
    }
}
