//! Parsers of whole numbers on the command line and in settings.

use core::ops::RangeInclusive;
use core::str::FromStr;

/// Maximum threads of a command, more than machines have cores. With tens of thousands the system would have none left
/// for the rest of the program.
const MAX_THREADS: u64 = 1_024;

/// A parser of whole numbers in this range.
pub(super) fn within<T: FromStr>(range: RangeInclusive<u64>) -> impl Fn(&str) -> Result<T, String> + Clone {
    move |text| {
        let number = text.trim().parse::<u64>().ok().filter(|number| range.contains(number));
        number.and_then(|number| number.to_string().parse().ok()).ok_or_else(|| match *range.end() {
            u64::MAX => format!("write a whole number of at least {}", range.start()),
            most => format!("write a whole number from {} to {most}", range.start()),
        })
    }
}

/// A parser of numbers of threads.
pub(super) fn of_threads<T: FromStr>() -> impl Fn(&str) -> Result<T, String> + Clone {
    within(1..=MAX_THREADS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::num::NonZeroU32;

    #[test]
    fn errors_say_what_to_write() {
        let parse = within::<u8>(1..=100);
        assert_eq!((parse("1"), parse(" 100 ")), (Ok(1), Ok(100)));
        for text in ["", "x", "0", "101", "1000", "-1", "1.5", "1e2", "50%", "99999999999999999999"] {
            assert_eq!(parse(text), Err("write a whole number from 1 to 100".to_owned()), "{text}");
        }
        let parse = within::<NonZeroU32>(1..=u64::MAX);
        assert_eq!(parse("7").map(NonZeroU32::get), Ok(7));
        for text in ["0", "5000000000"] {
            assert_eq!(parse(text), Err("write a whole number of at least 1".to_owned()), "{text}");
        }
    }
}
