//! The sentences of a petition's status: at most three, in everyday words, Chinese first.
//!
//! They name no unit, no person and no accusation, because whoever stands beside the petitioner may read them too.

use crate::petition::{ClosureReason, Kind, Stage};
use crate::platform::error::Text;

/// What stands between two sentences.
pub const BETWEEN: Text = Text { zh: "", en: " " };

/// Where a petition stands, in a word.
pub const fn stage_text(stage: Stage) -> Text {
    match stage {
        Stage::Registered => Text { zh: "已登记", en: "Registered" },
        Stage::Referred => Text { zh: "已转交", en: "Passed on" },
        Stage::Handling => Text { zh: "办理中", en: "In hand" },
        Stage::Decided => Text { zh: "已答复，待送达", en: "Answered, on its way" },
        Stage::Delivered => Text { zh: "已送达", en: "Delivered" },
        Stage::UnderReview => Text { zh: "复查中", en: "Under review" },
        Stage::Closed => Text { zh: "已办结", en: "Finished" },
    }
}

/// What the petitioner is told about where the petition stands; a closed one without a reason is simply over.
pub fn status(stage: Stage, closed: Option<ClosureReason>, kind: Kind) -> &'static [Text] {
    match stage {
        Stage::Registered => &[Text { zh: "您的来信来访已经登记。", en: "Your petition has been registered." }],
        Stage::Referred => {
            &[Text { zh: "您反映的事项已经交给负责的单位。", en: "Your matter has been passed to the unit responsible." }]
        }
        Stage::Handling => handling(kind),
        Stage::Decided => &[
            Text { zh: "负责的单位已经作出答复。", en: "The unit responsible has reached an answer." },
            Text { zh: "书面答复正在送给您。", en: "It is on its way to you in writing." },
        ],
        Stage::Delivered => &[Text { zh: "书面答复已经送达。", en: "The written answer has been delivered." }],
        Stage::UnderReview => &[
            Text {
                zh: "您对答复有不同意见，我们已经收到。", en: "You disagreed with the answer, and we have received that."
            },
            Text { zh: "上级单位正在重新审查。", en: "A higher unit is looking at the matter again." },
        ],
        Stage::Closed => closed.map_or(OVER, over),
    }
}

/// Instead, while the family is asked whether anybody goes on: whoever holds the code is not told of a death. What they are told, and what
/// comes next.
pub const WITH_FAMILY: (Text, Text) = (
    Text { zh: "我们正在与家属联系，商量是否继续办理。", en: "We are in touch with the family about whether to go on." },
    Text {
        zh: "商量好以后，我们会告诉家属接下来怎么办。", en: "Once that is settled, we will tell the family what comes next."
    },
);

/// What comes next; `None` when nothing does.
pub fn next_step(stage: Stage, kind: Kind) -> Option<Text> {
    Some(match stage {
        Stage::Registered => {
            Text { zh: "我们会告诉您由哪个单位办理。", en: "We will tell you which unit will deal with it." }
        }
        Stage::Referred if kind == Kind::Claim => {
            Text { zh: "负责的单位会告诉您是否受理。", en: "The unit will tell you whether it takes the matter on." }
        }
        Stage::Referred | Stage::Handling => {
            Text { zh: "办完后会给您答复。", en: "You will get an answer when the work is done." }
        }
        Stage::Decided => Text { zh: "请留意送达的书面答复。", en: "Please watch for the written answer." },
        Stage::Delivered => {
            Text { zh: "如有疑问，请向接待窗口询问。", en: "If anything is unclear, please ask at the reception desk." }
        }
        Stage::UnderReview => Text { zh: "审查结束后会书面告诉您结果。", en: "You will be told the result in writing." },
        Stage::Closed => return None,
    })
}

const OVER: &[Text] = &[Text { zh: "您反映的事项已经办完。", en: "Your matter is finished." }];

fn handling(kind: Kind) -> &'static [Text] {
    match kind {
        Kind::Suggestion => {
            &[Text { zh: "负责的单位正在研究您的意见。", en: "The unit responsible is studying what you proposed." }]
        }
        Kind::Claim | Kind::Accusation => {
            &[Text { zh: "负责的单位正在办理您反映的事项。", en: "The unit responsible is working on your matter." }]
        }
    }
}

fn over(reason: ClosureReason) -> &'static [Text] {
    match reason {
        ClosureReason::Final => OVER,
        ClosureReason::Terminated => &[
            Text { zh: "您反映的事项已经全部审查完毕。", en: "Your matter has been examined to the end." },
            Text { zh: "最后的答复已经书面告诉您。", en: "The last answer was given to you in writing." },
        ],
        ClosureReason::Mediated => {
            &[Text { zh: "双方已经谈妥，事项办完了。", en: "An agreement was reached and the matter is finished." }]
        }
        ClosureReason::Withdrawn => {
            &[Text { zh: "按照您的意愿，事项已经撤回。", en: "The petition was withdrawn as you wished." }]
        }
        ClosureReason::AnsweredOnTheSpot => {
            &[Text { zh: "您的问题已经当场答复。", en: "Your question was answered on the spot." }]
        }
        ClosureReason::DirectedElsewhere => &[
            Text { zh: "这件事由别的部门负责。", en: "Another authority is responsible for this matter." },
            Text { zh: "我们已经告诉您应当找哪里。", en: "We have told you where to turn." },
        ],
        ClosureReason::NoLongerAccepted => &[
            Text { zh: "同一件事以前已经审查完毕。", en: "The same matter was examined to the end before." },
            Text { zh: "因此这次不再重新办理。", en: "It is therefore not taken up again." },
        ],
        ClosureReason::Linked => &[
            Text { zh: "这件事与您先前反映的是同一件事。", en: "This is the same matter as one raised before." },
            Text { zh: "我们把它们合在一起办理。", en: "We deal with the two together." },
        ],
        ClosureReason::Diverted => &[
            Text {
                zh: "这件事要按另外的法定程序办理。", en: "This matter is dealt with under another procedure of the law."
            },
            Text { zh: "我们已经告诉您怎样办理。", en: "We have told you how to go about it." },
        ],
        ClosureReason::DeceasedWithoutSuccessor => &[Text {
            zh: "没有家属继续反映，事项已经结束。",
            en: "Nobody in the family carries it on, so the matter has ended.",
        }],
        // never read: a voided petition is as unknown to the public as one that never was
        ClosureReason::Voided => OVER,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn plain(text: Text) {
        assert!(text.zh.ends_with('。') && text.zh.matches('。').count() == 1, "{}", text.zh);
        assert!(text.en.ends_with('.') && text.en.matches('.').count() == 1, "{}", text.en);
        assert!(text.zh.chars().all(|c| !c.is_ascii()), "{}", text.zh);
        assert!(!text.en.contains(['_', '/', '{']), "{}", text.en);
    }

    #[test]
    fn every_standing_has_one_to_three_plain_sentences() {
        for &kind in Kind::ALL {
            for &stage in Stage::ALL {
                let reasons = ClosureReason::ALL.iter().map(|r| Some(*r)).chain([None]);
                for reason in reasons {
                    let told = status(stage, reason, kind);
                    assert!((1..=3).contains(&told.len()), "{stage:?} {reason:?} {kind:?}");
                    told.iter().copied().for_each(plain);
                }
                next_step(stage, kind).into_iter().chain([WITH_FAMILY.0, WITH_FAMILY.1]).for_each(plain);
            }
        }
    }

    #[test]
    fn an_accusation_is_spoken_of_like_any_matter() {
        for &stage in Stage::ALL {
            assert_eq!(status(stage, None, Kind::Accusation).len(), status(stage, None, Kind::Claim).len());
            for text in status(stage, None, Kind::Accusation) {
                assert!(!text.zh.contains("检举") && !text.zh.contains("控告") && !text.en.contains("accus"), "{}", text.zh);
            }
        }
    }
}
