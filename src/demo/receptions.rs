//! The roster of the sample office: reception days to come, the first of them today or on the next working day, and who has booked.

use super::chance::seed;
use super::office::Office;
use super::texts::json as read;
use crate::auth::context::Origin;
use crate::calendar::{self, Calendar};
use crate::deadline::rules::midnight;
use crate::platform::Platform;
use crate::platform::db::Conn;
use crate::platform::error::{Error, Result};
use crate::platform::ids::Ids;
use crate::reception_day::model::{BookPlace, PublishReceptionDay};
use crate::reception_day::service;
use chrono::{Days, NaiveDate};
use serde::Deserialize;

/// The stream its ids are drawn from.
const STREAM: u8 = 9;
/// Days from one reception to the next.
const EVERY: Days = Days::new(7);

#[derive(Deserialize)]
struct Sample {
    place: String,
    starts: String,
    ends: String,
    places: i32,
    bookings: Vec<Vec<BookPlace>>,
}

/// Publishes the roster, a week from one day to the next, and books.
pub(super) async fn publish(platform: &Platform, office: &Office, today: NaiveDate) -> Result<()> {
    let sample: Sample = read(include_str!("../../data/demo/receptions.json"))?;
    let calendar = Calendar::of(&calendar::service::shipped()?.1);
    let (ids, at) = (Ids::seeded(seed(today, STREAM)), midnight(today, platform.config.zone));
    let by =
        |username| Ok::<_, Error>(Origin { moment: ids.moment(at), actor: office.actor(username)?, ..Origin::system(platform, "demo") });
    let (supervisor, desk) = (by("supervisor")?, by("desk")?);
    let leader_id = office.account("leader")?;
    let write = move |c: &mut Conn| {
        let (mut by_supervisor, mut by_desk) = (supervisor.context(), desk.context());
        let mut from = today;
        for bookings in &sample.bookings {
            let held_on = from.iter_days().find(|day| calendar.works(*day)).unwrap_or(from);
            let (starts, ends, place) = (sample.starts.clone(), sample.ends.clone(), sample.place.clone());
            let new = PublishReceptionDay { id: None, held_on, starts, ends, place, leader_id, places: sample.places };
            let day = service::publish(c, &mut by_supervisor, &new)?;
            for booking in bookings {
                service::book(c, &mut by_desk, day.id, booking)?;
            }
            from = held_on + EVERY;
        }
        Ok(())
    };
    platform.db.write(write).await
}
