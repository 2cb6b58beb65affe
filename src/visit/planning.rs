//! Planning ahead: festivals and round birthdays of all who live, batch by batch, once a day.

use crate::auth::Context;
use crate::care::occasions::{Occasions, Upcoming};
use crate::care::{self, VisitReason};
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::retiree;
use chrono::NaiveDate;

/// Does the next batch of a day's planning and says how many tasks it made; none once the day is done, or in other hands. What was
/// broken off goes on where it was; a task is never made twice.
///
/// # Errors
/// Database only.
pub fn step(c: &mut Conn, cx: &mut Context, day: NaiveDate, most: i64) -> Result<Option<usize>> {
    let (after, done) = care::repo::planning(c, day)?;
    if done {
        return Ok(None);
    }
    let people = retiree::living_after(c, day, after, most)?;
    let last = i64::try_from(people.len()).unwrap_or(i64::MAX) < most;
    let to = people.last().map_or(after, |person| person.id);
    if !care::repo::planning_moves(c, day, after, to, last)? {
        return Ok(None);
    }
    let ids: Vec<_> = people.iter().map(|person| person.id).collect();
    care::service::release(c, cx, &ids)?;
    let occasions = Occasions::shipped()?;
    let festivals = occasions.festivals(day);
    let due: Vec<(_, Vec<Upcoming>)> = people
        .into_iter()
        .map(|person| {
            let birthday = person.birth_date.and_then(|born| occasions.birthday(born, day));
            let coming = festivals.iter().cloned().chain(birthday).collect();
            (person, coming)
        })
        .collect();
    let named: Vec<String> = due.iter().flat_map(|(_, coming)| coming.iter().map(|coming| coming.occasion.clone())).collect();
    if named.is_empty() {
        return Ok(Some(0));
    }
    let planned =
        care::repo::planned(c, &ids, &named.into_iter().collect::<std::collections::BTreeSet<_>>().into_iter().collect::<Vec<_>>())?;
    let mut made = 0;
    for (person, coming) in due {
        // a death may be known before the profile says so
        if planned.iter().any(|(id, reason, _)| *id == person.id && *reason == VisitReason::Death) {
            continue;
        }
        for coming in coming {
            if !planned.contains(&(person.id, coming.reason, coming.occasion.clone())) {
                made += usize::from(care::service::plan(c, cx, &person.whom, &coming)?.is_some());
            }
        }
    }
    Ok(Some(made))
}
