use super::Blocks;
use super::checks::BlockChecks;
use crate::chain::{Accepted, BlockStatus, ChangeSet, Durability, HeaderRefusal};
use crate::command::RequestId;
use crate::consensus::{BlockError, MAX_FUTURE_TIME, WellFormedBlock, check_header_in_isolation};
use crate::context::Context;
use crate::effect::BatchId;
use crate::event::{Event, SubmitError};
use crate::input::Verdict;
use crate::peer_id::PeerId;
use crate::primitives::{Block, BlockId, Identified, PaymentHash};
use crate::units::{Height, Target};

/// An orphan block may need at most this many times less work than a block of its time on the tip.
const ORPHAN_EASE: u32 = 16;

/// The origin of a block, and the request to answer.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct BlockSource {
    pub(crate) peer: Option<PeerId>,
    request: Option<RequestId>,
    /// Whether this node reconstructed it from a compact block (rule W10).
    rebuilt: bool,
}

/// The outcome of a received block: stored if it is valid apart from the ledger; `None` while the driver checks its
/// signatures.
pub(crate) type Taken = Result<Option<WellFormedBlock>, Refusal>;

/// Why a block is not accepted.
pub(crate) enum Refusal {
    /// The parent is unknown: request headers from the sender.
    Orphan,
    /// The block or an ancestor is invalid: disconnect the sender.
    Invalid,
}

impl BlockSource {
    /// This node: its miners, or its orphans.
    pub(crate) const SELF: Self = Self { peer: None, request: None, rebuilt: false };

    pub(crate) const fn peer(peer: PeerId) -> Self {
        Self { peer: Some(peer), ..Self::SELF }
    }

    /// A peer that sent the block in compact form.
    pub(crate) const fn rebuilt(peer: PeerId) -> Self {
        Self { rebuilt: true, ..Self::peer(peer) }
    }

    pub(crate) const fn request(request: RequestId) -> Self {
        Self { request: Some(request), ..Self::SELF }
    }
}

impl Blocks {
    /// Checks a block from any source: header first, then in isolation, then signatures.
    pub(crate) fn take(&mut self, cx: &mut Context, block: Identified<Block>, source: BlockSource) -> Taken {
        let (id, header) = (block.id(), block.identified_header());
        match cx.chain.accept_header(header, cx.now.wall) {
            Ok(true) => {
                cx.outbox.store(ChangeSet { headers: vec![header], ..ChangeSet::default() }, Durability::Eventual);
            }
            Ok(false) => {}
            Err(refusal) => return self.header_refused(cx, block, source, refusal),
        }
        let stored = cx.chain.block_info(&id).is_some_and(|i| i.status == BlockStatus::Stored);
        if stored || self.checks.contains(&id) {
            return refuse(cx, source, id, SubmitError::Known);
        }
        // Do not spend disk space on a block that may never count (rule W6). It is requested again if its branch gets
        // the most work.
        if !leads_ahead(cx, &id) && !cx.chain.beats_tip(&id) {
            if source.peer.is_some() {
                return Ok(None);
            }
            if cx.chain.losing_blocks() >= cx.config.max_losing_blocks {
                return refuse(cx, source, id, SubmitError::TooManySideBranches);
            }
        }
        match cx.chain.check_block(block) {
            Ok(block) => self.check_signatures(cx, block, source),
            Err(error) => self.invalid(cx, id, error, source),
        }
    }

    fn header_refused(
        &mut self,
        cx: &mut Context,
        block: Identified<Block>,
        source: BlockSource,
        refusal: HeaderRefusal,
    ) -> Taken {
        let id = block.id();
        match refusal {
            HeaderRefusal::UnknownParent(_) => {
                let previous = block.header.previous;
                answer(cx, source, id, Err(SubmitError::Orphan { previous }));
                keep_orphan(cx, block);
                Err(Refusal::Orphan)
            }
            HeaderRefusal::Invalid(error) if error.is_temporary() => {
                refuse(cx, source, id, SubmitError::Invalid(error.into()))
            }
            HeaderRefusal::Invalid(error) => self.invalid(cx, id, error.into(), source),
            HeaderRefusal::InvalidParent(_) | HeaderRefusal::KnownInvalid => Err(on_invalid(cx, source, id)),
            HeaderRefusal::TooManySideHeaders => refuse(cx, source, id, SubmitError::TooManySideBranches),
        }
    }

    /// A block is invalid: marks its id as invalid, unless the body does not match the header.
    fn invalid(&mut self, cx: &mut Context, id: BlockId, error: BlockError, source: BlockSource) -> Taken {
        if error.is_mutation()
            && source.rebuilt
            && let Some(peer) = source.peer
        {
            self.ask_whole_block(cx, peer, id);
            return Ok(None);
        }
        if !error.is_mutation() {
            let changes = cx.chain.invalidate(&id);
            cx.outbox.store(changes, Durability::Eventual);
        }
        cx.outbox.emit(Event::BlockRejected { id, error: error.clone(), peer: source.peer });
        answer(cx, source, id, Err(SubmitError::Invalid(error)));
        Err(Refusal::Invalid)
    }

    /// Requests the signature checks that the block still needs; known payments are already verified.
    fn check_signatures(&mut self, cx: &mut Context, block: WellFormedBlock, source: BlockSource) -> Taken {
        let unknown = |hash: &PaymentHash| !cx.mempool.by_hash(hash) && !cx.signatures.are_valid(hash);
        let checked: Vec<u32> =
            (0..).zip(block.payments()).filter(|(_, (_, hash))| unknown(hash)).map(|(index, _)| index).collect();
        if checked.is_empty() {
            return Ok(Some(block));
        }
        if !self.checks.has_room() {
            return refuse(cx, source, block.id(), SubmitError::Busy { max: BlockChecks::MAX });
        }
        self.checks.ask(cx, block, source, checked);
        Ok(None)
    }

    /// Takes the driver's verdicts, if the batch belongs to a block.
    pub(crate) fn checked(
        &mut self,
        cx: &mut Context,
        batch: BatchId,
        verdicts: &[Verdict],
    ) -> Option<(Taken, BlockSource)> {
        let (block, source, outcome) = self.checks.take(cx, batch, verdicts)?;
        let taken = match outcome {
            Ok(()) => Ok(Some(block)),
            Err(error) => self.invalid(cx, block.id(), error, source),
        };
        Some((taken, source))
    }
}

/// Stores a block that is valid apart from the ledger. Returns whether it is new.
///
/// # Errors
/// An ancestor is invalid.
pub(crate) fn keep(cx: &mut Context, block: WellFormedBlock, source: BlockSource) -> Result<bool, Refusal> {
    let id = block.id();
    for (_, hash) in block.payments() {
        cx.signatures.note_valid(hash);
    }
    match cx.chain.accept_block(block.into_sound()) {
        Accepted::New(changes) => cx.outbox.store(*changes, Durability::Eventual),
        Accepted::Known => {
            answer(cx, source, id, Err(SubmitError::Known));
            return Ok(false);
        }
        Accepted::OnInvalidBlock => return Err(on_invalid(cx, source, id)),
    }
    Ok(true)
}

/// Reports the outcome of a stored block, after the primary chain has moved as far as possible.
pub(crate) fn kept(cx: &mut Context, id: BlockId, height: Height, source: BlockSource) {
    if !cx.chain.block_info(&id).is_some_and(|i| i.primary) && !leads_ahead(cx, &id) {
        cx.outbox.emit(Event::SideBlock { id, height });
    }
    if source.request.is_some() {
        cx.outbox.make_durable();
    }
    answer(cx, source, id, Ok(()));
}

/// A stored block turned out to be invalid when it was connected to the primary chain.
pub(crate) fn broken(cx: &mut Context, source: BlockSource, id: BlockId, error: BlockError) -> Refusal {
    answer(cx, source, id, Err(SubmitError::Invalid(error)));
    Refusal::Invalid
}

/// Whether a block is on the chain of the best header, so that it will be connected later.
fn leads_ahead(cx: &Context, id: &BlockId) -> bool {
    cx.chain.is_ancestor(id, &cx.chain.best_header().id)
}

/// Keeps a block with unknown parent, if it took about as much work as a block of its time on the tip. Space for orphans
/// is limited, and cheap blocks must not fill it (rule F4). A time that is too early (rule H6) makes nothing easier.
fn keep_orphan(cx: &mut Context, block: Identified<Block>) {
    let time = block.header.time.min(cx.now.wall.after(MAX_FUTURE_TIME));
    let usual = cx.chain.next_header().target.at(time).expand().map(Target::work);
    let work = check_header_in_isolation(block.identified_header()).map(Target::work);
    if let (Ok(work), Ok(usual)) = (work, usual)
        && work * ORPHAN_EASE >= usual
    {
        cx.chain.keep_orphan(block, cx.now.monotonic);
    }
}

/// The block or an ancestor is invalid.
fn on_invalid(cx: &mut Context, source: BlockSource, id: BlockId) -> Refusal {
    answer(cx, source, id, Err(SubmitError::OnInvalidBlock));
    Refusal::Invalid
}

fn refuse(cx: &mut Context, source: BlockSource, id: BlockId, error: SubmitError) -> Taken {
    answer(cx, source, id, Err(error));
    Ok(None)
}

fn answer(cx: &mut Context, source: BlockSource, id: BlockId, result: Result<(), SubmitError>) {
    if let Some(request) = source.request {
        cx.outbox.emit(Event::BlockSubmitted { request, id, result });
    }
}
