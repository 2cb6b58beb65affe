//! Files as bodies: what the headers of an upload say, and how a download is sent so that no browser ever renders it as a page of ours.

use super::body::is_kind;
use super::codes;
use super::problem::Problem;
use super::request::RequestMeta;
use crate::platform::error::{Error, Fault};
use crate::platform::objects::Reading;
use actix_web::HttpResponse;
use actix_web::body::SizedStream;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE, Charset,
    ContentDisposition, DispositionParam, DispositionType, ETAG, ExtendedValue, HeaderMap, X_CONTENT_TYPE_OPTIONS,
};
use data_encoding::BASE64;
use futures_util::stream::try_unfold;
use unicode_normalization::UnicodeNormalization;

/// What the headers of an upload say of the file.
#[derive(Debug, Clone, Default)]
pub struct FileHeaders {
    /// `Content-Type` without parameters; none when it says nothing (`application/octet-stream` is nothing).
    pub media_type: Option<String>,
    /// The file name of `Content-Disposition` (RFC 6266), in NFC.
    pub name: Option<String>,
    /// SHA-256 of the content by `Content-Digest` (RFC 9530).
    pub sha256: Option<[u8; 32]>,
    /// What is wrong with the headers, each at its name.
    pub faults: Vec<Fault>,
}

impl FileHeaders {
    /// Reads them. What announces itself as too large or of another kind is refused before a byte is read.
    ///
    /// # Errors
    /// 413, 415.
    pub fn read(headers: &HeaderMap, limit: u64, takes: impl Fn(&str) -> bool) -> Result<Self, Problem> {
        let text = |value: &actix_web::http::header::HeaderValue| value.to_str().ok().map(str::to_owned);
        let announced = headers.get(CONTENT_LENGTH).and_then(text).and_then(|v| v.parse::<u64>().ok());
        if announced.is_some_and(|length| length > limit) {
            return Err(Problem::too_large(limit));
        }
        let mut read = Self::default();
        let nothing = |essence: &str| essence == "application/octet-stream";
        if headers.contains_key(CONTENT_TYPE) {
            if !is_kind(headers, |essence| nothing(essence) || takes(essence)) {
                return Err(Problem::unsupported_media_type());
            }
            let stated = headers.get(CONTENT_TYPE).and_then(text).unwrap_or_default().to_ascii_lowercase();
            let essence = stated.split(';').next().unwrap_or_default().trim();
            read.media_type = Some(essence.to_owned()).filter(|essence| !nothing(essence));
        } else if headers.get(CONTENT_ENCODING).is_some_and(|coding| coding != "identity") {
            return Err(Problem::unsupported_media_type());
        }
        match headers.get(CONTENT_DISPOSITION).map(file_name) {
            None => read.faults.push(Fault::new("/content-disposition", codes::REQUIRED)),
            Some(None) => read.faults.push(Fault::new("/content-disposition", codes::BAD_FORM)),
            Some(name) => read.name = name,
        }
        let stated: Vec<&str> = headers.get_all("content-digest").map(|v| v.to_str().unwrap_or("sha-256=?")).collect();
        let stated = stated.iter().flat_map(|line| line.split(',')).filter_map(|member| member.trim().strip_prefix("sha-256="));
        for digest in stated {
            match digest_of(digest) {
                Some(digest) => read.sha256 = Some(digest),
                None => read.faults.push(Fault::new("/content-digest", codes::BAD_FORM)),
            }
        }
        Ok(read)
    }
}

/// `:BASE64:` (RFC 8941, 3.3.5).
fn digest_of(text: &str) -> Option<[u8; 32]> {
    let encoded = text.split(';').next()?.trim().strip_prefix(':')?.strip_suffix(':')?;
    BASE64.decode(encoded.as_bytes()).ok()?.try_into().ok()
}

fn file_name(value: &actix_web::http::header::HeaderValue) -> Option<String> {
    let disposition = ContentDisposition::from_raw(value).ok()?;
    let name = match disposition.get_filename_ext() {
        Some(extended) if extended.charset == Charset::Ext("UTF-8".to_owned()) => String::from_utf8(extended.value.clone()).ok()?,
        Some(_) => return None,
        None => disposition.get_filename()?.to_owned(),
    };
    Some(name.nfc().collect())
}

/// A file to be sent.
pub struct Download<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its type.
    pub media_type: &'a str,
    /// Its entity-tag, quotes included.
    pub etag: String,
}

impl Download<'_> {
    /// That the client has it already, if so.
    pub fn unchanged(&self, meta: &RequestMeta) -> Option<HttpResponse> {
        let known = meta.if_none_match.holds(&self.etag);
        known.then(|| HttpResponse::NotModified().insert_header((ETAG, self.etag.clone())).insert_header((CACHE_CONTROL, PRIVATE)).finish())
    }

    /// Sends what is read, bit by bit; `length` is all of it in bytes. A fault in the middle breaks the connection off.
    pub fn send(&self, length: u64, from: Reading) -> HttpResponse {
        let bytes = try_unfold(from, async |mut from| {
            let piece = from.next().await.inspect_err(|e| tracing::error!(error = %e, "a download broke off"))?;
            Ok::<_, Error>(piece.map(|bytes| (bytes, from)))
        });
        let name = ExtendedValue { charset: Charset::Ext("UTF-8".to_owned()), language_tag: None, value: self.name.as_bytes().to_vec() };
        let disposition =
            ContentDisposition { disposition: DispositionType::Attachment, parameters: vec![DispositionParam::FilenameExt(name)] };
        HttpResponse::Ok()
            .insert_header((CONTENT_TYPE, self.media_type))
            .insert_header((CONTENT_DISPOSITION, disposition))
            .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
            .insert_header((CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'"))
            .insert_header((CACHE_CONTROL, PRIVATE))
            .insert_header((ETAG, self.etag.clone()))
            // compressed it would be another representation under the same strong tag
            .insert_header((CONTENT_ENCODING, "identity"))
            .body(SizedStream::new(length, bytes))
    }
}

/// In nobody's cache but the caller's, and asked for again each time: rights may end.
const PRIVATE: &str = "private, no-cache";
