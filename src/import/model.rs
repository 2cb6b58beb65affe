//! What is asked for, what was read, and what came of it.

use crate::job::Job;
use crate::platform::db::schema::{import_claim, import_fault, import_part};
use crate::platform::db::types::Id;
use crate::platform::error::Result;
use crate::retiree::model::UnitRole;
use crate::retiree::roster::Emptied;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

crate::text_enum! {
    /// What becomes of the good rows of a file that has bad ones.
    pub enum ImportMode {
        /// None is entered unless all are good.
        AllOrNothing = "all_or_nothing",
        /// The good ones are entered.
        SkipFaulty = "skip_faulty",
    }
}

/// What a job is told.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Task {
    /// What the parts are encrypted for.
    pub sealed_for: Id,
    /// Whether nothing is to be entered.
    pub dry_run: bool,
    /// What becomes of the good rows of a file that has bad ones.
    pub mode: ImportMode,
    /// The unit responsible for those of a roster who have none and for whom it names none.
    pub unit_id: Option<Id>,
    /// Who gave the numbers of a ledger; none for a roster.
    #[serde(default)]
    pub issuer: Option<String>,
    /// How many parts were stored.
    pub parts: i64,
    /// Rows below the header.
    pub rows: i64,
    /// Rows found faulty when the file was read, and how many faults they have.
    pub faulty: (i64, i64),
    /// Rows that say of somebody what another one says.
    pub doubles: i64,
    /// What the columns are called in the file, by what they are.
    pub called: Vec<(String, String)>,
    /// Columns nobody knows.
    pub unknown_columns: Vec<String>,
}

impl Task {
    /// What a column is called in the file.
    pub fn called(&self, column: &str) -> Option<String> {
        self.called.iter().find(|(name, _)| name == column).map(|(_, called)| called.clone())
    }

    /// What the column is called in the file that a fault points to.
    pub fn column(&self, pointer: &str) -> Option<String> {
        let name = pointer.trim_start_matches('/').split('/').next().unwrap_or_default();
        let other = if name == "phone" { "second_phone" } else { name };
        self.called(name).or_else(|| self.called(other))
    }
}

/// How far a job is.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
pub struct Reached {
    /// Whether rows are entered by now; before, they are compared.
    pub entering: bool,
    /// The next part.
    pub part: i64,
    /// New profiles.
    pub new: i64,
    /// Profiles that change.
    pub changed: i64,
    /// Rows that are all on file.
    pub unchanged: i64,
    /// Faulty rows.
    pub faulty: i64,
    /// Faults so far.
    pub faults: i64,
    /// How many of them are listed below the job.
    #[serde(default)]
    pub listed: i64,
    /// New rows of a ledger that are closed there.
    #[serde(default)]
    pub closed: i64,
    /// New rows of a ledger that are open and late at once.
    #[serde(default)]
    pub overdue: i64,
}

impl Reached {
    /// Where a job stands; before the first step, what was found when the file was read.
    ///
    /// # Errors
    /// Internal when it can't be read.
    pub fn of(job: &Job, task: &Task) -> Result<Self> {
        Ok(job.reached()?.unwrap_or(Self::read(task)))
    }

    fn read(task: &Task) -> Self {
        let (faulty, faults) = task.faulty;
        Self { faulty, faults, listed: faults.min(super::service::LISTED), ..Self::default() }
    }

    /// At the first part again, to enter: rows and faults are counted anew, as they are found then; what is listed stays so.
    #[must_use]
    pub fn entering(self, task: &Task) -> Self {
        Self { entering: true, listed: self.listed, ..Self::read(task) }
    }
}

/// A row as it was read; what is a code or a name in it is looked up later.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Staged {
    /// Its line.
    pub line: u32,
    /// The members of a change of a profile.
    pub change: Value,
    /// The units of each role, by code or name; none to take it away.
    pub units: Vec<(UnitRole, Option<String>)>,
    /// The liaison officer by user name or name.
    pub liaison: Option<String>,
    /// Lists that are emptied.
    #[serde(default)]
    pub emptied: Vec<Emptied>,
}

/// A part as stored.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = import_part, treat_none_as_default_value = false)]
#[allow(missing_docs)]
pub struct PartRow {
    pub job_id: Id,
    pub n: i64,
    pub content: Vec<u8>,
}

/// A fault as stored.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = import_fault, treat_none_as_default_value = false)]
#[allow(missing_docs)]
pub struct FaultRow {
    pub job_id: Id,
    pub n: i64,
    pub line: i64,
    pub column_name: Option<String>,
    pub code: String,
    pub args: String,
}

/// Whom a row speaks of, as stored until the job ends.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = import_claim, treat_none_as_default_value = false)]
#[allow(missing_docs)]
pub struct Claim {
    pub job_id: Id,
    pub retiree_id: Id,
    pub line: i64,
}

/// What is wrong in a row.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FaultView {
    /// The line of the file, the first being 1.
    #[schema(example = 17)]
    pub row: i64,
    /// The column, as it is called in the file; null for the row as a whole.
    #[schema(example = "身份证号")]
    pub column: Option<String>,
    /// What is wrong.
    #[schema(example = "identity_number_wrong")]
    pub code: String,
    /// The same in words.
    pub detail: String,
}

/// What came of a file.
#[derive(Debug, Clone, Serialize)]
pub struct Outcome {
    /// Whether anything was entered.
    pub applied: bool,
    /// Rows below the header.
    pub rows: i64,
    /// New profiles.
    pub new: i64,
    /// Profiles that change.
    pub changed: i64,
    /// Rows that are all on file.
    pub unchanged: i64,
    /// Of the new rows of a ledger: those closed there, kept as history only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed: Option<i64>,
    /// Of the new rows of a ledger: those open whose first limit has passed already.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub overdue: Option<i64>,
    /// Rows that can't be entered.
    pub faulty: i64,
    /// Rows among them that say of somebody what another one says.
    pub doubles: i64,
    /// Columns nobody knows: they were not read.
    pub unknown_columns: Vec<String>,
    /// How many faults there are in all; the first 10,000 are listed below the job.
    pub faults_total: i64,
    /// The first faults.
    pub faults: Vec<Told>,
}

/// A fault without words: a result is kept in no language.
#[derive(Debug, Clone, Serialize)]
pub struct Told {
    /// The line of the file.
    pub row: i64,
    /// The column, as it is called in the file.
    pub column: Option<String>,
    /// What is wrong.
    pub code: String,
}
