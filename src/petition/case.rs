//! A petition in the hands of one caller: loaded once, changed by an act, stored with its events by one conditional update.

use super::acts::Act;
use super::model::{Bar, ClosureReason, Content, Kind, Party, Petition, Stage};
use super::rules::{self, Standing};
use super::{ClosureBasis, repo, view};
use crate::audit::{self, Draft, Head, SubjectKind};
use crate::auth::{Actor, Context, Relation, Relations, Role, Roles};
use crate::closed_unit_kind;
use crate::platform::db::Conn;
use crate::platform::db::types::{Id, Time};
use crate::platform::error::{Error, Refusal, Result};
use crate::platform::web::IfMatch;
use crate::unit;
use std::collections::HashMap;

/// A petition as one caller sees it.
pub struct Case {
    /// Its row; acts change it in place.
    pub row: Petition,
    /// Its words.
    pub content: Content,
    /// Everybody who ever took part.
    pub parties: Vec<Party>,
    /// Who is barred.
    pub bars: Vec<Bar>,
    above: HashMap<Id, Vec<Id>>,
    discipline: bool,
    drafts: Vec<Draft>,
    read_n: i64,
    loaded: (Stage, Option<Id>),
    recorded: (Stage, Option<Id>),
}
