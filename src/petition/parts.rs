//! What belongs to a petition and can be read on its own: referrals, notices, opinions, deliveries … each slice names its
//! rows and how to load them; scope, paging and 404 are the same for all.

use super::{Act, repo};
use crate::auth::{Call, Context, Paging, Permission};
use crate::platform::db::Conn;
use crate::platform::db::types::Id;
use crate::platform::error::{Error, Result};
use crate::platform::web::{Answer, Body, Response};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::IntoParams;

/// A row that belongs to a petition.
pub trait Part {
    /// Its id; parts are listed in the order of their ids, which is the order they were made in.
    fn id(&self) -> Id;
}

/// Which of a petition's parts.
#[derive(Debug, Clone, Default, Serialize, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct PartsPage {
    /// Items a page, 1 to 200, 50 unless said.
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u32>,
    /// `next_cursor` of the page before.
    #[param(max_length = 1000)]
    pub cursor: Option<String>,
}

/// Loads the parts of a petition after one, oldest first.
pub type LoadParts<R> = fn(&mut Conn, Id, Id, i64) -> Result<Vec<R>>;
/// Loads one part of a petition.
pub type LoadPart<R> = fn(&mut Conn, Id, Id) -> Result<Option<R>>;

/// A page of a petition's parts.
///
/// # Errors
/// 403, 404, 400 for a forged cursor.
pub async fn list<R, V>(call: Call, name: &'static str, petition: &str, page: &PartsPage, load: LoadParts<R>) -> Response
where
    R: Part + 'static,
    V: From<R> + Serialize,
{
    let id = Id::or_nil(petition);
    let paging: Paging<Id> = Paging::read(&call, name, &id, page.limit, page.cursor.as_deref())?;
    call.read(Permission::ReadPetitions.roles(), move |c, cx| {
        repo::require_visible(c, &cx.actor, id)?;
        let rows = load(c, id, paging.after.unwrap_or(Id::NIL), paging.rows())?;
        Answer::ok(&paging.page(cx, rows, Part::id, |row| Ok(V::from(row)))?)
    })
    .await
}

/// Adds a part to a petition, under the id that the device made which took it down: sent again it is answered as the first time.
///
/// # Errors
/// Those of the act.
pub async fn add<T: Send + Sync + 'static>(
    call: Call,
    act: Act,
    petition: &str,
    body: Body<T>,
    made: fn(&T) -> Option<Id>,
    add: fn(&mut Conn, &mut Context, Id, &Body<T>) -> Result<Answer>,
) -> Response {
    let id = Id::or_nil(petition);
    let made = body.shaped().ok().and_then(made).map(|id| id.0);
    // an id that comes back for another petition is another call
    let fingerprint = Sha256::new().chain_update(body.fingerprint()).chain_update(id.0).finalize().into();
    call.write_made(act.row().roles(), fingerprint, made, move |c, cx| add(c, cx, id, &body)).await
}

/// One part of a petition.
///
/// # Errors
/// 403, 404.
pub async fn get<R, V>(call: Call, petition: &str, part: &str, load: LoadPart<R>) -> Response
where
    R: 'static,
    V: From<R> + Serialize,
{
    let (id, part) = (Id::or_nil(petition), Id::or_nil(part));
    call.read(Permission::ReadPetitions.roles(), move |c, cx| {
        repo::require_visible(c, &cx.actor, id)?;
        Answer::ok(&V::from(load(c, id, part)?.ok_or(Error::NotFound)?))
    })
    .await
}

/// What there is one of in a petition: the standing opinion, the last acceptance.
///
/// # Errors
/// 403, 404.
pub async fn last<R, V>(call: Call, petition: &str, load: fn(&mut Conn, Id) -> Result<Option<R>>) -> Response
where
    R: 'static,
    V: From<R> + Serialize,
{
    let id = Id::or_nil(petition);
    call.read(Permission::ReadPetitions.roles(), move |c, cx| {
        repo::require_visible(c, &cx.actor, id)?;
        Answer::ok(&V::from(load(c, id)?.ok_or(Error::NotFound)?))
    })
    .await
}
