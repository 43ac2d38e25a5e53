//! Readers of the distributions, each in the format in which it is published.

mod meddra;
mod products;
mod rows;
mod rxnorm;
mod substances;

pub use meddra::{MeddraFiles, meddra};
pub use products::{product_list, products};
pub use rxnorm::rxnorm;
pub use substances::substances;
