//! SQL of the figures: grouped counts over `petition_fact` and `evaluation`, never rows.

use super::model::{ByObject, Counts, Measures, Participation, StatisticsFilter};
use super::rules::rate;
use crate::auth::Actor;
use crate::evaluation::model::{Rated, Score};
use crate::petition::repo::scope::{Caller, Condition, Scoped, WithEvaluation, WithFact};
use crate::petition::{Channel, Kind};
use crate::platform::db::Conn;
use crate::platform::db::schema::{category, evaluation, petition, petition_fact as fact, unit_closure};
use crate::platform::error::Result;
use chrono::NaiveDate;
use diesel::prelude::*;

type Row = (Channel, bool, i64, Option<i64>);

/// The figures of a window, both days included, over what the caller may see.
pub(super) fn measures(c: &mut Conn, actor: &Actor, filter: &StatisticsFilter, from: NaiveDate, to: NaiveDate) -> Result<Measures> {
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
    let given = of(Rated::Office, Score::ALL) + of(Rated::Unit, Score::ALL);
    Ok(Measures {
        registered,
        closed,
        open,
        satisfaction_rate: ByObject { office: satisfaction(Rated::Office), unit: satisfaction(Rated::Unit) },
        participation_rate: Participation { numerator: given, denominator: given, value: rate(given, given).value, expired: 0 },
        repeat_rate: rate(registered.repeat, registered.cases),
    })
}

/// Builds the condition of a filter for a row source; voided petitions are in no figure.
macro_rules! counted {
    ($source:ty, $caller:expr, $filter:expr) => {{
        let mut all: Condition<$source> = Box::new(<$source as Scoped>::visible($caller).and(fact::voided.eq(false).nullable()));
        if let Some(unit) = $filter.unit {
            let below = || unit_closure::table.filter(unit_closure::ancestor_id.eq(unit));
            let leads = fact::lead_unit.eq_any(below().select(unit_closure::descendant_id.nullable()));
            let holds = fact::registered_unit.eq_any(below().select(unit_closure::descendant_id));
            all = Box::new(all.and(leads.or(fact::lead_unit.is_null().and(holds).nullable())));
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
        .filter(counted!(WithFact, caller, filter))
        .filter(within)
        .group_by((fact::channel, fact::first_here))
        .select((fact::channel, fact::first_here, diesel::dsl::count_star(), diesel::dsl::sum(fact::persons)))
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
    let mut rated: Condition<WithEvaluation> = counted!(WithEvaluation, caller, filter);
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
        .select((evaluation::object, evaluation::score, diesel::dsl::count_star()))
        .load(c)?)
}
