//! SQL of the figures: grouped counts over `petition_fact`, `evaluation` and `clock`, never rows.

use super::model::{ByObject, Counts, Measures, NoticeParts, StatisticsFilter, Timeliness, TimelyNotice};
use super::rules::{Standing, participation, rate, timeliness};
use crate::auth::Actor;
use crate::deadline::{ClockKind, ClockState};
use crate::evaluation::model::{Rated, Score};
use crate::petition::repo::scope::{Caller, Condition, Scoped, WithClock, WithEvaluation, WithFact};
use crate::petition::{Channel, Kind};
use crate::platform::db::Conn;
use crate::platform::db::schema::{category, clock, evaluation, petition, petition_fact as fact, unit_closure};
use crate::platform::db::types::Time;
use crate::platform::error::Result;
use chrono::NaiveDate;
use diesel::dsl::{case_when, count, count_star, sum};
use diesel::prelude::*;

type Row = (Channel, bool, i64, Option<i64>);

/// The figures of a window, both days included, over what the caller may see, as of an instant.
pub(super) fn measures(
    c: &mut Conn,
    actor: &Actor,
    filter: &StatisticsFilter,
    (from, to): (NaiveDate, NaiveDate),
    now: Time,
) -> Result<Measures> {
    let caller = Caller::of(c, actor)?;
    let registered = counts(c, &caller, filter, Box::new(fact::registered_day.between(from, to).nullable()))?;
    let closed = counts(c, &caller, filter, Box::new(fact::closed_day.between(from, to)))?;
    let still = fact::closed_day.is_null().nullable().or(fact::closed_day.gt(to));
    let open = counts(c, &caller, filter, Box::new(fact::registered_day.le(to).nullable().and(still)))?;
    let evaluated = evaluations(c, &caller, filter, from, to)?;
    let of = |object: Rated, scores: &[Score]| -> i64 {
        evaluated.iter().filter(|(o, s, _)| *o == object && s.is_some_and(|s| scores.contains(&s))).map(|(_, _, n)| n).sum()
    };
    let content = [Score::Satisfied, Score::Basically];
    let satisfaction = |object| rate(of(object, &content), of(object, Score::ALL));
    let silent = |object| evaluated.iter().filter(|(o, s, _)| *o == object && s.is_none()).map(|(_, _, n)| n).sum::<i64>();
    let asked = |object| (of(object, Score::ALL), silent(object));
    let limits = limits(c, &caller, filter, (from, to), now)?;
    let timely = |kinds: &[ClockKind]| -> Timeliness {
        timeliness(limits.iter().filter(|(kind, _)| kinds.contains(kind)).map(|(_, standing)| *standing))
    };
    Ok(Measures {
        registered,
        closed,
        open,
        timely_notice_rate: TimelyNotice {
            whole: timely(&[ClockKind::TriageNotice, ClockKind::UnitNotice]),
            parts: NoticeParts { triage: timely(&[ClockKind::TriageNotice]), unit: timely(&[ClockKind::UnitNotice]) },
        },
        on_time_closure_rate: timely(&[ClockKind::Handling]),
        satisfaction_rate: ByObject { office: satisfaction(Rated::Office), unit: satisfaction(Rated::Unit) },
        participation_rate: participation(asked(Rated::Office), asked(Rated::Unit)),
        repeat_rate: rate(registered.repeat, registered.cases),
    })
}

/// The condition that a unit, or one below it, handles a petition; before anybody does, that it registered it.
macro_rules! handled_below {
    ($unit:expr) => {{
        let below = || unit_closure::table.filter(unit_closure::ancestor_id.eq($unit));
        let leads = fact::lead_unit.eq_any(below().select(unit_closure::descendant_id.nullable()));
        let holds = fact::registered_unit.eq_any(below().select(unit_closure::descendant_id));
        leads.or(fact::lead_unit.is_null().and(holds).nullable())
    }};
}

/// The condition that a unit, or one below it, answers for a limit.
macro_rules! owed_below {
    ($unit:expr) => {{
        let below = unit_closure::table.filter(unit_closure::ancestor_id.eq($unit));
        clock::unit_id.eq_any(below.select(unit_closure::descendant_id.nullable()))
    }};
}

/// Builds the condition of a filter for a row source; what is a unit's differs. Voided petitions are in no figure.
macro_rules! counted {
    ($source:ty, $caller:expr, $filter:expr, $of_unit:ident) => {{
        let mut all: Condition<$source> = Box::new(<$source as Scoped>::visible($caller).and(fact::voided.eq(false).nullable()));
        if let Some(unit) = $filter.unit {
            all = Box::new(all.and($of_unit!(unit)));
        }
        if let Some(kind) = $filter.kind {
            all = Box::new(all.and(fact::kind.eq(kind).nullable()));
        }
        if let Some(code) = &$filter.category {
            let named = category::code.eq(code.clone()).nullable().or(category::parent.eq(code.clone()));
            let below = category::table.filter(named).select(category::code);
            all = Box::new(all.and(fact::category.eq_any(below).nullable()));
        }
        if let Some(channel) = $filter.channel {
            all = Box::new(all.and(fact::channel.eq(channel).nullable()));
        }
        all
    }};
}

fn counts(c: &mut Conn, caller: &Caller<'_>, filter: &StatisticsFilter, within: Condition<WithFact>) -> Result<Counts> {
    let rows: Vec<Row> = petition::table
        .inner_join(fact::table)
        .filter(counted!(WithFact, caller, filter, handled_below))
        .filter(within)
        .group_by((fact::channel, fact::first_here))
        .select((fact::channel, fact::first_here, count_star(), sum(fact::persons)))
        .load(c)?;
    let mut counts = Counts::default();
    for (channel, first, n, persons) in rows {
        counts.cases += n;
        *(if first { &mut counts.first_time } else { &mut counts.repeat }) += n;
        if channel == Channel::Visit {
            counts.batches += n;
            counts.persons += persons.unwrap_or(0);
        }
    }
    Ok(counts)
}

fn evaluations(
    c: &mut Conn,
    caller: &Caller<'_>,
    filter: &StatisticsFilter,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<(Rated, Option<Score>, i64)>> {
    let mut rated: Condition<WithEvaluation> = counted!(WithEvaluation, caller, filter, handled_below);
    if filter.kind.is_none() {
        rated = Box::new(rated.and(fact::kind.eq(Kind::Claim).nullable()));
    }
    Ok(petition::table
        .inner_join(fact::table)
        .inner_join(evaluation::table)
        .filter(evaluation::evaluated_day.between(from, to))
        .filter(fact::first_here.eq(true))
        .filter(fact::litigation_related.eq(false))
        .filter(rated)
        .group_by((evaluation::object, evaluation::score))
        .select((evaluation::object, evaluation::score, count_star()))
        .load(c)?)
}

/// Limits whose last day is in the window, by kind and where they stand.
fn limits(
    c: &mut Conn,
    caller: &Caller<'_>,
    filter: &StatisticsFilter,
    (from, to): (NaiveDate, NaiveDate),
    now: Time,
) -> Result<Vec<(ClockKind, Standing)>> {
    let owed: Condition<WithClock> = counted!(WithClock, caller, filter, owed_below);
    let over = clock::stopped_at.is_null().and(clock::due_at.le(now));
    let rows: Vec<(ClockKind, ClockState, i64, i64, i64)> = petition::table
        .inner_join(fact::table)
        .inner_join(clock::table)
        .filter(clock::kind.eq_any([ClockKind::TriageNotice, ClockKind::UnitNotice, ClockKind::Handling]))
        .filter(clock::due_on.between(from, to))
        .filter(clock::kind.eq(ClockKind::Handling).or(fact::anonymous.eq(false)))
        .filter(fact::first_here.eq(true))
        .filter(fact::litigation_related.eq(false))
        .filter(owed)
        .group_by((clock::kind, clock::state))
        .select((clock::kind, clock::state, count_star(), count(clock::stopped_at), count(case_when(over, clock::due_at))))
        .load(c)?;
    Ok(rows.into_iter().map(|(kind, state, all, stopped, over)| (kind, Standing { state, all, stopped, over })).collect())
}
