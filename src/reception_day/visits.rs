//! Somebody comes on a reception day: their petition is registered, with what the leader says should be done.

use super::model::{Booking, BookingState, ReceptionDay, RegisterVisit};
use super::{repo, service};
use crate::account;
use crate::audit::Draft;
use crate::auth::Context;
use crate::codes;
use crate::leader_case;
use crate::petition::registration;
use crate::petition::{Act, Channel, view};
use crate::platform::db::Conn;
use crate::platform::db::types::{Id, Time};
use crate::platform::error::{Error, Fault, Result};
use crate::platform::web::Answer;

/// Registers the petition of somebody who came, booked or not, and writes down what the leader says to it.
///
/// # Errors
/// NotFound; Conflict for a day that was cancelled; Invalid with every fault, those of the petition below `/petition`.
pub fn register(c: &mut Conn, cx: &mut Context, day: Id, input: &RegisterVisit) -> Result<Answer> {
    let day = repo::find(c, day)?.ok_or(Error::NotFound)?;
    if day.cancelled_at.is_some() {
        return Err(Error::conflict(codes::RECEPTION_DAY_CANCELLED));
    }
    let (booking, faults) = examined(c, cx, &day, input)?;
    let (mut case, code) = match registration::register(c, cx, &input.petition) {
        Ok(registered) if faults.is_empty() => registered,
        Ok(_) => return Err(Error::Invalid(faults)),
        Err(Error::Invalid(more)) => return Err(Error::Invalid(faults.into_iter().chain(more.into_iter().map(of_petition)).collect())),
        Err(e) => return Err(e),
    };
    let leader = account::repo::find(c, day.leader_id)?.ok_or_else(|| Error::internal("a reception day without its leader"))?;
    if case.bars_account(Some(leader.id), leader.unit_id) {
        return Err(Error::fault("/petition/subject", codes::LEADER_CONCERNED));
    }
    leader_case::service::instructed(c, cx, &mut case, leader.id, day.id, &input.instruction)?;
    case.store(c, cx, true)?;
    came(c, cx, day, booking, case.row.id)?;

    let mut view = view::shown(c, cx, &case)?;
    view.query_code = Some(code);
    let place = view::place(view.id);
    Ok(Answer { location: Some(place), ..view::answer_of(&view, 201)? })
}

/// The booking they come by, and what is wrong apart from the petition itself.
fn examined(c: &mut Conn, cx: &Context, day: &ReceptionDay, input: &RegisterVisit) -> Result<(Option<Booking>, Vec<Fault>)> {
    let mut faults = Vec::new();
    let new = &input.petition;
    if new.channel != Channel::Visit {
        faults.push(Fault::new("/petition/channel", codes::VISIT_ONLY));
    }
    let received_at = new.received_at.or(new.captured_at).unwrap_or(cx.now());
    if cx.day(received_at) != day.held_on {
        faults.push(Fault::new("/petition/received_at", codes::NOT_THAT_DAY).arg(day.held_on));
    }
    let booking = input.booking_id.map(|id| repo::booking(c, day.id, id)).transpose()?;
    match &booking {
        Some(None) => faults.push(Fault::new("/booking_id", codes::UNKNOWN_BOOKING)),
        Some(Some(booking)) if booking.state != BookingState::Booked => faults.push(Fault::new("/booking_id", codes::BOOKING_ENDED)),
        _ => {}
    }
    Ok((booking.flatten(), faults))
}

/// Notes on the day that they came; who has not booked takes no place from those who have.
fn came(c: &mut Conn, cx: &mut Context, day: ReceptionDay, booking: Option<Booking>, petition: Id) -> Result<()> {
    let now = Time(cx.now());
    let id = booking.as_ref().map_or_else(|| cx.draw.id(), |booking| booking.id);
    // that a petition came of it would tell of a confidential one; its own trail names the day
    let draft = Draft::new("visitor_came", cx.actor.role_among(Act::Register.row().roles())).with("booking_id", id);
    let (day_id, by) = (day.id, cx.actor.id());
    service::told(c, cx, ReceptionDay { came: day.came + 1, ..day }, draft)?;
    let (state, petition_id, ended_at, ended_by) = (BookingState::Came, Some(petition), Some(now), Some(by));
    match booking {
        Some(booking) => repo::end(c, &Booking { state, petition_id, ended_at, ended_by, ..booking }),
        None => {
            let (retiree_id, name, phone, about, end_reason) = (None, None, None, None, None);
            let (reception_day_id, booked_at, booked_by) = (day_id, now, by);
            let row = Booking {
                id,
                reception_day_id,
                state,
                retiree_id,
                name,
                phone,
                about,
                booked_at,
                booked_by,
                petition_id,
                ended_at,
                ended_by,
                end_reason,
            };
            repo::book(c, &row)
        }
    }
}

fn of_petition(fault: Fault) -> Fault {
    Fault { pointer: format!("/petition{}", fault.pointer), ..fault }
}
