//! Playing the deeds: each through the service its route calls, in its own time, and between them what comes of itself; all in one
//! transaction.

use super::chance::seed;
use super::deeds::Deed;
use super::files::Files;
use super::office::Office;
use super::visits::Rounds;
use crate::appeal;
use crate::assistance::service as assistance;
use crate::auth::Context;
use crate::auth::context::Origin;
use crate::closure::service as closure;
use crate::contact::service as contact;
use crate::deadline::ClockKind;
use crate::deadline::repo::{self as deadline, Coming};
use crate::deadline::rules::midnight;
use crate::enclosure::service as enclosure;
use crate::evaluation::{model::Rated, service as evaluation};
use crate::execution::service as execution;
use crate::handling::extension::{model::DecideExtension, service as extension};
use crate::handling::{acceptance, delivery, officer, opinion};
use crate::hearing::service as hearing;
use crate::intake::{notices, service as intake};
use crate::leader_case::service as leader_case;
use crate::matter::service as matter;
use crate::mediation::service as mediation;
use crate::notice;
use crate::petition::clocks::due;
use crate::petition::model::PartyRole;
use crate::petition::priority::service::set_priority;
use crate::petition::recused::RECUSED;
use crate::petition::registration::{RegisterPetition, prepare};
use crate::petition::supervised::{Supervision, SupervisionState};
use crate::petition::{Act, Case, correction, own_will, people, service as petition};
use crate::platform::Platform;
use crate::platform::db::Conn;
use crate::platform::db::types::{Id, Time};
use crate::platform::error::{Error, Result};
use crate::platform::ids::Ids;
use crate::platform::web::{Answer, Body, IfMatch, Shapes};
use crate::policy_issue::service as policy_issue;
use crate::recusal::service as recusal;
use crate::referral::{objection, recall, report, service as referral};
use crate::retiree::{Profile, service as retirees};
use crate::succession::service as succession;
use crate::supervision::service as supervision;
use crate::urgency::service as urgency;
use chrono::{DateTime, NaiveDate, Utc};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use std::sync::Arc;
use utoipa::ToSchema;

/// A deed whose body has been read: can be done, and done again.
type Ready = Box<dyn Fn(&mut Conn, &mut Context) -> Result<Answer> + Send + Sync>;

/// The stream from which what comes of itself draws its ids.
const STREAM: u8 = 7;

/// Does all of them, in their order and in one transaction: broken off in the middle, nothing was done. Afterwards whatever came of
/// itself by the midnight that begins `today` has been found.
///
/// # Errors
/// When one of them is refused: the sample's author is told which.
pub(super) async fn play(
    platform: &Platform,
    shapes: &Arc<Shapes>,
    office: &Office,
    files: &Files,
    deeds: Vec<Deed>,
    today: NaiveDate,
) -> Result<()> {
    let mut all = Vec::with_capacity(deeds.len());
    for deed in deeds {
        let origin = Origin {
            actor: office.actor(&deed.by)?,
            moment: deed.moment.clone(),
            if_match: IfMatch::Any,
            ..Origin::system(platform, "demo")
        };
        let what = format!("{} {:?} by {}", deed.petition, deed.act, deed.by);
        all.push((ready(&origin, deed, shapes, files)?, origin, what));
    }
    let system = Origin::system(platform, "demo");
    let end = midnight(today, platform.config.zone);
    let office = office.clone();
    let play = move |c: &mut Conn| {
        let mut rounds = Rounds::new(&system, &office, today)?;
        // anew in each run, like all that is drawn
        let ids = Ids::seeded(seed(today, STREAM));
        let mut last = DateTime::<Utc>::MIN_UTC;
        for (ready, origin, what) in &all {
            rounds.until(c, origin.moment.now)?;
            come(c, &system, &ids, last, origin.moment.now)?;
            last = origin.moment.now;
            ready(c, &mut origin.context()).map_err(|e| Error::internal(format!("sample petition {what}: {e}: {e:?}")))?;
        }
        rounds.until(c, end)?;
        come(c, &system, &ids, last, end)
    };
    platform.db.write(play).await
}

/// What comes of itself up to an instant, each at its own, the oldest first; what came before the petition was even registered is
/// found after the last deed.
fn come(c: &mut Conn, system: &Origin, ids: &Ids, last: DateTime<Utc>, until: DateTime<Utc>) -> Result<()> {
    while let Some(first) = deadline::take_come(c, Time(until), Coming::FIRST, 1)?.pop() {
        let (origin, petition) = (Origin { moment: ids.moment(first.next_at.0.max(last)), ..system.clone() }, first.subject_id);
        if !due::sweep(c, &mut origin.context(), petition)? {
            return Err(Error::internal(format!("nothing comes of the clocks of sample petition {petition}")));
        }
    }
    Ok(())
}

/// A withdrawal names everybody whose petition it is: they are looked up when they are there.
fn withdraw(c: &mut Conn, cx: &mut Context, deed: &Deed, shapes: &Shapes) -> Result<Answer> {
    let case = Case::load(c, cx, deed.petition)?;
    let parties: Vec<_> = case.active_parties().filter(|p| p.role.is_principal()).map(|p| p.id).collect();
    let mut body = deed.body.clone();
    body.insert("party_ids".to_owned(), json!(parties));
    closure::withdraw(c, cx, deed.petition, &read(&body, shapes)?)
}

/// Who takes part in such a role.
fn taking_part(c: &mut Conn, cx: &Context, petition: Id, fits: impl Fn(PartyRole) -> bool) -> Result<Id> {
    let case = Case::load(c, cx, petition)?;
    case.active_parties().find(|p| fits(p.role)).map(|p| p.id).ok_or(Error::NotFound)
}

/// The last notice that has not arrived.
fn on_its_way(c: &mut Conn, petition: Id) -> Result<Id> {
    let notices = notice::repo::of_petition(c, petition, Id::NIL, 100)?;
    notices.into_iter().rfind(|n| n.delivered_at.is_none() && !n.kind.is_answer()).map(|n| n.id).ok_or(Error::NotFound)
}

/// A decision is about the request that waits.
fn decide_extension(c: &mut Conn, cx: &mut Context, petition: Id, body: &Body<DecideExtension>) -> Result<Answer> {
    let asked = Case::load(c, cx, petition)?.row.facts.extension.ok_or(Error::NotFound)?;
    extension::decide(c, cx, petition, asked.id, body)
}

/// Those above decide on what the lead left undone; else there is one that is open, or answered.
fn the_supervision(case: &Case, act: Act) -> Result<Id> {
    let undone = [ClockKind::UnitNotice, ClockKind::Handling, ClockKind::SuggestionReply];
    let fits = |s: &&Supervision| match act {
        Act::ConfirmSupervision | Act::DismissSupervision => {
            s.state == SupervisionState::Proposed && s.clock_kind.is_some_and(|kind| undone.contains(&kind))
        }
        Act::AnswerSupervision => s.state == SupervisionState::Open,
        _ => s.state == SupervisionState::Answered,
    };
    case.supervisions.iter().find(fits).map(|s| s.id).ok_or(Error::NotFound)
}

/// The service behind an act, with its body. A new act gets its line here.
fn ready(origin: &Origin, deed: Deed, shapes: &Arc<Shapes>, files: &Files) -> Result<Ready> {
    let id = deed.petition;
    macro_rules! perform {
        ($f:expr) => {{
            let (body, f) = (read(&deed.body, shapes)?, $f);
            Box::new(move |c: &mut Conn, cx: &mut Context| f(c, cx, id, &body))
        }};
    }
    macro_rules! under {
        ($f:expr) => {{
            let body = read(&deed.body, shapes)?;
            Box::new(move |c: &mut Conn, cx: &mut Context| {
                let referral = Case::load(c, cx, id)?.row.facts.referral.ok_or(Error::NotFound)?.id;
                $f(c, cx, id, referral, &body)
            })
        }};
    }
    macro_rules! asked {
        ($f:expr) => {{
            let body = read(&deed.body, shapes)?;
            Box::new(move |c: &mut Conn, cx: &mut Context| {
                // the sample asks one unit at a time
                let asked = Case::load(c, cx, id)?.row.facts.assistance.first().ok_or(Error::NotFound)?.id;
                $f(c, cx, id, asked, &body)
            })
        }};
    }
    Ok(match deed.act {
        Act::Register => {
            let body: Body<RegisterPetition> = read(&deed.body, shapes)?;
            let prepared = prepare(&mut origin.aside(), body.shaped()?)?;
            let profile: Option<Body<Profile>> = deed.profile.as_ref().map(|profile| read(profile, shapes)).transpose()?;
            Box::new(move |c, cx| {
                if let Some(profile) = &profile {
                    retirees::create(c, cx, profile.shaped()?)?;
                }
                intake::register(c, cx, body.shaped()?, &prepared)
            })
        }
        Act::Correct => perform!(correction::correct),
        Act::AddParty => perform!(people::add_party),
        Act::AddNote => perform!(petition::add_note),
        Act::AddAttachment => {
            let body = files.enclosed(&deed);
            Box::new(move |c, cx| enclosure::add(c, cx, id, &body))
        }
        Act::GiveNotice => perform!(notices::give),
        Act::DeliverNotice => {
            let body = read(&deed.body, shapes)?;
            Box::new(move |c, cx| {
                let notice = on_its_way(c, id)?;
                notices::deliver(c, cx, id, notice, &body)
            })
        }
        Act::Refer | Act::Assign => perform!(referral::refer),
        Act::Object => under!(objection::object),
        Act::DecideObjection => under!(objection::decide),
        Act::Recall => under!(recall::recall),
        Act::SubmitReport => under!(report::submit),
        Act::SetOfficer => perform!(officer::set),
        Act::Recuse => perform!(recusal::recuse),
        Act::Reopen => perform!(closure::reopen),
        Act::LiftRecusal => {
            let body = read(&deed.body, shapes)?;
            Box::new(move |c, cx| {
                let bars = Case::load(c, cx, id)?.bars;
                let recused = bars.iter().rfind(|bar| bar.reason == RECUSED).ok_or(Error::NotFound)?.id;
                recusal::lift(c, cx, id, recused, &body)
            })
        }
        Act::TakeCharge => perform!(leader_case::take),
        Act::JoinPolicyIssue => perform!(policy_issue::join),
        Act::LeavePolicyIssue => perform!(policy_issue::leave),
        Act::Instruct => perform!(leader_case::instruct),
        Act::ReleaseCharge => perform!(leader_case::release),
        Act::RecordContact => perform!(contact::record),
        Act::OpenHearing => perform!(hearing::open),
        Act::EndHearing => {
            let body = read(&deed.body, shapes)?;
            Box::new(move |c, cx| {
                let open = Case::load(c, cx, id)?.row.facts.hearing.ok_or(Error::NotFound)?;
                hearing::end(c, cx, id, open, &body)
            })
        }
        Act::Mediate => perform!(mediation::mediate),
        Act::AskAssistance => perform!(assistance::ask),
        Act::AnswerAssistance => asked!(assistance::answer),
        Act::CancelAssistance => asked!(assistance::cancel),
        Act::Supervise => perform!(supervision::supervise),
        Act::ConfirmSupervision | Act::DismissSupervision | Act::AnswerSupervision | Act::LiftSupervision => {
            let (body, act) = (read(&deed.body, shapes)?, deed.act);
            Box::new(move |c, cx| {
                let meant = the_supervision(&Case::load(c, cx, id)?, act)?;
                supervision::update(c, cx, id, meant, &body)
            })
        }
        Act::Accept => perform!(acceptance::accept),
        Act::IssueOpinion | Act::CorrectOpinion => perform!(opinion::give),
        Act::RequestReview => perform!(appeal::request),
        Act::DecideReview => {
            let body = read(&deed.body, shapes)?;
            Box::new(move |c, cx| {
                let review = Case::load(c, cx, id)?.row.facts.review.ok_or(Error::NotFound)?;
                appeal::decide(c, cx, id, review, &body)
            })
        }
        Act::Deliver => perform!(delivery::deliver),
        Act::EvaluateOffice => perform!(|c: &mut _, cx: &mut _, id, body: &_| evaluation::evaluate(c, cx, id, Rated::Office, body)),
        Act::EvaluateUnit => perform!(|c: &mut _, cx: &mut _, id, body: &_| evaluation::evaluate(c, cx, id, Rated::Unit, body)),
        Act::RequestExtension => perform!(extension::request),
        Act::DecideExtension => {
            let body = read(&deed.body, shapes)?;
            Box::new(move |c, cx| decide_extension(c, cx, id, &body))
        }
        Act::LinkMatter => perform!(matter::link),
        Act::UnlinkMatter => perform!(matter::unlink),
        Act::MarkUrgent => perform!(urgency::mark),
        Act::UnmarkUrgent => perform!(urgency::unmark),
        Act::ReissueQueryCode => perform!(intake::reissue_query_code),
        Act::SetPriority => perform!(set_priority),
        Act::RecordUrgentReport => perform!(urgency::record_report),
        Act::RecordExecution => perform!(execution::record),
        Act::Withdraw => {
            let shapes = Arc::clone(shapes);
            Box::new(move |c, cx| withdraw(c, cx, &deed, &shapes))
        }
        Act::ConfirmOwnWill => {
            let body = read(&deed.body, shapes)?;
            Box::new(move |c, cx| {
                let proxy = taking_part(c, cx, id, PartyRole::needs_authority)?;
                own_will::confirm_own_will(c, cx, id, proxy, &body)
            })
        }
        Act::EndParty => {
            let body = read(&deed.body, shapes)?;
            Box::new(move |c, cx| {
                let proxy = taking_part(c, cx, id, PartyRole::needs_authority)?;
                people::end_party(c, cx, id, proxy, &body)
            })
        }
        Act::ReportDeath => {
            let body = read(&deed.body, shapes)?;
            Box::new(move |c, cx| {
                let petitioner = taking_part(c, cx, id, PartyRole::is_principal)?;
                succession::report(c, cx, id, petitioner, &body)
            })
        }
        Act::AnswerHeirs => perform!(succession::answer),
        act if act.row().reason.is_some() => perform!(closure::close),
        other => return Err(Error::internal(format!("the sample does not know how to {}", other.row().title))),
    })
}

fn read<T: DeserializeOwned + ToSchema>(body: &Map<String, Value>, shapes: &Shapes) -> Result<Body<T>> {
    let text = serde_json::to_vec(body).map_err(|e| Error::Internal(Box::new(e)))?;
    Body::from_bytes(&text, shapes).map_err(|problem| Error::internal(format!("{problem:?}")))
}
