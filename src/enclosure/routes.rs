//! Enclosing files, and reading them.

use super::model::{About, AttachmentQuery, AttachmentView, Enclosed, NewAttachment};
use super::{repo, rules, service};
use crate::attachment::storage::{self, Interruption, Received};
use crate::attachment::{Content, MediaType};
use crate::auth::call::FileCall;
use crate::auth::{Call, Context, Permission};
use crate::codes;
use crate::petition::parts::{self, PartsPage};
use crate::petition::{Act, PetitionView};
use crate::platform::db::Conn;
use crate::platform::db::types::Id;
use crate::platform::error::{Error, Fault};
use crate::platform::ids::is_v7;
use crate::platform::web::file::{Download, FileHeaders};
use crate::platform::web::{Body, Page, Problem, ProblemDocument, Query, Response, codes as web};
use actix_web::http::StatusCode;
use actix_web::web::{Path, Payload};
use actix_web::{HttpRequest, get, post};
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};
use utoipa_actix_web::service_config::ServiceConfig;

/// Mounts the routes.
pub fn configure(cfg: &mut ServiceConfig<'_>) {
    cfg.service(list_attachments).service(get_attachment).service(add_attachment);
    cfg.service(get_attachment_content).service(get_attachment_thumbnail);
}

/// Enclose a file with a petition
///
/// The body is the file itself, at most 20 MiB: a photograph, PDF, audio, plain text in UTF-8 or an office document, told by its content.
/// State its SHA-256 in `Content-Digest`, so that what was changed on its way is refused. The same file under the same name again is
/// answered as the first time. Nobody can delete it. A petition holds 200 files and 500 MiB; an account encloses 600 files and 2000 MiB an
/// hour (429).
#[utoipa::path(tag = "petitions",
    params(("petition_id" = String, Path, description = "Id of the petition"), AttachmentQuery,
        ("Content-Disposition" = String, Header, description = "The file's name, RFC 6266: `attachment; filename*=UTF-8''%E8%BA%AB%E4%BB%BD%E8%AF%81.jpg`; at most 200 characters, no slashes, control characters or marks of direction"),
        ("Content-Digest" = Option<String>, Header, description = "SHA-256 of the content, RFC 9530: `sha-256=:…:`")),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 201, body = PetitionView, description = "The petition; Location is the attachment's"),
        (status = 409, description = "The petition holds as many as it may, or the id is taken", body = ProblemDocument, content_type = "application/problem+json")))]
#[post("/petitions/{petition_id}/attachments")]
async fn add_attachment(call: Call, path: Path<String>, query: Query<AttachmentQuery>, request: HttpRequest, file: Payload) -> Response {
    let (id, roles) = (Id::or_nil(&path), Act::AddAttachment.row().roles());
    let headers = FileHeaders::read(request.headers(), storage::LIMIT, |essence| MediaType::stated(essence).is_some()).map_err(in_words)?;
    call.meta.idempotency_key()?;
    if let Some(wait) = call.fetch(roles, |c, cx| service::pace(c, cx)).await? {
        return Err(Problem::too_many_requests(wait.to_std().unwrap_or_default()));
    }
    let admitted = call.fetch(roles, move |c, cx| Ok(service::admit(c, cx, id))).await?;
    // what nobody may enclose is read all the same: it may be an answered call sent again
    let received = match storage::receive(call.platform(), admitted.is_ok(), file).await {
        Ok(received) => received,
        Err(Interruption::TooLong) => return Err(Problem::too_large(storage::LIMIT)),
        Err(Interruption::BrokenOff) => return Err(Problem::bad_request(web::INTERRUPTED)),
        Err(Interruption::Failed(e)) => return Err(e.into()),
    };
    let answer = enclose(&call, id, &query, headers, received, admitted).await;
    // after a fault of the machine nobody knows whether it was taken over: that is left to the sweep
    if let Some(object) = received.object
        && answer.as_ref().err().is_none_or(|problem| !problem.status().is_server_error())
    {
        storage::settle(call.platform(), object).await;
    }
    answer
}

/// A refused kind of file, told as one that shows by its content.
fn in_words(problem: Problem) -> Problem {
    match problem.status() {
        StatusCode::UNSUPPORTED_MEDIA_TYPE => Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, codes::FILE_KIND_NOT_TAKEN),
        _ => problem,
    }
}

async fn enclose(
    call: &Call,
    id: Id,
    query: &AttachmentQuery,
    headers: FileHeaders,
    received: Received,
    admitted: Result<(), Error>,
) -> Response {
    let roles = Act::AddAttachment.row().roles();
    let said = serde_json::to_string(&(query, &headers.name)).map_err(Problem::internal)?;
    // an id that comes back for another petition is another call
    let named = Sha256::new().chain_update(received.sha256).chain_update(id.0);
    let fingerprint: [u8; 32] = named.chain_update(said.as_bytes()).finalize().into();
    if let Some(answered) = call.answered(roles, fingerprint).await? {
        return Ok(answered);
    }
    admitted?;
    let stated = headers.media_type.as_deref().and_then(MediaType::stated);
    let content = storage::judge(call.platform(), received, stated).await?;
    let body = Body::made(parts_of(query, headers, received, content), fingerprint);
    let made = query.id.filter(|id| is_v7(id.0)).map(|id| id.0);
    call.write_made(roles, fingerprint, made, move |c, cx| service::add(c, cx, id, &body)).await
}

/// What is enclosed, or every fault.
fn parts_of(
    query: &AttachmentQuery,
    headers: FileHeaders,
    received: Received,
    content: Result<Content, Fault>,
) -> Result<NewAttachment, Vec<Fault>> {
    let mut faults = headers.faults;
    faults.extend(headers.name.as_deref().and_then(rules::name_fault));
    if query.id.is_some_and(|id| !is_v7(id.0)) {
        faults.push(Fault::new("/id", codes::NOT_V7));
    }
    if headers.sha256.is_some_and(|stated| stated != received.sha256) {
        faults.push(Fault::new("/content-digest", codes::FILE_DIGEST_DIFFERS));
    }
    match (content, headers.name) {
        (Ok(content), Some(name)) if faults.is_empty() => {
            let about = query.about.unwrap_or(About::Petition);
            Ok(NewAttachment { id: query.id, name, about, about_id: query.about_id, content })
        }
        (content, _) => {
            faults.extend(content.err());
            Err(faults)
        }
    }
}

/// List the files enclosed with a petition
#[utoipa::path(tag = "petitions", params(("petition_id" = String, Path, description = "Id of the petition"), PartsPage),
    responses((status = 200, body = Page<AttachmentView>, description = "Attachments, oldest first")))]
#[get("/petitions/{petition_id}/attachments")]
async fn list_attachments(call: Call, path: Path<String>, page: Query<PartsPage>) -> Response {
    parts::list::<_, AttachmentView>(call, "attachments", &path, &page, repo::attachments).await
}

/// Read what a file enclosed with a petition is
#[utoipa::path(tag = "petitions",
    params(("petition_id" = String, Path, description = "Id of the petition"), ("attachment_id" = String, Path, description = "Id of the attachment")),
    responses((status = 200, body = AttachmentView, description = "The attachment, without its content")))]
#[get("/petitions/{petition_id}/attachments/{attachment_id}")]
async fn get_attachment(call: Call, path: Path<(String, String)>) -> Response {
    parts::get::<_, AttachmentView>(call, &path.0, &path.1, repo::attachment).await
}

/// Download a file enclosed with a petition
///
/// Under the name it was enclosed with, never to be shown inside a page; the entity-tag is its SHA-256. Who sees the petition but not the
/// numbers of its people (leaders) opens what was answered (`about` is `answer`) and nothing else: 403. Every download is written down.
#[utoipa::path(tag = "petitions",
    params(("petition_id" = String, Path, description = "Id of the petition"), ("attachment_id" = String, Path, description = "Id of the attachment")),
    responses((status = 200, description = "The file", body = Vec<u8>, content_type = "application/octet-stream"),
        (status = 304, description = "The client has it")))]
#[get("/petitions/{petition_id}/attachments/{attachment_id}/content")]
async fn get_attachment_content(call: FileCall, path: Path<(String, String)>) -> Response {
    let Enclosed { attachment, content } = found(&call.0, &path).await?;
    let etag = format!("\"{}\"", HEXLOWER.encode(&content.sha256));
    let file = Download { name: &attachment.name, media_type: content.media_type.as_str(), etag };
    if let Some(unchanged) = file.unchanged(&call.0.meta) {
        return Ok(unchanged);
    }
    noted(&call.0, &path, "content").await?;
    let reading = storage::open(call.0.platform(), content.object_id).await?;
    Ok(file.send(content.size.unsigned_abs(), reading))
}

/// Download a small picture of a photograph
///
/// A JPEG of at most 400 pixels a side, without what the photograph tells besides (place, camera). Files that are no photographs, and
/// photographs that can't be read, have none: 404. Opened by who may download the file, and written down as that is.
#[utoipa::path(tag = "petitions",
    params(("petition_id" = String, Path, description = "Id of the petition"), ("attachment_id" = String, Path, description = "Id of the attachment")),
    responses((status = 200, description = "The picture", body = Vec<u8>, content_type = "image/jpeg"),
        (status = 304, description = "The client has it")))]
#[get("/petitions/{petition_id}/attachments/{attachment_id}/thumbnail")]
async fn get_attachment_thumbnail(call: FileCall, path: Path<(String, String)>) -> Response {
    let Enclosed { content, .. } = found(&call.0, &path).await?;
    if !content.thumbnail {
        return Err(Error::NotFound.into());
    }
    let etag = format!("\"{}-small\"", HEXLOWER.encode(&content.sha256));
    let file = Download { name: "thumbnail.jpg", media_type: MediaType::Jpeg.as_str(), etag };
    if let Some(unchanged) = file.unchanged(&call.0.meta) {
        return Ok(unchanged);
    }
    noted(&call.0, &path, "thumbnail").await?;
    let (length, reading) = storage::open_thumbnail(call.0.platform(), content.object_id).await?;
    Ok(file.send(length, reading))
}

async fn found(call: &Call, path: &(String, String)) -> Result<Enclosed, Problem> {
    let (id, part) = (Id::or_nil(&path.0), Id::or_nil(&path.1));
    call.fetch(Permission::ReadPetitions.roles(), move |c, cx| service::opened(c, cx, id, part)).await
}

/// Writes down that a file is opened, before it is.
async fn noted(call: &Call, path: &(String, String), which: &'static str) -> Result<(), Problem> {
    let (id, part, address) = (Id::or_nil(&path.0), Id::or_nil(&path.1), call.meta.address.to_string());
    let note = move |c: &mut Conn, cx: &mut Context| service::open_on_record(c, cx, id, part, which, &address);
    call.fetch_on_record(Permission::ReadPetitions.roles(), note).await
}
