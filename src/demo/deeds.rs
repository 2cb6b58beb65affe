//! Who does an act, and with what words: the request a client would send.

use super::case::{Astray, Case, Reviewed};
use super::chance::Chance;
use super::files;
use super::habits::{Habits, Shares};
use super::office::Office;
use super::texts::{Filling, Texts, Words, said};
use crate::handling::model::Outcome;
use crate::petition::{Act, Channel, Kind, Stage};
use crate::platform::db::types::Id;
use crate::platform::error::{Error, Result};
use crate::platform::ids::Moment;
use chrono::{DateTime, Days, Duration, NaiveDate, Utc};
use serde_json::{Map, Value, json};

/// One act to be played.
pub(super) struct Deed {
    /// User name of who does it.
    pub by: String,
    pub petition: Id,
    pub act: Act,
    pub body: Map<String, Value>,
    /// The profile that is kept of somebody when they first come.
    pub profile: Option<Map<String, Value>>,
    /// Its time, and what its ids are drawn from.
    pub moment: Moment,
}

/// A JSON object as a request body.
fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(mut members) => {
            members.retain(|_, value| !value.is_null());
            members
        }
        _ => Map::new(),
    }
}

/// What finds people and words.
pub(super) struct Clerks<'a> {
    pub texts: &'a Texts,
    pub habits: &'a Habits,
    pub office: &'a Office,
    pub chance: Chance,
}

impl Clerks<'_> {
    /// Who does it to this case.
    ///
    /// # Errors
    /// Internal for a unit without officers.
    pub fn who(&mut self, case: &Case<'_>, act: Act) -> Result<String> {
        let officer = case.officer.clone();
        let who = match act {
            Act::Refer | Act::Assign | Act::Recall | Act::DecideObjection => "supervisor".to_owned(),
            Act::Supervise if self.chance.share(0.3) => "leader".to_owned(),
            Act::Supervise | Act::ConfirmSupervision | Act::DismissSupervision | Act::LiftSupervision => "supervisor".to_owned(),
            Act::AnswerSupervision => officer.map_or_else(|| self.somebody_of(case.sent_to()), Ok)?,
            Act::Object => self.somebody_of(case.sent_to())?,
            // a head sees it, and leaves the answer to the officer
            Act::AnswerAssistance => format!("{}_officer", case.asked_unit()),
            Act::SetOfficer => self.office.head_of(&case.theme.unit).unwrap_or("supervisor").to_owned(),
            Act::TakeCharge | Act::Instruct | Act::ReleaseCharge => "leader".to_owned(),
            Act::Recuse
            | Act::LiftRecusal
            | Act::Reopen
            | Act::CloseVoided
            | Act::CloseDeceased
            | Act::LinkMatter
            | Act::UnlinkMatter
            | Act::UnmarkUrgent => "supervisor".to_owned(),
            Act::Accept => {
                let own = case.registered_unit == case.theme.unit && !case.desk_barred && case.kind() != Kind::Accusation;
                if own { case.registrar.clone() } else { self.somebody_of(&case.theme.unit)? }
            }
            Act::RequestReview => case.registrar.clone(),
            // for a unit outside the office the supervisor records it
            Act::DecideReview => match (case.reviews, case.theme.unit.starts_with("community-")) {
                (0, true) => self.somebody_of("community")?,
                _ => "supervisor".to_owned(),
            },
            Act::IssueOpinion if case.is_redone() => self.somebody_else_of(case)?,
            // the head signs now and then
            Act::IssueOpinion if !case.simplified && self.chance.share(0.3) => self.somebody_of(&case.theme.unit)?,
            Act::IssueOpinion | Act::CorrectOpinion => officer.map_or_else(|| self.somebody_of(&case.theme.unit), Ok)?,
            Act::EvaluateOffice | Act::EvaluateUnit => caller_back(case).to_owned(),
            Act::DecideExtension => {
                let head = self.office.head_of(&case.theme.unit).filter(|head| case.asked_by.as_deref() != Some(head));
                head.unwrap_or("supervisor").to_owned()
            }
            Act::CloseDiverted | Act::Withdraw | Act::AddNote if case.stage == Stage::Referred => self.somebody_of(&case.theme.unit)?,
            Act::Deliver | Act::CloseFinal if case.kind() != Kind::Accusation && !case.undeliverable() && self.chance.share(0.3) => {
                case.registrar.clone()
            }
            Act::ReissueQueryCode | Act::ConfirmOwnWill => case.registrar.clone(),
            _ => officer.unwrap_or_else(|| case.registrar.clone()),
        };
        Ok(who)
    }

    /// An officer of the unit who did not sign the answer that was revoked.
    fn somebody_else_of(&mut self, case: &Case<'_>) -> Result<String> {
        let officers = &self.habits.unit(&case.theme.unit)?.officers;
        let others: Vec<&String> = officers.iter().filter(|officer| case.signed_by.as_deref() != Some(officer)).collect();
        Ok((*self.chance.pick(&others)?).clone())
    }

    fn somebody_of(&mut self, unit: &str) -> Result<String> {
        self.chance.pick(&self.habits.unit(unit)?.officers).cloned()
    }

    /// What is sent.
    ///
    /// # Errors
    /// Internal when the sample does not fit itself.
    pub fn body(&mut self, case: &Case<'_>, act: Act, at: DateTime<Utc>, today: NaiveDate) -> Result<Map<String, Value>> {
        let (words, theme, filling) = (&self.texts.words, case.theme, &case.filling);
        let chance = &mut self.chance;
        let told = !case.undeliverable();
        Ok(object(match act {
            Act::Correct => {
                let reason = chance.pick(&words.corrections)?;
                if chance.share(0.5) {
                    let purpose = theme.matters.get(case.matter).ok_or(Error::NotFound)?;
                    json!({"purpose": format!("{}，并书面答复", filling.fill(&purpose.purpose)?), "reason": reason})
                } else {
                    json!({"matter_place": format!("样例县{}", place(filling)), "reason": reason})
                }
            }
            Act::AddAttachment if chance.share(0.7) => json!({"file": files::PHOTOGRAPH, "name": "票据照片.png"}),
            Act::AddAttachment => json!({"file": files::TYPED, "name": "补充说明.txt"}),
            Act::AddNote => json!({"text": note(chance, case, self.texts)?}),
            Act::AddParty => {
                let authority = chance.pick(&words.authorities)?;
                json!({
                    "role": "proxy", "name": filling.get("relative"), "relation": filling.get("relation"),
                    "phone": format!("138{:08}", chance.between(90_000, 99_999)), "authority": authority
                })
            }
            Act::ConfirmOwnWill => {
                let how = chance.pick(&["phone", "phone", "in_person", "video", "visit"])?;
                let said_at = at - Duration::minutes(chance.between(3, 25));
                json!({"confirmed_at": said_at, "how": how, "note": chance.pick(&words.own_wills)?})
            }
            Act::EndParty => json!({"reason": chance.pick(&words.proxies_ended)?}),
            Act::ReportDeath => {
                let since = today - Days::new(u64::try_from(chance.between(1, 3)).unwrap_or(1));
                json!({"status": "deceased", "since": since, "note": chance.pick(&words.deaths)?})
            }
            Act::AnswerHeirs if case.goes_on => {
                let phone = format!("139{:08}", chance.between(90_000, 99_999));
                let heir = json!({
                    "role": "petitioner", "name": filling.get("relative"), "relation": filling.get("relation"), "phone": phone
                });
                json!({"answer": "continue", "party": heir, "note": chance.pick(&words.heirs_continue)?})
            }
            Act::AnswerHeirs => json!({"answer": "declined", "note": chance.pick(&words.heirs_declined)?}),
            Act::CloseDeceased => json!({"reason": "deceased_without_successor", "note": words.closed_after_death}),
            Act::GiveNotice => json!({"method": notice_method(case), "text": chance.pick(&words.receipts)?}),
            Act::DeliverNotice => json!({"method": notice_method(case), "receipt": "confirmed"}),
            Act::Refer => {
                let note = chance.pick(&words.referrals)?;
                json!({"unit_id": self.office.unit(case.sent_to())?, "mode": "refer", "note": given(note)})
            }
            Act::Assign => {
                let (note, days) = (chance.pick(&words.assignments)?, chance.between(60, 100));
                let report_due = today + Days::new(u64::try_from(days).unwrap_or(60));
                json!({"unit_id": self.office.unit(&theme.unit)?, "mode": "assign", "report_due": report_due, "note": note})
            }
            Act::Object => json!({"reason": chance.pick(&words.objections)?}),
            Act::DecideObjection if case.astray == Some(Astray::Kept) => {
                json!({"upheld": false, "reason": chance.pick(&words.objections_refused)?})
            }
            Act::DecideObjection => json!({"upheld": true}),
            Act::Recall => json!({"reason": chance.pick(&words.recalls)?}),
            Act::AskAssistance => {
                let due_on = today + Days::new(u64::try_from(chance.between(8, 18)).unwrap_or(8));
                let (unit, question) = (self.office.unit(case.asked_unit())?, chance.pick(&words.questions)?);
                json!({"unit_id": unit, "question": question, "mandatory": chance.share(0.7), "due_on": due_on})
            }
            Act::AnswerAssistance => json!({"answer": chance.pick(&words.questions_answered)?}),
            Act::SetOfficer => {
                // heads stand in for whoever is named, so it is an officer
                let head = self.office.head_of(&case.theme.unit);
                let officer = self.habits.unit(&case.theme.unit)?.officers.iter().find(|officer| Some(officer.as_str()) != head);
                json!({"staff_id": officer.map(|officer| self.office.account(officer)).transpose()?})
            }
            Act::Recuse => {
                let near = if case.theme.unit == "enterprise-coop" { "machinery_officer" } else { "coop_officer" };
                json!({"staff_id": self.office.account(near)?, "reason": chance.pick(&words.recusals)?})
            }
            Act::Reopen => json!({"reason": chance.pick(&words.reopenings)?}),
            Act::LiftRecusal => json!({"reason": chance.pick(&words.recusals_lifted)?}),
            Act::TakeCharge => {
                let next_look = today + Days::new(u64::try_from(chance.between(7, 20)).unwrap_or(7));
                json!({"next_look": next_look, "note": chance.pick(&words.charges)?})
            }
            Act::JoinPolicyIssue => {
                let issue = self.office.policy_issue(case.theme.policy_issue.as_deref().unwrap_or_default())?;
                json!({"policy_issue_id": issue, "note": chance.pick(&words.policy_issues_joined)?})
            }
            Act::LeavePolicyIssue => json!({"reason": chance.pick(&words.policy_issues_left)?}),
            Act::Instruct => json!({"text": chance.pick(&words.instructions)?}),
            Act::ReleaseCharge => json!({"result": chance.pick(&words.charge_results)?}),
            Act::RecordContact => json!({"how": "phone", "text": chance.pick(&words.contacts)?}),
            Act::OpenHearing => {
                let held_at = at + Duration::days(chance.between(1, 3));
                json!({"topic": chance.pick(&words.hearing_topics)?, "held_at": held_at, "place": words.hearing_place})
            }
            Act::EndHearing => json!({"conclusion": chance.pick(&words.hearing_conclusions)?}),
            Act::Mediate if case.agrees => {
                let due = today + Days::new(u64::try_from(chance.between(15, 30)).unwrap_or(15));
                json!({"result": "agreed", "agreement": chance.pick(&words.agreements)?, "execution_due": due})
            }
            Act::Mediate => json!({"result": "failed", "note": chance.pick(&words.mediations_failed)?}),
            Act::CloseMediated => json!({"reason": "mediated"}),
            Act::CancelAssistance => json!({"reason": chance.pick(&words.questions_dropped)?}),
            Act::Supervise => {
                let due_on = today + Days::new(u64::try_from(chance.between(12, 20)).unwrap_or(12));
                json!({"reason": chance.pick(&words.supervisions)?, "due_on": due_on})
            }
            Act::ConfirmSupervision => json!({"status": "open", "due_on": today + Days::new(30)}),
            Act::DismissSupervision => json!({"status": "dismissed", "reason": chance.pick(&words.supervisions_dismissed)?}),
            Act::AnswerSupervision => json!({"answer": chance.pick(&words.supervision_answers)?}),
            Act::LiftSupervision => json!({"status": "lifted", "reason": chance.pick(&words.supervisions_lifted)?}),
            Act::SubmitReport => json!({"report": chance.pick(&words.closing_reports)?}),
            Act::Accept => {
                let text = chance.pick(&words.acceptances)?;
                let formal = case.kind() == Kind::Claim && !case.simplified;
                let notice = object(json!({"method": notice_method(case), "text": given(text).filter(|_| formal)}));
                json!({"notice": told.then_some(notice)})
            }
            Act::IssueOpinion => opinion(case, today)?,
            Act::CorrectOpinion => {
                let mut body = opinion(case, today)?;
                let reason = chance.pick(&words.opinion_corrections)?;
                let corrected = format!("{}{}", body.get("opinion").and_then(Value::as_str).unwrap_or_default(), words.opinion_added);
                body["opinion"] = json!(corrected);
                body["reason"] = json!(reason);
                body
            }
            Act::RequestReview => json!({"grounds": chance.pick(&words.grounds)?}),
            Act::DecideReview => {
                let (decision, opinion) = match case.review {
                    Some(Reviewed::Changed) => ("change", chance.pick(&words.reviews_changed)?),
                    Some(Reviewed::Revoked) => ("revoke", chance.pick(&words.reviews_revoked)?),
                    _ => ("uphold", chance.pick(&words.reviews_upheld)?),
                };
                let outcome = (decision == "change").then_some("supported");
                json!({"decision": decision, "outcome": outcome, "opinion": opinion, "legal_basis": words.review_basis})
            }
            Act::CloseNoLongerAccepted => json!({"reason": "no_longer_accepted"}),
            Act::Deliver => delivery(chance, case, &words.witnesses, at)?,
            Act::EvaluateOffice | Act::EvaluateUnit => self.evaluation(case, act)?,
            Act::CloseOnTheSpot => {
                json!({"reason": "answered_on_the_spot", "note": told_words(chance, case, &theme.spot, &words.spot)?})
            }
            Act::CloseElsewhere => {
                json!({"reason": "directed_elsewhere", "note": told_words(chance, case, &theme.elsewhere, &[])?})
            }
            Act::CloseDiverted => {
                let way = *chance.pick(&said(&theme.diverted, case.matter, case.channel))?;
                json!({"reason": "diverted", "route": way.route, "note": tell(case, &way.text)?})
            }
            Act::LinkMatter => json!({"petition_id": case.earlier, "reason": chance.pick(&words.linked)?}),
            Act::UnlinkMatter => json!({"reason": chance.pick(&words.unlinked)?}),
            Act::MarkUrgent => json!({"reason": chance.pick(&words.urgent_marks)?}),
            Act::ReissueQueryCode => json!({"reason": chance.pick(&words.codes_lost)?}),
            Act::UnmarkUrgent => json!({"reason": chance.pick(&words.urgent_unmarks)?}),
            Act::SetPriority => {
                json!({"level": if chance.share(0.7) { "high" } else { "raised" }, "reason": chance.pick(&words.priorities)?})
            }
            Act::CloseLinked => json!({"reason": "linked"}),
            Act::CloseVoided => json!({"reason": "voided", "note": chance.pick(&words.voided)?}),
            Act::CloseFinal => {
                let notes = match (case.stage, case.finding.outcome) {
                    (Stage::Decided, _) if case.parties.anonymous => &words.unnamed_undeliverable,
                    (Stage::Decided, _) => &words.undeliverable,
                    _ if case.kind() == Kind::Suggestion => &words.thanked,
                    _ if case.carried_out() => &words.carried_out,
                    _ => &words.agreed,
                };
                json!({"reason": "final", "note": chance.pick(notes)?})
            }
            Act::RequestExtension => {
                let days = &self.habits.extension.days;
                json!({"days": often(chance, days)?, "reason": chance.pick(&words.extension_reasons)?})
            }
            Act::DecideExtension if chance.share(self.habits.extension.refused) => {
                json!({"approved": false, "note": chance.pick(&words.extension_refusals)?})
            }
            Act::DecideExtension => json!({"approved": true}),
            Act::RecordUrgentReport => json!({"reported_to": words.reported_to, "note": chance.pick(&words.urgent_reports)?}),
            Act::RecordExecution if case.steps == Some(1) => {
                let (note, proof) = (chance.pick(&words.executed)?, chance.pick(&words.execution_proofs)?);
                json!({"status": "done", "note": note, "proof": proof})
            }
            Act::RecordExecution => json!({"status": "in_progress", "note": chance.pick(&words.executing)?}),
            Act::Withdraw => json!({"note": chance.pick(&words.withdrawn)?}),
            other => return Err(Error::internal(format!("the sample has no words for {other:?}"))),
        }))
    }

    /// What the petitioner thinks: better of who was quick and said yes.
    fn evaluation(&mut self, case: &Case<'_>, act: Act) -> Result<Value> {
        let words = &self.texts.words;
        let pleases = if act == Act::EvaluateOffice { 0.86 } else { self.habits.unit(&case.theme.unit)?.pleases };
        let spot = case.closed_by == Some(Act::CloseOnTheSpot);
        let answer = match case.finding.outcome {
            _ if spot => 1.0,
            Some(Outcome::NotSupported) => 0.4,
            Some(Outcome::Explained) => 0.75,
            _ => 1.0,
        };
        let refused = !spot && matches!(case.finding.outcome, Some(Outcome::NotSupported | Outcome::Explained));
        let chance = &mut self.chance;
        #[allow(clippy::cast_precision_loss)] // thousandths
        let (mood, pleased) = (case.mood as f64 / 1000.0, pleases * answer);
        let middling = pleased + (1.0 - pleased) * 0.55;
        // asked again, they think better of it, or say that it was not the best
        let (pleased, middling) = match case.evaluated.contains(&act) {
            true if mood < pleased => (0.0, 1.0),
            true if mood < middling => (1.0, 1.0),
            true => (0.0, 1.0),
            false => (pleased, middling),
        };
        let promised = !spot && case.finding.outcome == Some(Outcome::Supported) && !case.carried_out();
        let complaints = match chance.share(0.7) {
            true if refused => &words.refused_reasons,
            true if promised => &words.not_carried_out_reasons,
            _ => &words.dissatisfied_reasons,
        };
        let (score, reasons, says_why) = if mood < pleased {
            ("satisfied", &words.satisfied_reasons, 0.15)
        } else if mood < middling {
            ("basically", &words.basically_reasons, 0.5)
        } else {
            ("dissatisfied", complaints, 1.0)
        };
        let channel = match case.channel {
            Channel::Online if chance.share(0.5) => "online",
            Channel::Letter if chance.share(0.3) => "paper",
            Channel::Visit if chance.share(0.15) => "visit",
            _ => "phone",
        };
        let why = if chance.share(says_why) { Some(chance.pick(reasons)?) } else { None };
        Ok(json!({"score": score, "channel": channel, "reason": why}))
    }

    /// Says why an evaluation is changed.
    ///
    /// # Errors
    /// Internal without such words.
    pub fn change_evaluation(&mut self, body: &mut Map<String, Value>) -> Result<()> {
        let words = &self.texts.words;
        let better = body.get("score").is_some_and(|score| score == "satisfied");
        let reasons = if better { &words.changed_for_the_better } else { &words.changed_reasons };
        body.insert("reason".to_owned(), json!(self.chance.pick(reasons)?));
        Ok(())
    }
}

/// Somebody who did not handle it: the other one at the desk, or the supervisor where another unit registered it.
fn caller_back(case: &Case<'_>) -> &'static str {
    match (case.registered_unit.as_str(), case.registrar.as_str()) {
        ("reception", "desk") => "desk2",
        ("reception", _) => "desk",
        _ => "supervisor",
    }
}

/// One of what comes so often each.
fn often<T: Copy>(chance: &mut Chance, shares: &Shares<T>) -> Result<T> {
    let all: Vec<T> = shares.iter().flat_map(|(what, times)| std::iter::repeat_n(*what, *times)).collect();
    chance.pick(&all).copied()
}

fn given(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}

fn place(filling: &Filling) -> &str {
    let street = filling.get("street");
    if street.is_empty() { "城东街道" } else { street }
}

/// The words of a theme that fit the matter, else the usual ones.
fn told_words(chance: &mut Chance, case: &Case<'_>, own: &[Words], usual: &[Words]) -> Result<String> {
    let mut fit = said(own, case.matter, case.channel);
    if fit.is_empty() {
        fit = said(usual, case.matter, case.channel);
    }
    tell(case, &chance.pick(&fit)?.text)
}

/// The text of this case; it names nobody who gave no name.
fn tell(case: &Case<'_>, text: &str) -> Result<String> {
    if case.parties.anonymous {
        return case.filling.fill(&text.replace("{name}同志", "来件人").replace("{name}", "来件人"));
    }
    case.filling.fill(text)
}

fn note(chance: &mut Chance, case: &Case<'_>, texts: &Texts) -> Result<String> {
    let words = &texts.words;
    let usual = match case.stage {
        Stage::Registered if !case.filling.get("before").is_empty() && chance.share(0.5) => &words.again_notes,
        Stage::Registered => &words.registered_notes,
        Stage::Referred if case.not_ours => &words.not_ours,
        Stage::Referred => &words.referred_notes,
        Stage::Closed if case.undeliverable() || case.kind() != Kind::Claim => &words.closed_notes,
        Stage::Closed if case.carried_out() => &words.carried_out_calls,
        Stage::Closed => &words.closed_calls,
        _ if !case.undeliverable() && chance.share(0.3) => &words.contact_notes,
        _ if chance.share(0.7) && !said(&case.theme.notes, case.matter, case.channel).is_empty() => {
            return told_words(chance, case, &case.theme.notes, &[]);
        }
        _ => &words.handling_notes,
    };
    tell(case, chance.pick(usual)?)
}

/// They are told in the way they came.
fn notice_method(case: &Case<'_>) -> &'static str {
    match case.channel {
        Channel::Visit | Channel::HomeVisit => "in_person",
        Channel::Letter | Channel::Fax => "post",
        Channel::Phone => "phone",
        Channel::Online => "electronic",
    }
}

fn opinion(case: &Case<'_>, today: NaiveDate) -> Result<Value> {
    let finding = case.finding;
    // where a group or nobody by name asked, the finding speaks of the one who signed first
    let fill = |text: &Option<String>| text.as_deref().map(|text| tell(case, text)).transpose();
    Ok(json!(object(json!({
        "outcome": finding.outcome,
        "adoption": finding.adoption,
        "facts": fill(&finding.facts)?,
        "opinion": tell(case, &finding.opinion)?,
        "legal_basis": fill(&finding.legal_basis)?,
        "execution_due": finding.execution_days.map(|days| today + Days::new(days)),
    }))))
}

fn delivery(chance: &mut Chance, case: &Case<'_>, witnesses: &[String], at: DateTime<Utc>) -> Result<Value> {
    let filling = &case.filling;
    let (method, receipt) = if case.simplified {
        (if chance.share(0.7) { "phone" } else { "sms" }, "confirmed")
    } else if case.parties.proxy && chance.share(0.6) {
        ("proxy", "signed")
    } else if case.at_home {
        ("home_visit", if chance.share(0.15) { "witnessed" } else { "signed" })
    } else {
        match case.channel {
            Channel::Online => ("electronic", "confirmed"),
            Channel::Letter | Channel::Fax => ("post", "confirmed"),
            _ if case.finding.outcome == Some(Outcome::NotSupported) && chance.share(0.3) => ("in_person", "refused"),
            _ => ("in_person", "signed"),
        }
    };
    let recipient = if method == "proxy" { filling.get("relative") } else { filling.get("name") };
    let witness = if matches!(receipt, "refused" | "witnessed") { Some(chance.pick(witnesses)?) } else { None };
    // by the receipt of the post it arrived earlier than it was recorded
    let posted = at - Duration::days(chance.between(1, 2)) + Duration::minutes(chance.between(-20, 60));
    let delivered_at = Some(posted).filter(|posted| method == "post" && *posted > case.since + Duration::hours(20));
    Ok(json!({"method": method, "receipt": receipt, "recipient": recipient, "witness": witness, "delivered_at": delivered_at}))
}
