//! Jobs as rows and as shown.

use crate::platform::db::schema::job;
use crate::platform::db::types::{Id, Time};
use crate::platform::error::{Error, Result};
use diesel::prelude::*;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

crate::text_enum! {
    /// What is to be done.
    pub enum JobKind {
        /// Running clocks are counted anew by another version of a calendar or a profile.
        Replay = "replay",
        /// A roster of retirees is entered from a file.
        Roster = "roster",
        /// The ledger of another register is entered from a file.
        Ledger = "ledger",
    }
}

crate::text_enum! {
    /// Where a job stands.
    pub enum JobState {
        /// Nobody has begun.
        Waiting = "waiting",
        /// Somebody works on it, or did until they were stopped.
        Running = "running",
        /// It is done; the result is there.
        Done = "done",
        /// It could not be done; what it did until then stands.
        Failed = "failed",
    }
}

/// A job.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = job, treat_none_as_default_value = false)]
pub struct Job {
    /// Its id.
    pub id: Id,
    /// What is to be done.
    pub kind: JobKind,
    /// Where it stands.
    pub state: JobState,
    /// What exactly, as JSON.
    pub task: String,
    /// Where the next step begins, as JSON; none before the first.
    pub reached: Option<String>,
    /// How much is done, in the unit of `total`.
    pub done: i64,
    /// How much there is to do, where that is known.
    pub total: Option<i64>,
    /// What came out, as JSON.
    pub result: Option<String>,
    /// Who asked.
    pub requested_by: Id,
    /// When they asked, UTC.
    pub requested_at: Time,
    /// Until when it is in somebody's hands, UTC.
    pub leased_until_at: Time,
    /// When it ended, UTC.
    pub finished_at: Option<Time>,
    /// When it is forgotten with its result, UTC.
    pub expires_at: Option<Time>,
}

impl Job {
    /// What exactly is to be done.
    ///
    /// # Errors
    /// Internal when it can't be read.
    pub fn task<T: DeserializeOwned>(&self) -> Result<T> {
        read(&self.task)
    }

    /// Where the next step begins; none before the first.
    ///
    /// # Errors
    /// Internal when it can't be read.
    pub fn reached<T: DeserializeOwned>(&self) -> Result<Option<T>> {
        self.reached.as_deref().map(read).transpose()
    }

    /// The job as shown.
    ///
    /// # Errors
    /// Internal when its result can't be read.
    pub fn view(self) -> Result<JobView> {
        let outcome: Option<Value> = self.result.as_deref().map(read).transpose()?;
        let (result, failure) = match self.state {
            JobState::Failed => (None, outcome.and_then(|told| told.get("code")?.as_str().map(str::to_owned))),
            _ => (outcome, None),
        };
        Ok(JobView {
            id: self.id,
            kind: self.kind,
            state: self.state,
            progress: Progress { done: self.done, total: self.total },
            result,
            failure,
            requested_by: self.requested_by,
            requested_at: self.requested_at,
            finished_at: self.finished_at,
            expires_at: self.expires_at,
        })
    }
}

fn read<T: DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|e| Error::Internal(Box::new(e)))
}

/// How far a job is.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Progress {
    /// How much is done.
    pub done: i64,
    /// How much there is to do; null where that is not known beforehand.
    pub total: Option<i64>,
}

/// A job as shown.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct JobView {
    /// Its id.
    pub id: Id,
    /// What is to be done.
    pub kind: JobKind,
    /// Where it stands.
    pub state: JobState,
    /// How far it is.
    pub progress: Progress,
    /// What came out, once it is done; its members are those of the kind.
    #[schema(value_type = Option<Object>)]
    pub result: Option<Value>,
    /// Why it could not be done: a code.
    pub failure: Option<String>,
    /// Whose account asked for it.
    pub requested_by: Id,
    /// When it was asked for.
    pub requested_at: Time,
    /// When it ended.
    pub finished_at: Option<Time>,
    /// When it is forgotten, with its result.
    pub expires_at: Option<Time>,
}
