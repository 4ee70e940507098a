use crate::consensus::SignatureCheck;
use crate::context::Context;
use crate::effect::{BatchId, Effect};
use crate::input::Verdict;
use crate::primitives::NetworkId;
use std::collections::BTreeMap;

/// What has signatures.
pub(crate) trait Signed {
    /// How many signatures are in question.
    fn count(&self) -> usize;

    /// The signatures in question, in order.
    fn checks(&self, network: NetworkId) -> Vec<SignatureCheck>;
}

/// What waits for the driver's verdicts on its signatures.
///
/// Bound: its owner's, who asks [`Batches::len`] first.
pub(crate) struct Batches<T> {
    batches: BTreeMap<BatchId, (T, Asked)>,
}

/// How often a driver has been asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asked {
    Once,
    /// Its means had failed before. Whatever it leaves open now, the node checks itself.
    Again,
}

impl<T: Signed> Batches<T> {
    pub(crate) const fn new() -> Self {
        Self { batches: BTreeMap::new() }
    }

    pub(crate) fn len(&self) -> usize {
        self.batches.len()
    }

    /// Has the driver check signatures.
    pub(crate) fn ask(&mut self, cx: &mut Context, item: T) {
        self.ask_for(cx, item, Asked::Once);
    }

    fn ask_for(&mut self, cx: &mut Context, item: T, asked: Asked) {
        let checks = item.checks(cx.chain.network());
        let batch = cx.signatures.next_batch();
        self.batches.insert(batch, (item, asked));
        cx.outbox.push(Effect::Verify { batch, checks });
    }

    /// Takes the driver's verdicts. Returns what they are on, and the place of the first wrong signature if there is
    /// one; `None` if the batch is not one of these, or the driver's means failed and it is asked again.
    pub(crate) fn take(
        &mut self,
        cx: &mut Context,
        batch: BatchId,
        verdicts: &[Verdict],
    ) -> Option<(T, Option<usize>)> {
        let (item, asked) = self.batches.remove(&batch)?;
        let sure = verdicts.len() == item.count() && !verdicts.contains(&Verdict::Unknown);
        if !sure && asked == Asked::Once {
            self.ask_for(cx, item, Asked::Again);
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

/// A driver's verdict; where its means have failed, the reference check's.
fn is_valid(verdict: Option<&Verdict>, check: &SignatureCheck) -> bool {
    match verdict {
        Some(Verdict::Valid) => true,
        Some(Verdict::Invalid) => false,
        Some(Verdict::Unknown) | None => check.run(),
    }
}
