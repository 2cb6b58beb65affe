//! A limit and its outcome in one sentence.

use crate::deadline::Clock;
use crate::deadline::model::LimitUnit;
use crate::platform::clock::office_day;
use crate::platform::web::Lang;
use chrono_tz::Tz;

/// From when on, how long, until when.
pub fn sentence(clock: &Clock, zone: Tz, lang: Lang) -> String {
    let (from, last) = (office_day(clock.started_at.0, zone), clock.due_on);
    let (amount, more) = (clock.limit_amount, clock.extended_days);
    let minute = |at: chrono::DateTime<chrono::Utc>| at.with_timezone(&zone).format("%Y-%m-%d %H:%M");
    let (began, ends) = (minute(clock.started_at.0), minute(clock.due_at.0));
    match (clock.limit_unit, lang) {
        (LimitUnit::Hour, Lang::Zh) => format!("自{began}起{amount}小时：至{ends}止。"),
        (LimitUnit::Hour, Lang::En) => format!("{amount} hours from {began}: until {ends}."),
        (LimitUnit::Date, Lang::Zh) => format!("最后一日由人指定：{last}。"),
        (LimitUnit::Date, Lang::En) => format!("The last day was set by a person: {last}."),
        (unit, Lang::Zh) => {
            let days = if unit == LimitUnit::Working { "个工作日" } else { "个自然日" };
            let more = if more > 0 { format!("，延长{more}日") } else { String::new() };
            format!("自{from}起{amount}{days}{more}，当日不计：最后一日为{last}。")
        }
        (unit, Lang::En) => {
            let days = if unit == LimitUnit::Working { "working days" } else { "calendar days" };
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            format!("{amount} {days}{more} from {from}, that day not counted: the last day is {last}.")
        }
    }
}
