//! SQL of the figures: grouped counts over `petition_fact` and `evaluation`, never rows.

use super::model::{ByObject, Counts, Measures, Participation, StatisticsFilter};
use super::rules::rate;
use crate::auth::Actor;
use crate::evaluation::model::{Object, Score};
use crate::petition::repo::scope;
use crate::petition::{Channel, Kind};
use crate::platform::db::schema::{category, evaluation, petition, petition_fact as fact, unit_closure};
use crate::platform::db::{Conn, MultiBackend};
use crate::platform::error::Result;
use chrono::NaiveDate;
use diesel::prelude::*;

type Facts<'a> = fact::BoxedQuery<'a, MultiBackend>;
type Row = (Channel, bool, i64, Option<i64>);

/// The figures of a window, both days included, over what the caller may see.
pub(super) fn measures(c: &mut Conn, actor: &Actor, filter: &StatisticsFilter, from: NaiveDate, to: NaiveDate) -> Result<Measures> {
    let registered = counts(c, counted(actor, filter).filter(fact::registered_day.between(from, to)))?;
    let closed = counts(c, counted(actor, filter).filter(fact::closed_day.between(from, to)))?;
    let still = fact::closed_day.is_null().or(fact::closed_day.gt(to));
    let open = counts(c, counted(actor, filter).filter(fact::registered_day.le(to)).filter(still.assume_not_null()))?;
    let evaluated = evaluations(c, actor, filter, from, to)?;
    let of = |object: Object, scores: &[Score]| -> i64 {
        evaluated.iter().filter(|(o, s, _)| *o == object && scores.contains(s)).map(|(_, _, n)| n).sum()
    };
    let content = [Score::Satisfied, Score::Basically];
    let satisfaction = |object| rate(of(object, &content), of(object, Score::ALL));
    let given = of(Object::Office, Score::ALL) + of(Object::Unit, Score::ALL);
    let participation = rate(given, given);
    Ok(Measures {
        registered,
        closed,
        open,
        satisfaction_rate: ByObject { office: satisfaction(Object::Office), unit: satisfaction(Object::Unit) },
        participation_rate: Participation { numerator: given, denominator: given, value: participation.value, expired: 0 },
        repeat_rate: rate(registered.repeat, registered.cases),
    })
}

/// Facts the caller may see and the filter lets through, voided petitions left out.
fn counted<'a>(actor: &Actor, filter: &'a StatisticsFilter) -> Facts<'a> {
    let visible = petition::table.filter(scope::visible(actor)).select(petition::id);
    let mut query = fact::table.into_boxed::<MultiBackend>().filter(fact::petition_id.eq_any(visible)).filter(fact::voided.eq(false));
    if let Some(unit) = filter.unit {
        let below = || unit_closure::table.filter(unit_closure::ancestor_id.eq(unit));
        let leads = fact::lead_unit.eq_any(below().select(unit_closure::descendant_id.nullable()));
        let holds = fact::registered_unit.eq_any(below().select(unit_closure::descendant_id));
        query = query.filter(leads.or(fact::lead_unit.is_null().and(holds).nullable()));
    }
    if let Some(kind) = filter.kind {
        query = query.filter(fact::kind.eq(kind));
    }
    if let Some(code) = &filter.category {
        let below = category::table.filter(category::code.eq(code).or(category::parent.eq(code).assume_not_null())).select(category::code);
        query = query.filter(fact::category.eq_any(below));
    }
    if let Some(channel) = filter.channel {
        query = query.filter(fact::channel.eq(channel));
    }
    query
}

fn counts(c: &mut Conn, query: Facts<'_>) -> Result<Counts> {
    let rows: Vec<Row> = query
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

fn evaluations(c: &mut Conn, actor: &Actor, filter: &StatisticsFilter, from: NaiveDate, to: NaiveDate) -> Result<Vec<(Object, Score, i64)>> {
    let mut rated = counted(actor, filter).filter(fact::first_here.eq(true)).filter(fact::litigation_related.eq(false));
    if filter.kind.is_none() {
        rated = rated.filter(fact::kind.eq(Kind::Claim));
    }
    Ok(evaluation::table
        .into_boxed::<MultiBackend>()
        .filter(evaluation::evaluated_day.between(from, to))
        .filter(evaluation::petition_id.eq_any(rated.select(fact::petition_id)))
        .group_by((evaluation::object, evaluation::score))
        .select((evaluation::object, evaluation::score, diesel::dsl::count_star()))
        .load(c)?)
}
