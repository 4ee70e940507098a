use crate::consensus::SignatureCheck;
use crate::context::Context;
use crate::effect::{BatchId, Effect};
use crate::input::Verdict;
use crate::primitives::NetworkId;
use std::collections::BTreeMap;

/// Something with signatures to check.
pub(crate) trait Signed {
    /// Number of signatures to check.
    fn count(&self) -> usize;

    /// The signatures to check, in order.
    fn checks(&self, network: NetworkId) -> Vec<SignatureCheck>;
}

/// Items that wait for the driver's verdicts on their signatures.
///
/// Bound: that of the owner, which calls [`Batches::len`] before it adds an item.
pub(crate) struct Batches<T> {
    batches: BTreeMap<BatchId, (T, Attempt)>,
}

/// How often the driver has been asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Attempt {
    First,
    /// Asked again after a failure. The node itself checks what the driver then leaves open.
    Second,
}

impl<T: Signed> Batches<T> {
    pub(crate) const fn new() -> Self {
        Self { batches: BTreeMap::new() }
    }

    pub(crate) fn len(&self) -> usize {
        self.batches.len()
    }

    /// Requests the signature checks of an item from the driver.
    pub(crate) fn ask(&mut self, cx: &mut Context, item: T) {
        self.ask_for(cx, item, Attempt::First);
    }

    fn ask_for(&mut self, cx: &mut Context, item: T, attempt: Attempt) {
        let checks = item.checks(cx.chain.network());
        let batch = cx.signatures.next_batch();
        self.batches.insert(batch, (item, attempt));
        cx.outbox.push(Effect::Verify { batch, checks });
    }

    /// Takes the driver's verdicts. Returns the item, and the position of its first invalid signature, if any; `None`
    /// if the batch is unknown, or if the driver failed and has been asked again.
    pub(crate) fn take(
        &mut self,
        cx: &mut Context,
        batch: BatchId,
        verdicts: &[Verdict],
    ) -> Option<(T, Option<usize>)> {
        let (item, attempt) = self.batches.remove(&batch)?;
        let sure = verdicts.len() == item.count() && !verdicts.contains(&Verdict::Unknown);
        if !sure && attempt == Attempt::First {
            self.ask_for(cx, item, Attempt::Second);
            return None;
        }
        let wrong = if sure {
            verdicts.iter().position(|verdict| *verdict == Verdict::Invalid)
        } else {
            let verdicts = verdicts.iter().map(Some).chain(core::iter::repeat(None));
            let checks = item.checks(cx.chain.network());
            checks.iter().zip(verdicts).position(|(check, verdict)| !is_valid(verdict, check))
        };
        Some((item, wrong))
    }
}

/// The driver's verdict, or that of the reference check if the driver failed.
fn is_valid(verdict: Option<&Verdict>, check: &SignatureCheck) -> bool {
    match verdict {
        Some(Verdict::Valid) => true,
        Some(Verdict::Invalid) => false,
        Some(Verdict::Unknown) | None => check.run(),
    }
}
