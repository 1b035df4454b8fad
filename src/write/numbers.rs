//! Probabilities as people read them: four decimals that sum to 1.

/// Probabilities are written in these.
pub(super) const UNITS: u32 = 10_000;

/// Rounds probabilities to units that sum to [`UNITS`]: the largest remainders are rounded up.
pub(super) fn shares(probabilities: &[f32], units: &mut Vec<u32>) {
    units.clear();
    units.extend(probabilities.iter().map(|probability| (probability * UNITS as f32) as u32));
    let mut missing = UNITS.saturating_sub(units.iter().sum());
    let remainder = |position: usize| {
        let exact = probabilities[position] * UNITS as f32;
        exact - exact.floor()
    };
    let mut order: Vec<usize> = (0..units.len()).collect();
    order.sort_by(|left, right| remainder(*right).total_cmp(&remainder(*left)));
    for position in order.into_iter().cycle() {
        if missing == 0 {
            break;
        }
        units[position] += 1;
        missing -= 1;
    }
}

/// A probability by itself, in units.
pub(super) fn rounded(probability: f32) -> u32 {
    (probability * UNITS as f32).round() as u32
}

/// `1234` as `0.1234`, with the sign that is asked for between whole and decimals.
pub(super) fn decimals(units: u32, point: u8) -> [u8; 6] {
    let digit = |place: u32| b'0' + (units / place % 10) as u8;
    [digit(10_000), point, digit(1_000), digit(100), digit(10), digit(1)]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn written_probabilities_sum_to_one(raw in proptest::collection::vec(0.0001f32..1.0, 2..60)) {
            let total: f32 = raw.iter().sum();
            let probabilities: Vec<f32> = raw.iter().map(|share| share / total).collect();
            let mut units = Vec::new();
            shares(&probabilities, &mut units);
            prop_assert_eq!(units.iter().sum::<u32>(), UNITS);
            for (unit, probability) in units.iter().zip(&probabilities) {
                prop_assert!((*unit as f32 / UNITS as f32 - probability).abs() < 2e-4);
            }
        }
    }
}
