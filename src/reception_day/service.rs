//! Publishing reception days, changing and cancelling them; booking places.

use super::model::{BookPlace, Booking, BookingState, BookingView, CancelReception, PublicReceptionDay, PublicRoster};
use super::model::{PublishReceptionDay, ReceptionDay, ReceptionDayChange, ReceptionDayView};
use super::repo::{self, DaysFilter};
use crate::account;
use crate::audit::{Draft, Head, SubjectKind, append};
use crate::auth::{Context, Paging, Permission, Role};
use crate::codes;
use crate::platform::db::Conn;
use crate::platform::db::types::{Id, Time};
use crate::platform::error::{Error, Fault, Refusal, Result};
use crate::platform::ids::is_v7;
use crate::platform::web::Page;
use crate::platform::web::codes::ID_TAKEN;
use crate::retiree;
use chrono::{Days, NaiveDate};
use serde_json::{Map, Value, json};

/// How far ahead a day may be: further is a slip in the year.
const AHEAD: Days = Days::new(366);
/// As many days the public is told at most.
const TOLD: i64 = 100;

/// One reception day.
///
/// # Errors
/// NotFound.
pub fn read(c: &mut Conn, id: Id) -> Result<ReceptionDayView> {
    let day = repo::find(c, id)?.ok_or(Error::NotFound)?;
    shown(c, day)
}

/// A page of reception days, the earliest first.
///
/// # Errors
/// Database only.
pub fn page(c: &mut Conn, cx: &Context, asked: &DaysFilter, paging: &Paging<(NaiveDate, Id)>) -> Result<Page<ReceptionDayView>> {
    let rows = repo::page(c, asked, paging.after, paging.rows())?;
    let names = account::repo::names(c, &leaders(&rows))?;
    paging.page(
        cx,
        rows,
        |row| (row.held_on, row.id),
        |row| {
            let leader = names.get(&row.leader_id).cloned().unwrap_or_default();
            row.view(leader)
        },
    )
}

/// The roster as the public reads it.
///
/// # Errors
/// Database only.
pub fn roster(c: &mut Conn, today: NaiveDate) -> Result<PublicRoster> {
    let rows = repo::to_come(c, today, TOLD)?;
    let names = account::repo::names(c, &leaders(&rows))?;
    let told = |row: ReceptionDay| PublicReceptionDay {
        leader: names.get(&row.leader_id).cloned().unwrap_or_default(),
        held_on: row.held_on,
        starts: row.starts,
        ends: row.ends,
        place: row.place,
        places_left: (row.places - row.booked).max(0),
    };
    Ok(PublicRoster { items: rows.into_iter().map(told).collect() })
}

/// Publishes a reception day.
///
/// # Errors
/// Invalid with every fault; Conflict for an id that is in use.
pub fn publish(c: &mut Conn, cx: &mut Context, new: &PublishReceptionDay) -> Result<ReceptionDay> {
    let mut day = ReceptionDay {
        id: new.id.unwrap_or_else(|| cx.draw.id()),
        held_on: new.held_on,
        starts: new.starts.clone(),
        ends: new.ends.clone(),
        place: new.place.trim().to_owned(),
        leader_id: new.leader_id,
        places: new.places,
        booked: 0,
        came: 0,
        published_at: Time(cx.now()),
        published_by: cx.actor.id(),
        cancelled_at: None,
        cancelled_by: None,
        cancel_reason: None,
        version: 1,
        event_n: 0,
        event_hash: Vec::new(),
    };
    let mut faults = Vec::new();
    if new.id.is_some_and(|id| !is_v7(id.0)) {
        faults.push(Fault::new("/id", codes::NOT_V7));
    }
    if day.held_on < cx.today() {
        faults.push(Fault::new("/held_on", codes::RECEPTION_DAY_PAST));
    } else if cx.today().checked_add_days(AHEAD).is_some_and(|last| day.held_on > last) {
        faults.push(Fault::new("/held_on", codes::RECEPTION_DAY_FAR));
    }
    faults.extend(hours_and_leader(c, &day, true)?);
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    if new.id.is_some() {
        crate::audit::repo::require_free(c, day.id)?;
    }
    let draft = draft(cx, "reception_day_published").with("held_on", day.held_on).with("hours", hours(&day));
    let draft = draft.with("leader", day.leader_id).with("places", day.places).sealed(json!({"place": day.place}));
    let head = append(c, cx, SubjectKind::ReceptionDay, day.id, &Head::none(), draft)?;
    (day.event_n, day.event_hash) = (head.n, head.hash);
    if repo::insert(c, &day)? { Ok(day) } else { Err(Error::conflict(ID_TAKEN)) }
}

/// The reception day a caller is about to change, at the version they have seen.
///
/// # Errors
/// NotFound, VersionRequired, Stale; Conflict for one that is over or cancelled.
pub fn seen(c: &mut Conn, cx: &Context, id: Id) -> Result<ReceptionDay> {
    let day = repo::find(c, id)?.ok_or(Error::NotFound)?;
    let view = shown(c, day.clone())?;
    cx.expect_version(day.version, &view.etag)?;
    Ok(day)
}

/// Changes hours, place, leader or places of a day that [`seen`] gave.
///
/// # Errors
/// Conflict for one that is over or cancelled; Invalid with every fault.
pub fn change(c: &mut Conn, cx: &mut Context, day: ReceptionDay, change: &ReceptionDayChange) -> Result<ReceptionDayView> {
    require_ahead(cx, &day)?;
    let mut next = day.clone();
    next.starts = change.starts.clone().unwrap_or(next.starts);
    next.ends = change.ends.clone().unwrap_or(next.ends);
    next.place = change.place.as_deref().map(|place| place.trim().to_owned()).unwrap_or(next.place);
    next.leader_id = change.leader_id.unwrap_or(next.leader_id);
    next.places = change.places.unwrap_or(next.places);
    let mut faults = hours_and_leader(c, &next, next.leader_id != day.leader_id)?;
    if next.places < next.booked {
        faults.push(Fault::new("/places", codes::BELOW_BOOKED).arg(next.booked));
    }
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    if next == day {
        return shown(c, day);
    }
    let mut draft = draft(cx, "reception_day_changed");
    for (name, from, to) in [
        ("hours", json!(hours(&day)), json!(hours(&next))),
        ("leader", json!(day.leader_id), json!(next.leader_id)),
        ("places", json!(day.places), json!(next.places)),
    ] {
        if from != to {
            draft = draft.with(name, json!({"from": from, "to": to}));
        }
    }
    let mut words = Map::new();
    if next.place != day.place {
        words.insert("place".to_owned(), json!({"from": day.place, "to": next.place}));
    }
    if let Some(reason) = &change.reason {
        words.insert("reason".to_owned(), json!(reason));
    }
    draft.sealed = (!words.is_empty()).then_some(Value::Object(words)).into();
    let next = told(c, cx, next, draft)?;
    shown(c, next)
}

/// Cancels a day that [`seen`] gave. Bookings stay on its list: it says who must be told.
///
/// # Errors
/// Conflict for one that is over or cancelled.
pub fn cancel(c: &mut Conn, cx: &mut Context, day: ReceptionDay, input: &CancelReception) -> Result<ReceptionDayView> {
    require_ahead(cx, &day)?;
    let cancel_reason = Some(input.reason.clone());
    let next = ReceptionDay { cancelled_at: Some(Time(cx.now())), cancelled_by: Some(cx.actor.id()), cancel_reason, ..day };
    let draft = draft(cx, "reception_day_cancelled").sealed(json!({"reason": input.reason}));
    let next = told(c, cx, next, draft)?;
    shown(c, next)
}

/// A page of who has booked a day, or came.
///
/// # Errors
/// NotFound.
pub fn bookings(c: &mut Conn, cx: &Context, day: Id, paging: &Paging<Id>) -> Result<Page<BookingView>> {
    repo::find(c, day)?.ok_or(Error::NotFound)?;
    let rows = repo::bookings(c, day, paging.after, paging.rows())?;
    let seen = repo::seen(c, &cx.actor, rows.iter().filter_map(|row| row.petition_id).collect())?;
    paging.page(cx, rows, |row| row.id, |row| row.view(cx, |id| seen.contains(&id)))
}

/// Books a place.
///
/// # Errors
/// NotFound; Conflict for a day that is over, cancelled or full, or an id in use; Invalid with every fault.
pub fn book(c: &mut Conn, cx: &mut Context, day: Id, new: &BookPlace) -> Result<BookingView> {
    let day = repo::find(c, day)?.ok_or(Error::NotFound)?;
    require_ahead(cx, &day)?;
    let mut faults = Vec::new();
    if new.id.is_some_and(|id| !is_v7(id.0)) {
        faults.push(Fault::new("/id", codes::NOT_V7));
    }
    // whoever was merged into another profile is that one
    let mut retiree_id = None;
    if let Some(given) = new.retiree_id {
        match retiree::service::reached(c, cx, given) {
            Ok((_, row)) if repo::has_booked(c, day.id, row.id)? => faults.push(Fault::new("/retiree_id", codes::BOOKED_ALREADY)),
            Ok((_, row)) => retiree_id = Some(row.id),
            Err(Error::NotFound) => faults.push(Fault::new("/retiree_id", codes::UNKNOWN_RETIREE)),
            Err(e) => return Err(e),
        }
    }
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    if new.id.map(|id| repo::is_booking(c, id)).transpose()?.unwrap_or(false) {
        return Err(Error::conflict(ID_TAKEN));
    }
    if day.booked >= day.places {
        return Err(Error::conflict(codes::RECEPTION_DAY_FULL));
    }
    let id = new.id.unwrap_or_else(|| cx.draw.id());
    let phone = new.phone.as_deref().map(|phone| cx.seal(id, "phone", phone.as_bytes())).transpose()?;
    let booking = Booking {
        id,
        reception_day_id: day.id,
        state: BookingState::Booked,
        retiree_id,
        name: Some(new.name.trim().to_owned()),
        phone,
        about: new.about.clone(),
        booked_at: Time(cx.now()),
        booked_by: cx.actor.id(),
        petition_id: None,
        ended_at: None,
        ended_by: None,
        end_reason: None,
    };
    let draft = Draft::new("place_booked", cx.actor.role_among(Permission::BookReceptionDays.roles())).with("booking_id", id);
    let draft = match retiree_id {
        Some(retiree) => draft.with("retiree_id", retiree),
        None => draft,
    };
    let draft = draft.sealed(json!({"name": booking.name, "phone": new.phone, "about": booking.about}));
    told(c, cx, ReceptionDay { booked: day.booked + 1, ..day }, draft)?;
    repo::book(c, &booking)?;
    booking.view(cx, |_| false)
}

/// Cancels a booking: its place is free again.
///
/// # Errors
/// NotFound; Conflict for a day that is over or cancelled, and for a booking that has ended.
pub fn unbook(c: &mut Conn, cx: &mut Context, day: Id, id: Id, input: &CancelReception) -> Result<BookingView> {
    let day = repo::find(c, day)?.ok_or(Error::NotFound)?;
    let booking = repo::booking(c, day.id, id)?.ok_or(Error::NotFound)?;
    require_ahead(cx, &day)?;
    if booking.state != BookingState::Booked {
        return Err(Error::conflict(codes::BOOKING_ENDED));
    }
    let end_reason = Some(input.reason.clone());
    let (ended_at, ended_by) = (Some(Time(cx.now())), Some(cx.actor.id()));
    let booking = Booking { state: BookingState::Cancelled, ended_at, ended_by, end_reason, ..booking };
    let draft = Draft::new("booking_cancelled", cx.actor.role_among(Permission::BookReceptionDays.roles()));
    let draft = draft.with("booking_id", id).sealed(json!({"reason": input.reason}));
    told(c, cx, ReceptionDay { booked: day.booked - 1, ..day }, draft)?;
    repo::end(c, &booking)?;
    booking.view(cx, |_| false)
}

/// A reception day as it is shown.
///
/// # Errors
/// Database only.
pub fn shown(c: &mut Conn, day: ReceptionDay) -> Result<ReceptionDayView> {
    let leader = account::repo::names(c, &[day.leader_id])?.remove(&day.leader_id).unwrap_or_default();
    day.view(leader)
}

/// Stores a day as it is now, with what happened to it on its chain.
///
/// # Errors
/// Again when somebody else changed it meanwhile.
pub(super) fn told(c: &mut Conn, cx: &mut Context, day: ReceptionDay, draft: Draft) -> Result<ReceptionDay> {
    let head = Head { n: day.event_n, hash: day.event_hash.clone() };
    let head = append(c, cx, SubjectKind::ReceptionDay, day.id, &head, draft)?;
    repo::update(c, day, head)
}

/// Refuses what is over or cancelled.
fn require_ahead(cx: &Context, day: &ReceptionDay) -> Result<()> {
    let refusal = match () {
        () if day.cancelled_at.is_some() => codes::RECEPTION_DAY_CANCELLED,
        () if day.held_on < cx.today() => codes::RECEPTION_DAY_OVER,
        () => return Ok(()),
    };
    Err(Error::Conflict(Refusal::new(refusal)))
}

/// What is wrong with the hours of a day and with its leader; one who was accepted before may have left since.
fn hours_and_leader(c: &mut Conn, day: &ReceptionDay, named_now: bool) -> Result<Vec<Fault>> {
    let mut faults = Vec::new();
    if day.ends <= day.starts {
        faults.push(Fault::new("/ends", codes::ENDS_BEFORE_START));
    }
    let leads = account::repo::roles(c, &[day.leader_id])?.get(&day.leader_id).is_some_and(|roles| roles.has(Role::Leader));
    if named_now && !(leads && account::repo::active(c, &[day.leader_id])?.contains(&day.leader_id)) {
        faults.push(Fault::new("/leader_id", codes::NOT_A_LEADER));
    } else if faults.is_empty() && repo::sits(c, day)? {
        faults.push(Fault::new("/leader_id", codes::LEADER_SITS_ALREADY));
    }
    Ok(faults)
}

fn leaders(rows: &[ReceptionDay]) -> Vec<Id> {
    rows.iter().map(|row| row.leader_id).collect()
}

fn hours(day: &ReceptionDay) -> String {
    format!("{}-{}", day.starts, day.ends)
}

fn draft(cx: &Context, act: &'static str) -> Draft {
    Draft::new(act, cx.actor.role_among(Permission::KeepReceptionDays.roles()))
}
