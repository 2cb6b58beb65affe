//! When the copies were registered: ten years that grow busier, with what is still open in the last months.

use rand::RngExt;
use rand::rngs::StdRng;

/// Microseconds of a week.
#[cfg(test)]
const WEEK: i64 = 7 * 86_400 * 1_000_000;
/// Weeks the copies of closed petitions are spread over, beyond the two years of the originals.
const WEEKS: f64 = 416.0;
/// The same for those still open: an office does not forget petitions for years.
const BACKLOG_WEEKS: f64 = 20.0;
/// How much the first year has of what the last one has.
const FIRST_YEAR: f64 = 0.3;
/// Of a hundred petitions so many are still open.
const OPEN_PERCENT: u32 = 4;
/// Seconds a copy is earlier than whole weeks make it, at most.
const EARLIER: u16 = 900;

/// What the plan needs to know of an original.
#[derive(Debug, Clone, Copy)]
pub(super) struct Original {
    /// When it was registered, microseconds since 1970.
    pub(super) registered: i64,
    /// Whether it is not closed yet.
    pub(super) open: bool,
}

/// One copy to be made.
#[derive(Debug, Clone, Copy)]
pub(super) struct Planned {
    /// When it was registered, microseconds since 1970.
    pub(super) registered: i64,
    /// Which original it is a copy of.
    pub(super) original: u32,
    /// How far it is moved back, seconds.
    pub(super) back: u32,
}

/// The plan of `n` copies in the order of their registration.
pub(super) fn plan(originals: &[Original], n: usize, rng: &mut StdRng) -> Vec<Planned> {
    let indexed = || (0_u32..).zip(originals);
    let pick = |open: bool| -> Vec<(u32, i64)> { indexed().filter(|(_, o)| o.open == open).map(|(i, o)| (i, o.registered)).collect() };
    let (open, closed) = (pick(true), pick(false));
    let mut planned = Vec::with_capacity(n);
    while planned.len() < n && !originals.is_empty() {
        let from_open = if closed.is_empty() { true } else { !open.is_empty() && rng.random_ratio(OPEN_PERCENT, 100) };
        let (among, weeks) = if from_open { (&open, (BACKLOG_WEEKS, 0.0)) } else { (&closed, (WEEKS, FIRST_YEAR)) };
        let (original, registered) = among[rng.random_range(0..among.len())];
        let back = back(weeks.0, weeks.1, rng.random()) * 7 * 86_400 + u32::from(rng.random_range(0..EARLIER));
        planned.push(Planned { registered: registered - i64::from(back) * 1_000_000, original, back });
    }
    planned.sort_unstable_by_key(|p| (p.registered, p.original));
    planned
}

/// Whole weeks back, of at most `weeks`: density falls in a line from now to `least` of it.
fn back(weeks: f64, least: f64, u: f64) -> u32 {
    let fall = 1.0 - least;
    let share = (1.0 - (1.0 - u * (1.0 - least * least)).sqrt()) / fall;
    // between 0 and a few hundred
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let whole = (share.clamp(0.0, 1.0) * weeks) as u32;
    whole
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;

    #[test]
    fn registrations_are_in_order_never_later_than_the_originals_and_grow_denser() {
        let year = 52 * WEEK;
        let originals: Vec<Original> = (0..100).map(|i| Original { registered: i * 2 * year / 100, open: i % 10 == 0 }).collect();
        let planned = plan(&originals, 20_000, &mut StdRng::seed_from_u64(1));
        assert_eq!(planned.len(), 20_000);
        assert!(planned.is_sorted_by_key(|p| p.registered));
        assert!(planned.iter().all(|p| p.registered <= originals[p.original as usize].registered));
        let between = |from: i64, to: i64| planned.iter().filter(|p| (from * year..to * year).contains(&p.registered)).count();
        assert!(between(-6, -3) * 5 < between(-3, 0) * 4, "{} {}", between(-6, -3), between(-3, 0));
        let open: Vec<&Planned> = planned.iter().filter(|p| originals[p.original as usize].open).collect();
        assert!((600..1000).contains(&open.len()), "{}", open.len());
        assert!(open.iter().all(|p| originals[p.original as usize].registered - p.registered < 21 * WEEK));
        assert!(plan(&originals[..1], 5, &mut StdRng::seed_from_u64(1)).len() == 5);
    }
}
