//! What a request about a supervision means, and in what words a unit is asked.

use super::model::{SupervisionStatus, UpdateSupervision};
use crate::petition::Act;

/// The one act that is meant; none where a request says nothing, or more than one thing.
pub fn meant(input: &UpdateSupervision) -> Option<Act> {
    let bare = input.due_on.is_none();
    match (input.status, &input.answer) {
        (Some(SupervisionStatus::Open), None) => Some(Act::ConfirmSupervision),
        (Some(SupervisionStatus::Dismissed), None) if bare => Some(Act::DismissSupervision),
        (Some(SupervisionStatus::Lifted), None) if bare => Some(Act::LiftSupervision),
        (None, Some(_)) if bare && input.reason.is_none() => Some(Act::AnswerSupervision),
        _ => None,
    }
}

/// Why, in the letter of a supervision that the product proposed.
pub fn words(reason: &str) -> &'static str {
    match reason {
        "not_closed_in_time" => "未在规定期限内办结",
        "result_not_fed_back" => "未按规定反馈办理结果",
        "opinion_not_executed" => "处理意见未落实",
        "supervision_not_answered" => "未按期答复督办",
        "shifting" => "多次退回，存在推诿",
        _ => "未按规定程序办理",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_means_one_thing() {
        let nothing = UpdateSupervision { status: None, due_on: None, reason: None, answer: None };
        let status = |status| UpdateSupervision { status: Some(status), ..nothing.clone() };
        let said = || Some("已办结".to_owned());
        assert_eq!(meant(&nothing), None);
        assert_eq!(meant(&status(SupervisionStatus::Open)), Some(Act::ConfirmSupervision));
        assert_eq!(meant(&status(SupervisionStatus::Dismissed)), Some(Act::DismissSupervision));
        assert_eq!(meant(&status(SupervisionStatus::Lifted)), Some(Act::LiftSupervision));
        assert_eq!(meant(&UpdateSupervision { answer: said(), ..nothing.clone() }), Some(Act::AnswerSupervision));
        assert_eq!(meant(&UpdateSupervision { answer: said(), reason: said(), ..nothing.clone() }), None);
        assert_eq!(meant(&UpdateSupervision { answer: said(), ..status(SupervisionStatus::Lifted) }), None);
    }
}
