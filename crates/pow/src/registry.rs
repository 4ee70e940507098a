use super::kernel::Kernel;
use super::scalar;

/// The kernels that run on this processor; the portable one is first.
#[must_use]
pub fn kernels() -> Vec<Kernel> {
    #[cfg(target_arch = "x86_64")]
    let vectors = [super::sha_ni::kernel(), super::avx2::kernel(), super::avx512::kernel()];
    #[cfg(not(target_arch = "x86_64"))]
    let vectors: [Option<Kernel>; 0] = [];
    core::iter::once(Kernel::SCALAR).chain(vectors.into_iter().flatten()).collect()
}

impl Kernel {
    /// The portable kernel.
    pub const SCALAR: Self = scalar::KERNEL;
}
