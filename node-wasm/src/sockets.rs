//! All connections of the tab, by the node's peer ids.

use crate::socket::{Carrier, Socket, SocketEvent};
use crate::way::{Probe, Way};
use fedcoin_node::{ConnectionError, PeerAddress, PeerId};
use std::collections::BTreeMap;
use std::rc::Rc;

/// The open and opening connections; their number is bounded by the node, which requests each.
pub struct Sockets {
    last: u64,
    sockets: BTreeMap<PeerId, Connection>,
    way: Way,
    report: Rc<dyn Fn(PeerId, SocketEvent)>,
}

#[derive(Debug)]
struct Connection {
    address: PeerAddress,
    carrier: Carrier,
    socket: Socket,
    _probe: Option<Probe>,
}

impl Sockets {
    /// No connections; the events of each go to `report`.
    pub fn new(report: impl Fn(PeerId, SocketEvent) + 'static) -> Self {
        Self { last: 0, sockets: BTreeMap::new(), way: Way::new(), report: Rc::new(report) }
    }

    /// Dials an address. Returns what is to carry the frames.
    ///
    /// # Errors
    /// The browser's reason to refuse it.
    pub fn dial(&mut self, address: PeerAddress) -> Result<Carrier, ConnectionError> {
        self.last += 1;
        let peer = PeerId(self.last);
        let carrier = self.way.carrier(&address);
        let report = Rc::clone(&self.report);
        let url = self.way.url(&address, carrier);
        let socket = Socket::dial(&url, carrier, move |event| report(peer, event)).map_err(ConnectionError::System)?;
        let report = Rc::clone(&self.report);
        let better = move || report(peer, SocketEvent::Closed(ConnectionError::Renewed));
        let probe = (carrier == Carrier::Http).then(|| self.way.probe(&address, better));
        self.sockets.insert(peer, Connection { address, carrier, socket, _probe: probe });
        Ok(carrier)
    }

    /// The dialled address, if the connection is not closed.
    #[must_use]
    pub fn address(&self, peer: PeerId) -> Option<&PeerAddress> {
        self.sockets.get(&peer).map(|connection| &connection.address)
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
    pub fn send(&self, peer: PeerId, frame: &[u8]) -> Result<(), ConnectionError> {
        let Some(connection) = self.sockets.get(&peer) else { return Ok(()) };
        connection.socket.send(frame)
    }

    /// Releases the memory quota of a handled frame.
    pub fn frame_read(&self, peer: PeerId, bytes: usize) {
        if let Some(connection) = self.sockets.get(&peer) {
            connection.socket.frame_read(bytes);
        }
    }

    /// Sends what is queued, closes and forgets the connection. Returns the address and whether the connection had been
    /// established, if it was known. `of_the_way` says that something on the way may be the cause.
    pub fn close(&mut self, peer: PeerId, of_the_way: bool) -> Option<(PeerAddress, bool)> {
        let Connection { address, carrier, socket, .. } = self.sockets.remove(&peer)?;
        if socket.has_spoken() {
            self.way.works(carrier);
        } else if of_the_way {
            self.way.failed(&address);
        }
        Some((address, socket.has_stood()))
    }
}

impl std::fmt::Debug for Sockets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sockets").field("sockets", &self.sockets).finish_non_exhaustive()
    }
}
