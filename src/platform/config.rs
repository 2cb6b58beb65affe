//! Settings of one process: command line over environment over file over default.

use crate::platform::db::DatabaseUrl;
use crate::platform::objects::ObjectsUrl;
use chrono::Duration;
use chrono_tz::Tz;
use serde::Deserialize;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// What a running instance was told.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where the database is.
    pub database: DatabaseUrl,
    /// Address and port to listen on.
    pub bind: SocketAddr,
    /// The file that wraps the data keys.
    pub key_file: PathBuf,
    /// Where what is too large for a row is kept.
    pub objects: ObjectsUrl,
    /// The office's time zone: every "day" is this one's.
    pub zone: Tz,
    /// The letters a petition's number begins with.
    pub office_code: String,
    /// Sustained calls a second per caller; 0 switches the limit off.
    pub rate_per_second: u32,
    /// Calls a caller may make in one burst.
    pub rate_burst: u32,
    /// How far the clock is moved (rehearsals).
    pub clock_offset: Duration,
    /// Whether answers say that this is a rehearsal.
    pub rehearsal: bool,
    /// Whether this is the demonstration: its own accounts, loopback only.
    pub demo: bool,
}

/// Settings a TOML file may hold; an unknown key is refused, because a misspelt one must not vanish.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// `database_url`
    pub database_url: Option<String>,
    /// `bind`
    pub bind: Option<SocketAddr>,
    /// `key_file`
    pub key_file: Option<PathBuf>,
    /// `attachments_url`
    pub attachments_url: Option<String>,
    /// `office_zone`, an IANA name
    pub office_zone: Option<Tz>,
    /// `office_code`
    pub office_code: Option<String>,
    /// `rate_per_second`
    pub rate_per_second: Option<u32>,
    /// `rate_burst`
    pub rate_burst: Option<u32>,
}

impl File {
    /// Reads a settings file.
    ///
    /// # Errors
    /// In words that name the file and the key.
    pub fn read(path: &Path) -> Result<Self, String> {
        let text = std::fs::read_to_string(path).map_err(|e| format!("cannot read {}: {e}", path.display()))?;
        toml::from_str(&text).map_err(|e| format!("{}: {e}", path.display()))
    }
}

/// Letters and digits that make a number readable over the telephone.
///
/// # Errors
/// In words.
pub fn check_office_code(code: &str) -> Result<(), String> {
    let fits = (1..=8).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    if fits { Ok(()) } else { Err(format!("the office code `{code}` must be 1 to 8 capital letters or digits")) }
}

/// An ISO 8601 duration of weeks, days, hours, minutes and seconds, with a sign before it (`P15D`, `-PT6H30M`).
///
/// # Errors
/// In words.
pub fn duration(text: &str) -> Result<Duration, String> {
    let wrong = || format!("`{text}` is no duration; write P15D or -PT6H");
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text),
    };
    let rest = rest.strip_prefix('P').filter(|r| !r.is_empty() && !r.ends_with('T')).ok_or_else(wrong)?;
    let (mut seconds, mut digits, mut in_time) = (0_i64, String::new(), false);
    for c in rest.chars() {
        let unit = match (c, in_time) {
            ('0'..='9', _) => {
                digits.push(c);
                continue;
            }
            ('T', false) if digits.is_empty() => {
                in_time = true;
                continue;
            }
            ('W', false) => 7 * 86_400,
            ('D', false) => 86_400,
            ('H', true) => 3_600,
            ('M', true) => 60,
            ('S', true) => 1,
            _ => return Err(wrong()),
        };
        let amount: i64 = std::mem::take(&mut digits).parse().map_err(|_| wrong())?;
        seconds = amount.checked_mul(unit).and_then(|s| seconds.checked_add(s)).ok_or_else(wrong)?;
    }
    let hundred_years = 100 * 366 * 86_400;
    if digits.is_empty() && seconds <= hundred_years { Ok(Duration::seconds(sign * seconds)) } else { Err(wrong()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_or_refused() {
        for (text, seconds) in [("P15D", 1_296_000), ("-PT6H30M", -23_400), ("P1W", 604_800), ("PT1S", 1), ("P1DT1H", 90_000)] {
            assert_eq!(duration(text), Ok(Duration::seconds(seconds)), "{text}");
        }
        for text in ["", "P", "15D", "PT", "P1", "P1H", "PT1D", "P1M", "P99999999999999999999D", "P40000D", "PxD", "P1DT"] {
            assert!(duration(text).is_err(), "{text}");
        }
    }
}
