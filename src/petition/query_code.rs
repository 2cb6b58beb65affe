//! The petitioner's query code: told once, kept as a hash only, so that one that is lost can only be replaced.

use super::acts::Act;
use super::case::Case;
use super::number::query_code;
use super::repo;
use crate::auth::Context;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use serde_json::json;

impl Case {
    /// Draws a new query code; the old one opens nothing from now on.
    ///
    /// # Errors
    /// Database and keys only.
    pub fn reissue_query_code(&mut self, c: &mut Conn, cx: &mut Context, reason: &str) -> Result<String> {
        let code = query_code(cx.draw.secret());
        self.content.query_code_mac = cx.keys.code_mac(self.row.id.0.as_bytes(), &code)?;
        repo::update_content(c, &self.content)?;
        let draft = self.draft(&cx.actor, Act::ReissueQueryCode, "query_code_reissued");
        self.event(draft.sealed(json!({"reason": reason})));
        Ok(code)
    }
}
