//! The ledger in words, for the petitioner on the telephone as well as for a court.

use super::rules::{Counted, LedgerDay, Why};
use crate::calendar::DayKind;
use crate::platform::error::Text;
use crate::platform::web::Lang;
use chrono::{Datelike, NaiveDate, Weekday};

/// The days of a ledger, each with its reason as a clerk reads it out.
pub fn in_words(days: &[Counted], lang: Lang) -> Vec<LedgerDay> {
    days.iter().map(|day| LedgerDay { date: day.day, counted: day.counted, why: sentence(day, lang) }).collect()
}

fn sentence(day: &Counted, lang: Lang) -> String {
    let (date, weekday) = (day.day, lang.of(weekday(day.day)));
    let (reason, verdict) = (reason(day, lang), verdict(day, lang));
    let remark = if day.published || !asks_calendar(&day.why) { String::new() } else { unpublished(day.day, lang) };
    match lang {
        Lang::Zh => format!("{date} {weekday}，{reason}：{verdict}{remark}"),
        Lang::En => format!("{date} {weekday}, {reason}: {verdict}{remark}"),
    }
}

fn reason(day: &Counted, lang: Lang) -> String {
    const START: Text = Text { en: "day of the event", zh: "事件发生当日" };
    const CALENDAR: Text = Text { en: "calendar day", zh: "自然日" };
    const LAST: Text = Text { en: "the last day is a ", zh: "期限最后一日为" };
    let kind = |kind: &DayKind| named(lang.of(kind_words(*kind)), day.name.as_deref(), lang);
    match &day.why {
        Why::Start => lang.of(START).to_owned(),
        Why::Calendar => lang.of(CALENDAR).to_owned(),
        Why::Kind(of) | Why::RolledTo(of) => kind(of),
        Why::Rolls(of) if day.counted => format!("{}{}", lang.of(LAST), kind(of)),
        Why::Rolls(of) => kind(of),
        Why::Paused(pause) => named(lang.of(Text { en: "paused", zh: "暂停计算" }), Some(pause_words(pause, lang)), lang),
    }
}

fn verdict(day: &Counted, lang: Lang) -> &'static str {
    let text = match (&day.why, day.counted) {
        (Why::Rolls(_), true) => Text { en: "it moves on", zh: "顺延" },
        (Why::Rolls(_), false) => Text { en: "it moves on further", zh: "继续顺延" },
        (Why::RolledTo(_), _) => Text { en: "the last day after moving on", zh: "顺延后的最后一日" },
        (_, true) => Text { en: "counts", zh: "计入" },
        (_, false) => Text { en: "not counted", zh: "不计入" },
    };
    lang.of(text)
}

fn named(what: &str, name: Option<&str>, lang: Lang) -> String {
    match (name, lang) {
        (None, _) => what.to_owned(),
        (Some(name), Lang::Zh) => format!("{what}（{name}）"),
        (Some(name), Lang::En) => format!("{what} ({name})"),
    }
}

/// Whether the reason rests on what is published for the day's year.
const fn asks_calendar(why: &Why) -> bool {
    matches!(why, Why::Kind(_) | Why::Rolls(_) | Why::RolledTo(_))
}

fn unpublished(day: NaiveDate, lang: Lang) -> String {
    let year = day.year();
    match lang {
        Lang::Zh => format!("（{year}年日历尚未公布，暂按普通双休日）"),
        Lang::En => format!(" (no calendar published for {year}: plain weekend)"),
    }
}

const fn kind_words(kind: DayKind) -> Text {
    match kind {
        DayKind::Working => Text { en: "working day", zh: "工作日" },
        DayKind::Weekend => Text { en: "weekend", zh: "双休日" },
        DayKind::PublicHoliday => Text { en: "public holiday", zh: "法定节假日" },
        DayKind::MakeupWorkday => Text { en: "make-up working day", zh: "调休上班" },
    }
}

/// The words of a pause; one no text is known for speaks for itself.
fn pause_words(reason: &str, lang: Lang) -> &str {
    let text = match reason {
        "hearing" => Text { en: "hearing", zh: "听证" },
        "petitioner_deceased" => Text { en: "the petitioner has died", zh: "信访人去世" },
        _ => return reason,
    };
    lang.of(text)
}

fn weekday(day: NaiveDate) -> Text {
    match day.weekday() {
        Weekday::Mon => Text { en: "Monday", zh: "星期一" },
        Weekday::Tue => Text { en: "Tuesday", zh: "星期二" },
        Weekday::Wed => Text { en: "Wednesday", zh: "星期三" },
        Weekday::Thu => Text { en: "Thursday", zh: "星期四" },
        Weekday::Fri => Text { en: "Friday", zh: "星期五" },
        Weekday::Sat => Text { en: "Saturday", zh: "星期六" },
        Weekday::Sun => Text { en: "Sunday", zh: "星期日" },
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::calendar::{Calendar, CalendarDocument};
    use crate::deadline::rules::{Limit, Pause, Term, ledger};

    fn calendar() -> Calendar {
        let document: CalendarDocument = serde_json::from_str(
            r#"{"years": {"2026": {"source": "国办发明电〔2025〕7号", "days": [
                {"date": "2026-06-19", "kind": "public_holiday", "name": "端午节"},
                {"date": "2026-09-20", "kind": "makeup_workday", "name": "国庆节"}]}}}"#,
        )
        .unwrap();
        Calendar::of(&document)
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// The count from a day on, in words.
    fn words(start: &str, limit: Limit, roll: bool, pauses: &[Pause], lang: Lang) -> Vec<String> {
        let start = day(start).and_hms_opt(2, 0, 0).unwrap().and_utc();
        let term = Term { start, limit, roll, pauses, warnings: &[] };
        let days = ledger(&term, &calendar(), chrono_tz::Asia::Shanghai);
        in_words(&days, lang).into_iter().map(|day| day.why).collect()
    }

    #[test]
    fn working_days() {
        assert_eq!(
            words("2026-09-18", Limit::WorkingDays(1), false, &[], Lang::Zh),
            ["2026-09-18 星期五，事件发生当日：不计入", "2026-09-19 星期六，双休日：不计入", "2026-09-20 星期日，调休上班（国庆节）：计入",]
        );
        assert_eq!(
            words("2026-09-18", Limit::WorkingDays(2), false, &[], Lang::En),
            [
                "2026-09-18 Friday, day of the event: not counted",
                "2026-09-19 Saturday, weekend: not counted",
                "2026-09-20 Sunday, make-up working day (国庆节): counts",
                "2026-09-21 Monday, working day: counts",
            ]
        );
    }

    #[test]
    fn a_last_day_moves_on() {
        assert_eq!(
            words("2026-06-18", Limit::Days(1), true, &[], Lang::En),
            [
                "2026-06-18 Thursday, day of the event: not counted",
                "2026-06-19 Friday, the last day is a public holiday (端午节): it moves on",
                "2026-06-20 Saturday, weekend: it moves on further",
                "2026-06-21 Sunday, weekend: it moves on further",
                "2026-06-22 Monday, working day: the last day after moving on",
            ]
        );
        assert_eq!(
            words("2026-06-18", Limit::Days(1), true, &[], Lang::Zh).last().map(String::as_str),
            Some("2026-06-22 星期一，工作日：顺延后的最后一日")
        );
        // a right whose last day is worked says so; a duty asks nobody
        assert_eq!(words("2026-09-19", Limit::Days(1), true, &[], Lang::Zh).last().unwrap(), "2026-09-20 星期日，调休上班（国庆节）：计入");
        assert_eq!(words("2026-06-18", Limit::Days(1), false, &[], Lang::Zh).last().unwrap(), "2026-06-19 星期五，自然日：计入");
    }

    #[test]
    fn pauses_and_years_to_come() {
        let pause = |reason: &str| Pause { from: day("2026-12-31"), until: Some(day("2026-12-31")), reason: reason.to_owned() };
        assert_eq!(
            words("2026-12-30", Limit::Days(1), true, &[pause("hearing")], Lang::En),
            [
                "2026-12-30 Wednesday, day of the event: not counted",
                "2026-12-31 Thursday, paused (hearing): not counted",
                "2027-01-01 Friday, working day: counts (no calendar published for 2027: plain weekend)",
            ]
        );
        assert_eq!(
            words("2026-12-30", Limit::WorkingDays(1), false, &[pause("petitioner_deceased")], Lang::Zh)[1..],
            ["2026-12-31 星期四，暂停计算（信访人去世）：不计入", "2027-01-01 星期五，工作日：计入（2027年日历尚未公布，暂按普通双休日）"]
        );
        assert_eq!(
            words("2026-12-30", Limit::Days(1), false, &[pause("strike")], Lang::En)[1..],
            ["2026-12-31 Thursday, paused (strike): not counted", "2027-01-01 Friday, calendar day: counts"]
        );
    }
}
