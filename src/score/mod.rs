//! Features → scores: a linear model over sparse rows, applied (`linear`), learnt (`fit`) and offered to `linfa` (`estimator`).
//!
//! **In**: features with their values. **Out**: one score per output (the labels, then the attributes), in log-odds-like units that
//! `calibrate` turns into probabilities. **Guaranteed**: the score of a message is the sum of what its features weigh, so a token's
//! whole contribution can be added up once and remembered (`cache`).

mod cache;
#[cfg(feature = "train")]
mod estimator;
mod fit;
mod linear;
mod rows;
mod table;

pub use cache::TokenCache;
#[cfg(feature = "train")]
pub use estimator::{FittedRows, RowsEstimator, TrainingRows};
pub use fit::{FitConfig, Problem, fit_binary};
pub use linear::LinearModel;
pub use rows::SparseRows;
