//! The kinds of clocks, and what the procedure fixes of each; how long they are is the profile's.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

crate::text_enum! {
    /// What is due.
    pub enum ClockKind {
        /// The petitioner is told that it has arrived and who handles it (Art. 23).
        TriageNotice = "triage_notice",
        /// A petition back at the desk gets an owner again.
        Disposition = "disposition",
        /// The unit it was referred to tells the petitioner (Art. 23).
        UnitNotice = "unit_notice",
        /// The unit may say that it is not its own.
        Objection = "objection",
        /// The sender decides on that.
        ObjectionDecision = "objection_decision",
        /// The opinion on a claim (Art. 34).
        Handling = "handling",
        /// The reply to a suggestion.
        SuggestionReply = "suggestion_reply",
        /// The report back on an assignment.
        AssignedReport = "assigned_report",
        /// The answer of an assisting unit.
        AssistingAnswer = "assisting_answer",
        /// Acceptance in the simplified procedure.
        SimplifiedAcceptance = "simplified_acceptance",
        /// The answer in the simplified procedure.
        SimplifiedAnswer = "simplified_answer",
        /// The answer reaches the petitioner.
        Delivery = "delivery",
        /// The petitioner may ask for a review (Art. 35).
        ReviewWindow = "review_window",
        /// The petitioner may ask for a re-review (Art. 36).
        RereviewWindow = "rereview_window",
        /// The review (Art. 35).
        Review = "review",
        /// The re-review (Art. 36).
        Rereview = "rereview",
        /// The petitioner may say what they think of it.
        EvaluationWindow = "evaluation_window",
        /// What the opinion promises is carried out.
        Execution = "execution",
        /// The supervised unit answers.
        SupervisionAnswer = "supervision_answer",
        /// What can't wait is reported (Art. 25).
        UrgentReport = "urgent_report",
        /// The heirs are asked whether they go on.
        HeirsInquiry = "heirs_inquiry",
        /// A visit that is owed.
        VisitTask = "visit_task",
    }
}

/// Whose it is, and so what its end means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// The office's duty: it is breached.
    Duty,
    /// The petitioner's right: it lapses.
    Right,
    /// An offer to the office: it lapses, and nobody is at fault.
    Offer,
}

/// Whether it may outlive the petition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Life {
    /// It ends with the petition.
    Proc,
    /// It may go on after closing.
    After,
}

/// What the procedure fixes of a kind.
#[derive(Debug, Clone, Copy)]
pub struct Fixed {
    /// Whose it is.
    pub class: Class,
    /// Whether it outlives the petition.
    pub life: Life,
    /// What starts it.
    pub start: &'static str,
    /// The acts that fulfil it; closings are a matter of their own.
    pub stops: &'static [&'static str],
    /// What may stop the count.
    pub pauses: &'static [&'static str],
    /// Whether its last day may be set by a person.
    pub settable: bool,
}

const DEATH: &[&str] = &["petitioner_deceased"];

impl ClockKind {
    /// What the procedure fixes of it.
    pub const fn fixed(self) -> Fixed {
        use Class::{Duty, Offer, Right};
        use Life::{After, Proc};
        const fn row(class: Class, life: Life, start: &'static str, stops: &'static [&'static str]) -> Fixed {
            Fixed { class, life, start, stops, pauses: &[], settable: false }
        }
        match self {
            Self::TriageNotice => row(Duty, Proc, "received", &["give_notice", "refer", "assign", "accept"]),
            Self::Disposition => row(Duty, Proc, "back_at_desk", &["refer", "assign", "accept"]),
            Self::UnitNotice => row(Duty, Proc, "referred", &["accept"]),
            Self::Objection => row(Offer, Proc, "referred", &["object", "accept"]),
            Self::ObjectionDecision => row(Duty, Proc, "objected", &["decide_objection", "accept"]),
            Self::Handling => row(Duty, Proc, "accepted", &["issue_opinion"]),
            Self::SuggestionReply => row(Duty, Proc, "accepted", &["issue_opinion"]),
            Self::AssignedReport => Fixed { settable: true, ..row(Duty, After, "referred", &["submit_report"]) },
            Self::AssistingAnswer => Fixed { settable: true, ..row(Duty, Proc, "asked", &["answer_assistance"]) },
            Self::SimplifiedAcceptance => row(Offer, Proc, "received", &["accept"]),
            Self::SimplifiedAnswer => row(Offer, Proc, "accepted", &["issue_opinion"]),
            Self::Delivery => Fixed { pauses: DEATH, ..row(Duty, Proc, "decided", &["deliver"]) },
            Self::ReviewWindow | Self::RereviewWindow => Fixed { pauses: DEATH, ..row(Right, Proc, "delivered", &["request_review"]) },
            Self::Review => row(Duty, Proc, "review_requested", &["decide_review"]),
            Self::Rereview => Fixed { pauses: &["hearing"], ..row(Duty, Proc, "review_requested", &["decide_review"]) },
            Self::EvaluationWindow => Fixed { pauses: DEATH, ..row(Right, After, "delivered", &["evaluate"]) },
            Self::Execution => Fixed { settable: true, ..row(Duty, After, "delivered", &["record_execution"]) },
            Self::SupervisionAnswer => Fixed { settable: true, ..row(Duty, After, "supervised", &["answer_supervision"]) },
            Self::UrgentReport => row(Duty, Proc, "urgent", &["record_urgent_report"]),
            Self::HeirsInquiry => row(Duty, Proc, "death_reported", &["answer_heirs"]),
            Self::VisitTask => row(Duty, After, "visit_due", &["record_visit"]),
        }
    }

    /// Whether it is a right whose end closes the petition, or an evaluation.
    pub const fn is_window(self) -> bool {
        matches!(self, Self::ReviewWindow | Self::RereviewWindow | Self::EvaluationWindow)
    }
}
