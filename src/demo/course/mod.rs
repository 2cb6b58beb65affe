//! The course of a case: what happens to it in each stage, and after how long.
//!
//! A new act of the product gets its place here (in the stage it belongs to), its words in `deeds.rs`, its line in `play.rs`,
//! and how often it comes in `data/demo/habits.json`.

mod answered;

use super::case::{Astray, Case, Fate, Noticed, Reviewed};
use super::chance::{Chance, Deck};
use super::habits::{Habits, UnitHabits};
use super::texts::said;
use crate::petition::{Act, Kind, Stage};
use crate::platform::error::Result;

/// Something that will be done to a case, counted from what was done before.
#[derive(Debug, Clone, Copy)]
pub(super) struct Task {
    pub act: Act,
    pub wait: Wait,
    /// Done beside the others, counted from when the case came into its stage, and in later stages too.
    pub beside: bool,
}

/// How long somebody takes.
#[derive(Debug, Clone, Copy)]
pub(super) enum Wait {
    /// Minutes, at the same sitting.
    Minutes(i64, i64),
    /// Working days.
    Days(i64, i64),
}

fn after_minutes(act: Act, from: i64, to: i64) -> Task {
    Task { act, wait: Wait::Minutes(from, to), beside: false }
}

fn after_days(act: Act, (from, to): (i64, i64)) -> Task {
    Task { act, wait: Wait::Days(from, to), beside: false }
}

fn beside(act: Act, days: (i64, i64)) -> Task {
    Task { beside: true, ..after_days(act, days) }
}

/// What decides about the next tasks.
pub(super) struct Course<'a> {
    habits: &'a Habits,
    chance: Chance,
    corrected: Deck<bool>,
    party_added: Deck<bool>,
    notice_given: Deck<bool>,
    notice_delivered: Deck<bool>,
    opinion_corrected: Deck<bool>,
    evaluation_changed: Deck<bool>,
    reported_late: Deck<bool>,
    dies: Deck<bool>,
    proxy_ended: Deck<bool>,
    marked_urgent: Deck<bool>,
    unmarked_urgent: Deck<bool>,
    priority_set: Deck<bool>,
    unlinked: Deck<bool>,
    code_lost: Deck<bool>,
    astray: Deck<bool>,
    wrong_ways: Deck<Astray>,
    assigned: Deck<bool>,
    attached: Deck<bool>,
    own_will_confirmed: Deck<bool>,
    contested: Deck<bool>,
    review_left: Deck<bool>,
    contested_again: Deck<bool>,
    reviewed: Deck<Reviewed>,
    assisted: Deck<bool>,
    assistance_dropped: Deck<bool>,
    contacted: Deck<bool>,
    heard: Deck<bool>,
    mediated: Deck<bool>,
    agreed: Deck<bool>,
    officer_set: Deck<bool>,
    recused: Deck<bool>,
    reopened: Deck<bool>,
    charged: Deck<bool>,
    in_policy_issue: Deck<bool>,
    not_in_policy_issue: Deck<bool>,
    supervised: Deck<bool>,
    proposal_dismissed: Deck<bool>,
}

impl<'a> Course<'a> {
    pub fn new(habits: &'a Habits, chance: Chance) -> Self {
        let rare = &habits.one_in;
        Self {
            habits,
            chance,
            corrected: Deck::one_in(rare.corrected),
            party_added: Deck::one_in(rare.party_added),
            notice_given: Deck::one_in(rare.notice_given),
            notice_delivered: Deck::one_in(rare.notice_delivered),
            opinion_corrected: Deck::one_in(rare.opinion_corrected),
            evaluation_changed: Deck::one_in(rare.evaluation_changed),
            reported_late: Deck::one_in(rare.reported_late),
            dies: Deck::one_in(rare.dies),
            proxy_ended: Deck::one_in(rare.proxy_ended),
            marked_urgent: Deck::one_in(rare.marked_urgent),
            unmarked_urgent: Deck::one_in(rare.unmarked_urgent),
            priority_set: Deck::one_in(rare.priority_set),
            unlinked: Deck::one_in(rare.unlinked),
            code_lost: Deck::one_in(rare.code_lost),
            astray: Deck::one_in(rare.astray),
            wrong_ways: Deck::of(&[(Astray::Returned, 1), (Astray::Recalled, 1), (Astray::Kept, 1)]),
            assigned: Deck::one_in(rare.assigned),
            attached: Deck::one_in(rare.attached),
            own_will_confirmed: Deck::one_in(rare.own_will_confirmed),
            contested: Deck::one_in(rare.contested),
            review_left: Deck::one_in(rare.review_left),
            contested_again: Deck::one_in(rare.contested_again),
            reviewed: Deck::of(&[(Reviewed::Upheld, 3), (Reviewed::Changed, 1), (Reviewed::Revoked, 1)]),
            assisted: Deck::one_in(rare.assisted),
            assistance_dropped: Deck::one_in(rare.assistance_dropped),
            contacted: Deck::one_in(rare.contacted),
            heard: Deck::one_in(rare.heard),
            mediated: Deck::one_in(rare.mediated),
            officer_set: Deck::one_in(rare.officer_set),
            recused: Deck::one_in(rare.recused),
            reopened: Deck::one_in(rare.reopened),
            charged: Deck::one_in(rare.charged),
            in_policy_issue: Deck::one_in(rare.in_policy_issue),
            not_in_policy_issue: Deck::one_in(rare.not_in_policy_issue),
            agreed: Deck::of(&[(true, 2), (false, 1)]),
            supervised: Deck::one_in(rare.supervised),
            proposal_dismissed: Deck::one_in(rare.proposal_dismissed),
        }
    }

    /// What happens to a case that has just come into its stage; the last task leads out of it, unless it is left lying.
    /// `open` is how many cases its unit has at hand.
    ///
    /// # Errors
    /// Internal when the sample does not fit itself.
    pub fn tasks(&mut self, case: &mut Case<'_>, open: usize) -> Result<Vec<Task>> {
        let unit = self.habits.unit(&case.theme.unit)?;
        let mut tasks = match case.stage {
            Stage::Registered => self.registered(case)?,
            Stage::Referred => self.referred(case, unit)?,
            Stage::Handling => self.handling(case, unit, open)?,
            Stage::Decided => self.decided(case, unit)?,
            Stage::Delivered => self.delivered(case)?,
            Stage::Closed => return self.closed(case),
            // now and then the unit above is no quicker than the one below
            Stage::UnderReview if self.review_left.deal(&mut self.chance)? => Vec::new(),
            Stage::UnderReview => vec![after_days(Act::DecideReview, (12, 21))],
        };
        match case.fate {
            Fate::Forgotten(stage) if stage == case.stage => {
                tasks.pop();
                let longer = tasks.iter().any(|task| task.act == Act::RequestExtension);
                if case.kind() != Kind::Accusation && !longer {
                    tasks.append(&mut self.supervision(case)?);
                }
            }
            // what skips the referral is taken back while it is handled
            Fate::Withdrawn(stage) if stage == case.stage || stage == Stage::Referred && case.direct() && case.stage == Stage::Handling => {
                tasks.pop();
                tasks.push(after_days(Act::Withdraw, (1, 5)));
            }
            _ => {}
        }
        Ok(tasks)
    }

    fn registered(&mut self, case: &mut Case<'_>) -> Result<Vec<Task>> {
        // closed once and reopened
        if case.closed_by.is_some() {
            return Ok(vec![after_days(if case.direct() { Act::Accept } else { Act::Refer }, (0, 2))]);
        }
        if case.back {
            return Ok(vec![after_days(self.hand_over(case)?, (0, 2))]);
        }
        let mut tasks = Vec::new();
        if case.theme.urgent && !case.simplified && case.fate != Fate::Spot {
            let late = self.reported_late.deal(&mut self.chance)?;
            tasks.push(if late { beside(Act::RecordUrgentReport, (1, 1)) } else { after_minutes(Act::RecordUrgentReport, 10, 80) });
        }
        match case.noticed {
            Noticed::Later => tasks.push(beside(Act::LinkMatter, (1, 4))),
            Noticed::AtOnce if !matches!(case.fate, Fate::Linked | Fate::NoLongerAccepted) && self.unlinked.deal(&mut self.chance)? => {
                tasks.push(beside(Act::UnlinkMatter, (0, 2)))
            }
            _ => {}
        }
        let ending = match case.fate {
            Fate::Linked => Some(after_minutes(Act::CloseLinked, 10, 40)),
            Fate::Spot => Some(after_minutes(Act::CloseOnTheSpot, 8, 45)),
            Fate::Elsewhere => Some(after_days(Act::CloseElsewhere, (0, 2))),
            Fate::Diverted(Stage::Registered) => Some(after_days(Act::CloseDiverted, (1, 4))),
            Fate::Voided => Some(after_days(Act::CloseVoided, (0, 2))),
            Fate::NoLongerAccepted => Some(after_days(Act::CloseNoLongerAccepted, (1, 4))),
            _ => None,
        };
        if let Some(ending) = ending {
            tasks.push(ending);
            return Ok(tasks);
        }
        let ready = match case {
            _ if case.theme.urgent => (0, 0),
            _ if case.simplified => (0, 1),
            _ => (0, 3),
        };
        if !case.desk_barred {
            let chance = &mut self.chance;
            if self.corrected.deal(chance)? {
                tasks.push(after_minutes(Act::Correct, 20, 90));
            }
            if !case.undeliverable() && chance.share(0.18) {
                tasks.push(after_minutes(Act::AddNote, 5, 40));
            }
            if !case.undeliverable() && self.attached.deal(chance)? {
                tasks.push(beside(Act::AddAttachment, (0, 1)));
            }
            let may_join = !case.parties.anonymous && !case.parties.proxy && case.kind() == Kind::Claim;
            if may_join && self.party_added.deal(chance)? {
                tasks.push(after_days(Act::AddParty, (0, 2)));
            }
            if !case.undeliverable() && self.notice_given.deal(chance)? {
                tasks.push(after_days(Act::GiveNotice, (0, 2)));
            }
        }
        tasks.push(if case.direct() { after_days(Act::Accept, (1, 4)) } else { after_days(self.hand_over(case)?, ready) });
        Ok(tasks)
    }

    /// Mostly it is referred where it belongs; what was looked for years ago has to be reported on.
    fn hand_over(&mut self, case: &mut Case<'_>) -> Result<Act> {
        let usual = case.kind() == Kind::Claim && case.fate == Fate::Answered && !case.hurries() && !case.undeliverable();
        if usual && !case.back && self.astray.deal(&mut self.chance)? {
            case.astray = Some(self.wrong_ways.deal(&mut self.chance)?);
            return Ok(Act::Refer);
        }
        Ok(if usual && self.assigned.deal(&mut self.chance)? { Act::Assign } else { Act::Refer })
    }

    fn referred(&mut self, case: &mut Case<'_>, unit: &UnitHabits) -> Result<Vec<Task>> {
        match case.astray.filter(|_| !case.back) {
            Some(Astray::Recalled) => return Ok(vec![after_days(Act::Recall, (1, 3))]),
            Some(Astray::Returned) => return Ok(vec![after_days(Act::Object, (1, 4)), after_days(Act::DecideObjection, (0, 2))]),
            Some(Astray::Kept) => {
                let accepts = after_days(Act::Accept, (1, 4));
                return Ok(vec![after_days(Act::Object, (1, 4)), after_days(Act::DecideObjection, (0, 2)), accepts]);
            }
            None => {}
        }
        let mut tasks = Vec::new();
        let own = case.kind() == Kind::Claim && case.fate == Fate::Answered && !case.simplified;
        // only what has another way can be sent on to it
        let own = own && !said(&case.theme.diverted, case.matter, case.channel).is_empty();
        case.not_ours = own && self.chance.share(unit.says_not_ours);
        if case.not_ours {
            tasks.push(after_days(Act::AddNote, (1, 3)));
            tasks.push(after_days(Act::CloseDiverted, (0, 2)));
        } else {
            if !case.undeliverable() && self.chance.share(0.1) {
                tasks.push(after_days(Act::AddNote, (1, 2)));
            }
            tasks.push(after_days(Act::Accept, if case.hurries() { (0, 1) } else { unit.accepts }));
        }
        Ok(tasks)
    }

    fn handling(&mut self, case: &mut Case<'_>, unit: &UnitHabits, open: usize) -> Result<Vec<Task>> {
        if case.fate == Fate::Diverted(Stage::Handling) {
            return Ok(vec![after_days(Act::AddNote, (2, 6)), after_days(Act::CloseDiverted, (1, 3))]);
        }
        if case.is_redone() {
            return Ok(vec![after_days(Act::IssueOpinion, (6, 20))]);
        }
        if case.hurries() {
            return Ok(vec![after_days(Act::IssueOpinion, (2, 6))]);
        }
        let mut tasks = Vec::new();
        if !case.undeliverable() && self.notice_delivered.deal(&mut self.chance)? {
            tasks.push(beside(Act::DeliverNotice, (1, 4)));
        }
        let alone = case.parties.principals == 1 && !case.parties.proxy && case.fate == Fate::Answered;
        if alone && case.kind() != Kind::Accusation && self.dies.deal(&mut self.chance)? {
            return Ok(self.death(case));
        }
        if case.parties.helped && self.proxy_ended.deal(&mut self.chance)? {
            tasks.push(after_days(Act::EndParty, (1, 4)));
        }
        if case.parties.proxy && self.own_will_confirmed.deal(&mut self.chance)? {
            // before the proxy is sent away again
            tasks.insert(0, after_minutes(Act::ConfirmOwnWill, 10, 90));
        }
        if !case.desk_barred && self.code_lost.deal(&mut self.chance)? {
            tasks.push(after_days(Act::ReissueQueryCode, (1, 5)));
        }
        if self.priority_set.deal(&mut self.chance)? {
            tasks.push(after_minutes(Act::SetPriority, 10, 90));
        }
        if case.kind() == Kind::Claim && self.marked_urgent.deal(&mut self.chance)? {
            tasks.push(after_days(Act::MarkUrgent, (0, 1)));
            tasks.push(after_minutes(Act::RecordUrgentReport, 10, 80));
            if self.unmarked_urgent.deal(&mut self.chance)? {
                tasks.push(after_days(Act::UnmarkUrgent, (1, 3)));
            }
        }
        if case.kind() == Kind::Claim && case.fate == Fate::Answered && self.supervised.deal(&mut self.chance)? {
            tasks.push(after_days(Act::Supervise, (2, 5)));
            tasks.push(after_days(Act::AnswerSupervision, (1, 3)));
            tasks.push(after_days(Act::LiftSupervision, (0, 1)));
        }
        let notes = i64::from(self.chance.share(0.55)) + i64::from(self.chance.share(0.2));
        let crowd = i64::try_from(open).unwrap_or(0);
        let crowded = i64::try_from(self.habits.crowded_at).unwrap_or(1).max(1);
        let stretched = |days: i64| days + days * crowd / crowded / 2;
        let (from, to) = (stretched(unit.answers.0), stretched(unit.answers.1));
        // sixty days are forty-odd working ones; who sees that they will not do asks for more
        if case.kind() == Kind::Claim && from + to > 60 && self.chance.share(unit.asks_for_time) {
            tasks.extend((0..notes).map(|_| after_days(Act::AddNote, (4, 9))));
            tasks.push(after_days(Act::RequestExtension, (26 - 7 * notes, 33 - 9 * notes)));
            if !self.chance.share(self.habits.extension.never_decided) {
                tasks.push(after_days(Act::DecideExtension, (1, 3)));
            }
            tasks.push(after_days(Act::IssueOpinion, (6, 20)));
            return Ok(tasks);
        }
        if case.kind() == Kind::Claim && self.assisted.deal(&mut self.chance)? {
            tasks.push(after_days(Act::AskAssistance, (0, 3)));
            let dropped = self.assistance_dropped.deal(&mut self.chance)?;
            tasks.push(if dropped { after_days(Act::CancelAssistance, (1, 4)) } else { after_days(Act::AnswerAssistance, (2, 9)) });
        }
        if !case.undeliverable() && self.contacted.deal(&mut self.chance)? {
            tasks.push(beside(Act::RecordContact, (1, 5)));
        }
        if case.officer.is_some() && case.kind() != Kind::Accusation && self.officer_set.deal(&mut self.chance)? {
            tasks.insert(0, after_minutes(Act::SetOfficer, 10, 90));
        }
        if case.kind() == Kind::Claim && self.recused.deal(&mut self.chance)? {
            tasks.push(after_days(Act::Recuse, (0, 2)));
            if self.chance.share(0.5) {
                tasks.push(after_days(Act::LiftRecusal, (1, 2)));
            }
        }
        if case.kind() == Kind::Claim && self.charged.deal(&mut self.chance)? {
            tasks.push(after_days(Act::TakeCharge, (0, 2)));
            tasks.push(after_minutes(Act::Instruct, 5, 30));
            tasks.push(beside(Act::ReleaseCharge, (15, 40)));
        }
        if case.theme.policy_issue.is_some() && self.in_policy_issue.deal(&mut self.chance)? {
            tasks.push(after_minutes(Act::JoinPolicyIssue, 20, 200));
            if self.not_in_policy_issue.deal(&mut self.chance)? {
                tasks.push(after_days(Act::LeavePolicyIssue, (1, 3)));
            }
        }
        if case.kind() == Kind::Claim && self.heard.deal(&mut self.chance)? {
            tasks.push(after_days(Act::OpenHearing, (2, 5)));
            tasks.push(after_days(Act::EndHearing, (1, 4)));
        }
        let mediated = case.kind() == Kind::Claim && case.parties.principals > 0 && case.fate == Fate::Answered;
        if mediated && self.mediated.deal(&mut self.chance)? {
            case.agrees = self.agreed.deal(&mut self.chance)?;
            tasks.push(after_days(Act::Mediate, (2, 6)));
            if case.agrees {
                tasks.push(after_days(Act::CloseMediated, (0, 2)));
                return Ok(tasks);
            }
        }
        let part = notes + 1;
        for _ in 0..notes {
            tasks.push(after_days(Act::AddNote, (from / part / 2 + 1, to / part)));
        }
        tasks.push(after_days(Act::IssueOpinion, (from / part, to / part)));
        Ok(tasks)
    }

    /// What those above do once the limit of a forgotten one is over, in working days that are later than its calendar days.
    fn supervision(&mut self, case: &Case<'_>) -> Result<Vec<Task>> {
        let over = match case.stage {
            Stage::Referred => 16,
            Stage::Handling => 53,
            _ => return Ok(Vec::new()),
        };
        if self.proposal_dismissed.deal(&mut self.chance)? {
            return Ok(vec![beside(Act::DismissSupervision, (over, over + 3))]);
        }
        Ok(vec![
            beside(Act::ConfirmSupervision, (over, over + 3)),
            beside(Act::AnswerSupervision, (over + 6, over + 9)),
            beside(Act::LiftSupervision, (over + 11, over + 15)),
        ])
    }

    /// The petitioner dies before the answer; somebody of the family goes on, or nobody does.
    fn death(&mut self, case: &mut Case<'_>) -> Vec<Task> {
        case.goes_on = self.chance.share(self.habits.goes_on);
        let last = if case.goes_on { after_days(Act::IssueOpinion, (4, 12)) } else { after_days(Act::CloseDeceased, (1, 4)) };
        vec![after_days(Act::ReportDeath, (4, 12)), after_days(Act::AnswerHeirs, (3, 14)), last]
    }

    fn decided(&mut self, case: &Case<'_>, unit: &UnitHabits) -> Result<Vec<Task>> {
        let mut tasks = Vec::new();
        if case.reviews == 0 && self.opinion_corrected.deal(&mut self.chance)? {
            tasks.push(after_days(Act::CorrectOpinion, (1, 3)));
        }
        tasks.push(if case.undeliverable() {
            after_days(Act::CloseFinal, (3, 8))
        } else {
            after_days(Act::Deliver, if case.hurries() { (0, 1) } else { unit.delivers })
        });
        Ok(tasks)
    }
}
