//! Signature checks by the fastest sound method of the browser.

mod cache;
mod web_crypto;

use crate::clock::Clock;
use crate::exception;
use crate::messages::VerifierKind;
use crate::yielder::Yielder;
use fedcoin_node::{BatchId, SignatureCheck, Verdict};
use futures::channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use futures::future::join_all;
use futures::{FutureExt, StreamExt};
use std::cell::Cell;
use std::rc::Rc;
use web_crypto::WebCrypto;

/// Maximum time of checks in wasm before other events are let in, in milliseconds.
const SLICE_MS: f64 = 8.0;
/// Number of checks given to the browser at once; more are not faster.
const AT_ONCE: usize = 64;

type Batch = (BatchId, Vec<SignatureCheck>);

/// Checks batches one by one, without blocking the event loop.
///
/// The queue is bounded by the node, which requests the checks of each block and payment once, and limits both.
#[derive(Debug)]
pub struct Verifier {
    batches: UnboundedSender<Batch>,
    kind: Rc<Cell<VerifierKind>>,
}

/// A report of the verifier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verified {
    /// A batch's verdicts, in the order of its checks.
    Batch(BatchId, Vec<Verdict>),
    /// WebCrypto failed; from now on wasm does the checks.
    FellBack(String),
}

impl Verifier {
    /// A verifier that sends its reports to `report`.
    pub fn new(report: impl Fn(Verified) + 'static) -> Self {
        let crypto = WebCrypto::of_this_context();
        let kind = Rc::new(Cell::new(if crypto.is_some() { VerifierKind::WebCrypto } else { VerifierKind::Wasm }));
        let (batches, queue) = unbounded();
        let work = Work { crypto, clock: Clock::new(), yielder: Yielder::new().ok(), kind: Rc::clone(&kind) };
        wasm_bindgen_futures::spawn_local(work.run(queue, report));
        Self { batches, kind }
    }

    /// The current implementation of signature checks.
    #[must_use]
    pub fn kind(&self) -> VerifierKind {
        self.kind.get()
    }

    /// Checks a batch; the answer arrives as [`Verified::Batch`].
    pub fn check(&self, batch: BatchId, checks: Vec<SignatureCheck>) {
        // The other end lives as long as this one.
        let _ = self.batches.unbounded_send((batch, checks));
    }
}

/// Collects waiting batches, together up to about [`AT_ONCE`] checks: their sizes, and all their checks. During a sync
/// each block has only a few checks, and a round trip to the browser costs more than a check.
fn gather(first: Batch, queue: &mut UnboundedReceiver<Batch>) -> (Vec<(BatchId, usize)>, Vec<SignatureCheck>) {
    let (mut ids, mut checks) = (vec![(first.0, first.1.len())], first.1);
    while checks.len() < AT_ONCE
        && let Some((id, more)) = queue.next().now_or_never().flatten()
    {
        ids.push((id, more.len()));
        checks.extend(more);
    }
    (ids, checks)
}

struct Work {
    crypto: Option<WebCrypto>,
    clock: Clock,
    yielder: Option<Yielder>,
    kind: Rc<Cell<VerifierKind>>,
}

impl Work {
    async fn run(mut self, mut queue: UnboundedReceiver<Batch>, report: impl Fn(Verified)) {
        while let Some(first) = queue.next().await {
            let (ids, checks) = gather(first, &mut queue);
            let verdicts = match self.by_web_crypto(&checks).await {
                Ok(Some(verdicts)) => verdicts,
                Ok(None) => self.in_wasm(&checks).await,
                Err(problem) => {
                    self.crypto = None;
                    self.kind.set(VerifierKind::Wasm);
                    report(Verified::FellBack(problem));
                    self.in_wasm(&checks).await
                }
            };
            let mut verdicts = verdicts.into_iter();
            for (id, count) in ids {
                report(Verified::Batch(id, verdicts.by_ref().take(count).collect()));
            }
        }
    }

    /// The verdicts; `None` without WebCrypto, an error if it fails.
    async fn by_web_crypto(&mut self, checks: &[SignatureCheck]) -> Result<Option<Vec<Verdict>>, String> {
        let Some(crypto) = &mut self.crypto else { return Ok(None) };
        let mut verdicts = Vec::with_capacity(checks.len());
        for some in checks.chunks(AT_ONCE) {
            crypto.import_keys(some).await.map_err(|e| exception::text(&e))?;
            for verdict in join_all(some.iter().map(|check| crypto.verify(check))).await {
                verdicts.push(verdict.map_err(|e| exception::text(&e))?);
            }
        }
        Ok(Some(verdicts))
    }

    /// The reference checks, in slices.
    async fn in_wasm(&mut self, checks: &[SignatureCheck]) -> Vec<Verdict> {
        let mut verdicts = Vec::with_capacity(checks.len());
        let mut started = self.clock.millis();
        for check in checks {
            if self.clock.millis() - started > SLICE_MS
                && let Some(yielder) = &mut self.yielder
            {
                yielder.yield_now().await;
                started = self.clock.millis();
            }
            verdicts.push(if check.run() { Verdict::Valid } else { Verdict::Invalid });
        }
        verdicts
    }
}
