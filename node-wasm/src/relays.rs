//! Connection states of the configured relays, for the page.

use crate::messages::{RelayConnection, RelayState};
use crate::socket::Carrier;
use fedcoin_node::units::Timestamp;
use fedcoin_node::{ConnectionError, Event, PeerAddress, PeerId};

/// The relays in the configured order; the page determines their number at the start.
#[derive(Clone, Debug)]
pub struct Relays {
    relays: Vec<(RelayState, Option<PeerId>)>,
}

impl Relays {
    /// No relay has been dialled yet.
    #[must_use]
    pub fn new(addresses: &[PeerAddress]) -> Self {
        let idle = |address: &PeerAddress| RelayState {
            address: address.clone(),
            carrier: Carrier::default(),
            connection: RelayConnection::Idle,
        };
        Self { relays: addresses.iter().map(|address| (idle(address), None)).collect() }
    }

    /// Their states.
    #[must_use]
    pub fn states(&self) -> Vec<RelayState> {
        self.relays.iter().map(|(state, _)| state.clone()).collect()
    }

    /// Records that an address is being dialled.
    pub fn dialling(&mut self, address: &PeerAddress, carrier: Carrier) {
        self.set(address, RelayConnection::Connecting);
        for (state, _) in self.relays.iter_mut().filter(|(state, _)| state.address == *address) {
            state.carrier = carrier;
        }
    }

    /// Records the end of a connection; the node will dial again.
    pub fn closed(&mut self, address: &PeerAddress, error: ConnectionError) {
        self.set(address, RelayConnection::Waiting { error, retry_at: None });
    }

    /// Updates the states from the node's events.
    pub fn observe(&mut self, event: &Event, wall: Timestamp) {
        match event {
            Event::PeerReady { peer, address, .. } => {
                for (state, id) in self.relays.iter_mut().filter(|(state, _)| state.address == *address) {
                    (state.connection, *id) = (RelayConnection::Ready, Some(*peer));
                }
            }
            Event::PeerGone { peer, reason } => {
                for (state, id) in self.relays.iter_mut().filter(|(_, id)| *id == Some(*peer)) {
                    *id = None;
                    if let (Some(reason), RelayConnection::Ready) = (reason, &state.connection) {
                        state.connection =
                            RelayConnection::Waiting { error: ConnectionError::Goodbye(*reason), retry_at: None };
                    }
                }
            }
            Event::DialFailed { address, error, retry_ms } => {
                let retry_at = Some(Timestamp(wall.0.saturating_add(*retry_ms)));
                self.set(address, RelayConnection::Waiting { error: error.clone(), retry_at });
            }
            _ => {}
        }
    }

    fn set(&mut self, address: &PeerAddress, connection: RelayConnection) {
        for (state, _) in self.relays.iter_mut().filter(|(state, _)| state.address == *address) {
            state.connection = connection.clone();
        }
    }
}
