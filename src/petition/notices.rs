//! Papers about a petition: whom they name, and whether they have arrived.

use super::case::Case;
use super::model::Channel;
use crate::auth::Context;
use crate::notice::{self, About, Method, NewDelivery, NewNotice, Notice, NoticeKind, Told, Words};
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

    /// Issues a letter to a unit, by the name it has today.
    ///
    /// # Errors
    /// Database only.
    pub fn issue_letter(&mut self, c: &mut Conn, cx: &mut Context, kind: NoticeKind, unit: (Id, &str), words: Words) -> Result<Notice> {
        let (to, name) = unit;
        let about = About { petition: self.row.id, number: &self.row.number, addressee: Some(name), unit: to };
        let told = Told { words: Some(words), to_unit: Some(to), ..Told::default() };
        let row = notice::issue(c, cx, about, kind, told)?;
        self.row.facts.undelivered += 1;
        Ok(row)
    }

    /// Tells the petitioner in the way that is asked for, or else in the way they came, where somebody can be told; gives the notice.
    ///
    /// # Errors
    /// Database only.
    pub fn tell(
        &mut self,
        c: &mut Conn,
        cx: &mut Context,
        kind: NoticeKind,
        asked: Option<&NewNotice>,
        usual: Option<Words>,
    ) -> Result<Option<Id>> {
        if self.row.facts.undeliverable() || self.row.facts.heirs.is_some() {
            return Ok(None);
        }
        let came = match self.row.channel {
            Channel::Visit | Channel::HomeVisit => Method::InPerson,
            Channel::Letter | Channel::Fax => Method::Post,
            Channel::Phone => Method::Phone,
            Channel::Online => Method::Electronic,
        };
        let told = asked.map_or_else(Told::default, Told::from);
        let unit = self.acting_unit(&cx.actor);
        let told = Told { method: told.method.or(Some(came)), words: told.words.or(usual), signed_by: Some(unit), ..told };
        Ok(Some(self.issue_notice(c, cx, kind, unit, told)?.id))
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
