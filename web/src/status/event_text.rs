use crate::i18n::{Language, LogTexts, short};
use crate::session::log::Occurrence;
use crate::status::notices::clock;
use fedcoin_node::chain::Reorganised;
use fedcoin_node::primitives::{BlockId, TxId};
use fedcoin_node::units::Height;
use fedcoin_node::{Event, PaymentOrigin, SyncStatus, TipInfo};
use node_wasm::messages::{Failure, Happening};

/// The tone of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    Plain,
    Good,
    Bad,
}

/// The tone of an event.
pub(crate) const fn tone(what: &Occurrence) -> Tone {
    match what {
        Occurrence::Reported(Happening::Node(Event::BlockMined { .. })) => Tone::Good,
        Occurrence::Failed(_)
        | Occurrence::Restarted
        | Occurrence::Reported(
            Happening::MinerReplaced { .. }
            | Happening::VerifierFellBack { .. }
            | Happening::SocketDropped { .. }
            | Happening::StorageFailed { .. }
            | Happening::Node(
                Event::BlockRejected { .. }
                | Event::PaymentDropped { .. }
                | Event::DialFailed { .. }
                | Event::SyncChanged(SyncStatus::EarlyHeaders)
                | Event::OwnAddress { .. }
                | Event::PeerGone { .. }
                | Event::StorageCorrupt { .. }
                | Event::PaymentSubmitted { result: Err(_), .. }
                | Event::BlockSubmitted { result: Err(_), .. },
            ),
        ) => Tone::Bad,
        Occurrence::Reported(_) | Occurrence::Ready(_) => Tone::Plain,
    }
}

/// An event as a sentence.
pub(crate) fn words(what: &Occurrence, language: Language) -> String {
    let texts = &language.texts().log;
    let number = |n: u64| language.number(n);
    match what {
        Occurrence::Ready(slot) => (texts.node_ready)(&number((*slot).into())),
        Occurrence::Failed(why) => (texts.node_failed)(why),
        Occurrence::Reported(Happening::Node(event)) => node_words(event, language),
        Occurrence::Reported(Happening::MinerReplaced { worker }) => {
            (texts.miner_replaced)(&number(u64::from(*worker) + 1))
        }
        Occurrence::Reported(Happening::WokeUp { asleep_ms }) => (texts.woke_up)(&number(asleep_ms / 1000)),
        Occurrence::Reported(Happening::StorageFailed { failure }) => {
            let texts = &language.texts().operation;
            match failure {
                Failure::Storage { full: true, .. } => texts.storage_full,
                Failure::Corrupt(_) => texts.storage_damaged,
                _ => texts.storage_failed,
            }
            .into()
        }
        Occurrence::Restarted => language.texts().operation.restarted.into(),
        Occurrence::Reported(Happening::VerifierFellBack { .. }) => texts.verifier_fell_back.into(),
        Occurrence::Reported(Happening::SocketDropped { address, reason }) => {
            (texts.socket_dropped)(address.as_str(), &language.connection_error(reason))
        }
    }
}

fn node_words(event: &Event, language: Language) -> String {
    let texts = &language.texts().log;
    let height = |height: Height| language.number(height.0.into());
    match event {
        Event::Reorganised { tip, reorganised } => reorganisation(tip, reorganised, language),
        Event::TipChanged { tip, connected, .. } => match connected.len() {
            0 | 1 => (texts.tip)(&height(tip.height), &block(&tip.id)),
            more => (texts.tips)(&language.number(more as u64), &height(tip.height), &block(&tip.id)),
        },
        Event::BlockMined { height: at, payments, reward, .. } => {
            (texts.mined)(&height(*at), &language.amount(*reward), &language.payments(*payments))
        }
        Event::SideBlock { id, height: at } => (texts.side)(&height(*at), &block(id)),
        Event::BlockRejected { id, error, .. } => (texts.block_rejected)(&block(id), &language.block_error(error)),
        Event::PaymentAccepted { txid, origin } => origin_words(*origin, texts)(&payment(txid)),
        Event::PaymentDropped { dropped, undone } => {
            let words =
                if undone.is_some() { language.texts().operation.payment_undone } else { texts.payment_dropped };
            words(&payment(&dropped.txid), &language.drop_reason(&dropped.reason))
        }
        Event::PaymentSubmitted { txid, result: Ok(()), .. } => (texts.payment_here)(&payment(txid)),
        Event::PaymentSubmitted { txid, result: Err(why), .. } => {
            (texts.payment_refused)(&payment(txid), &language.pool_error(why))
        }
        Event::BlockSubmitted { id, result: Ok(()), .. } => block(id),
        Event::BlockSubmitted { id, result: Err(why), .. } => {
            (texts.block_refused)(&block(id), &language.submit_error(why))
        }
        Event::PeerReady { address, height: at, .. } => (texts.peer_ready)(address.as_str(), &height(*at)),
        Event::PeerGone { reason: Some(reason), .. } => (texts.peer_gone_because)(&language.goodbye(*reason)),
        Event::PeerGone { .. } => texts.peer_gone.into(),
        Event::DialFailed { address, error, retry_ms } => (texts.dial_failed)(
            address.as_str(),
            &language.connection_error(error),
            &language.number(retry_ms.div_ceil(1000).max(1)),
        ),
        Event::OwnAddress { address, .. } => (texts.own_address)(address.as_str()),
        Event::SyncChanged(sync) => sync_words(*sync, language),
        Event::ClockCompared(comparison) if comparison.differs() => {
            clock(comparison.ahead_ms.saturating_add(30_000 * comparison.ahead_ms.signum()) / 60_000, language)
        }
        Event::ClockCompared(_) => language.texts().operation.clock_agrees.into(),
        Event::MiningChanged(_) => String::new(),
        Event::StorageCorrupt { .. } => texts.storage_corrupt.into(),
    }
}

/// What browser or node say themselves, in their language.
pub(crate) fn raw(what: &Occurrence) -> Option<String> {
    match what {
        Occurrence::Reported(Happening::StorageFailed { failure }) => failure.raw().map(str::to_owned),
        Occurrence::Reported(
            Happening::VerifierFellBack { error: raw } | Happening::Node(Event::StorageCorrupt { problem: raw }),
        ) => Some(raw.clone()),
        _ => None,
    }
}

/// A reorganisation as a sentence.
pub(crate) fn reorganisation(tip: &TipInfo, course: &Reorganised, language: Language) -> String {
    let texts = &language.texts().chain;
    let height = |height: Height| language.number(height.0.into());
    let blocks = |n: u32| language.plural(texts.blocks, n.into());
    let Reorganised { fork, disconnected, connected } = *course;
    (texts.reorganised)(&height(fork), &blocks(disconnected), &blocks(connected), &height(tip.height))
}

fn sync_words(sync: SyncStatus, language: Language) -> String {
    let texts = &language.texts().log;
    let number = |height: Height| language.number(height.0.into());
    match sync {
        SyncStatus::WaitingForPeers => texts.sync_waiting.into(),
        SyncStatus::Headers { height } => (texts.sync_headers)(&number(height)),
        SyncStatus::Blocks { height, target } => (texts.sync_blocks)(&number(height), &number(target)),
        SyncStatus::EarlyHeaders => language.texts().operation.early_headers.into(),
        SyncStatus::Synced => texts.sync_done.into(),
    }
}

const fn origin_words(origin: PaymentOrigin, texts: &LogTexts) -> fn(&str) -> String {
    match origin {
        PaymentOrigin::Local => texts.payment_here,
        PaymentOrigin::Peer(_) => texts.payment,
        PaymentOrigin::Returned => texts.payment_returned,
    }
}

fn block(id: &BlockId) -> String {
    short(&id.to_string())
}

fn payment(id: &TxId) -> String {
    short(&id.to_string())
}
