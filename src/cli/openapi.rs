//! `xinfang openapi`: the document, as it is committed.

use std::io::Write;

pub(super) fn run() -> Result<(), String> {
    std::io::stdout().write_all(crate::app::openapi_text().as_bytes()).map_err(|e| e.to_string())
}
