use super::calibration;
use core::str::FromStr;
use fedcoin_node::pow::{Kernel, kernels};

/// Which kernel mines.
#[derive(Clone, Copy, Debug)]
pub enum KernelChoice {
    /// The fastest one, by measurement.
    Auto,
    /// This one.
    Named(Kernel),
}

/// A text is not the name of a supported kernel.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this processor does not support a kernel `{text}`: write auto, {}", kernels().iter().map(Kernel::name).collect::<Vec<_>>().join(", "))]
pub struct NoSuchKernel {
    text: String,
}

/// A kernel computes wrong results on this machine.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("--kernel {0}: this kernel computes wrong results on this machine; use --kernel auto")]
pub struct FaultyKernel(pub &'static str);

impl FromStr for KernelChoice {
    type Err = NoSuchKernel;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "auto" {
            return Ok(Self::Auto);
        }
        let named = kernels().into_iter().find(|kernel| kernel.name() == text);
        named.map(Self::Named).ok_or_else(|| NoSuchKernel { text: text.chars().take(40).collect() })
    }
}

impl KernelChoice {
    /// Checks that a kernel chosen by name computes correctly.
    ///
    /// # Errors
    /// [`FaultyKernel`] if it does not.
    pub fn check(self) -> Result<(), FaultyKernel> {
        match self {
            Self::Named(kernel) if !kernel.is_sound() => Err(FaultyKernel(kernel.name())),
            _ => Ok(()),
        }
    }

    /// The kernel to use. `Auto` measures if several are sound, which takes about a fifth of a second.
    #[must_use]
    pub fn decide(self) -> Kernel {
        match self {
            Self::Auto => calibration::fastest(),
            Self::Named(kernel) => kernel,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kernels_are_chosen_by_name() {
        assert!(matches!("auto".parse(), Ok(KernelChoice::Auto)));
        for kernel in kernels() {
            let choice: KernelChoice = kernel.name().parse().unwrap();
            assert_eq!(choice.check(), Ok(()));
            assert_eq!(choice.decide().name(), kernel.name());
        }
        let error = "abacus".parse::<KernelChoice>().unwrap_err().to_string();
        assert!(error.contains("abacus") && error.contains("auto, scalar"), "{error}");
    }
}
