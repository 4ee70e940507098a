use super::partial_block::PartialBlock;
use crate::peer_id::PeerId;
use crate::primitives::BlockId;
use std::collections::BTreeMap;

/// Blocks requested in compact form and not yet complete (rule W10).
///
/// Bound: [`CompactDownloads::MAX`] blocks.
#[derive(Default)]
pub(super) struct CompactDownloads {
    open: BTreeMap<BlockId, CompactDownload>,
}

struct CompactDownload {
    peer: PeerId,
    /// The payments so far, once the compact form has arrived.
    partial: Option<PartialBlock>,
}

impl CompactDownloads {
    /// There are several only while the chain forks at the tip.
    const MAX: usize = 4;

    pub(super) fn has_room(&self) -> bool {
        self.open.len() < Self::MAX
    }

    /// Records a request for a block in compact form.
    pub(super) fn requested(&mut self, block: BlockId, peer: PeerId) {
        self.open.insert(block, CompactDownload { peer, partial: None });
    }

    /// Whether the compact form of a block is due from a peer.
    pub(super) fn is_due_from(&self, block: &BlockId, peer: PeerId) -> bool {
        self.open.get(block).is_some_and(|open| open.peer == peer && open.partial.is_none())
    }

    /// Keeps an incomplete block while the other payments are requested.
    pub(super) fn keep(&mut self, partial: PartialBlock) {
        if let Some(open) = self.open.get_mut(&partial.id()) {
            open.partial = Some(partial);
        }
    }

    /// Removes and returns the incomplete block of a peer, if the missing payments are due from it.
    pub(super) fn take(&mut self, block: &BlockId, peer: PeerId) -> Option<PartialBlock> {
        let open = self.open.get(block)?;
        if open.peer != peer || open.partial.is_none() {
            return None;
        }
        self.open.remove(block)?.partial
    }

    /// Forgets a block that has arrived whole, or is requested from another peer.
    pub(super) fn forget(&mut self, block: &BlockId) {
        self.open.remove(block);
    }

    /// Forgets a disconnected peer.
    pub(super) fn forget_peer(&mut self, peer: PeerId) {
        self.open.retain(|_, open| open.peer != peer);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn downloads_are_limited() {
        let mut downloads = CompactDownloads::default();
        let requested = (0..10 * CompactDownloads::MAX).take_while(|n| {
            let room = downloads.has_room();
            downloads.requested(BlockId([*n as u8; 32]), PeerId(1));
            room
        });
        assert_eq!(requested.count(), CompactDownloads::MAX);
        downloads.forget_peer(PeerId(1));
        assert!(downloads.has_room());
    }
}
