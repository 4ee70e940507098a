//! Plain quantities: amounts, heights, times, targets and work.

mod amount;
mod height;
mod target;
mod time;

pub use amount::{Amount, AmountError, ParseAmountError};
pub use height::Height;
pub use target::{CompactTarget, ParseTargetError, Target, TargetError, Work};
pub use time::{Monotonic, Now, Timestamp};
