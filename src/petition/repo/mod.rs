//! SQL of petitions.

pub mod due;
pub mod list;
pub mod matter;
pub(super) mod reopened;
pub mod rows;
pub mod scope;
pub(super) mod supervision;

use super::model::{Bar, Closure, Content, Expiry, ExternalNumberRow, Fact, Note, Party, Petition};
use crate::auth::Actor;
use crate::on_both;
use crate::platform::db::Conn;
use crate::platform::db::schema::{
    assistance, closure, evaluation, extension, external_number, hearing, note, objection, party, petition, petition_bar, petition_content,
    petition_fact, referral, review,
};
use crate::platform::db::types::{Id, Time};
use crate::platform::error::{Error, Result};
use diesel::prelude::*;
use scope::{Caller, Scoped, WithContent, held};
use std::collections::HashSet;

#[diesel::declare_sql_function]
extern "SQL" {
    /// The next value of a sequence of PostgreSQL's.
    fn nextval(sequence: diesel::sql_types::Text) -> diesel::sql_types::BigInt;
}

/// Whether there is any petition.
///
/// # Errors
/// Database only.
pub fn any(c: &mut Conn) -> Result<bool> {
    Ok(petition::table.select(petition::n).first::<i64>(c).optional()?.is_some())
}

/// Takes the next number of the sequence; gaps are accepted.
pub(in crate::petition) fn next_n(c: &mut Conn) -> Result<i64> {
    match c {
        Conn::Pg(c) => Ok(diesel::select(nextval("petition_n")).get_result(c)?),
        // one writer: the highest so far is stable inside its transaction
        Conn::Sqlite(c) => {
            let last: Option<i64> = petition::table.select(diesel::dsl::max(petition::n)).first(c)?;
            Ok(last.unwrap_or(0) + 1)
        }
    }
}

/// Stores a new petition with all that belongs to it; false when its id is taken.
pub(in crate::petition) fn insert(
    c: &mut Conn,
    row: &Petition,
    content: &Content,
    fact: &Fact,
    parties: &[Party],
    numbers: &[ExternalNumberRow],
    bars: &[Bar],
) -> Result<bool> {
    let stored = match c {
        Conn::Pg(c) => diesel::insert_into(petition::table).values(row).on_conflict_do_nothing().execute(c)?,
        // one writer, which has asked whether the id is free: without ON CONFLICT the statement stays prepared
        Conn::Sqlite(c) => diesel::insert_into(petition::table).values(row).execute(c)?,
    };
    if stored == 0 {
        return Ok(false);
    }
    on_both!(c, |c| diesel::insert_into(petition_content::table).values(content).execute(c))?;
    on_both!(c, |c| diesel::insert_into(petition_fact::table).values(fact).execute(c))?;
    // one by one: a statement for many rows is never kept prepared, and there is seldom more than one
    for party in parties {
        insert_party(c, party)?;
    }
    if !numbers.is_empty() {
        on_both!(c, |c| diesel::insert_into(external_number::table).values(numbers).execute(c))?;
    }
    insert_bars(c, bars)?;
    Ok(true)
}

/// Adds who may not act on a petition.
pub(in crate::petition) fn insert_bars(c: &mut Conn, bars: &[Bar]) -> Result<()> {
    if !bars.is_empty() {
        on_both!(c, |c| diesel::insert_into(petition_bar::table).values(bars).execute(c))?;
    }
    Ok(())
}

/// Takes one away.
pub(in crate::petition) fn delete_bar(c: &mut Conn, id: Id) -> Result<()> {
    diesel::delete(petition_bar::table.find(id)).execute(c)?;
    Ok(())
}

/// Whether a petition has such a bar, for whatever reason.
///
/// # Errors
/// Database only.
pub fn is_bar(c: &mut Conn, petition: Id, id: Id) -> Result<bool> {
    let bar = petition_bar::table.find(id).filter(petition_bar::petition_id.eq(petition));
    Ok(diesel::select(diesel::dsl::exists(bar)).get_result(c)?)
}

/// Replaces the bars that stand for a reason.
pub(in crate::petition) fn replace_bars(c: &mut Conn, id: Id, reason: &str, bars: &[Bar]) -> Result<()> {
    diesel::delete(petition_bar::table.filter(petition_bar::petition_id.eq(id)).filter(petition_bar::reason.eq(reason))).execute(c)?;
    insert_bars(c, bars)
}

/// A petition the caller may know of, with its words.
pub(in crate::petition) fn find(c: &mut Conn, actor: &Actor, id: Id) -> Result<Option<(Petition, Content)>> {
    let caller = Caller::of(c, actor)?;
    let with_words = petition::table.inner_join(petition_content::table);
    Ok(with_words.filter(petition::id.eq(id)).filter(held(WithContent::visible(&caller))).first(c).optional()?)
}

/// A petition with its words, for the product itself.
pub(in crate::petition) fn find_unscoped(c: &mut Conn, id: Id) -> Result<Option<(Petition, Content)>> {
    let found = petition::table.inner_join(petition_content::table).filter(petition::id.eq(id));
    Ok(on_both!(c, |c| found.first(c)).optional()?)
}

/// Whether the caller may know of a petition.
///
/// # Errors
/// [`Error::NotFound`] when not.
pub fn require_visible(c: &mut Conn, actor: &Actor, id: Id) -> Result<()> {
    let caller = Caller::of(c, actor)?;
    let found: Option<Id> =
        petition::table.filter(petition::id.eq(id)).filter(scope::visible(&caller)).select(petition::id).first(c).optional()?;
    found.map(|_| ()).ok_or(Error::NotFound)
}

/// Those of these petitions that the caller may know of.
///
/// # Errors
/// Database only.
pub fn visible_among(c: &mut Conn, actor: &Actor, ids: &[Id]) -> Result<HashSet<Id>> {
    if ids.is_empty() {
        return Ok(HashSet::new());
    }
    let caller = Caller::of(c, actor)?;
    let seen = petition::table.filter(petition::id.eq_any(ids.to_vec())).filter(scope::visible(&caller));
    Ok(seen.select(petition::id).load(c)?.into_iter().collect())
}

/// The parties of a petition, in the order they were entered.
pub(in crate::petition) fn parties(c: &mut Conn, id: Id) -> Result<Vec<Party>> {
    Ok(on_both!(c, |c| party::table.filter(party::petition_id.eq(id)).order(party::n).load(c))?)
}

/// Adds a person.
pub(in crate::petition) fn insert_party(c: &mut Conn, row: &Party) -> Result<()> {
    on_both!(c, |c| diesel::insert_into(party::table).values(row).execute(c))?;
    Ok(())
}

/// Stores that somebody no longer takes part, what became of them, or that what they file is another's own will.
pub(in crate::petition) fn update_party(c: &mut Conn, row: &Party) -> Result<()> {
    let change = (
        party::status.eq(row.status),
        party::ended_at.eq(row.ended_at),
        party::ended_reason.eq(&row.ended_reason),
        party::own_will_confirmed_at.eq(row.own_will_confirmed_at),
        party::own_will_how.eq(row.own_will_how),
        party::own_will_by.eq(row.own_will_by),
        party::own_will_note.eq(&row.own_will_note),
    );
    on_both!(c, |c| diesel::update(party::table.find(row.id)).set(change).execute(c))?;
    Ok(())
}

/// Who is barred.
pub(in crate::petition) fn bars(c: &mut Conn, id: Id) -> Result<Vec<Bar>> {
    Ok(petition_bar::table.filter(petition_bar::petition_id.eq(id)).load(c)?)
}

/// Numbers other offices gave it.
pub(in crate::petition) fn external_numbers(c: &mut Conn, id: Id) -> Result<Vec<ExternalNumberRow>> {
    Ok(external_number::table
        .filter(external_number::petition_id.eq(id))
        .order((external_number::issuer, external_number::number))
        .load(c)?)
}

/// The columns an act can move.
#[derive(AsChangeset)]
#[diesel(table_name = petition, treat_none_as_null = true)]
struct Moved<'a> {
    kind: super::Kind,
    channel: super::Channel,
    stage: super::Stage,
    restricted: bool,
    barred: bool,
    urgent: bool,
    simplified: bool,
    received_at: Time,
    closed_at: Option<Time>,
    closure_reason: Option<super::ClosureReason>,
    sort_yellow: Time,
    facts: &'a super::facts::Facts,
    version: i64,
    event_n: i64,
    event_hash: &'a [u8],
}

/// Where a petition is filed. Each column has an index of its own, which SQLite writes anew whenever the column is set: most acts
/// leave them out.
#[derive(Debug, PartialEq, Eq, AsChangeset)]
#[diesel(table_name = petition, treat_none_as_null = true)]
struct Filed {
    category: String,
    registered_unit: Id,
    sending_unit: Id,
    lead_unit: Option<Id>,
    review_unit: Option<Id>,
    first_here: bool,
    matter_id: Id,
    repeat_of: Option<Id>,
}

/// When it is due, and whose work it is; likewise.
#[derive(Debug, PartialEq, Eq, AsChangeset)]
#[diesel(table_name = petition, treat_none_as_null = true)]
struct AtHand {
    sort_due: Time,
    priority_rank: i16,
    work_unit: Option<Id>,
}

/// Where and how a petition was filed when it was read.
pub(in crate::petition) struct AsFiled {
    filed: Filed,
    at_hand: AtHand,
}

impl AsFiled {
    /// As the row has it.
    pub(in crate::petition) fn of(row: &Petition) -> Self {
        let at_hand = AtHand { sort_due: row.sort_due, priority_rank: row.priority_rank, work_unit: row.work_unit };
        Self { filed: Filed::of(row), at_hand }
    }
}

impl Filed {
    fn of(row: &Petition) -> Self {
        Self {
            category: row.category.clone(),
            registered_unit: row.registered_unit,
            sending_unit: row.sending_unit,
            lead_unit: row.lead_unit,
            review_unit: row.review_unit,
            first_here: row.first_here,
            matter_id: row.matter_id,
            repeat_of: row.repeat_of,
        }
    }
}

/// Stores what an act changed, if the chain still ends where it was read.
///
/// # Errors
/// [`Error::Again`] when another act came first: the write runs again and sees it.
pub(in crate::petition) fn update(c: &mut Conn, row: &Petition, read_n: i64, was: &AsFiled) -> Result<()> {
    let moved = Moved {
        kind: row.kind,
        channel: row.channel,
        stage: row.stage,
        restricted: row.restricted,
        barred: row.barred,
        urgent: row.urgent,
        simplified: row.simplified,
        received_at: row.received_at,
        closed_at: row.closed_at,
        closure_reason: row.closure_reason,
        sort_yellow: row.sort_yellow,
        facts: &row.facts,
        version: row.version,
        event_n: row.event_n,
        event_hash: &row.event_hash,
    };
    let as_read = petition::table.filter(petition::id.eq(row.id)).filter(petition::event_n.eq(read_n));
    let is = AsFiled::of(row);
    let stored = if is.filed != was.filed {
        on_both!(c, |c| diesel::update(as_read).set((&moved, &is.at_hand, &is.filed)).execute(c))?
    } else if is.at_hand != was.at_hand {
        on_both!(c, |c| diesel::update(as_read).set((&moved, &is.at_hand)).execute(c))?
    } else {
        on_both!(c, |c| diesel::update(as_read).set(&moved).execute(c))?
    };
    if stored == 1 { Ok(()) } else { Err(Error::Again) }
}

/// Stores corrected words.
pub(in crate::petition) fn update_content(c: &mut Conn, content: &Content) -> Result<()> {
    diesel::update(petition_content::table.find(content.petition_id)).set(content).execute(c)?;
    Ok(())
}

/// What statistics hold of a petition.
pub(in crate::petition) fn fact(c: &mut Conn, id: Id) -> Result<Fact> {
    Ok(on_both!(c, |c| petition_fact::table.find(id).first(c))?)
}

/// Stores what statistics need.
pub(in crate::petition) fn update_fact(c: &mut Conn, fact: &Fact) -> Result<()> {
    on_both!(c, |c| diesel::update(petition_fact::table.find(fact.petition_id)).set(fact).execute(c))?;
    Ok(())
}

/// Adds a note.
pub(in crate::petition) fn insert_note(c: &mut Conn, row: &Note) -> Result<()> {
    diesel::insert_into(note::table).values(row).execute(c).map_err(Error::lost_race)?;
    Ok(())
}

/// Notes of a petition, oldest first, after one.
///
/// # Errors
/// Database only.
pub fn notes(c: &mut Conn, id: Id, after: Id, limit: i64) -> Result<Vec<Note>> {
    Ok(note::table.filter(note::petition_id.eq(id)).filter(note::id.gt(after)).order(note::id).limit(limit).load(c)?)
}

/// Whether an id is that of a note.
pub(in crate::petition) fn is_note(c: &mut Conn, id: Id) -> Result<bool> {
    Ok(note::table.find(id).select(note::id).first::<Id>(c).optional()?.is_some())
}

/// One note of a petition.
pub(in crate::petition) fn note(c: &mut Conn, id: Id, note_id: Id) -> Result<Option<Note>> {
    Ok(note::table.filter(note::petition_id.eq(id)).filter(note::id.eq(note_id)).first(c).optional()?)
}

/// Says what became of a referral.
pub(in crate::petition) fn settle_referral(c: &mut Conn, id: Id, state: &str, at: Time) -> Result<()> {
    let open = referral::table.filter(referral::id.eq(id)).filter(referral::ended_at.is_null());
    diesel::update(open).set((referral::state.eq(state), referral::ended_at.eq(Some(at)))).execute(c)?;
    Ok(())
}

/// Says that a review will not be decided.
pub(in crate::petition) fn end_review(c: &mut Conn, id: Id, at: Time) -> Result<()> {
    diesel::update(review::table.find(id)).set((review::state.eq("ended"), review::decided_at.eq(Some(at)))).execute(c)?;
    Ok(())
}

/// Says that a referral, answered or not, is over.
pub(in crate::petition) fn end_referral(c: &mut Conn, id: Id, state: &str, at: Time) -> Result<()> {
    diesel::update(referral::table.find(id)).set((referral::state.eq(state), referral::ended_at.eq(Some(at)))).execute(c)?;
    Ok(())
}

/// Says that an objection is not kept up.
pub(in crate::petition) fn drop_objection(c: &mut Conn, referral: Id, at: Time) -> Result<()> {
    let dropped = (objection::decision.eq(Some("dropped")), objection::decided_at.eq(Some(at)));
    diesel::update(objection::table.find(referral)).set(dropped).execute(c)?;
    Ok(())
}

/// Says that an extension is not needed any more.
pub(in crate::petition) fn lapse_extension(c: &mut Conn, id: Id, at: Time) -> Result<()> {
    let lapsed = (extension::state.eq("lapsed"), extension::decided_at.eq(Some(at)));
    diesel::update(extension::table.find(id)).set(lapsed).execute(c)?;
    Ok(())
}

/// Says that questions to other units need no answer any more.
pub(in crate::petition) fn end_assistance(c: &mut Conn, ids: &[Id], at: Time) -> Result<()> {
    let cancelled = (assistance::state.eq("cancelled"), assistance::closed_at.eq(Some(at)));
    diesel::update(assistance::table.filter(assistance::id.eq_any(ids))).set(cancelled).execute(c)?;
    Ok(())
}

/// Stores that a hearing will not be ended.
pub(in crate::petition) fn drop_hearing(c: &mut Conn, id: Id, at: Time) -> Result<()> {
    let dropped = (hearing::state.eq("dropped"), hearing::ended_at.eq(Some(at)));
    diesel::update(hearing::table.find(id)).set(dropped).execute(c)?;
    Ok(())
}

/// Stores how it was closed.
pub(in crate::petition) fn insert_closure(c: &mut Conn, row: &Closure) -> Result<()> {
    diesel::insert_into(closure::table).values(row).execute(c)?;
    Ok(())
}

/// Stores that something was not evaluated in time; an earlier word stands.
pub(in crate::petition) fn insert_expiry(c: &mut Conn, row: &Expiry) -> Result<()> {
    diesel::insert_into(evaluation::table).values(row).execute(c)?;
    Ok(())
}
