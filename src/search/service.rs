//! Searching: numbers and whole names among the petitions, words in the index; what is found is checked against the petitions.

use super::model::{SearchHit, SearchPage, Texts};
use super::repo::{self, index};
use super::rules::{Asked, Rank};
use super::terms;
use crate::auth::{Context, Paging};
use crate::petition::repo::rows;
use crate::petition::repo::scope::Caller;
use crate::petition::view;
use crate::platform::db::Conn;
use crate::platform::db::types::Id;
use crate::platform::error::Result;
use crate::unit;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashMap};
use std::path::Path;

/// Petitions looked at for one page: beyond, the page ends early and its cursor goes on.
const LOOKED_AT: usize = 6000;

/// Where a page ends.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Place {
    rank: u8,
    n: i64,
    found: u64,
}

/// A page of what the caller may see; `beside` is the file the index stands in, where it is not in the database.
///
/// # Errors
/// Database only; an index that can't be read only makes the answer incomplete.
pub fn page(c: &mut Conn, cx: &Context, asked: &Asked, paging: &Paging<Place>, beside: Option<&Path>) -> Result<SearchPage> {
    let caller = Caller::of(c, &cx.actor)?;
    let mut file = beside.map(|path| index::open(path).ok());
    let state = match &mut file {
        Some(Some(file)) => index::state(file).ok().flatten(),
        Some(None) => None,
        None => index::state(c)?,
    };
    let reach: Vec<String> = match caller.is_wide() {
        true => Vec::new(),
        false => caller.units().iter().copied().chain([cx.actor.id()]).map(repo::of_reach).collect(),
    };
    let mut search = Search { asked, caller: &caller, wanted: paging.rows(), looked_at: 0, hits: Vec::new() };
    let after = paging.after.unwrap_or(Place { rank: 0, n: i64::MAX, found: 0 });
    let mut broken = false;
    let words = terms::of_words(&asked.words);
    let mut stopped = None;
    for (rank, as_number) in [(Rank::Number, 0), (Rank::Name, 1), (Rank::Words, 2)] {
        let from = match after.rank.cmp(&as_number) {
            std::cmp::Ordering::Greater => continue,
            std::cmp::Ordering::Equal => after.n,
            std::cmp::Ordering::Less => i64::MAX,
        };
        let ended = search.walk(c, rank, from, |c, below, most| {
            Ok(match rank {
                Rank::Number => repo::by_number(c, asked.number.as_deref(), &asked.external, below, most)?,
                Rank::Name if asked.name.is_empty() => Vec::new(),
                Rank::Name => repo::by_name(c, &asked.name, below, most)?,
                Rank::Words if words.is_empty() || state.is_none() => Vec::new(),
                Rank::Words => match &mut file {
                    None => index::candidates(c, &words, &reach, below, most)?,
                    Some(None) => Vec::new(),
                    // a damaged file is the follower's to mend
                    Some(Some(file)) => index::candidates(file, &words, &reach, below, most).unwrap_or_else(|e| {
                        tracing::warn!(error = %e, "the index of the search can't be read");
                        broken = true;
                        Vec::new()
                    }),
                },
            })
        })?;
        if let Some(n) = ended {
            stopped = Some((as_number, n));
            break;
        }
    }
    let Search { mut hits, .. } = search;
    let most = usize::try_from(paging.rows() - 1).unwrap_or(usize::MAX);
    let more = hits.len() > most;
    hits.truncate(most);
    let found = after.found + hits.len() as u64;
    let end = match (more, hits.last()) {
        (true, Some(last)) => Some((last.rank as u8, last.n)),
        _ => stopped,
    };
    let next_cursor = end.map(|(rank, n)| paging.cursor(cx, &Place { rank, n, found })).transpose()?;
    Ok(SearchPage {
        items: shown(c, cx, asked, hits)?,
        found_is_bound: next_cursor.is_some(),
        next_cursor,
        found,
        complete: !broken && state.is_some_and(|state| state.below.is_none()),
    })
}

struct Hit {
    rank: Rank,
    n: i64,
    texts: Texts,
}

struct Search<'a> {
    asked: &'a Asked,
    caller: &'a Caller<'a>,
    /// Hits of a page, and one more.
    wanted: i64,
    looked_at: usize,
    hits: Vec<Hit>,
}

impl Search<'_> {
    /// Goes through what may be found in one way until the page is full; where it stopped before the end, having looked at enough.
    fn walk(
        &mut self,
        c: &mut Conn,
        rank: Rank,
        from: i64,
        mut next: impl FnMut(&mut Conn, i64, i64) -> Result<Vec<i64>>,
    ) -> Result<Option<i64>> {
        let wanted = usize::try_from(self.wanted).unwrap_or(usize::MAX);
        let most = (self.wanted * 2).clamp(64, 400);
        let mut below = from;
        while self.hits.len() < wanted {
            let places = next(c, below, most)?;
            let Some(last) = places.last().copied() else { return Ok(None) };
            self.looked_at += places.len();
            below = last;
            let seen = repo::seen(c, self.caller, &places)?;
            // texts are long: no more of them than may be shown
            for part in seen.chunks(wanted) {
                let mut texts = repo::texts(c, part)?;
                let hits = part.iter().filter_map(|n| Some((*n, texts.remove(n)?)));
                let hits = hits.filter(|(_, texts)| self.asked.rank(texts) == Some(rank));
                self.hits.extend(hits.map(|(n, texts)| Hit { rank, n, texts }));
                if self.hits.len() >= wanted {
                    return Ok(None);
                }
            }
            if self.looked_at >= LOOKED_AT {
                return Ok(Some(below));
            }
        }
        Ok(None)
    }
}

fn shown(c: &mut Conn, cx: &Context, asked: &Asked, hits: Vec<Hit>) -> Result<Vec<SearchHit>> {
    let petitions = rows::at(c, &hits.iter().map(|hit| hit.n).collect::<Vec<_>>())?;
    let units: BTreeSet<Id> = petitions.iter().flat_map(rows::Listed::units).collect();
    let names = unit::repo::names(c, &units.into_iter().collect::<Vec<_>>())?;
    let texts: HashMap<i64, Texts> = hits.into_iter().map(|hit| (hit.n, hit.texts)).collect();
    let hit = |p: rows::Listed| SearchHit {
        fragments: texts.get(&p.n).map(|texts| asked.fragments(texts)).unwrap_or_default(),
        petition: view::item(cx, p, &names, cx.now()),
    };
    Ok(petitions.into_iter().map(hit).collect())
}
