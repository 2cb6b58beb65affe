//! Entries of the access log.

use crate::platform::db::schema::access_log;
use crate::platform::db::types::{Id, Time};
use diesel::prelude::*;

crate::text_enum! {
    /// What was accessed.
    pub enum AccessKind {
        /// A sign-in with a password.
        SignIn = "sign_in",
        /// A session carried on with its refresh token.
        Refresh = "refresh",
        /// A session ended by its holder.
        SignOut = "sign_out",
        /// A petition's status read with its number and query code.
        PublicStatus = "public_status",
        /// A care file read; the detail says for what.
        CareFile = "care_file",
        /// A file enclosed with a petition downloaded, or its small picture; the detail says which.
        Attachment = "attachment",
    }
}

crate::text_enum! {
    /// How it ended.
    pub enum AccessOutcome {
        /// Let in.
        Granted = "granted",
        /// The password was wrong.
        WrongPassword = "wrong_password",
        /// The account is suspended.
        Suspended = "suspended",
        /// A refresh token came back that was used up: whoever has it may have stolen it, so its family ended.
        Reused = "reused",
    }
}

/// One entry of the access log.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = access_log, treat_none_as_default_value = false)]
pub struct Access {
    /// Its id.
    pub id: Id,
    /// When.
    pub at: Time,
    /// What was accessed.
    pub kind: AccessKind,
    /// How it ended.
    pub outcome: AccessOutcome,
    /// Whose account.
    pub account_id: Option<Id>,
    /// What was read, if one thing.
    pub subject_id: Option<Id>,
    /// The peer's address.
    pub address: String,
    /// The request.
    pub request_id: String,
    /// A word more, never personal.
    pub detail: Option<String>,
}
