//! SQL of the rows of other registers.

use super::model::LedgerEntry;
use crate::on_both;
use crate::petition::model::Kind;
use crate::platform::db::Conn;
use crate::platform::db::schema::{category, ledger_entry};
use crate::platform::db::types::Id;
use crate::platform::error::{Error, Result};
use chrono::NaiveDate;
use diesel::prelude::*;
use std::collections::HashMap;

/// Rows of one statement.
const AT_ONCE: usize = 500;

/// What was entered of an issuer under these numbers.
pub(super) fn digests(c: &mut Conn, issuer: &str, numbers: Vec<String>) -> Result<HashMap<String, Vec<u8>>> {
    let of = ledger_entry::issuer.eq(issuer.to_owned()).and(ledger_entry::number.eq_any(numbers));
    let rows: Vec<(String, Vec<u8>)> = ledger_entry::table.filter(of).select((ledger_entry::number, ledger_entry::digest)).load(c)?;
    Ok(rows.into_iter().collect())
}

/// The categories in use that have one of these codes or, alone, names: their code and usual kind.
pub(super) fn categories(c: &mut Conn, called: Vec<String>, today: NaiveDate) -> Result<HashMap<String, (String, Option<Kind>)>> {
    let of = category::code.eq_any(called.clone()).or(category::name.eq_any(called));
    let open = category::closed_on.is_null().or(category::closed_on.gt(today));
    let rows: Vec<(String, String, Option<Kind>)> =
        category::table.filter(of).filter(open).select((category::code, category::name, category::petition_kind)).load(c)?;
    let mut found = HashMap::new();
    for (code, name, kind) in &rows {
        let alone = rows.iter().filter(|(_, other, _)| other == name).count() == 1;
        if alone {
            found.insert(name.clone(), (code.clone(), *kind));
        }
    }
    found.extend(rows.into_iter().map(|(code, _, kind)| (code.clone(), (code, kind))));
    Ok(found)
}

/// Stores rows; [`Error::Again`] when somebody else entered one of their numbers at this very moment.
pub(super) fn insert_all(c: &mut Conn, rows: &[&LedgerEntry]) -> Result<()> {
    for some in rows.chunks(AT_ONCE) {
        on_both!(c, |c| diesel::insert_into(ledger_entry::table).values(some.to_vec()).execute(c)).map_err(Error::lost_race)?;
    }
    Ok(())
}

/// The closed rows that bear an identity number, newest first, after a place; accusations only if asked for.
pub(super) fn closed_of(
    c: &mut Conn,
    identity: Vec<u8>,
    accusations: bool,
    after: Option<(NaiveDate, Id)>,
    rows: i64,
) -> Result<Vec<LedgerEntry>> {
    let mut query = ledger_entry::table
        .filter(ledger_entry::identity_hash.eq(identity))
        .filter(ledger_entry::petition_id.is_null())
        .order((ledger_entry::received_on.desc(), ledger_entry::id.desc()))
        .limit(rows)
        .into_boxed();
    if !accusations {
        query = query.filter(ledger_entry::kind.ne(Kind::Accusation));
    }
    if let Some((day, id)) = after {
        let behind = ledger_entry::received_on.lt(day).or(ledger_entry::received_on.eq(day).and(ledger_entry::id.lt(id)));
        query = query.filter(behind);
    }
    Ok(query.load(c)?)
}
