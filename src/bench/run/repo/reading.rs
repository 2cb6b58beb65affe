//! What a read asks of the engine, as plain statements.

use crate::deadline::{Clock, ClockKind, ClockState};
use crate::evaluation::model::{Rated, Score};
use crate::on_both;
use crate::petition::model::{Content, Party, Petition};
use crate::petition::{Channel, Kind, Stage};
use crate::platform::db::Conn;
use crate::platform::db::schema::{clock, evaluation, party, petition, petition_content, petition_fact as fact};
use crate::platform::db::types::{Id, Time};
use crate::platform::error::Result;
use diesel::dsl::{case_when, count, count_star, sum};
use diesel::prelude::*;

/// Which petitions a list shows.
#[derive(Debug, Clone, Copy)]
pub enum Listed {
    /// All.
    All,
    /// Those a unit registered.
    RegisteredBy(Id),
    /// Those a unit leads.
    LedBy(Id),
    /// Those at a stage.
    At(Stage),
}

/// One petition with its words, its people and its clocks.
pub fn one(c: &mut Conn, id: Id) -> Result<()> {
    on_both!(c, |c| {
        let with_words = petition::table.inner_join(petition_content::table.on(petition_content::petition_id.eq(petition::id)));
        with_words.filter(petition::id.eq(id)).first::<(Petition, Content)>(c)?;
        party::table.filter(party::petition_id.eq(id)).order(party::n).load::<Party>(c)?;
        clock::table.filter(clock::subject_id.eq(id)).order(clock::id).load::<Clock>(c)?;
    });
    Ok(())
}

/// The newest 50 and one more, with what a list shows of their words.
pub fn list(c: &mut Conn, listed: Listed) -> Result<()> {
    macro_rules! newest {
        ($c:expr, $condition:expr) => {
            petition::table
                .inner_join(petition_content::table.on(petition_content::petition_id.eq(petition::id)))
                .filter($condition)
                .order((petition::registered_at.desc(), petition::id.desc()))
                .limit(51)
                .select((petition::all_columns, petition_content::title, petition_content::priority_reasons))
                .load::<(Petition, String, String)>($c)?
        };
    }
    on_both!(c, |c| {
        match listed {
            Listed::All => newest!(c, petition::n.gt(0)),
            Listed::RegisteredBy(unit) => newest!(c, petition::registered_unit.eq(unit)),
            Listed::LedBy(unit) => newest!(c, petition::lead_unit.eq(unit)),
            Listed::At(stage) => newest!(c, petition::stage.eq(stage)),
        }
    });
    Ok(())
}

/// What is due next of a unit's work, or of everybody's: 50 and one more, with what a list shows of their words.
pub fn worklist(c: &mut Conn, unit: Option<Id>) -> Result<()> {
    macro_rules! due {
        ($c:expr, $condition:expr) => {
            petition::table
                .inner_join(petition_content::table.on(petition_content::petition_id.eq(petition::id)))
                .filter($condition)
                .order((petition::sort_due, petition::priority_rank, petition::id))
                .limit(51)
                .select((petition::all_columns, petition_content::title, petition_content::priority_reasons))
                .load::<(Petition, String, String)>($c)?
        };
    }
    on_both!(c, |c| {
        match unit {
            Some(unit) => due!(c, petition::work_unit.eq(unit)),
            None => due!(c, petition::work_unit.is_not_null()),
        }
    });
    Ok(())
}

/// Which petitions are counted.
#[derive(Debug, Clone, Copy, Default)]
pub struct Counted {
    /// Of one unit.
    pub unit: Option<Id>,
    /// Of one kind.
    pub kind: Option<Kind>,
    /// By one channel.
    pub channel: Option<Channel>,
    /// Of one category.
    pub category: Option<&'static str>,
}

/// The grouped counts of a summary over all days: registered, closed, open, evaluated, and what is due by today.
pub fn summary(c: &mut Conn, counted: Counted, now: Time) -> Result<()> {
    macro_rules! handled_by {
        ($unit:expr) => {
            fact::lead_unit.eq($unit).or(fact::lead_unit.is_null().and(fact::registered_unit.eq($unit)).nullable())
        };
    }
    macro_rules! filtered {
        ($query:expr, $of_unit:expr) => {{
            let mut query = $query.filter(fact::voided.eq(false));
            if let Some(unit) = counted.unit {
                query = query.filter($of_unit(unit));
            }
            if let Some(kind) = counted.kind {
                query = query.filter(fact::kind.eq(kind));
            }
            if let Some(channel) = counted.channel {
                query = query.filter(fact::channel.eq(channel));
            }
            if let Some(category) = counted.category {
                query = query.filter(fact::category.eq(category));
            }
            query
        }};
    }
    macro_rules! counts {
        ($c:expr, $condition:expr) => {
            filtered!(
                fact::table
                    .group_by((fact::channel, fact::first_here))
                    .select((fact::channel, fact::first_here, count_star(), sum(fact::persons)))
                    .filter($condition)
                    .into_boxed(),
                |unit: Id| handled_by!(unit)
            )
            .load::<(Channel, bool, i64, Option<i64>)>($c)?
        };
    }
    on_both!(c, |c| {
        counts!(c, fact::voided.eq(false));
        counts!(c, fact::closed_day.is_not_null());
        counts!(c, fact::closed_day.is_null());
        let rated = evaluation::table.inner_join(fact::table.on(fact::petition_id.eq(evaluation::petition_id)));
        filtered!(
            rated
                .group_by((evaluation::object, evaluation::score))
                .select((evaluation::object, evaluation::score, count_star()))
                .filter(fact::first_here.eq(true).and(fact::litigation_related.eq(false)))
                .into_boxed(),
            |unit: Id| handled_by!(unit)
        )
        .load::<(Rated, Option<Score>, i64)>(c)?;
        let over = clock::stopped_at.is_null().and(clock::due_at.le(now));
        let due = clock::table.inner_join(fact::table.on(fact::petition_id.eq(clock::subject_id)));
        filtered!(
            due.group_by((clock::kind, clock::state))
                .select((clock::kind, clock::state, count_star(), count(clock::stopped_at), count(case_when(over, clock::due_at))))
                .filter(clock::kind.eq_any([ClockKind::TriageNotice, ClockKind::UnitNotice, ClockKind::Handling]))
                .filter(clock::due_on.le(now.0.date_naive()))
                .filter(clock::kind.eq(ClockKind::Handling).or(fact::anonymous.eq(false)))
                .filter(fact::first_here.eq(true).and(fact::litigation_related.eq(false)))
                .into_boxed(),
            |unit: Id| clock::unit_id.eq(unit)
        )
        .load::<(ClockKind, ClockState, i64, i64, i64)>(c)?;
    });
    Ok(())
}
