//! What follows once the answer has arrived: it is contested, carried out, evaluated.

use super::{Course, Task, after_days, after_minutes, beside};
use crate::demo::case::{Case, Fate, Reviewed};
use crate::handling::model::{Adoption, Outcome};
use crate::petition::{Act, Kind};
use crate::platform::error::Result;

impl Course<'_> {
    pub(super) fn delivered(&mut self, case: &mut Case<'_>) -> Result<Vec<Task>> {
        if self.contests(case)? {
            return Ok(vec![after_days(Act::RequestReview, (4, 15))]);
        }
        let mut tasks = self.execution(case);
        if case.assigned && case.reviews == 0 {
            tasks.push(beside(Act::SubmitReport, (1, 6)));
        }
        tasks.append(&mut self.evaluations(case)?);
        let agreed = &self.habits.agreed;
        let (share, days) = if case.kind() == Kind::Claim { (agreed.claim, (5, 14)) } else { (agreed.suggestion, (3, 12)) };
        // whoever says nothing lets it end of itself
        if self.chance.share(share) {
            tasks.push(after_days(Act::CloseFinal, days));
        }
        Ok(tasks)
    }

    /// Whether the petitioner does not take no for an answer; what the unit above will say is settled with it.
    fn contests(&mut self, case: &mut Case<'_>) -> Result<bool> {
        let refused =
            matches!(case.finding.outcome, Some(Outcome::NotSupported | Outcome::Explained)) && case.review != Some(Reviewed::Changed);
        // above the unit outside that reviews the bureau's answers nobody is entered
        let above = case.reviews == 0 || case.theme.unit != "bureau";
        let able = case.kind() == Kind::Claim && case.parties.principals > 0 && !case.assigned && above;
        let deck = if case.reviews == 0 { &mut self.contested } else { &mut self.contested_again };
        if !(refused && able && deck.deal(&mut self.chance)?) {
            return Ok(false);
        }
        case.review = Some(match case.reviews {
            0 => self.reviewed.deal(&mut self.chance)?,
            _ => Reviewed::Upheld,
        });
        let officers = &self.habits.unit(&case.theme.unit)?.officers;
        if case.review == Some(Reviewed::Revoked) && !officers.iter().any(|officer| case.signed_by.as_deref() != Some(officer)) {
            case.review = Some(Reviewed::Upheld);
        }
        Ok(true)
    }

    /// When what was promised is carried out: mostly in the days it was promised for.
    pub(super) fn execution(&mut self, case: &mut Case<'_>) -> Vec<Task> {
        let (finding, habits) = (case.finding, &self.habits.carried_out);
        if case.review == Some(Reviewed::Changed) {
            case.steps = Some(1);
            return vec![beside(Act::RecordExecution, (5, 18))];
        }
        let adopted = matches!(finding.adoption, Some(Adoption::Adopted | Adoption::Partly)) && finding.execution_days.is_some();
        if !(finding.outcome == Some(Outcome::Supported) || adopted) || self.chance.share(habits.never) {
            return Vec::new();
        }
        let passed = (case.since - case.decided).num_days();
        let promised = finding.execution_days.and_then(|days| i64::try_from(days).ok());
        let left = promised.map_or(30, |days| (days - passed).max(0));
        // five working days a week
        let done = if self.chance.share(habits.late) { (left * 6 / 7 + 1, left * 6 / 7 + 15) } else { (left * 2 / 7, left * 4 / 7) };
        let mut tasks = vec![beside(Act::RecordExecution, done)];
        if left > 14 && self.chance.share(habits.in_steps) {
            tasks.push(beside(Act::RecordExecution, (left / 7, left * 2 / 7 - 1)));
        }
        case.steps = u8::try_from(tasks.len()).ok();
        tasks
    }

    fn evaluations(&mut self, case: &Case<'_>) -> Result<Vec<Task>> {
        let mut tasks = Vec::new();
        if case.parties.principals == 0 || case.kind() == Kind::Accusation {
            return Ok(tasks);
        }
        // what they think of it was said when the answer came for the first time
        if case.reviews > 0 {
            return Ok(tasks);
        }
        if self.chance.share(self.habits.evaluated.office) {
            tasks.push(after_days(Act::EvaluateOffice, (2, 8)));
        }
        if self.chance.share(self.habits.evaluated.unit) {
            tasks.push(if tasks.is_empty() { after_days(Act::EvaluateUnit, (2, 9)) } else { after_minutes(Act::EvaluateUnit, 2, 6) });
        }
        if let Some(last) = tasks.last().copied()
            && self.evaluation_changed.deal(&mut self.chance)?
        {
            tasks.push(after_days(last.act, (1, 4)));
        }
        Ok(tasks)
    }

    pub(super) fn closed(&mut self, case: &mut Case<'_>) -> Result<Vec<Task>> {
        let mut tasks = Vec::new();
        let plain = case.kind() == Kind::Claim && !case.hurries() && !case.undeliverable();
        if case.closed_by == Some(Act::CloseOnTheSpot) && plain && self.reopened.deal(&mut self.chance)? {
            case.fate = Fate::Answered;
            return Ok(vec![after_days(Act::Reopen, (1, 4))]);
        }
        match case.closed_by {
            Some(Act::CloseOnTheSpot) if case.parties.principals > 0 && self.chance.share(self.habits.evaluated.office) => {
                tasks.push(after_days(Act::EvaluateOffice, (1, 6)));
            }
            Some(Act::CloseMediated) => {
                case.steps = Some(1);
                tasks.push(beside(Act::RecordExecution, (3, 12)));
                if self.chance.share(self.habits.evaluated.office) {
                    tasks.push(after_days(Act::EvaluateOffice, (2, 8)));
                    tasks.push(after_minutes(Act::EvaluateUnit, 2, 6));
                }
            }
            Some(Act::CloseFinal) | None if self.chance.share(0.12) => tasks.push(after_days(Act::AddNote, (5, 25))),
            _ => {}
        }
        Ok(tasks)
    }
}
