//! Signature checks by the fastest sound method.
//!
//! WebCrypto does the checks on the browser's own threads, beside the node's. Where there is none, as over plain http, or
//! it fails, code made for wasm does them; if that fails its self-test, the reference does.

mod cache;
mod fast;
mod web_crypto;

use crate::clock::Clock;
use crate::exception;
use crate::messages::VerifierKind;
use crate::yielder::Yielder;
use fast::Fast;
use fedcoin_node::{BatchId, SignatureCheck, Verdict};
use futures::channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use futures::future::join_all;
use futures::{FutureExt, StreamExt};
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::JsValue;
use web_crypto::WebCrypto;

/// Maximum time of checks in wasm before other events are let in, in milliseconds.
const SLICE_MS: f64 = 8.0;
/// Number of checks done at once; more are not faster.
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
    /// A way to check signatures failed; from now on the next one is used.
    FellBack(String),
}

impl Verifier {
    /// A verifier that sends its reports to `report`.
    pub fn new(report: impl Fn(Verified) + 'static) -> Self {
        Self::by(Method::first(&report), report)
    }

    /// A verifier as where there is no WebCrypto.
    pub fn without_web_crypto(report: impl Fn(Verified) + 'static) -> Self {
        Self::by(Method::in_wasm(&report), report)
    }

    fn by(method: Method, report: impl Fn(Verified) + 'static) -> Self {
        let kind = Rc::new(Cell::new(method.kind()));
        let (batches, queue) = unbounded();
        let work = Work { method, clock: Clock::new(), yielder: Yielder::new().ok(), kind: Rc::clone(&kind) };
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

/// A way to check signatures.
#[derive(Debug)]
enum Method {
    WebCrypto(WebCrypto),
    Fast(Fast),
    Reference,
}

impl Method {
    /// The fastest method of this context.
    fn first(report: &impl Fn(Verified)) -> Self {
        WebCrypto::of_this_context().map_or_else(|| Self::in_wasm(report), Self::WebCrypto)
    }

    /// The fastest method in wasm that works.
    fn in_wasm(report: &impl Fn(Verified)) -> Self {
        if cfg!(feature = "reference-p256") {
            return Self::Reference;
        }
        Fast::new().map_or_else(
            |problem| {
                report(Verified::FellBack(problem.to_string()));
                Self::Reference
            },
            Self::Fast,
        )
    }

    const fn kind(&self) -> VerifierKind {
        match self {
            Self::Fast(_) => VerifierKind::Fast,
            Self::WebCrypto(_) => VerifierKind::WebCrypto,
            Self::Reference => VerifierKind::Reference,
        }
    }

    /// Number of checks to run at once.
    const fn at_once(&self) -> usize {
        match self {
            Self::Fast(_) | Self::WebCrypto(_) => AT_ONCE,
            Self::Reference => 1,
        }
    }

    /// Runs at most [`AT_ONCE`] checks. Only WebCrypto can fail.
    async fn check(&mut self, checks: &[SignatureCheck]) -> Result<Vec<Verdict>, String> {
        match self {
            Self::Fast(fast) => Ok(fast.check(checks)),
            Self::WebCrypto(crypto) => by_web_crypto(crypto, checks).await.map_err(|e| exception::text(&e)),
            Self::Reference => Ok(checks.iter().map(|check| verdict(check.run())).collect()),
        }
    }
}

async fn by_web_crypto(crypto: &mut WebCrypto, checks: &[SignatureCheck]) -> Result<Vec<Verdict>, JsValue> {
    crypto.import_keys(checks).await?;
    join_all(checks.iter().map(|check| crypto.verify(check))).await.into_iter().collect()
}

const fn verdict(valid: bool) -> Verdict {
    if valid { Verdict::Valid } else { Verdict::Invalid }
}

struct Work {
    method: Method,
    clock: Clock,
    yielder: Option<Yielder>,
    kind: Rc<Cell<VerifierKind>>,
}

impl Work {
    async fn run(mut self, mut queue: UnboundedReceiver<Batch>, report: impl Fn(Verified)) {
        while let Some(first) = queue.next().await {
            let (ids, checks) = gather(first, &mut queue);
            let mut verdicts = self.verdicts(&checks, &report).await.into_iter();
            for (id, count) in ids {
                report(Verified::Batch(id, verdicts.by_ref().take(count).collect()));
            }
        }
    }

    /// The verdicts. Other events are let in between slices of work.
    async fn verdicts(&mut self, checks: &[SignatureCheck], report: &impl Fn(Verified)) -> Vec<Verdict> {
        let mut verdicts = Vec::with_capacity(checks.len());
        let mut started = self.clock.millis();
        let mut rest = checks;
        while !rest.is_empty() {
            if self.clock.millis() - started > SLICE_MS
                && let Some(yielder) = &mut self.yielder
            {
                yielder.yield_now().await;
                started = self.clock.millis();
            }
            let (some, others) = rest.split_at(self.method.at_once().min(rest.len()));
            match self.method.check(some).await {
                Ok(found) => {
                    verdicts.extend(found);
                    rest = others;
                }
                Err(problem) => {
                    report(Verified::FellBack(problem));
                    self.method = Method::in_wasm(report);
                    self.kind.set(self.method.kind());
                }
            }
        }
        verdicts
    }
}
