//! Recording contacts, and reading them.

use super::model::{ContactView, RecordContact};
use super::{repo, service};
use crate::auth::Call;
use crate::petition::parts::{self, PartsPage};
use crate::petition::{Act, PetitionView};
use crate::platform::web::{Body, Page, Query, Response};
use actix_web::web::Path;
use actix_web::{get, post};
use utoipa_actix_web::service_config::ServiceConfig;

/// Mounts the routes.
pub fn configure(cfg: &mut ServiceConfig<'_>) {
    cfg.service(record_contact).service(list_contacts).service(get_contact);
}

/// Record a contact with the petitioner
///
/// By the unit that handles it, the desk, or a unit that assists or reviews. It makes no other version of the petition: a device that was
/// offline sends it later, with an id of its own and the time it took place.
#[utoipa::path(tag = "handling", params(("petition_id" = String, Path, description = "Id of the petition")), request_body = RecordContact,
    responses((status = 201, body = PetitionView, description = "The petition; the contact is recorded")))]
#[post("/petitions/{petition_id}/contacts")]
async fn record_contact(call: Call, path: Path<String>, body: Body<RecordContact>) -> Response {
    parts::add(call, Act::RecordContact, &path, body, |contact| contact.id, service::record).await
}

/// List the contacts with the petitioner
#[utoipa::path(tag = "handling", params(("petition_id" = String, Path, description = "Id of the petition"), PartsPage),
    responses((status = 200, body = Page<ContactView>, description = "Contacts, oldest first")))]
#[get("/petitions/{petition_id}/contacts")]
async fn list_contacts(call: Call, path: Path<String>, page: Query<PartsPage>) -> Response {
    parts::list::<_, ContactView>(call, "contacts", &path, &page, repo::of_petition).await
}

/// Read a contact with the petitioner
#[utoipa::path(tag = "handling",
    params(("petition_id" = String, Path, description = "Id of the petition"), ("contact_id" = String, Path, description = "Id of the contact")),
    responses((status = 200, body = ContactView, description = "The contact")))]
#[get("/petitions/{petition_id}/contacts/{contact_id}")]
async fn get_contact(call: Call, path: Path<(String, String)>) -> Response {
    parts::get::<_, ContactView>(call, &path.0, &path.1, repo::one).await
}
