//! The usual words of notices, in Chinese: at most three plain sentences.

use super::model::NoticeKind;
use chrono::NaiveDate;

/// The usual words for a petition with this number; `unit` is the unit that handles it or is told of.
pub fn usual(kind: NoticeKind, number: &str, unit: &str) -> String {
    match kind {
        NoticeKind::Receipt => format!("您的信访件已收到，编号{number}。我们会在规定期限内告诉您由哪个单位办理。"),
        NoticeKind::Acceptance => format!("您的信访件（编号{number}）已由{unit}受理。办理结果会书面告诉您。"),
        NoticeKind::Transfer => format!("您的信访件（编号{number}）已转送{unit}。该单位会在收到之日起15日内告诉您是否受理。"),
        NoticeKind::Direction => format!("您反映的事项（编号{number}）不属于本单位职责。请按照我们告知的途径提出。"),
        NoticeKind::Diversion => format!("您反映的事项（编号{number}）应当通过其他法定途径办理。我们已告知您具体途径。"),
        NoticeKind::Extension => format!("您的信访件（编号{number}）需要延长办理期限。"),
        NoticeKind::Answer => format!("您反映的事项（编号{number}）已当场答复。"),
        NoticeKind::Withdrawal => format!("您已撤回信访件（编号{number}），办理到此结束。"),
        NoticeKind::Closing => format!("您的信访件（编号{number}）已办结。"),
        NoticeKind::Supervision => format!("现对信访件（编号{number}）予以督办。请{unit}按期书面答复办理情况。"),
    }
}

/// The usual words of an extension: by how many days, until which day, and why.
pub fn extension(number: &str, days: i32, until: NaiveDate, reason: &str) -> String {
    let reason = reason.trim().trim_end_matches(['。', '.']);
    format!("您的信访件（编号{number}）办理期限延长{days}日，最迟{}答复您。延期理由：{reason}。", until.format("%Y年%-m月%-d日"))
}

/// The words of a letter of supervision: to which unit, why, and until which day it answers.
pub fn supervision(number: &str, unit: &str, reason: &str, until: NaiveDate) -> String {
    let reason = reason.trim().trim_end_matches(['。', '.']);
    format!("{unit}：现对信访件（编号{number}）予以督办。督办事由：{reason}。请于{}前书面答复办理情况。", until.format("%Y年%-m月%-d日"))
}

/// The usual words of a closing because the same matter is handled under another number.
pub fn joined(number: &str, open: &str) -> String {
    format!("您的信访件（编号{number}）与正在办理的信访件（编号{open}）反映的是同一事项。两件合并办理，结果按编号{open}告诉您。")
}

/// The usual words of a closing because the procedure of the matter is at its end.
pub fn no_longer_accepted(number: &str, terminated: &str) -> String {
    format!("您的信访件（编号{number}）反映的事项已经复核终结（编号{terminated}）。按照规定，同一事项不再受理。")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_names_the_number_in_at_most_three_sentences() {
        for kind in NoticeKind::ALL {
            let text = usual(*kind, "XF-1", "医疗保险科");
            assert!(text.contains("XF-1") && (1..=3).contains(&text.matches('。').count()), "{text}");
        }
    }
}
