//! What the kinds of files add to the document: every media type that is taken and given.

use crate::attachment::MediaType;
use crate::platform::web::document::carry;
use utoipa::openapi::path::Operation;
use utoipa::openapi::{OpenApi, RefOr};

/// Names the media types of what is enclosed and downloaded.
pub fn finish(doc: &mut OpenApi) {
    for (path, item) in &mut doc.paths.paths {
        if path.ends_with("/attachments") {
            if let Some(RefOr::T(body)) = item.post.as_mut().and_then(|post| post.request_body.as_mut()) {
                let file = body.content.values().next().cloned();
                body.content.extend(MediaType::ALL.iter().filter_map(|kind| Some((kind.as_str().to_owned(), file.clone()?))));
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
    let file = response.content.values().next().cloned();
    response.content = kinds.iter().filter_map(|kind| Some((kind.as_str().to_owned(), file.clone()?))).collect();
    carry(response, &["ETag"]);
}
