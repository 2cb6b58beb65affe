//! What becomes of an open clock when the petition, or a part of its course, ends: one table, pure.

use crate::deadline::{ClockKind, Life};
use crate::petition::ClosureReason;

/// What ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// The petition is closed, or withdrawn.
    Closed(ClosureReason),
    /// The unit's objection was upheld: the petition goes back.
    ObjectionUpheld,
    /// The referral was taken back.
    Recalled,
    /// The review revoked the opinion: it is handled anew.
    Revoked,
    /// The opinion is there: what was asked without need of it is needed no longer.
    OpinionIssued,
    /// The simplified procedure is over, the normal one goes on.
    FellBack,
    /// The answer is contested.
    Contested,
    /// The review was withdrawn: the answer under review stands.
    ReviewWithdrawn,
    /// It is no longer urgent.
    NoLongerUrgent,
    /// Nobody is left whose closed petition it was.
    Deceased,
}

impl Ending {
    /// Every one, for the documentation and the test.
    pub fn all() -> impl Iterator<Item = Self> {
        let others = [
            Self::ObjectionUpheld,
            Self::Recalled,
            Self::OpinionIssued,
            Self::Revoked,
            Self::FellBack,
            Self::Contested,
            Self::ReviewWithdrawn,
            Self::NoLongerUrgent,
            Self::Deceased,
        ];
        ClosureReason::ALL.iter().map(|reason| Self::Closed(*reason)).chain(others)
    }

    /// Its name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Closed(reason) => reason.as_str(),
            Self::ObjectionUpheld => "returned",
            Self::Recalled => "recalled",
            Self::OpinionIssued => "opinion_issued",
            Self::Revoked => "revoked",
            Self::FellBack => "fell_back",
            Self::Contested => "answer_contested",
            Self::ReviewWithdrawn => "review_withdrawn",
            Self::NoLongerUrgent => "no_longer_urgent",
            Self::Deceased => "deceased",
        }
    }
}

/// What becomes of a clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It goes on unchanged.
    GoesOn,
    /// What was owed is given with it.
    Met,
    /// It is no longer owed; a breach that happened stays one.
    Cancelled(&'static str),
    /// It was never theirs to owe: a breach that happened is none.
    Annulled(&'static str),
}

/// What becomes of an open clock of a kind.
pub fn fate(kind: ClockKind, ending: Ending) -> Fate {
    use ClockKind as K;
    let cause = ending.as_str();
    let of_referral = matches!(kind, K::UnitNotice | K::Objection | K::ObjectionDecision | K::AssignedReport);
    let simplified = matches!(kind, K::SimplifiedAcceptance | K::SimplifiedAnswer);
    match ending {
        Ending::Closed(reason) => closed(kind, reason),
        // Q3: a breach while its objection was pending is annulled
        Ending::ObjectionUpheld if of_referral => Fate::Annulled(cause),
        Ending::Recalled if of_referral || simplified || kind == K::AssistingAnswer => Fate::Cancelled(cause),
        Ending::OpinionIssued if kind == K::AssistingAnswer => Fate::Cancelled(cause),
        Ending::Revoked if kind == K::Execution => Fate::Cancelled(cause),
        Ending::FellBack if simplified => Fate::Cancelled(cause),
        Ending::Contested if kind == K::EvaluationWindow => Fate::Cancelled(cause),
        Ending::ReviewWithdrawn if kind.fixed().life == Life::Proc => Fate::Cancelled(cause),
        Ending::NoLongerUrgent if kind == K::UrgentReport => Fate::Cancelled(cause),
        Ending::Deceased if kind == K::EvaluationWindow => Fate::Cancelled(cause),
        _ => Fate::GoesOn,
    }
}

fn closed(kind: ClockKind, reason: ClosureReason) -> Fate {
    use ClockKind as K;
    use ClosureReason as R;
    let cause = reason.as_str();
    let told = matches!(reason, R::AnsweredOnTheSpot | R::DirectedElsewhere | R::NoLongerAccepted | R::Linked | R::Diverted);
    match (kind, reason) {
        (_, R::Voided) => Fate::Cancelled(cause),
        // the answer, direction or diversion is the notice that was owed
        (K::TriageNotice | K::Disposition | K::SimplifiedAcceptance, _) if told => Fate::Met,
        (K::UnitNotice, R::Diverted) => Fate::Met,
        (K::Handling | K::SuggestionReply | K::Delivery | K::Review | K::Rereview | K::SimplifiedAnswer, R::Mediated) => Fate::Met,
        (K::ReviewWindow | K::RereviewWindow, R::Mediated) => Fate::Cancelled("agreed"),
        (K::ReviewWindow | K::RereviewWindow, R::Final) => Fate::Cancelled("petitioner_agreed"),
        (K::Delivery, R::Final) => Fate::Cancelled("undeliverable"),
        (K::EvaluationWindow, R::DeceasedWithoutSuccessor) => Fate::Cancelled("deceased"),
        (K::AssignedReport, R::Withdrawn) => Fate::Cancelled(cause),
        (_, R::DeceasedWithoutSuccessor) if kind.fixed().life == Life::Proc => Fate::Cancelled("deceased"),
        _ if kind.fixed().life == Life::Proc => Fate::Cancelled(cause),
        _ => Fate::GoesOn,
    }
}
