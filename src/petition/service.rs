//! The frame of every act, and the acts that belong to the petition itself.

use super::acts::Act;
use super::case::Case;
use super::model::Note;
use super::registration::TOLERANCE;
use super::{clocks, repo, rules, view};
use crate::auth::Context;
use crate::codes;
use crate::platform::db::Conn;
use crate::platform::db::types::{Id, Time};
use crate::platform::error::{Error, Fault, Result};
use crate::platform::ids::is_v7;
use crate::platform::web::{Answer, Body, codes as web};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

/// What an act made: the id behind `Location`, if it made something that can be read.
pub type Made = Option<String>;

/// Performs an act in the order every act follows: scope (404), relation (403), version (428, 412), shape (422),
/// facts (409), then `f`, which judges the body against the case (422), changes it and adds its events.
///
/// # Errors
/// In that order.
pub fn perform<T, F>(c: &mut Conn, cx: &mut Context, id: Id, act: Act, body: &Body<T>, f: F) -> Result<Answer>
where
    F: FnOnce(&mut Conn, &mut Context, &mut Case, &T) -> Result<Made>,
{
    perform_beside(c, cx, id, act, body, |_, _| Vec::new(), f)
}

/// Like [`perform`]; of a body with faults of form also those are told that `judge` finds in members that say something by themselves.
///
/// # Errors
/// As [`perform`].
pub fn perform_beside<T, F>(
    c: &mut Conn,
    cx: &mut Context,
    id: Id,
    act: Act,
    body: &Body<T>,
    judge: impl FnOnce(&Context, &Value) -> Vec<Fault>,
    f: F,
) -> Result<Answer>
where
    F: FnOnce(&mut Conn, &mut Context, &mut Case, &T) -> Result<Made>,
{
    shown(c, cx, id, &[act], |cx| body.shaped_beside(|value| judge(cx, value)), |_, _| Ok(act), f)
}

/// Like [`perform`] for whoever is not shown the petition as staff see it; what they say was judged by its form already.
///
/// # Errors
/// As [`perform`].
pub fn perform_unseen<F>(c: &mut Conn, cx: &mut Context, id: Id, act: Act, f: F) -> Result<()>
where
    F: FnOnce(&mut Conn, &mut Context, &mut Case) -> Result<Made>,
{
    performed(c, cx, id, &[act], |_| Ok(&()), |_, ()| Ok(act), |c, cx, case, ()| f(c, cx, case)).map(|_| ())
}

/// Like [`perform`] where the body or the stage decides which of several acts is meant.
///
/// # Errors
/// As [`perform`].
pub fn perform_chosen<T, F>(
    c: &mut Conn,
    cx: &mut Context,
    id: Id,
    acts: &[Act],
    body: &Body<T>,
    choose: impl FnOnce(&Case, &T) -> Result<Act>,
    f: F,
) -> Result<Answer>
where
    F: FnOnce(&mut Conn, &mut Context, &mut Case, &T) -> Result<Made>,
{
    shown(c, cx, id, acts, |_| body.shaped(), choose, f)
}

fn shown<'b, T, F>(
    c: &mut Conn,
    cx: &mut Context,
    id: Id,
    acts: &[Act],
    shaped: impl FnOnce(&Context) -> Result<&'b T>,
    choose: impl FnOnce(&Case, &T) -> Result<Act>,
    f: F,
) -> Result<Answer>
where
    T: 'b,
    F: FnOnce(&mut Conn, &mut Context, &mut Case, &T) -> Result<Made>,
{
    let (case, made) = performed(c, cx, id, acts, shaped, choose, f)?;
    let place = view::place(id);
    // the act may have taken the case out of the caller's sight (a referral by somebody who only sent it on keeps it; a bar does not)
    let answer = view::answer(c, cx, &case, if made.is_some() { 201 } else { 200 })?;
    Ok(Answer { location: made.map(|below| format!("{place}/{below}")), ..answer })
}

fn performed<'b, T, F>(
    c: &mut Conn,
    cx: &mut Context,
    id: Id,
    acts: &[Act],
    shaped: impl FnOnce(&Context) -> Result<&'b T>,
    choose: impl FnOnce(&Case, &T) -> Result<Act>,
    f: F,
) -> Result<(Case, Made)>
where
    T: 'b,
    F: FnOnce(&mut Conn, &mut Context, &mut Case, &T) -> Result<Made>,
{
    let actor = std::sync::Arc::clone(&cx.actor);
    let mut case = Case::load(c, cx, id)?;
    case.permit(&actor, acts)?;
    let by_any = acts.first().copied().ok_or_else(|| Error::internal("no act"))?;
    case.check_version(c, cx, by_any)?;
    let input = shaped(cx)?;
    let before = (case.row.closed_at, case.row.lead_unit, case.row.first_here);
    // what was due before this is history already, whether or not it was found yet
    clocks::due::catch_up(c, cx, &mut case)?;
    let act = choose(&case, input)?;
    case.permit(&actor, &[act])?;
    case.allow(&actor, act)?;
    let from = case.row.stage;
    let made = f(c, cx, &mut case, input)?;
    debug_assert!(case.row.stage == from || act.leads_to().has(case.row.stage), "{act:?} led from {from:?} to {:?}", case.row.stage);
    let closed = case.row.closed_at != before.0;
    case.store(c, cx, act.raises_version() || closed)?;
    let after = (case.row.closed_at, case.row.lead_unit, case.row.first_here);
    if matches!(act, Act::Correct | Act::AddParty | Act::AnswerHeirs) || before != after {
        case.store_fact(c, cx)?;
    }
    Ok((case, made))
}

/// A note among staff.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"text": "已电话核对住院票据，原件由女儿保管，下周送来。"}))]
pub struct AddNote {
    /// A UUIDv7 made by the client: sending the same again is answered as the first time.
    #[serde(default)]
    pub id: Option<Id>,
    /// When a device took it down, perhaps offline.
    #[serde(default)]
    pub captured_at: Option<DateTime<Utc>>,
    /// What it says.
    #[schema(min_length = 1, max_length = 5000, pattern = "\\S")]
    pub text: String,
}

/// A note as shown.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct NoteView {
    /// Its id.
    pub id: Id,
    /// What it says.
    pub text: String,
    /// When a device took it down.
    pub captured_at: Option<Time>,
    /// When it was written, or reached the office.
    pub written_at: Time,
    /// Whose account wrote it.
    pub written_by: Id,
}

impl From<Note> for NoteView {
    fn from(note: Note) -> Self {
        Self { id: note.id, text: note.text, captured_at: note.captured_at, written_at: note.written_at, written_by: note.written_by }
    }
}

/// What is wrong with the id and the time that a device sends along with what it took down, perhaps offline.
pub fn claimed_faults(cx: &Context, id: Option<Id>, pointer: &str, at: Option<DateTime<Utc>>) -> Vec<Fault> {
    let not_v7 = id.filter(|id| !is_v7(id.0)).map(|_| Fault::new("/id", codes::NOT_V7));
    let when = match at {
        Some(at) if at > cx.now() + TOLERANCE => Some(codes::IN_FUTURE),
        Some(at) if rules::too_early(cx.day(at)) => Some(codes::TOO_EARLY),
        _ => None,
    };
    not_v7.into_iter().chain(when.map(|code| Fault::new(pointer, code))).collect()
}

/// Writes an internal note.
///
/// # Errors
/// As [`perform`]; Conflict for an id that is taken.
pub fn add_note(c: &mut Conn, cx: &mut Context, id: Id, body: &Body<AddNote>) -> Result<Answer> {
    perform(c, cx, id, Act::AddNote, body, |c, cx, case, input| {
        let faults = claimed_faults(cx, input.id, "/captured_at", input.captured_at);
        if !faults.is_empty() {
            return Err(Error::Invalid(faults));
        }
        if let Some(made) = input.id
            && repo::is_note(c, made)?
        {
            return Err(Error::conflict(web::ID_TAKEN));
        }
        let row = Note {
            id: input.id.unwrap_or_else(|| cx.draw.id()),
            petition_id: id,
            text: input.text.clone(),
            written_at: Time(cx.now()),
            written_by: cx.actor.id(),
            captured_at: input.captured_at.map(Time::claimed),
        };
        repo::insert_note(c, &row)?;
        let mut draft = case.draft(&cx.actor, Act::AddNote, "note_added").with("note_id", row.id);
        draft.claimed_at = row.captured_at.map(|at| at.0);
        case.event(draft.sealed(json!({"text": row.text})));
        Ok(Some(format!("notes/{}", row.id)))
    })
}

/// Whether somebody is the petition's own: asked where a person's word is recorded for them.
pub fn a_principal(case: &Case) -> Option<Id> {
    case.principals().first().map(|p| p.id)
}

/// Refuses a required text that is missing.
///
/// # Errors
/// Invalid at the pointer.
pub fn note_required(note: Option<&str>) -> Result<&str> {
    note.ok_or_else(|| Error::fault("/note", codes::NOTE_REQUIRED))
}
