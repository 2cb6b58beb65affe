//! Lists by keyset: where a page begins and how far it goes, bound to who asks and with which filter.

use super::call::Call;
use super::context::Context;
use crate::platform::error::{Error, Result};
use crate::platform::web::Problem;
use crate::platform::web::page::{Cursor, Page, limit};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The place in a list whose sort key is `K`.
#[derive(Debug, Clone)]
pub struct Paging<K> {
    context: Vec<u8>,
    limit: usize,
    /// The key of the last item the caller has; the page begins behind it.
    pub after: Option<K>,
}

impl<K: Serialize + DeserializeOwned> Paging<K> {
    /// Reads `limit` and `cursor`; `filter` is everything else that picks the items.
    ///
    /// # Errors
    /// 400 for a limit out of range, a forged cursor, or one of another list, caller or filter.
    pub fn read(call: &Call, list: &str, filter: &impl Serialize, asked: Option<u32>, cursor: Option<&str>) -> Result<Self, Problem> {
        let filter = serde_json::to_string(filter).map_err(|e| Error::Internal(Box::new(e)))?;
        let context = format!("{list}\0{}\0{filter}", call.actor.id()).into_bytes();
        let key = call.platform().keys.cursor()?;
        let after = cursor.map(|text| Cursor::decode(key, &context, text)).transpose()?;
        Ok(Self { limit: limit(asked)? as usize, context, after })
    }

    /// The beginning of a list that nobody pages on with a cursor.
    pub fn first(limit: usize) -> Self {
        Self { context: Vec::new(), limit, after: None }
    }

    /// How many rows to load: one more than are shown, which tells whether there is a next page.
    pub fn rows(&self) -> i64 {
        i64::try_from(self.limit + 1).unwrap_or(i64::MAX)
    }

    /// The cursor of a place, for a list that ends its pages itself.
    ///
    /// # Errors
    /// Internal without a cursor key.
    pub fn cursor(&self, cx: &Context, place: &K) -> Result<String> {
        Ok(Cursor::encode(cx.keys.cursor()?, &self.context, place))
    }

    /// Makes the page from the rows loaded; `key` is the sort key of a row.
    ///
    /// # Errors
    /// What `view` returns; internal without a cursor key.
    pub fn page<R, T>(&self, cx: &Context, mut rows: Vec<R>, key: impl Fn(&R) -> K, view: impl FnMut(R) -> Result<T>) -> Result<Page<T>> {
        let more = rows.len() > self.limit;
        rows.truncate(self.limit);
        let next_cursor = match rows.last() {
            Some(last) if more => Some(Cursor::encode(cx.keys.cursor()?, &self.context, &key(last))),
            _ => None,
        };
        Ok(Page { items: rows.into_iter().map(view).collect::<Result<_>>()?, next_cursor })
    }
}
