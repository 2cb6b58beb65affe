//! Acceptance (受理): the unit takes the petition on and tells the petitioner. Art. 23.

use super::model::{AcceptPetition, Acceptance};
use super::repo;
use crate::auth::Context;
use crate::codes;
use crate::deadline::ClockKind;
use crate::notice::NoticeKind;
use crate::petition::clocks::NewClock;
use crate::petition::{Act, Kind, Stage, service};
use crate::platform::db::Conn;
use crate::platform::db::types::{Id, Time};
use crate::platform::error::{Error, Fault, Result};
use crate::platform::web::{Answer, Body};

/// The route of a claim that goes through the petition procedure itself.
const OWN_ROUTE: i16 = 6;

/// Accepts a petition: by the unit it was referred to, or at once by an office that is itself competent.
///
/// # Errors
/// As [`service::perform`]; Invalid for a missing notice, a route on another kind, the simplified procedure where it can't be.
pub fn accept(c: &mut Conn, cx: &mut Context, id: Id, body: &Body<AcceptPetition>) -> Result<Answer> {
    service::perform(c, cx, id, Act::Accept, body, |c, cx, case, input| {
        let kind = case.row.kind;
        let mut faults = Vec::new();
        if input.notice.is_none() && !case.row.facts.undeliverable() {
            faults.push(Fault::new("/notice", codes::NOTICE_REQUIRED));
        }
        if input.route.is_some() && kind != Kind::Claim {
            faults.push(Fault::new("/route", codes::ROUTE_NOT_FOR_KIND));
        }
        let principals = case.active_parties().filter(|p| p.role.is_principal()).count();
        let eligible = kind != Kind::Accusation && principals <= 1 && case.row.first_here && !case.row.urgent;
        if input.simplified == Some(true) && !eligible {
            faults.push(Fault::new("/simplified", codes::NOT_ELIGIBLE_SIMPLIFIED));
        }
        if !faults.is_empty() {
            return Err(Error::Invalid(faults));
        }
        let row = Acceptance {
            id: cx.draw.id(),
            petition_id: id,
            unit_id: cx.actor.unit_id,
            referral_id: case.row.facts.referral.as_ref().map(|r| r.id),
            route: (kind == Kind::Claim).then(|| input.route.unwrap_or(OWN_ROUTE)),
            accepted_at: Time(cx.now()),
            accepted_by: cx.actor.id(),
        };
        repo::insert_acceptance(c, &row)?;
        case.settle_referral(c, "accepted", row.accepted_at)?;
        let draft = case.draft(&cx.actor, Act::Accept, "accepted");
        if case.row.stage == Stage::Registered {
            case.lead(c, row.unit_id)?;
        }
        case.row.facts.accepted = true;
        case.row.facts.route = row.route;
        case.row.facts.handled_by(row.accepted_by);
        case.fulfil(c, cx, "accept")?;
        if input.simplified == Some(false) {
            case.end_simplified(cx, None);
        }
        case.row.simplified = input.simplified.unwrap_or(case.row.simplified);
        case.advance(Stage::Handling);
        let (unit, from) = (row.unit_id, row.accepted_at.0);
        for kind in [ClockKind::Handling, ClockKind::SuggestionReply] {
            // one that runs since an earlier acceptance keeps its last day: only who answers for it changes
            if case.clocks.open_of(kind).is_none() {
                case.start_clock(c, cx, NewClock { kind, from, unit, until: None })?;
            } else {
                case.clocks.hand_over(unit, |clock| clock.kind == kind);
            }
        }
        if case.row.simplified {
            case.start_clock(c, cx, NewClock { kind: ClockKind::SimplifiedAnswer, from, unit, until: None })?;
        }
        let notice = match &input.notice {
            Some(how) => Some(case.issue_notice(c, cx, NoticeKind::Acceptance, row.unit_id, how.into())?.id),
            None => None,
        };
        case.event(
            draft
                .with("acceptance_id", row.id)
                .with("route", row.route)
                .with("simplified", case.row.simplified)
                .with("notice_id", notice)
                .with("method", input.notice.as_ref().map(|n| n.method)),
        );
        Ok(Some("acceptance".to_owned()))
    })
}
