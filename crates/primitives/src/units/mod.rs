//! Plain quantities: amounts, heights, times, targets and work.

mod amount;
mod easing_target;
mod height;
mod target;
mod time;

pub use amount::{Amount, AmountError, ParseAmountError};
pub use easing_target::EasingTarget;
pub use height::Height;
pub use target::{CompactTarget, ParseTargetError, Target, TargetError, Work};
pub use time::{Monotonic, Now, Timestamp};
