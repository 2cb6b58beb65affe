//! What is searched for, and what an answer shows.

use crate::petition::view::PetitionItem;
use crate::platform::db::types::Id;
use diesel::Queryable;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// What is searched for.
#[derive(Debug, Clone, Default, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SearchFilter {
    /// A number, a name, words; of several words each must be found. One Chinese character is enough.
    #[param(min_length = 1, max_length = 100, example = "住院费")]
    pub q: String,
    /// Items a page, 1 to 200, 50 unless said.
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u32>,
    /// `next_cursor` of the page before.
    #[param(max_length = 1000)]
    pub cursor: Option<String>,
}

crate::text_enum! {
    /// Where something was found.
    pub enum FoundIn {
        /// The petition's number.
        Number = "number",
        /// A number another office gave it.
        ExternalNumber = "external_number",
        /// The name of somebody who takes part.
        Name = "name",
        /// The title.
        Title = "title",
        /// What was said.
        Statement = "statement",
        /// The opinion given last.
        Opinion = "opinion",
    }
}

/// The searchable texts of a petition.
#[derive(Debug, Clone, Default)]
pub struct Texts {
    /// Its number.
    pub number: String,
    /// Numbers of other offices.
    pub external: Vec<String>,
    /// Names of those who take part.
    pub names: Vec<String>,
    /// The title.
    pub title: String,
    /// What was said.
    pub statement: String,
    /// The opinion given last.
    pub opinion: Option<String>,
}

impl Texts {
    /// Each text with what it is.
    pub fn fields(&self) -> impl Iterator<Item = (FoundIn, &str)> {
        let one = |field, text| std::iter::once((field, text));
        one(FoundIn::Number, self.number.as_str())
            .chain(self.external.iter().map(|text| (FoundIn::ExternalNumber, text.as_str())))
            .chain(self.names.iter().map(|text| (FoundIn::Name, text.as_str())))
            .chain(one(FoundIn::Title, self.title.as_str()))
            .chain(one(FoundIn::Statement, self.statement.as_str()))
            .chain(self.opinion.iter().map(|text| (FoundIn::Opinion, text.as_str())))
    }
}

/// What the index keeps of a petition.
#[derive(Debug, Clone)]
pub struct Document {
    /// The petition's place in the table.
    pub n: i64,
    /// What it is found by.
    pub terms: Vec<String>,
}

/// A place found: characters (Unicode code points) of the fragment's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Mark {
    /// The first character.
    pub from: usize,
    /// Behind the last.
    pub to: usize,
}

/// A piece of text in which something was found.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Fragment {
    /// Which text.
    pub field: FoundIn,
    /// The piece, as it was written: plain text, never HTML.
    pub text: String,
    /// The places found in it, in their order.
    pub marks: Vec<Mark>,
}

/// A petition that was found.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SearchHit {
    /// The petition.
    #[serde(flatten)]
    pub petition: PetitionItem,
    /// Where.
    pub fragments: Vec<Fragment>,
}

/// A page of what was found.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SearchPage {
    /// Whole numbers first, whole names next, then what was registered last.
    pub items: Vec<SearchHit>,
    /// Give this as `cursor` for the next page; null on the last. A page may hold less than asked for and yet not be the last.
    pub next_cursor: Option<String>,
    /// How many were found up to the end of this page.
    pub found: u64,
    /// Whether there may be more than `found`.
    pub found_is_bound: bool,
    /// False while the index is being built: older petitions may be missing, but for whole numbers and names.
    pub complete: bool,
}

/// A petition as the index needs it.
#[derive(Debug, Clone, Queryable)]
#[allow(missing_docs)]
pub struct Filed {
    pub n: i64,
    pub id: Id,
    pub number: String,
    pub registered_unit: Id,
    pub registered_by: Id,
    pub lead_unit: Option<Id>,
    pub review_unit: Option<Id>,
}
