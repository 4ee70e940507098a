//! The kernels that run on this processor.
#![allow(clippy::unwrap_used, reason = "a test fails by it")]

mod kernel_checks;

use fedcoin_pow::kernels;
