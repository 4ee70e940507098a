//! All connections of the tab, by the node's peer ids.

use crate::socket::{CloseCause, Socket, SocketEvent};
use fedcoin_node::{PeerAddress, PeerId};
use std::collections::BTreeMap;
use std::rc::Rc;

/// The open and opening connections; their number is bounded by the node, which requests each.
pub struct Sockets {
    last: u64,
    sockets: BTreeMap<PeerId, (PeerAddress, Socket)>,
    report: Rc<dyn Fn(PeerId, SocketEvent)>,
}

impl Sockets {
    /// No connections; the events of each go to `report`.
    pub fn new(report: impl Fn(PeerId, SocketEvent) + 'static) -> Self {
        Self { last: 0, sockets: BTreeMap::new(), report: Rc::new(report) }
    }

    /// Dials an address.
    ///
    /// # Errors
    /// The browser's reason to refuse it.
    pub fn dial(&mut self, address: PeerAddress) -> Result<(), String> {
        self.last += 1;
        let peer = PeerId(self.last);
        let report = Rc::clone(&self.report);
        let socket = Socket::dial(address.as_str(), move |event| report(peer, event))?;
        self.sockets.insert(peer, (address, socket));
        Ok(())
    }

    /// The dialled address, if the connection is not closed.
    #[must_use]
    pub fn address(&self, peer: PeerId) -> Option<&PeerAddress> {
        self.sockets.get(&peer).map(|(address, _)| address)
    }

    /// All connections, established or not.
    #[must_use]
    pub fn peers(&self) -> Vec<PeerId> {
        self.sockets.keys().copied().collect()
    }

    /// Queues a frame; a frame for a peer that is gone is dropped.
    ///
    /// # Errors
    /// Why it cannot be queued; the connection must then be closed.
    pub fn send(&self, peer: PeerId, frame: &[u8]) -> Result<(), CloseCause> {
        let Some((_, socket)) = self.sockets.get(&peer) else { return Ok(()) };
        socket.send(frame)
    }

    /// Releases the memory quota of a handled frame.
    pub fn frame_read(&self, peer: PeerId, bytes: usize) {
        if let Some((_, socket)) = self.sockets.get(&peer) {
            socket.frame_read(bytes);
        }
    }

    /// Sends what is queued, closes and forgets the connection. Returns the address and whether the connection had been
    /// established, if it was known.
    pub fn close(&mut self, peer: PeerId) -> Option<(PeerAddress, bool)> {
        self.sockets.remove(&peer).map(|(address, socket)| (address, socket.has_stood()))
    }
}

impl std::fmt::Debug for Sockets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sockets").field("sockets", &self.sockets).finish_non_exhaustive()
    }
}
