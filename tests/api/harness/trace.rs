//! What a refusal must not leave behind.

use super::app::TestApp;
use diesel::prelude::*;
use xinfang::platform::db::schema::{
    acceptance, calendar_version, closure, delivery, evaluation, event, event_pending, event_sealed, idempotency, note, notice, opinion,
    party, petition, petition_content, petition_fact, profile_version, referral,
};

/// How many rows there are of everything an act writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trace(Vec<(&'static str, i64)>);

macro_rules! counted {
    ($c:expr, $($table:ident),+) => { vec![$((stringify!($table), $table::table.count().get_result($c)?)),+] };
}

impl TestApp {
    /// Counts the rows of everything an act writes.
    pub async fn trace(&self) -> Trace {
        let counts = self.rows(|c| {
            Ok(counted!(
                c,
                petition,
                petition_content,
                petition_fact,
                party,
                event,
                event_sealed,
                event_pending,
                idempotency,
                note,
                notice,
                referral,
                acceptance,
                opinion,
                delivery,
                evaluation,
                closure,
                calendar_version,
                profile_version
            ))
        });
        Trace(counts.await)
    }
}
