//! Chance: drawn from the day, so that the same day has the same two years.

use crate::platform::error::{Error, Result};
use chrono::{Datelike, NaiveDate};
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};

/// The seed of everything that is drawn on a day; `stream` keeps the parts of the run apart, so that one more draw in one of them
/// leaves the others as they are.
pub(super) fn seed(day: NaiveDate, stream: u8) -> u64 {
    u64::try_from(day.num_days_from_ce()).unwrap_or(0) << 8 | u64::from(stream)
}

/// A stream of chance.
pub(super) struct Chance(StdRng);

impl Chance {
    pub fn of(day: NaiveDate, stream: u8) -> Self {
        Self(StdRng::seed_from_u64(seed(day, stream)))
    }

    /// A number of the range, both ends included.
    pub fn between(&mut self, from: i64, to: i64) -> i64 {
        if to <= from { from } else { self.0.random_range(from..=to) }
    }

    /// A place in a list of this length.
    fn place(&mut self, length: usize) -> Result<usize> {
        if length == 0 { Err(Error::internal("the sample has nothing to choose from")) } else { Ok(self.0.random_range(0..length)) }
    }

    /// True so often.
    pub fn share(&mut self, share: f64) -> bool {
        self.0.random::<f64>() < share
    }

    /// One of these.
    ///
    /// # Errors
    /// Internal where there is none.
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> Result<&'a T> {
        let place = self.place(items.len())?;
        items.get(place).ok_or(Error::NotFound)
    }

    /// How many of what comes so often on average (Poisson, by Knuth's product).
    pub fn count(&mut self, mean: f64) -> usize {
        let (limit, mut product, mut n) = ((-mean).exp(), self.0.random::<f64>(), 0);
        while product > limit {
            product *= self.0.random::<f64>();
            n += 1;
        }
        n
    }

    /// Early in the range more often than late.
    pub fn early(&mut self, from: i64, to: i64) -> i64 {
        self.between(from, to).min(self.between(from, to))
    }
}

/// Cards dealt until none is left, then shuffled anew: what is rare comes as often as it should, and is never left out.
pub(super) struct Deck<T> {
    cards: Vec<T>,
    left: Vec<T>,
}

impl<T: Clone> Deck<T> {
    /// Each so many times.
    pub fn of(cards: &[(T, usize)]) -> Self {
        let cards = cards.iter().flat_map(|(card, times)| std::iter::repeat_n(card.clone(), *times)).collect();
        Self { cards, left: Vec::new() }
    }

    /// The next card.
    ///
    /// # Errors
    /// Internal for a deck without a card.
    pub fn deal(&mut self, chance: &mut Chance) -> Result<T> {
        if self.left.is_empty() {
            self.left.clone_from(&self.cards);
            self.left.shuffle(&mut chance.0);
        }
        self.left.pop().ok_or_else(|| Error::internal("the sample has a deck without a card"))
    }
}

impl Deck<bool> {
    /// True once in `n`.
    pub fn one_in(n: usize) -> Self {
        Self::of(&[(true, 1), (false, n.saturating_sub(1))])
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_deck_deals_each_card_as_often_as_it_has_it() {
        let mut chance = Chance::of(NaiveDate::from_ymd_opt(2026, 3, 2).unwrap(), 0);
        let mut deck = Deck::of(&[("rare", 1), ("common", 9)]);
        for _ in 0..5 {
            let round: Vec<&str> = (0..10).map(|_| deck.deal(&mut chance).unwrap()).collect();
            assert_eq!(round.iter().filter(|card| **card == "rare").count(), 1, "{round:?}");
        }
    }

    #[test]
    fn counts_come_as_often_as_said() {
        let mut chance = Chance::of(NaiveDate::from_ymd_opt(2026, 3, 2).unwrap(), 0);
        let sum: usize = (0..10_000).map(|_| chance.count(0.8)).sum();
        assert!((7_500..8_500).contains(&sum), "{sum}");
    }
}
