//! The sample office of `serve --demo`: its units, its people, and two years of their work, simulated event by event up to the midnight
//! that begins today. The same day has the same two years, but for secrets. Everything goes through the product's own services.
//!
//! What there is stands in `data/demo/`: the office, its habits, the people, the themes they come with, the words. Its days and limits are
//! those of the calendar and the profiles that are shipped.
//! The run goes through these files: `arrivals` (when petitions come) → `filing` (who files what) → `course` (what happens to it in
//! each stage, and when) → `deeds` (who does it, in what words) → `run` (all of it in the order of time) → `play` (through the services),
//! which makes its rounds of `visits` each day. At the end the roster of `receptions` is published.

mod arrivals;
mod calendar;
mod case;
mod chance;
mod course;
mod deeds;
mod files;
mod filing;
mod habits;
mod office;
mod people;
mod play;
mod receptions;
mod run;
mod texts;
mod visits;

pub use office::{Filled, Inhabitant, PASSWORD, filled, inhabitants, office};

use crate::platform::Platform;
use crate::platform::clock::office_day;
use crate::platform::error::{Error, Result};
use crate::platform::web::Shapes;
use std::sync::Arc;

/// Plays the two years of the sample office up to the midnight that begins today.
///
/// # Errors
/// When the sample does not fit the product, or the database has another office.
pub async fn petitions(platform: &Platform, shapes: &Arc<Shapes>) -> Result<()> {
    let zone = platform.config.zone;
    let today = office_day(platform.clock.now(), zone);
    let office = platform.db.read(office::Office::read).await?;
    let (office, deeds) = tokio::task::spawn_blocking(move || {
        let deeds = run::run(&office, today, zone)?;
        Ok::<_, Error>((office, deeds))
    })
    .await
    .map_err(|e| Error::Internal(Box::new(e)))??;
    let files = files::Files::store(platform).await?;
    play::play(platform, shapes, &office, &files, deeds, today).await?;
    receptions::publish(platform, &office, today).await
}
