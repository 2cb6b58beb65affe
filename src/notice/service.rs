//! Issuing a notice, and recording that it arrived.

use super::model::{Document, Method, NewDelivery, NewNotice, Notice, NoticeKind};
use super::repo;
use super::texts::{self, Words};
use crate::auth::Context;
use crate::platform::db::Conn;
use crate::platform::db::types::{Id, Time};
use crate::platform::error::Result;
use crate::unit;

/// What a notice is about, handed in by the petition.
#[derive(Debug, Clone, Copy)]
pub struct About<'a> {
    /// The petition.
    pub petition: Id,
    /// Its number.
    pub number: &'a str,
    /// Whom the notice is for; none where nobody gave a name.
    pub addressee: Option<&'a str>,
    /// The unit the words name.
    pub unit: Id,
}

/// How somebody is told, and in what words.
#[derive(Debug, Clone, Default)]
pub struct Told {
    /// How it reaches them; none where nobody has to be told (anonymous, no address) and only the words are kept.
    pub method: Option<Method>,
    /// The words; the usual ones of the kind when there are none.
    pub words: Option<Words>,
    /// The notice it takes the place of.
    pub replaces: Option<Id>,
    /// The unit it is addressed to; none where it is the petitioner's.
    pub to_unit: Option<Id>,
    /// The unit that signs, where the caller only records what it said; else the caller's.
    pub signed_by: Option<Id>,
}

impl From<&NewNotice> for Told {
    fn from(asked: &NewNotice) -> Self {
        Self { method: Some(asked.method), words: asked.text.clone().map(Words::own), ..Self::default() }
    }
}

/// Issues a notice as a document: numbered within its petition, signed by the caller's unit or the one it speaks for.
///
/// # Errors
/// Database only; [`crate::platform::error::Error::Again`] when somebody else took the number.
pub fn issue(c: &mut Conn, cx: &mut Context, about: About<'_>, kind: NoticeKind, told: Told) -> Result<Notice> {
    let signs = told.signed_by.unwrap_or(cx.actor.unit_id);
    let names = unit::repo::names(c, &[about.unit, signs])?;
    let name = |unit: Id| names.get(&unit).map_or("", String::as_str);
    let words = told.words.unwrap_or_else(|| texts::usual(kind, about.number, name(about.unit)));
    let n = repo::next_n(c, about.petition)?;
    let row = Notice {
        id: cx.draw.id(),
        petition_id: about.petition,
        kind,
        method: told.method,
        text: words.zh,
        unit_id: signs,
        issued_at: Time(cx.now()),
        n,
        document: Document {
            number: format!("{}/{n}", about.number),
            addressee: about.addressee.map(str::to_owned),
            english: words.en,
            articles: texts::articles(kind).map(|articles| articles.zh.to_owned()),
            sign_off: name(signs).to_owned(),
            issued_on: Some(cx.today()),
        },
        replaces: told.replaces,
        to_unit: told.to_unit,
        issued_by: cx.actor.account_id,
        delivery_method: None,
        delivery_proof: None,
        recipient: None,
        witness: None,
        delivered_at: None,
        recorded_at: None,
        recorded_by: None,
    };
    repo::insert(c, &row)?;
    Ok(row)
}

/// Records that a notice arrived.
///
/// # Errors
/// Database only.
pub fn deliver(c: &mut Conn, cx: &Context, notice: Notice, how: &NewDelivery) -> Result<Notice> {
    let row = Notice {
        delivery_method: Some(how.method),
        delivery_proof: Some(how.receipt),
        recipient: how.recipient.clone(),
        witness: how.witness.clone(),
        delivered_at: Some(Time::claimed(how.delivered_at.unwrap_or(cx.now()))),
        recorded_at: Some(Time(cx.now())),
        recorded_by: Some(cx.actor.id()),
        ..notice
    };
    repo::deliver(c, &row)?;
    Ok(row)
}
