//! Papers about a petition: whom they name, and whether they have arrived.

use super::case::Case;
use crate::auth::Context;
use crate::notice::{self, About, NewDelivery, Notice, NoticeKind, Told};
use crate::platform::db::Conn;
use crate::platform::db::types::Id;
use crate::platform::error::Result;

impl Case {
    /// Issues a notice to the petitioner; its usual words name `unit`.
    ///
    /// # Errors
    /// Database only.
    pub fn issue_notice(&mut self, c: &mut Conn, cx: &mut Context, kind: NoticeKind, unit: Id, told: Told) -> Result<Notice> {
        let principals = self.principals();
        let addressee = principals.first().filter(|_| !self.row.facts.anonymous).map(|party| party.name.as_str());
        let about = About { petition: self.row.id, number: &self.row.number, addressee, unit };
        let row = notice::issue(c, cx, about, kind, told)?;
        if !kind.is_answer() {
            self.row.facts.undelivered += 1;
        }
        Ok(row)
    }

    /// Records that a notice arrived.
    ///
    /// # Errors
    /// Database only.
    pub fn deliver_notice(&mut self, c: &mut Conn, cx: &Context, notice: Notice, how: &NewDelivery) -> Result<Notice> {
        if !notice.kind.is_answer() {
            self.row.facts.undelivered = self.row.facts.undelivered.saturating_sub(1);
        }
        notice::service::deliver(c, cx, notice, how)
    }
}
