use crate::archive::ArchiveError;
use crate::clock::Clock;
use crate::event_log;
use crate::failure::Failure;
use crate::random;
use crate::verify;
use fedcoin_node::chain::Snapshot;
use fedcoin_node::consensus::{BlockError, ChainParams, HeaderError};
use fedcoin_node::primitives::Block;
use fedcoin_node::units::{Now, Timestamp};
use fedcoin_node::{Command, Effect, Event, Input, Node, NodeConfig, RequestId, SubmitError};
use fedcoin_store::{Store, StoreError};
use std::collections::VecDeque;
use std::fmt;
use std::path::Path;
use std::time::Duration;

/// A node without peers, to which blocks are submitted one by one.
pub(super) struct Offline<'a> {
    node: Node,
    store: &'a Store,
    /// Whether to write changes to the store; otherwise it is only read.
    keep: bool,
    path: &'a Path,
    clock: Clock,
    /// Whether blocks may be dated ahead of this machine's clock (rule H6). Stored blocks were not too early when they
    /// arrived.
    any_time: bool,
    /// The verdict on the last submitted block.
    verdict: Option<Result<(), SubmitError>>,
    /// Why the ledger rejected a block; the first reason is kept.
    rejected: Option<String>,
}

/// Why the node refuses a block.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// The block is invalid.
    Invalid(String),
    /// The block is too early by this machine's clock (rule H6), which may be wrong.
    Early {
        /// How far the block's time is ahead of the clock.
        ahead: Duration,
    },
}

impl Refusal {
    /// The error for a file whose block at this height was refused.
    pub(super) fn in_file(self, height: u32) -> ArchiveError {
        match self {
            Self::Invalid(problem) => ArchiveError::Refused { height, problem },
            Self::Early { ahead } => ArchiveError::Early { height, ahead: event_log::span(ahead) },
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invalid(problem) => f.write_str(problem),
            Self::Early { ahead } => write!(f, "it is dated {} ahead of this machine's clock", event_log::span(*ahead)),
        }
    }
}

impl<'a> Offline<'a> {
    /// A node that starts with this state.
    pub(super) fn new(
        params: &ChainParams,
        snapshot: Snapshot,
        store: &'a Store,
        path: &'a Path,
        keep: bool,
    ) -> Result<Self, Failure> {
        let clock = Clock::start();
        let config = NodeConfig {
            // The file is trusted: its chain may have less work than the primary chain until its last block.
            max_losing_blocks: usize::MAX,
            ..NodeConfig::alone(params.clone(), random::number()?)
        };
        let node = Node::new(config, snapshot, clock.now()).map_err(|e| Failure::damaged(&e, params, path))?;
        let mut offline = Self { node, store, keep, path, clock, any_time: !keep, verdict: None, rejected: None };
        offline.give(Input::Tick)?;
        Ok(offline)
    }

    fn now(&self) -> Now {
        let now = self.clock.now();
        if self.any_time { Now { wall: Timestamp(u64::MAX), ..now } } else { now }
    }

    pub(super) fn node(&self) -> &Node {
        &self.node
    }

    /// Submits a block. The inner `Err` has the node's reason to refuse it.
    pub(super) fn submit(&mut self, block: Block) -> Result<Result<(), Refusal>, Failure> {
        self.verdict = None;
        let command = Command::SubmitBlock { request: RequestId(0), block: Box::new(block) };
        self.give(Input::Command(command))?;
        if let Some(problem) = self.rejected.take() {
            return Ok(Err(Refusal::Invalid(problem)));
        }
        Ok(match self.verdict.take() {
            Some(Ok(()) | Err(SubmitError::Known)) => Ok(()),
            Some(Err(SubmitError::Invalid(BlockError::Header(HeaderError::TimeTooNew { got, .. })))) => {
                Err(Refusal::Early { ahead: Duration::from_millis(got.0.saturating_sub(self.now().wall.0)) })
            }
            Some(Err(error)) => Err(Refusal::Invalid(error.to_string())),
            None => Err(Refusal::Invalid("the node returned no verdict".to_owned())),
        })
    }

    /// Gives the node an input, then the answers to all resulting effects.
    fn give(&mut self, input: Input) -> Result<(), Failure> {
        let mut inputs = VecDeque::from([input]);
        while let Some(input) = inputs.pop_front() {
            self.node.handle(input, self.now());
            while let Some(effect) = self.node.poll_effect() {
                inputs.extend(self.carry_out(effect)?);
            }
        }
        Ok(())
    }

    fn failure(&self, error: StoreError) -> Failure {
        Failure::of_store(error, self.node.chain().params(), self.path)
    }

    fn carry_out(&mut self, effect: Effect) -> Result<Option<Input>, Failure> {
        match effect {
            Effect::Store { changes, durability } if self.keep => {
                self.store.apply(&changes, durability).map_err(|e| self.failure(e))?;
            }
            Effect::Load { request, blocks } => {
                let blocks = self.store.load(&blocks).map_err(|e| self.failure(e))?;
                return Ok(Some(Input::Loaded { request, blocks }));
            }
            Effect::Verify { batch, checks } => {
                return Ok(Some(Input::Verified { batch, verdicts: verify::check_all(&checks) }));
            }
            Effect::Emit(Event::BlockSubmitted { result, .. }) => self.verdict = Some(result),
            Effect::Emit(Event::BlockRejected { error, .. }) => {
                self.rejected.get_or_insert(format!("invalid (rule {}): {error}", error.rule()));
            }
            Effect::Emit(Event::StorageCorrupt { problem }) => {
                return Err(self.failure(StoreError::Corrupt { problem }));
            }
            // An offline node has no peers or miners.
            _ => {}
        }
        Ok(None)
    }
}
