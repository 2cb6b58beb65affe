//! Planning ahead: festivals and round birthdays of all who live, batch by batch, once a day.

use crate::auth::Context;
use crate::care;
use crate::platform::db::Conn;
use crate::platform::db::types::Id;
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
    // some of a batch may have been merged or have died just now: only nobody at all is the end
    let to = people.last().map_or(after, |person| person.id);
    if !care::repo::planning_moves(c, day, after, to, people.is_empty())? {
        return Ok(None);
    }
    let ids: Vec<_> = people.iter().map(|person| person.id).collect();
    care::changes::release(c, cx, &ids)?;
    let born: Vec<_> = people.iter().map(|person| (&person.whom, person.birth_date)).collect();
    care::service::plan_ahead(c, cx, &born, day).map(Some)
}

/// Goes on behind the next of the people, for whom nothing can be planned, and says who that is; they come again the next day.
///
/// # Errors
/// Database only.
pub fn pass_over(c: &mut Conn, day: NaiveDate) -> Result<Option<Id>> {
    let (after, done) = care::repo::planning(c, day)?;
    let next = if done { None } else { retiree::next_living(c, after)? };
    match next {
        Some(next) if care::repo::planning_moves(c, day, after, next, false)? => Ok(Some(next)),
        _ => Ok(None),
    }
}
