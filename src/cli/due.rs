//! `xinfang due`: the calculator for the telephone, the same engine and ledger as the clocks of petitions.

use super::announce;
use super::options::{Database, in_words};
use crate::calendar::{Calendar, service};
use crate::deadline::Timetable;
use crate::deadline::calculator::answer;
use crate::deadline::calculator::model::{CountedIn, DueAnswer, DueQuestion};
use crate::deadline::profile::Roll;
use crate::deadline::rules::LONGEST_DAYS;
use crate::deadline::timetable::CalendarVersion;
use crate::platform::config::Config;
use crate::platform::db::{DatabaseUrl, inspect};
use crate::platform::error::Text;
use crate::platform::web::Lang;
use chrono::{Datelike, NaiveDate};
use chrono_tz::Tz;
use clap::Args;

/// Count from a day to the last day of a limit, and say why day by day.
///
/// The day of the event is not counted, the last day ends at 24:00. By the calendar of the office's database when one is named or stands
/// in the working directory; no database is made, and without one the calendar shipped with the program is taken.
#[derive(Debug, Args)]
pub(super) struct DueCommand {
    /// The day of the event, as 2026-02-13.
    #[arg(value_parser = start)]
    start: NaiveDate,
    /// How many days.
    #[arg(value_parser = clap::value_parser!(u32).range(1..=i64::from(LONGEST_DAYS)))]
    amount: u32,
    /// Of which kind: calendar or working.
    #[arg(value_parser = unit)]
    unit: CountedIn,
    /// Whether a last day on which the office rests moves on: none or forward.
    #[arg(long, default_value = "none", value_parser = roll)]
    roll: Roll,
    /// The calendar's code.
    #[arg(long, default_value = "cn", value_name = "CODE")]
    calendar: String,
    /// The language: zh or en (default: that of LC_ALL, LC_MESSAGES or LANG, else English).
    #[arg(long, value_parser = lang)]
    lang: Option<Lang>,
    #[command(flatten)]
    database: Database,
}

/// What clap tells whoever wrote something else.
fn start(text: &str) -> Result<NaiveDate, String> {
    let day: NaiveDate = text.parse().map_err(|_| "it must be a date such as 2026-02-13".to_owned())?;
    if (1900..2200).contains(&day.year()) { Ok(day) } else { Err("it must lie in the years 1900 to 2199".to_owned()) }
}

fn unit(text: &str) -> Result<CountedIn, String> {
    CountedIn::parse(text).ok_or_else(|| "it must be calendar or working".to_owned())
}

fn roll(text: &str) -> Result<Roll, String> {
    Roll::parse(text).ok_or_else(|| "it must be none or forward".to_owned())
}

fn lang(text: &str) -> Result<Lang, String> {
    match text {
        "zh" => Ok(Lang::Zh),
        "en" => Ok(Lang::En),
        _ => Err("it must be zh or en".to_owned()),
    }
}

/// The language of the terminal.
fn own_lang() -> Lang {
    let set = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
    if set.is_some_and(|value| value.starts_with("zh")) { Lang::Zh } else { Lang::En }
}

/// Runs the command.
///
/// # Errors
/// In words.
pub(super) fn run(command: &DueCommand) -> Result<(), String> {
    let (config, file) = command.database.settings()?;
    let named = command.database.database_url.is_some() || file.database_url.is_some();
    let lang = command.lang.unwrap_or_else(own_lang);
    let (calendar, source) = calendar(&config, named, &command.calendar)?;
    let question = DueQuestion { start: command.start, amount: command.amount, unit: Some(command.unit), roll: Some(command.roll) };
    announce(&written(&answer(&question, &calendar, config.zone, lang), &source, config.zone, lang));
    Ok(())
}

/// The calendar to count by, and where it comes from: the database that is named or there, else what is shipped.
fn calendar(config: &Config, named: bool, code: &str) -> Result<(CalendarVersion, Source), String> {
    let present = matches!(&config.database, DatabaseUrl::Sqlite(path) if path.is_file());
    if !named && !present {
        let (shipped, document) = service::shipped().map_err(|e| in_words(&e))?;
        let calendar = CalendarVersion { code: shipped, version: 1, calendar: Calendar::of(&document) };
        return match calendar.code == code {
            true => Ok((calendar, Source::Shipped)),
            false => Err(format!("there is no database here, and no calendar `{code}` is shipped; name the database with --database-url")),
        };
    }
    let mut c = inspect(&config.database).map_err(|e| in_words(&e))?;
    let timetable = Timetable::current(&mut c).map_err(|e| in_words(&e))?;
    let source = match &config.database {
        DatabaseUrl::Sqlite(path) => path.display().to_string(),
        // its URL may hold a password
        DatabaseUrl::Pg(_) => "PostgreSQL".to_owned(),
    };
    let calendar = timetable.calendar(code, None).ok_or_else(|| format!("the database {source} has no calendar `{code}`"))?;
    Ok((calendar.clone(), Source::Database(source)))
}

enum Source {
    Shipped,
    Database(String),
}

/// The answer as a table: what was counted, the last day, then each day with its place in the count.
fn written(answer: &DueAnswer, source: &Source, zone: Tz, lang: Lang) -> String {
    let words = |en, zh| lang.of(Text { en, zh });
    let unit = match answer.unit {
        CountedIn::Calendar => words("calendar days", "个自然日"),
        CountedIn::Working => words("working days", "个工作日"),
    };
    let (start, amount, last, code, version) = (answer.start, answer.amount, answer.last_day, &answer.calendar, answer.calendar_version);
    let whence = match (source, lang) {
        (Source::Shipped, Lang::En) => "shipped with the program, for want of a database".to_owned(),
        (Source::Shipped, Lang::Zh) => "程序自带，未使用数据库".to_owned(),
        (Source::Database(name), Lang::En) => format!("of the database {name}"),
        (Source::Database(name), Lang::Zh) => format!("取自数据库 {name}"),
    };
    let head = match lang {
        Lang::En => format!(
            "{amount} {unit} from {start}: the last day is {last}, until 24:00 ({zone})\nCalendar {code}, version {version}, {whence}"
        ),
        Lang::Zh => {
            format!("自 {start} 起 {amount} {unit}：期限最后一日为 {last}，至当日24时（{zone}）\n日历 {code} 第 {version} 版，{whence}")
        }
    };
    let mut text = head;
    if answer.provisional {
        text +=
            words("\nProvisional: the calendar of a year to come is not published yet", "\n暂定：涉及尚未公布日历的年份，公布后可能变动");
    }
    text.push('\n');
    let mut counted = 0;
    for day in &answer.days {
        counted += u32::from(day.counted);
        let place = if day.counted { counted.to_string() } else { String::new() };
        text += &format!("\n{place:>5}  {}", day.why);
    }
    text
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_cannot_be_counted_is_refused() {
        for text in ["2026-02-30", "13.2.2026", "1899-12-31", "2200-01-01", "-2026-01-01", ""] {
            assert!(start(text).is_err(), "{text}");
        }
        assert!(start("1900-01-01").is_ok() && start("2199-12-31").is_ok());
        assert!(unit("hour").is_err() && roll("back").is_err() && lang("fr").is_err());
    }

    #[test]
    fn a_table_a_clerk_can_read_out() {
        let (code, document) = service::shipped().unwrap();
        let calendar = CalendarVersion { code, version: 1, calendar: Calendar::of(&document) };
        let zone = chrono_tz::Asia::Shanghai;
        let ask = |start: &str, lang| {
            let question = DueQuestion { start: start.parse().unwrap(), amount: 2, unit: Some(CountedIn::Working), roll: None };
            written(&answer(&question, &calendar, zone, lang), &Source::Shipped, zone, lang)
        };
        let expected = [
            "2 working days from 2026-09-18: the last day is 2026-09-21, until 24:00 (Asia/Shanghai)",
            "Calendar cn, version 1, shipped with the program, for want of a database",
            "",
            "       2026-09-18 Friday, day of the event: not counted",
            "       2026-09-19 Saturday, weekend: not counted",
            "    1  2026-09-20 Sunday, make-up working day (国庆节): counts",
            "    2  2026-09-21 Monday, working day: counts",
        ];
        assert_eq!(ask("2026-09-18", Lang::En), expected.join("\n"));
        assert!(ask("2030-01-01", Lang::Zh).contains("暂定"));
    }
}
