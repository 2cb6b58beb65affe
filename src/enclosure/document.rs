//! What the kinds of files add to the document: every media type that is taken and given.

use crate::attachment::MediaType;
use crate::platform::web::document::carry;
use utoipa::openapi::path::Operation;
use utoipa::openapi::schema::{KnownFormat, SchemaFormat, Type};
use utoipa::openapi::{Content, ContentBuilder, ObjectBuilder, OpenApi, RefOr};

/// What a client may state that says nothing.
const UNSAID: &str = "application/octet-stream";

/// Names the media types of what is enclosed and downloaded.
pub fn finish(doc: &mut OpenApi) {
    for (path, item) in &mut doc.paths.paths {
        if path.ends_with("/attachments") {
            if let Some(RefOr::T(body)) = item.post.as_mut().and_then(|post| post.request_body.as_mut()) {
                let kinds = MediaType::ALL.iter().map(|kind| kind.as_str()).chain([UNSAID]);
                body.content = kinds.map(|kind| (kind.to_owned(), RefOr::T(file()))).collect();
            }
        } else if path.ends_with("/attachments/{attachment_id}/content") {
            given(item.get.as_mut(), MediaType::ALL);
        } else if path.ends_with("/attachments/{attachment_id}/thumbnail") {
            given(item.get.as_mut(), &[MediaType::Jpeg]);
        }
    }
}

fn given(operation: Option<&mut Operation>, kinds: &[MediaType]) {
    let Some(RefOr::T(response)) = operation.and_then(|get| get.responses.responses.get_mut("200")) else { return };
    response.content = kinds.iter().map(|kind| (kind.as_str().to_owned(), RefOr::T(file()))).collect();
    carry(response, &["ETag"]);
}

/// Bytes, whatever they are.
fn file() -> Content {
    let bytes = ObjectBuilder::new().schema_type(Type::String).format(Some(SchemaFormat::KnownFormat(KnownFormat::Binary)));
    ContentBuilder::new().schema(Some(bytes)).example(Some("(the file itself)".into())).build()
}
