//! The usual words of notices, in Chinese and in English: at most three plain sentences. An opinion has the words of who gave it.

use super::model::NoticeKind;
use crate::platform::error::Text;
use chrono::{NaiveDate, NaiveDateTime};

/// What a notice says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// In Chinese, or as somebody wrote them.
    pub zh: String,
    /// In English, where they are the usual ones.
    pub en: Option<String>,
}

impl Words {
    /// Somebody's own words.
    pub const fn own(text: String) -> Self {
        Self { zh: text, en: None }
    }

    const fn both(zh: String, en: String) -> Self {
        Self { zh, en: Some(en) }
    }
}

/// What a paper of this kind is called.
pub const fn title(kind: NoticeKind) -> Text {
    match kind {
        NoticeKind::Receipt => Text { zh: "信访事项收件告知书", en: "Notice of receipt" },
        NoticeKind::Acceptance => Text { zh: "信访事项受理告知书", en: "Notice of acceptance" },
        NoticeKind::Transfer => Text { zh: "信访事项转送告知书", en: "Notice of transfer" },
        NoticeKind::Direction => Text { zh: "信访事项不予受理告知书", en: "Notice of direction to another organ" },
        NoticeKind::Diversion => Text { zh: "信访事项分类处理告知书", en: "Notice of another legal procedure" },
        NoticeKind::Extension => Text { zh: "延长办理期限告知书", en: "Notice of extension" },
        NoticeKind::Answer => Text { zh: "当场答复记录", en: "Answer on the spot" },
        NoticeKind::Withdrawal => Text { zh: "信访事项撤回告知书", en: "Notice of withdrawal" },
        NoticeKind::Opinion => Text { zh: "信访处理意见书", en: "Opinion on your petition" },
        NoticeKind::Reply => Text { zh: "信访事项答复书", en: "Reply to your suggestion" },
        NoticeKind::ReviewReceipt => Text { zh: "复查复核申请收件告知书", en: "Notice of receipt of a request for review" },
        NoticeKind::Review => Text { zh: "信访复查复核意见书", en: "Opinion of the review" },
        NoticeKind::Revocation => Text { zh: "信访复查复核意见书（撤销原意见）", en: "Opinion of the review: revoked" },
        NoticeKind::NoLongerAccepted => {
            Text { zh: "信访事项不再受理告知书", en: "Notice that the matter is not accepted again" }
        }
        NoticeKind::Hearing => Text { zh: "信访事项听证通知书", en: "Notice of a hearing" },
        NoticeKind::Agreement => Text { zh: "信访事项调解协议书", en: "Agreement after mediation" },
        NoticeKind::Closing => Text { zh: "信访事项办结告知书", en: "Closing notice" },
        NoticeKind::Supervision => Text { zh: "信访事项督办函", en: "Letter of supervision" },
    }
}

/// The articles of the Regulation on Petitions (信访工作条例) a paper of this kind rests on.
pub const fn articles(kind: NoticeKind) -> Option<Text> {
    match kind {
        NoticeKind::Receipt | NoticeKind::Acceptance => {
            Some(Text { zh: "《信访工作条例》第二十三条", en: "Regulation on Petitions, Art. 23" })
        }
        NoticeKind::Transfer | NoticeKind::Direction => {
            Some(Text { zh: "《信访工作条例》第二十二条", en: "Regulation on Petitions, Art. 22" })
        }
        NoticeKind::Diversion => Some(Text { zh: "《信访工作条例》第三十一条", en: "Regulation on Petitions, Art. 31" }),
        NoticeKind::Extension => Some(Text { zh: "《信访工作条例》第三十四条", en: "Regulation on Petitions, Art. 34" }),
        NoticeKind::Opinion => Some(Text { zh: "《信访工作条例》第三十二条", en: "Regulation on Petitions, Art. 32" }),
        NoticeKind::Reply => Some(Text { zh: "《信访工作条例》第二十九条", en: "Regulation on Petitions, Art. 29" }),
        NoticeKind::ReviewReceipt | NoticeKind::Review | NoticeKind::Revocation => {
            Some(Text { zh: "《信访工作条例》第三十五条、第三十六条", en: "Regulation on Petitions, Art. 35 and 36" })
        }
        NoticeKind::NoLongerAccepted => {
            Some(Text { zh: "《信访工作条例》第三十六条", en: "Regulation on Petitions, Art. 36" })
        }
        NoticeKind::Hearing => {
            Some(Text { zh: "《信访工作条例》第三十一条、第三十六条", en: "Regulation on Petitions, Art. 31 and 36" })
        }
        NoticeKind::Agreement => Some(Text { zh: "《信访工作条例》第三十三条", en: "Regulation on Petitions, Art. 33" }),
        NoticeKind::Supervision => Some(Text { zh: "《信访工作条例》第四十条", en: "Regulation on Petitions, Art. 40" }),
        NoticeKind::Answer | NoticeKind::Withdrawal | NoticeKind::Closing => None,
    }
}

/// The usual words for a petition with this number; `unit` is the unit that handles it or is told of.
pub fn usual(kind: NoticeKind, number: &str, unit: &str) -> Words {
    let (zh, en) = match kind {
        NoticeKind::Receipt => (
            format!("您的信访件已收到，编号{number}。我们会在规定期限内告诉您由哪个单位办理。"),
            format!("We have received your petition {number}. We will tell you within the time allowed which unit deals with it."),
        ),
        NoticeKind::Acceptance => (
            format!("您的信访件（编号{number}）已由{unit}受理。办理结果会书面告诉您。"),
            format!("Your petition {number} has been accepted by {unit}. You will be told the outcome in writing."),
        ),
        NoticeKind::Transfer => (
            format!("您的信访件（编号{number}）已转送{unit}。该单位会在收到之日起15日内告诉您是否受理。"),
            format!("Your petition {number} has been handed to {unit}. That unit will tell you within 15 days whether it accepts it."),
        ),
        NoticeKind::Direction => (
            format!("您反映的事项（编号{number}）不属于本单位职责。请按照我们告知的途径提出。"),
            format!("Your matter {number} is not within our competence. Please bring it to the office we have named to you."),
        ),
        NoticeKind::Diversion => (
            format!("您反映的事项（编号{number}）应当通过其他法定途径办理。我们已告知您具体途径。"),
            format!("Your matter {number} belongs to another legal procedure. We have told you which."),
        ),
        NoticeKind::Extension => {
            (format!("您的信访件（编号{number}）需要延长办理期限。"), format!("Dealing with your petition {number} takes longer."))
        }
        NoticeKind::Answer => {
            (format!("您反映的事项（编号{number}）已当场答复。"), format!("Your matter {number} has been answered on the spot."))
        }
        NoticeKind::Withdrawal => {
            (format!("您已撤回信访件（编号{number}），办理到此结束。"), format!("You have withdrawn your petition {number}. It is closed."))
        }
        NoticeKind::Opinion => {
            (format!("您的信访件（编号{number}）已有处理意见。"), format!("There is an opinion on your petition {number}."))
        }
        NoticeKind::Reply => (format!("您的建议（编号{number}）已有答复。"), format!("There is a reply to your suggestion {number}.")),
        NoticeKind::ReviewReceipt => (
            format!("您对信访件（编号{number}）答复意见的复查复核申请已收到，由{unit}办理。"),
            format!("We have received your request for a review of petition {number}. It is with {unit}."),
        ),
        NoticeKind::Review => {
            (format!("您的信访件（编号{number}）已有复查复核意见。"), format!("There is an opinion on the review of petition {number}."))
        }
        NoticeKind::Revocation => (
            format!("您的信访件（编号{number}）原处理意见已撤销，将重新办理。"),
            format!("The opinion on petition {number} is revoked; it will be handled anew."),
        ),
        NoticeKind::NoLongerAccepted => (
            format!("您的信访件（编号{number}）反映的事项已经复核终结。按照规定，同一事项不再受理。"),
            format!("The matter of your petition {number} is at its end after the second review. The same matter is not accepted again."),
        ),
        NoticeKind::Hearing => {
            (format!("您的信访件（编号{number}）将举行听证。"), format!("There is a hearing on your petition {number}."))
        }
        NoticeKind::Agreement => {
            (format!("您的信访件（编号{number}）经调解达成协议。"), format!("An agreement was reached on your petition {number}."))
        }
        NoticeKind::Closing => (format!("您的信访件（编号{number}）已办结。"), format!("Your petition {number} is closed.")),
        NoticeKind::Supervision => (
            format!("现对信访件（编号{number}）予以督办。请{unit}按期书面答复办理情况。"),
            format!("Petition {number} is under supervision. {unit} is asked to answer in writing in time."),
        ),
    };
    Words::both(zh, en)
}

/// The usual words of an extension: by how many days, until which day, and why.
pub fn extension(number: &str, days: i32, until: NaiveDate, reason: &str) -> Words {
    let reason = reason.trim().trim_end_matches(['。', '.']);
    let (zh, en) = (until.format("%Y年%-m月%-d日"), until.format("%-d %B %Y"));
    Words::both(
        format!("您的信访件（编号{number}）办理期限延长{days}日，最迟{zh}答复您。延期理由：{reason}。"),
        format!("The limit for your petition {number} is {days} days longer: you will be answered by {en}. The reason: {reason}."),
    )
}

/// The words of a letter of supervision: to which unit, why, and by which day it answers.
pub fn supervision(number: &str, unit: &str, reason: &str, until: NaiveDate) -> Words {
    let reason = reason.trim().trim_end_matches(['。', '.']);
    let (zh, en) = (until.format("%Y年%-m月%-d日"), until.format("%-d %B %Y"));
    Words::both(
        format!("{unit}：现对信访件（编号{number}）予以督办。督办事由：{reason}。请最迟{zh}书面答复办理情况。"),
        format!("To {unit}: petition {number} is under supervision. The reason: {reason}. Please answer in writing by {en}."),
    )
}

/// The usual words of a closing because the same matter is handled under another number.
pub fn joined(number: &str, open: &str) -> Words {
    Words::both(
        format!("您的信访件（编号{number}）与正在办理的信访件（编号{open}）反映的是同一事项。两件合并办理，结果按编号{open}告诉您。"),
        format!("Your petition {number} is about the same matter as {open}, which is under way. You will be answered under {open}."),
    )
}

/// The usual words of a closing because the procedure of the matter is at its end.
pub fn no_longer_accepted(number: &str, terminated: &str) -> Words {
    Words::both(
        format!("您的信访件（编号{number}）反映的事项已经复核终结（编号{terminated}）。按照规定，同一事项不再受理。"),
        format!("The matter of your petition {number} is at its end ({terminated}). The same matter is not accepted again."),
    )
}

/// The usual words of a hearing: on what, when by the office's clock, and where, as far as that is known.
pub fn hearing(number: &str, topic: &str, held_at: Option<NaiveDateTime>, place: Option<&str>) -> Words {
    let topic = topic.trim().trim_end_matches(['。', '.']);
    let (mut zh, mut en) = (Vec::new(), Vec::new());
    if let Some(at) = held_at {
        zh.push(format!("时间：{}", at.format("%Y年%-m月%-d日%H时%M分")));
        en.push(format!("on {}", at.format("%-d %B %Y at %H:%M")));
    }
    if let Some(place) = place {
        zh.push(format!("地点：{place}"));
        en.push(format!("at {place}"));
    }
    let zh = if zh.is_empty() { "时间、地点另行告知".to_owned() } else { zh.join("，") };
    let en = if en.is_empty() { "You will be told when and where".to_owned() } else { format!("It is held {}", en.join(", ")) };
    Words::both(
        format!("您的信访件（编号{number}）将就以下事项举行听证：{topic}。{zh}。"),
        format!("There is a hearing on your petition {number} about: {topic}. {en}."),
    )
}

/// The words of an agreement, as the sides came to it.
pub fn agreement(number: &str, agreed: &str, execution_due: Option<NaiveDate>) -> Words {
    let zh = execution_due.map_or_else(String::new, |due| format!("\n履行期限：{}", due.format("%Y年%-m月%-d日")));
    let en = execution_due.map_or_else(String::new, |due| format!("\nTo be carried out by {}", due.format("%-d %B %Y")));
    Words::both(
        format!("信访件（编号{number}）经调解，双方达成协议：\n{agreed}{zh}"),
        format!("After mediation on petition {number} the sides agreed:\n{agreed}{en}"),
    )
}

/// What an opinion or a reply says on paper, in the words of who gave it.
#[derive(Debug, Clone, Copy)]
pub struct Answer<'a> {
    /// What was found.
    pub facts: Option<&'a str>,
    /// The opinion.
    pub opinion: &'a str,
    /// What it rests on.
    pub legal_basis: Option<&'a str>,
    /// The day by which it is carried out.
    pub execution_due: Option<NaiveDate>,
    /// What the petitioner may do about it.
    pub then: Then,
}

/// What may follow an answer.
#[derive(Debug, Clone, Copy)]
pub enum Then {
    /// Nothing.
    Nothing,
    /// A review may be asked for within so many days, where the profile limits them.
    Review(Option<u32>),
    /// A re-review may be.
    Rereview(Option<u32>),
    /// It is handled anew.
    HandledAnew,
    /// The procedure is at its end (Art. 36).
    Terminated,
}

/// The words of an opinion or a reply, a paragraph each.
pub fn answer(given: &Answer<'_>) -> Words {
    let (mut zh, mut en) = (Vec::new(), Vec::new());
    let mut say = |chinese: String, english: String| {
        zh.push(chinese);
        en.push(english);
    };
    if let Some(facts) = given.facts {
        say(format!("经查：{facts}"), format!("What was found: {facts}"));
    }
    say(format!("处理意见：{}", given.opinion), format!("Opinion: {}", given.opinion));
    if let Some(basis) = given.legal_basis {
        say(format!("依据：{basis}"), format!("It rests on: {basis}"));
    }
    if let Some(due) = given.execution_due {
        say(format!("落实期限：{}", due.format("%Y年%-m月%-d日")), format!("To be carried out by {}", due.format("%-d %B %Y")));
    }
    let within = |days: Option<u32>| {
        let zh = days.map_or_else(String::new, |days| format!("自收到之日起{days}日内"));
        (zh, days.map_or_else(String::new, |days| format!(" within {days} days of receiving this")))
    };
    match given.then {
        Then::Nothing => {}
        Then::Review(days) => {
            let (zh, en) = within(days);
            say(
                format!("如不服本意见，可{zh}请求上一级机关、单位复查。"),
                format!("If you do not agree, you may ask the next higher office for a review{en}."),
            );
        }
        Then::Rereview(days) => {
            let (zh, en) = within(days);
            say(
                format!("如不服本意见，可{zh}请求上一级机关、单位复核。"),
                format!("If you do not agree, you may ask the next higher office for a second review{en}."),
            );
        }
        Then::HandledAnew => say(
            "原处理意见撤销，由原办理单位另行指定人员重新办理。".to_owned(),
            "The earlier opinion is revoked; somebody else handles the matter anew.".to_owned(),
        ),
        Then::Terminated => say(
            "本意见为信访事项终结意见，同一事项不再受理。".to_owned(),
            "This is the final answer; the same matter is not accepted again.".to_owned(),
        ),
    }
    Words::both(zh.join("\n"), en.join("\n"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn every_text_names_the_number_in_at_most_three_sentences() {
        for kind in NoticeKind::ALL {
            let words = usual(*kind, "XF-1", "医疗保险科");
            let (zh, en) = (words.zh, words.en.unwrap());
            assert!(zh.contains("XF-1") && (1..=3).contains(&zh.matches('。').count()), "{zh}");
            assert!(en.contains("XF-1") && (1..=3).contains(&en.matches('.').count()), "{en}");
        }
    }

    #[test]
    fn an_answer_says_what_there_is_and_who_may_contest_it() {
        let full = Answer {
            facts: Some("已查"),
            opinion: "支持",
            legal_basis: Some("第二十八条"),
            execution_due: NaiveDate::from_ymd_opt(2026, 7, 5),
            then: Then::Review(Some(30)),
        };
        let zh = answer(&full).zh;
        assert!(
            ["经查：已查", "处理意见：支持", "依据：第二十八条", "2026年7月5日", "30日内"].iter().all(|part| zh.contains(part)),
            "{zh}"
        );
        let bare = Answer { facts: None, legal_basis: None, execution_due: None, then: Then::Nothing, ..full };
        assert_eq!(answer(&bare).zh, "处理意见：支持");
    }
}
