//! When the copies were registered: ten years that grow busier, each with the seasons of the simulated ones.

use super::shift;
use rand::RngExt;
use rand::rngs::StdRng;

/// Microseconds of a week.
const WEEK: i64 = shift::WEEK as i64 * 1_000_000;
/// A year, near enough for its seasons.
const YEAR: i64 = 52 * WEEK;
/// The originals are from the last two years; up to then copies have the stages of their time.
const SIMULATED: i64 = 2 * YEAR;
/// The oldest copy.
const OLDEST: i64 = 10 * YEAR;
/// A copy is at most so much older, seasons apart, than its original.
const WINDOW: i64 = 4 * WEEK;
/// How much the first year has of what the last one has.
const FIRST_YEAR: f64 = 0.3;
/// Originals that are tried for one copy before others than those of its season are.
const TRIES: usize = 12;
/// Weeks by which a copy may be later than planned.
const LATER: u32 = 4;

/// What the plan needs to know of an original.
#[derive(Debug, Clone, Copy)]
pub(super) struct Original {
    /// When it was registered, microseconds since 1970.
    pub(super) registered: i64,
    /// Whether something of it is not over yet.
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

/// The plan of `n` copies at `now` (microseconds since 1970), in the order of their registration; fewer when none fits.
///
/// `fits` says of an original by its place whether it may be moved back by so many weeks.
pub(super) fn plan(originals: &[Original], n: usize, now: i64, rng: &mut StdRng, fits: &mut dyn FnMut(u32, u32) -> bool) -> Vec<Planned> {
    let all = ByAge::of(originals, now, |_| true);
    let closed = ByAge::of(originals, now, |original| !original.open);
    let mut planned = Vec::with_capacity(n);
    while planned.len() < n {
        let age = age(rng.random());
        // older ones are those of the same season; nothing is open for years
        let folded = if age > SIMULATED { age - (age - SIMULATED + YEAR - 1) / YEAR * YEAR } else { age };
        let among = if age > SIMULATED { &closed } else { &all };
        // a week or two later rather than not at all
        let mut placed = |(own, original): (i64, u32)| {
            let weeks = u32::try_from((age - own).max(0) / WEEK).unwrap_or(0);
            let weeks = (weeks.saturating_sub(LATER)..=weeks).rev().find(|weeks| fits(original, *weeks))?;
            Some((own, original, weeks))
        };
        let near = (0..TRIES).find_map(|_| placed(among.near(folded, rng)?));
        let younger = near.or_else(|| (0..TRIES).find_map(|_| placed(closed.younger(folded, rng)?)));
        let Some((own, original, weeks)) = younger.or_else(|| all.youngest_first().find_map(placed)) else { break };
        let back = weeks * shift::WEEK + rng.random_range(0..shift::EARLIER);
        planned.push(Planned { registered: now - own - i64::from(back) * 1_000_000, original, back });
    }
    planned.sort_unstable_by_key(|p| (p.registered, p.original));
    planned
}

/// Originals by age, the youngest first, each with its place.
struct ByAge(Vec<(i64, u32)>);

impl ByAge {
    fn of(originals: &[Original], now: i64, which: impl Fn(&Original) -> bool) -> Self {
        let mut ages: Vec<(i64, u32)> = (0..).zip(originals).filter(|(_, o)| which(o)).map(|(i, o)| (now - o.registered, i)).collect();
        ages.sort_unstable();
        Self(ages)
    }

    /// One of those that are as old as that, or a little younger.
    fn near(&self, age: i64, rng: &mut StdRng) -> Option<(i64, u32)> {
        let until = self.0.partition_point(|(own, _)| *own <= age);
        let from = self.0.partition_point(|(own, _)| *own <= age - WINDOW);
        one_of(self.0.get(from..until)?, rng)
    }

    /// One of those that are not older than that.
    fn younger(&self, age: i64, rng: &mut StdRng) -> Option<(i64, u32)> {
        one_of(self.0.get(..self.0.partition_point(|(own, _)| *own <= age))?, rng)
    }

    fn youngest_first(&self) -> impl Iterator<Item = (i64, u32)> {
        self.0.iter().copied()
    }
}

fn one_of(among: &[(i64, u32)], rng: &mut StdRng) -> Option<(i64, u32)> {
    (!among.is_empty()).then(|| rng.random_range(0..among.len())).and_then(|i| among.get(i)).copied()
}

/// An age of at most [`OLDEST`]: density falls in a line from now to [`FIRST_YEAR`] of it.
fn age(u: f64) -> i64 {
    let share = (1.0 - (1.0 - u * (1.0 - FIRST_YEAR * FIRST_YEAR)).sqrt()) / (1.0 - FIRST_YEAR);
    // below 2^53
    #[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss)]
    let age = (share.clamp(0.0, 1.0) * OLDEST as f64) as i64;
    age
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;

    fn planned(originals: &[Original], n: usize) -> Vec<Planned> {
        plan(originals, n, 0, &mut StdRng::seed_from_u64(1), &mut |_, _| true)
    }

    #[test]
    fn registrations_are_in_order_grow_denser_and_keep_what_is_open_recent() {
        // two years, a tenth of each month open, in the last one all
        let open = |i: i64| i < 4 || i % 10 == 0;
        let originals: Vec<Original> = (0..100).map(|i| Original { registered: -i * SIMULATED / 100 - WEEK / 2, open: open(i) }).collect();
        let planned = planned(&originals, 20_000);
        assert_eq!(planned.len(), 20_000);
        assert!(planned.is_sorted_by_key(|p| p.registered));
        let of = |p: &Planned| originals[p.original as usize];
        assert!(
            planned.iter().all(|p| p.registered <= of(p).registered && of(p).registered - p.registered == i64::from(p.back) * 1_000_000)
        );
        let years: Vec<usize> =
            (0..10).map(|y| planned.iter().filter(|p| (-(y + 1) * YEAR..-y * YEAR).contains(&p.registered)).count()).collect();
        assert!(years.is_sorted_by(|a, b| *a + 200 > *b), "{years:?}");
        assert!(years[0] > 2 * years[9], "{years:?}");
        assert!(planned.iter().filter(|p| of(p).open).all(|p| p.registered > -SIMULATED - 5 * WEEK));
        assert!(planned.iter().filter(|p| p.registered > -2 * WEEK).all(|p| of(p).open));
    }

    #[test]
    fn an_original_is_moved_only_where_it_fits() {
        let originals: Vec<Original> = (0..100).map(|i| Original { registered: -i * SIMULATED / 100 - WEEK / 2, open: false }).collect();
        let mut fits = |original: u32, weeks: u32| (original + weeks).is_multiple_of(3);
        let planned = plan(&originals, 2_000, 0, &mut StdRng::seed_from_u64(1), &mut fits);
        assert_eq!(planned.len(), 2_000);
        assert!(planned.iter().all(|p| fits(p.original, p.back / shift::WEEK)));
        assert!(plan(&originals, 10, 0, &mut StdRng::seed_from_u64(1), &mut |_, _| false).is_empty());
    }

    #[test]
    fn any_number_can_be_made_of_one() {
        for open in [true, false] {
            assert_eq!(planned(&[Original { registered: -WEEK, open }], 50).len(), 50);
        }
        assert!(planned(&[], 50).is_empty());
    }
}
