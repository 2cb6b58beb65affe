//! The other petitions of a matter, each with the answer that stands.

use super::repo;
use crate::auth::Context;
use crate::handling::model::{Adoption, Opinion, Outcome};
use crate::petition::{Case, ClosureReason, Stage};
use crate::platform::db::Conn;
use crate::platform::db::types::{Id, Time};
use crate::platform::error::Result;
use serde::Serialize;
use utoipa::ToSchema;

/// The other petitions of a matter that the caller may see.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MatterView {
    /// The matter.
    pub id: Id,
    /// What came before this petition, oldest first.
    pub earlier: Vec<MatterItem>,
    /// What came after it, oldest first.
    pub later: Vec<MatterItem>,
}

/// Another petition of a matter, with how it was answered.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MatterItem {
    /// Its id.
    pub id: Id,
    /// Its number.
    #[schema(example = "XF-20260302-V000123-K")]
    pub number: String,
    /// A line that names it.
    pub title: String,
    /// Where it stands.
    pub stage: Stage,
    /// When the office got it.
    pub received_at: Time,
    /// When it was closed.
    pub closed_at: Option<Time>,
    /// Why it is closed.
    pub closure_reason: Option<ClosureReason>,
    /// The answer that stands.
    pub answer: Option<AnswerGiven>,
}

/// An answer, in short.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AnswerGiven {
    /// What was decided on a claim or an accusation.
    pub outcome: Option<Outcome>,
    /// What became of a suggestion.
    pub adoption: Option<Adoption>,
    /// In what words.
    pub opinion: String,
    /// When.
    pub issued_at: Time,
}

impl From<Opinion> for AnswerGiven {
    fn from(opinion: Opinion) -> Self {
        Self { outcome: opinion.outcome, adoption: opinion.adoption, opinion: opinion.words, issued_at: opinion.issued_at }
    }
}

/// The other petitions of a case's matter that the caller may see.
///
/// # Errors
/// Database only.
pub fn of(c: &mut Conn, cx: &Context, case: &Case) -> Result<MatterView> {
    let mut view = MatterView { id: case.row.matter_id, earlier: Vec::new(), later: Vec::new() };
    if !case.row.facts.linked {
        return Ok(view);
    }
    let came = (case.row.received_at, case.row.registered_at, case.row.id);
    for (other, registered_at) in repo::of_matter(c, &cx.actor, case.row.matter_id, case.row.id)? {
        let side = if (other.received_at, registered_at, other.id) < came { &mut view.earlier } else { &mut view.later };
        side.push(other);
    }
    Ok(view)
}
