//! Chance that is the same on every machine and in every release.

/// A small seeded source of random numbers: for splits, shuffles and resamples, never for secrets.
///
/// **Source**: Steele, Lea & Flood, *Fast Splittable Pseudorandom Number Generators*, OOPSLA 2014;
/// constants of Vigna's <https://prng.di.unimi.it/splitmix64.c>.
#[derive(Debug, Clone)]
pub struct SplitMix64 {
    state: u64,
}

impl SplitMix64 {
    /// Any seed is as good as another, 0 included.
    pub fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// The next 64 random bits.
    pub fn next_u64(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.state ^ (self.state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A whole number below `n`, each equally likely; 0 where `n` is 0.
    ///
    /// **Source**: Lemire, *Fast Random Integer Generation in an Interval*, ACM TOMACS 29(1), 2019, algorithm 5.
    pub fn below(&mut self, n: usize) -> usize {
        let n = n as u64;
        let (mut high, mut low) = multiply(self.next_u64(), n);
        if low < n {
            // 2⁶⁴ mod n: so many low words would favour small results.
            let uneven = n.wrapping_neg() % n;
            while low < uneven {
                (high, low) = multiply(self.next_u64(), n);
            }
        }
        high as usize
    }

    /// A number in [0, 1), a multiple of 2⁻⁵³.
    pub fn f64(&mut self) -> f64 {
        const STEP: f64 = 1.0 / (1_u64 << 53) as f64;
        (self.next_u64() >> 11) as f64 * STEP
    }
}

/// The high and low words of a product.
fn multiply(left: u64, right: u64) -> (u64, u64) {
    let product = u128::from(left) * u128::from(right);
    ((product >> 64) as u64, product as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first outputs that <https://rosettacode.org/wiki/Pseudo-random_numbers/Splitmix64> lists for this seed;
    /// `scripts/reference/metrics.py` prints them again.
    #[test]
    fn follows_the_published_sequence() {
        let mut random = SplitMix64::new(1_234_567);
        let outputs: Vec<u64> = (0..5).map(|_| random.next_u64()).collect();
        let published = [
            6_457_827_717_110_365_317,
            3_203_168_211_198_807_973,
            9_817_491_932_198_370_423,
            4_593_380_528_125_082_431,
            16_408_922_859_458_223_821,
        ];
        assert_eq!(outputs, published);
    }

    #[test]
    fn every_number_below_n_is_about_equally_likely() {
        let mut random = SplitMix64::new(17);
        let mut counts = [0_u32; 7];
        for _ in 0..70_000 {
            counts[random.below(7)] += 1;
        }
        // Five standard deviations of a binomial with n = 70 000 and p = 1/7.
        assert!(counts.iter().all(|&count| count.abs_diff(10_000) < 463), "{counts:?}");
    }

    #[test]
    fn redraws_where_one_product_would_favor_small_numbers() {
        // 2⁶³ + 1: nearly half of all draws are thrown back.
        let n = (1_usize << 63) + 1;
        let mut random = SplitMix64::new(17);
        let upper = (0..10_000).filter(|_| random.below(n) > n / 2).count();
        assert!(upper.abs_diff(5_000) < 250, "{upper}");
    }

    #[test]
    fn below_nothing_is_zero() {
        assert_eq!(SplitMix64::new(17).below(0), 0);
        assert_eq!(SplitMix64::new(17).below(1), 0);
    }

    #[test]
    fn fractions_stay_in_their_interval() {
        let mut random = SplitMix64::new(17);
        let mean = (0..10_000).map(|_| random.f64()).inspect(|x| assert!((0.0..1.0).contains(x))).sum::<f64>() / 1e4;
        assert!((mean - 0.5).abs() < 0.015, "{mean}");
    }
}
