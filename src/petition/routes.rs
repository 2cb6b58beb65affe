//! Reading petitions, their people and notes; correcting, adding people and notes.

use super::acts::Act;
use super::case::Case;
use super::correction::{self, CorrectPetition};
use super::own_will::{self, ConfirmOwnWill};
use super::parts::{self, PartsPage};
use super::party::{NewParty, PartyView};
use super::people::{self, EndParty};
use super::priority::service::{SetPriority, set_priority as set_priority_of};
use super::repo;
use super::repo::list::{self, PetitionFilter, PetitionPage};
use super::service::{self, AddNote, NoteView};
use super::view::{self, PetitionView};
use crate::auth::{Call, Paging, Permission};
use crate::platform::db::types::Id;
use crate::platform::error::Error;
use crate::platform::web::problem::MEDIA_TYPE;
use crate::platform::web::{Answer, Body, Page, ProblemDocument, Query, Response};
use actix_web::{delete, get, patch, post, put, web::Path};
use utoipa_actix_web::service_config::ServiceConfig;

/// Mounts the routes.
pub fn configure(cfg: &mut ServiceConfig<'_>) {
    cfg.service(list_petitions).service(correct_petition);
    cfg.service(list_parties).service(get_party).service(add_party).service(end_party).service(confirm_own_will);
    cfg.service(set_priority);
    cfg.service(list_notes).service(get_note).service(add_note);
}

/// List petitions
///
/// Those the caller may see, newest first. With `Prefer: count=exact` the page says how many there are in all.
#[utoipa::path(tag = "petitions", params(PetitionFilter),
    responses((status = 200, body = PetitionPage, description = "A page of petitions"),
        (status = 422, description = "The days contradict each other", body = ProblemDocument, content_type = MEDIA_TYPE)))]
#[get("/petitions")]
async fn list_petitions(call: Call, filter: Query<PetitionFilter>) -> Response {
    call.actor.require(Permission::ReadPetitions.roles())?;
    filter.check()?;
    let asked = PetitionFilter { limit: None, cursor: None, ..filter.0.clone() };
    let paging = Paging::read(&call, "petitions", &asked, filter.limit, filter.cursor.as_deref())?;
    let counted = call.meta.prefers_count;
    call.read(Permission::ReadPetitions.roles(), move |c, cx| Answer::ok(&list::page(c, cx, &filter.0, &paging, counted)?)).await
}

/// Correct a petition
///
/// What was registered wrongly, with the reason; old and new stay in the trail.
#[utoipa::path(tag = "petitions", params(("petition_id" = String, Path, description = "Id of the petition")), request_body = CorrectPetition,
    responses((status = 200, body = PetitionView, description = "The petition as it is now")))]
#[patch("/petitions/{petition_id}")]
async fn correct_petition(call: Call, path: Path<String>, body: Body<CorrectPetition>) -> Response {
    let id = Id::or_nil(&path);
    call.write(Act::Correct.row().roles(), body.fingerprint(), move |c, cx| correction::correct(c, cx, id, &body)).await
}

/// List the people of a petition
#[utoipa::path(tag = "petitions", params(("petition_id" = String, Path, description = "Id of the petition"), PartsPage),
    responses((status = 200, body = Page<PartyView>, description = "Everybody who ever took part")))]
#[get("/petitions/{petition_id}/parties")]
async fn list_parties(call: Call, path: Path<String>, page: Query<PartsPage>) -> Response {
    let id = Id::or_nil(&path);
    let paging: Paging<Id> = Paging::read(&call, "parties", &id, page.limit, page.cursor.as_deref())?;
    call.read(Permission::ReadPetitions.roles(), move |c, cx| {
        let case = Case::load(c, cx, id)?;
        let mut people = view::shown(c, cx, &case)?.parties;
        people.retain(|p| paging.after.is_none_or(|after| p.id > after));
        Answer::ok(&paging.page(cx, people, |p| p.id, Ok)?)
    })
    .await
}

/// Read one person of a petition
#[utoipa::path(tag = "petitions",
    params(("petition_id" = String, Path, description = "Id of the petition"), ("party_id" = String, Path, description = "Id of the person")),
    responses((status = 200, body = PartyView, description = "The person")))]
#[get("/petitions/{petition_id}/parties/{party_id}")]
async fn get_party(call: Call, path: Path<(String, String)>) -> Response {
    let (id, party) = (Id::or_nil(&path.0), Id::or_nil(&path.1));
    call.read(Permission::ReadPetitions.roles(), move |c, cx| {
        let case = Case::load(c, cx, id)?;
        let found = view::shown(c, cx, &case)?.parties.into_iter().find(|p| p.id == party);
        Answer::ok(&found.ok_or(Error::NotFound)?)
    })
    .await
}

/// Add a person to a petition
#[utoipa::path(tag = "petitions", params(("petition_id" = String, Path, description = "Id of the petition")), request_body = NewParty,
    responses((status = 201, body = PetitionView, description = "The petition with the person added")))]
#[post("/petitions/{petition_id}/parties")]
async fn add_party(call: Call, path: Path<String>, body: Body<NewParty>) -> Response {
    let id = Id::or_nil(&path);
    call.write(Act::AddParty.row().roles(), body.fingerprint(), move |c, cx| people::add_party(c, cx, id, &body)).await
}

/// End a person's part in a petition
///
/// A proxy whose authority is taken back, or somebody who leaves the matter to the others; the last petitioner withdraws instead.
#[utoipa::path(tag = "petitions",
    params(("petition_id" = String, Path, description = "Id of the petition"), ("party_id" = String, Path, description = "Id of the person")),
    request_body = EndParty, responses((status = 200, body = PetitionView, description = "The petition")))]
#[delete("/petitions/{petition_id}/parties/{party_id}")]
async fn end_party(call: Call, path: Path<(String, String)>, body: Body<EndParty>) -> Response {
    let (id, party) = (Id::or_nil(&path.0), Id::or_nil(&path.1));
    call.write(Act::EndParty.row().roles(), body.fingerprint(), move |c, cx| people::end_party(c, cx, id, party, &body)).await
}

/// Confirm the petitioner's own will
///
/// On the proxy or guardian who files for somebody: when and how the petitioner said that they want it. Whoever records it made sure.
#[utoipa::path(tag = "petitions",
    params(("petition_id" = String, Path, description = "Id of the petition"), ("party_id" = String, Path, description = "Id of the person")),
    request_body = ConfirmOwnWill, responses((status = 200, body = PetitionView, description = "The petition")))]
#[put("/petitions/{petition_id}/parties/{party_id}/own-will")]
async fn confirm_own_will(call: Call, path: Path<(String, String)>, body: Body<ConfirmOwnWill>) -> Response {
    let (id, party) = (Id::or_nil(&path.0), Id::or_nil(&path.1));
    let roles = Act::ConfirmOwnWill.row().roles();
    call.write(roles, body.fingerprint(), move |c, cx| own_will::confirm_own_will(c, cx, id, party, &body)).await
}

/// Set the priority
///
/// By hand, with the reason. It orders the worklist and shortens the office's own targets; limits of the law stay.
#[utoipa::path(tag = "petitions", params(("petition_id" = String, Path, description = "Id of the petition")), request_body = SetPriority,
    responses((status = 200, body = PetitionView, description = "The petition with its priority")))]
#[put("/petitions/{petition_id}/priority")]
async fn set_priority(call: Call, path: Path<String>, body: Body<SetPriority>) -> Response {
    let id = Id::or_nil(&path);
    call.write(Act::SetPriority.row().roles(), body.fingerprint(), move |c, cx| set_priority_of(c, cx, id, &body)).await
}

/// List the notes of a petition
#[utoipa::path(tag = "petitions", params(("petition_id" = String, Path, description = "Id of the petition"), PartsPage),
    responses((status = 200, body = Page<NoteView>, description = "Internal notes, oldest first")))]
#[get("/petitions/{petition_id}/notes")]
async fn list_notes(call: Call, path: Path<String>, page: Query<PartsPage>) -> Response {
    parts::list::<_, NoteView>(call, "notes", &path, &page, repo::notes).await
}

/// Read one note of a petition
#[utoipa::path(tag = "petitions",
    params(("petition_id" = String, Path, description = "Id of the petition"), ("note_id" = String, Path, description = "Id of the note")),
    responses((status = 200, body = NoteView, description = "The note")))]
#[get("/petitions/{petition_id}/notes/{note_id}")]
async fn get_note(call: Call, path: Path<(String, String)>) -> Response {
    parts::get::<_, NoteView>(call, &path.0, &path.1, repo::note).await
}

/// Write an internal note
///
/// Staff who work on the case read it, the petitioner never. A phone that was offline sends its own `id` and `captured_at`.
#[utoipa::path(tag = "petitions", params(("petition_id" = String, Path, description = "Id of the petition")), request_body = AddNote,
    responses((status = 201, body = PetitionView, description = "The petition")))]
#[post("/petitions/{petition_id}/notes")]
async fn add_note(call: Call, path: Path<String>, body: Body<AddNote>) -> Response {
    parts::add(call, Act::AddNote, &path, body, |note| note.id, service::add_note).await
}
