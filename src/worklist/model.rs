//! What a worklist is asked, and what it shows.

use crate::deadline::rules::Light;
use crate::petition::repo::list::PetitionFilter;
use crate::petition::view::{ClockView, PetitionItem};
use crate::petition::{Kind, Stage};
use crate::platform::db::types::{Id, Time};
use crate::unit::UnitRef;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

crate::text_enum! {
    /// Whose work.
    pub enum Scope {
        /// Of one's unit: what one registered, as long as it is at the desk, and what one accepted.
        Mine = "mine",
        /// Of one's unit; for supervisors of all below it, for leaders of the whole office.
        Unit = "unit",
    }
}

/// Which work; all members narrow.
#[derive(Debug, Clone, Default, Serialize, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct WorklistFilter {
    /// Whose work; the unit's unless said.
    #[param(inline)]
    pub scope: Option<Scope>,
    /// The unit that has to do it, or one below it.
    pub unit: Option<Id>,
    /// What the petitions are.
    pub kind: Option<Kind>,
    /// Code of a category; those below it are included.
    #[param(max_length = 64)]
    pub category: Option<String>,
    /// Which light they show: `red` once something is over, `yellow` when something ends soon, `green` while something runs.
    pub light: Option<Light>,
    /// Stages, separated by commas.
    #[param(style = Form, explode = false, example = json!(["registered", "handling"]))]
    pub stage: Option<Vec<Stage>>,
    /// Items a page, 1 to 200, 50 unless said.
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u32>,
    /// `next_cursor` of the page before.
    #[param(max_length = 1000)]
    pub cursor: Option<String>,
}

impl WorklistFilter {
    /// What it asks of petitions.
    pub fn of_petitions(&self) -> PetitionFilter {
        PetitionFilter {
            stage: self.stage.clone(),
            kind: self.kind,
            category: self.category.clone(),
            light: self.light,
            ..PetitionFilter::default()
        }
    }
}

/// A petition that somebody has to do something about.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WorklistItem {
    /// The petition.
    #[serde(flatten)]
    pub petition: PetitionItem,
    /// The unit that has to do something about it now.
    pub work_unit: Option<UnitRef>,
    /// What ends first of all that is open; null where no limit runs.
    pub due: Option<ClockView>,
}

/// A page of a worklist.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WorklistPage {
    /// What is due first comes first; of the same instant what comes before others; what has no limit comes last.
    pub items: Vec<WorklistItem>,
    /// Give this as `cursor` for the next page; null on the last.
    pub next_cursor: Option<String>,
    /// When the first page was read: the lights of all pages are those of that instant.
    pub as_of: Time,
}
