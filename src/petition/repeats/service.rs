//! Keeping a matter in line: whoever comes, leaves or turns out to have come earlier, the places of all the others follow, each with
//! its event on its own chain.

use super::rules::{Came, Kin, Place, places};
use crate::audit::Draft;
use crate::auth::Context;
use crate::petition::clocks::due;
use crate::petition::repo;
use crate::petition::repo::matter::{self, Member};
use crate::petition::{Case, Stage};
use crate::platform::db::Conn;
use crate::platform::db::types::Id;
use crate::platform::error::{Error, Result};
use std::collections::BTreeMap;

/// Brings a petition into the matter another one belongs to; it stands in its new place afterwards, its event is the caller's. A first
/// petition brings its repeats along, a repeat comes alone.
///
/// # Errors
/// [`Error::Again`] when somebody else moved one of them meanwhile.
pub fn join(c: &mut Conn, cx: &mut Context, case: &mut Case, other: &Case) -> Result<()> {
    let (from, to) = (case.row.matter_id, other.row.matter_id);
    if from == to {
        return Ok(());
    }
    let members = in_hand(c, &[from, to])?;
    let stands = |id: Id, matter: Id| members.iter().any(|m| m.came().id == id && m.matter() == matter);
    if !stands(case.row.id, from) || !stands(other.row.id, to) {
        return Err(Error::Again);
    }
    let brings = case.row.repeat_of.is_none();
    let moves = |m: &Member| m.matter() == to || m.came().id == case.row.id || brings;
    let mut all = places(to, members.iter().filter(|m| moves(m)).map(Member::came));
    all.extend(places(from, members.iter().filter(|m| !moves(m)).map(Member::came)));
    settle(c, cx, case, &members, &all)
}

/// Takes a petition out of its matter, into one of its own.
///
/// # Errors
/// [`Error::Again`] when somebody else moved one of them meanwhile.
pub fn leave(c: &mut Conn, cx: &mut Context, case: &mut Case) -> Result<()> {
    let (from, own) = (case.row.matter_id, cx.draw.id());
    let members = in_hand(c, &[from])?;
    let mut all = places(from, members.iter().map(Member::came).filter(|came| came.id != case.row.id));
    all.insert(case.row.id, Place::alone(own));
    settle(c, cx, case, &members, &all)
}

/// Brings the matter in line with when its petition really came.
///
/// # Errors
/// [`Error::Again`] when somebody else moved one of them meanwhile.
pub fn reorder(c: &mut Conn, cx: &mut Context, case: &mut Case) -> Result<()> {
    if !case.row.facts.linked {
        return Ok(());
    }
    let matter = case.row.matter_id;
    let members = in_hand(c, &[matter])?;
    let others = members.iter().map(Member::came).filter(|came| came.id != case.row.id);
    let all = places(matter, others.chain([came(case)]));
    settle(c, cx, case, &members, &all)
}

/// The place of a petition about to be registered as a repeat of another, and what follows for those that are there.
pub(in crate::petition) struct Coming {
    /// Where it will stand.
    pub place: Place,
    members: Vec<Member>,
    all: BTreeMap<Id, Place>,
}

/// Finds the place of a newcomer that repeats an earlier one.
///
/// # Errors
/// [`Error::Again`] when somebody else moved that one meanwhile.
pub(in crate::petition) fn coming(c: &mut Conn, earlier: Id, matter: Id, newcomer: Came) -> Result<Coming> {
    let members = in_hand(c, &[matter])?;
    if !members.iter().any(|m| m.came().id == earlier) {
        return Err(Error::Again);
    }
    let all = places(matter, members.iter().map(Member::came).chain([newcomer]));
    let place = all.get(&newcomer.id).copied().unwrap_or(Place::alone(matter));
    Ok(Coming { place, members, all })
}

/// What follows for the others once the newcomer is there.
///
/// # Errors
/// Database only.
pub(in crate::petition) fn came_in(c: &mut Conn, cx: &mut Context, coming: &Coming) -> Result<()> {
    others(c, cx, None, &coming.members, &coming.all)
}

fn came(case: &Case) -> Came {
    Came { received_at: case.row.received_at, registered_at: case.row.registered_at, id: case.row.id }
}

fn in_hand(c: &mut Conn, matters: &[Id]) -> Result<Vec<Member>> {
    matter::take_in_hand(c, matters)?;
    matter::members(c, matters)
}

fn settle(c: &mut Conn, cx: &mut Context, case: &mut Case, members: &[Member], all: &BTreeMap<Id, Place>) -> Result<()> {
    others(c, cx, Some(case.row.id), members, all)?;
    match all.get(&case.row.id) {
        Some(place) => case.file_under(c, place),
        None => Err(Error::Again),
    }
}

/// Moves those whose place is another now, in the order of their ids.
fn others(c: &mut Conn, cx: &mut Context, but: Option<Id>, members: &[Member], all: &BTreeMap<Id, Place>) -> Result<()> {
    let of = |matter: Id| members.iter().filter(|m| m.matter() == matter).count();
    for member in members {
        let id = member.came().id;
        let Some(place) = all.get(&id).filter(|place| Some(id) != but && **place != member.place(of(member.matter()))) else { continue };
        let mut other = Case::load_unscoped(c, cx, id)?.ok_or(Error::Again)?;
        let before = other.row.closed_at;
        due::catch_up(c, cx, &mut other)?;
        other.file_under(c, place)?;
        other.event(told(Draft::by_system("matter_changed"), place, other.row.restricted));
        if !place.is_first() {
            // the simplified procedure is for what is new
            other.end_simplified(cx, None);
        }
        let closed = other.row.closed_at != before;
        other.store(c, cx, closed)?;
        other.store_fact(c, cx)?;
    }
    Ok(())
}

/// What an event says of a place. Of a confidential petition it names no other: who reads it may be barred from that one.
pub fn told(draft: Draft, place: &Place, confidential: bool) -> Draft {
    let draft = draft.with("matter_id", place.matter).with("repeat_no", place.repeat_no).with("linked", place.linked);
    let draft = draft.with("first_here", place.is_first());
    if confidential { draft } else { draft.with("repeat_of", place.repeat_of) }
}

/// Its place in its matter.
impl Case {
    /// What the others of its matter allow; known while it is registered.
    pub fn kin(&self) -> &Kin {
        &self.kin
    }

    /// Takes its place in a matter.
    ///
    /// # Errors
    /// Database only.
    pub(in crate::petition) fn file_under(&mut self, c: &mut Conn, place: &Place) -> Result<()> {
        self.row.matter_id = place.matter;
        self.row.repeat_of = place.repeat_of;
        self.row.first_here = place.is_first();
        self.row.facts.linked = place.linked;
        self.kin =
            if place.linked && self.row.stage == Stage::Registered { matter::kin(c, place.matter, self.row.id)? } else { Kin::default() };
        if self.content.repeat_no != place.repeat_no {
            self.content.repeat_no = place.repeat_no;
            repo::update_content(c, &self.content)?;
        }
        Ok(())
    }

    /// Where it stands in its matter.
    pub fn place(&self) -> Place {
        let (matter, linked) = (self.row.matter_id, self.row.facts.linked);
        Place { matter, repeat_of: self.row.repeat_of, repeat_no: self.content.repeat_no, linked }
    }
}
