//! What the figures mean. Definitions are versioned: a changed meaning is another version.

use super::model::Rate;

/// The version of the definitions below.
///
/// * `registered`: petitions registered on an office day of the window, voided ones left out; `batches`: those by visit;
///   `persons`: the people who came in the batches.
/// * `closed`: petitions closed in the window. `open`: registered by the end of the window and not closed by then.
/// * `satisfaction_rate`: (satisfied + basically) ÷ evaluated, evaluations made in the window.
/// * `participation_rate`: evaluated ÷ (evaluated + expired), per object. Nothing expires before the clocks exist: expired is 0.
/// * Satisfaction and participation count first-time petitions that are not before a court; without a kind, claims.
/// * `repeat_rate`: repeats ÷ all registered in the window.
pub const DEFINITIONS_VERSION: u32 = 1;

/// A rate; of nothing it is null, not 0 and not 1.
pub fn rate(numerator: i64, denominator: i64) -> Rate {
    // counts stay far below 2^53
    let value = (denominator > 0).then(|| numerator as f64 / denominator as f64);
    Rate { numerator, denominator, value }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_of_nothing_is_null() {
        assert_eq!(rate(0, 0).value, None);
        assert_eq!(rate(0, 4).value, Some(0.0));
        assert_eq!(rate(3, 4).value, Some(0.75));
    }
}
