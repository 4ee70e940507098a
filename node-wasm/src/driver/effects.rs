use super::{Driver, failure};
use crate::messages::{Failure, Happening};
use crate::socket::SocketEvent;
use fedcoin_node::wire::Goodbye;
use fedcoin_node::{ConnectionError, Direction, Effect, Event, Input, PeerAddress, PeerId};

impl Driver {
    /// Carries out or begins one effect of the node, under the driving contract.
    pub(super) fn carry_out(&mut self, effect: Effect, since: f64) -> Result<(), Failure> {
        match effect {
            Effect::Store { changes, durability } => {
                self.storage.store.apply(&changes, durability).map_err(failure)?;
            }
            Effect::Load { request, blocks } => {
                let blocks = self.storage.store.load(&blocks).map_err(failure)?;
                self.answer(Input::Loaded { request, blocks });
            }
            Effect::Verify { batch, checks } => self.verifier.check(batch, checks),
            Effect::Connect { address } => self.connect(address),
            Effect::Send { peer, bytes } => self.send_frame(peer, &bytes),
            Effect::Disconnect { peer, reason } => self.disconnect(peer, reason),
            Effect::Mine(job) => self.miners.mine(job, since),
            Effect::PauseMining { .. } => self.miners.pause(since),
            Effect::Emit(event) => return self.emit(event),
        }
        Ok(())
    }

    fn connect(&mut self, address: PeerAddress) {
        match self.sockets.dial(address.clone()) {
            Ok(carrier) => self.relays.dialling(&address, carrier),
            Err(error) => self.answer(Input::ConnectFailed { address, error }),
        }
    }

    fn send_frame(&mut self, peer: PeerId, frame: &[u8]) {
        if let Err(cause) = self.sockets.send(peer, frame) {
            self.socket_dropped(peer, &cause);
            self.answer(Input::Disconnected { peer });
        }
    }

    fn disconnect(&mut self, peer: PeerId, reason: Goodbye) {
        if let Some((address, _)) = self.sockets.close(peer, true) {
            self.relays.closed(&address, ConnectionError::Goodbye(reason));
        }
        self.answer(Input::Disconnected { peer });
    }

    /// Processes an event of a connection.
    pub(super) fn socket_event(&mut self, peer: PeerId, event: SocketEvent, since: f64) -> Result<(), Failure> {
        let Some(address) = self.sockets.address(peer).cloned() else { return Ok(()) };
        match event {
            SocketEvent::Opened => self.give(Input::Connected { peer, direction: Direction::Outbound, address }, since),
            SocketEvent::Frame(bytes) => {
                self.sockets.frame_read(peer, bytes.len());
                self.give(Input::Received { peer, bytes: bytes.into() }, since)
            }
            SocketEvent::Closed(cause) => match self.socket_dropped(peer, &cause) {
                true => self.give(Input::Disconnected { peer }, since),
                false => self.give(Input::ConnectFailed { address, error: cause }, since),
            },
        }
    }

    /// Forgets a connection; returns whether it was ever open.
    fn socket_dropped(&mut self, peer: PeerId, cause: &ConnectionError) -> bool {
        let Some((address, stood)) = self.sockets.close(peer, may_be_of_the_way(cause)) else { return false };
        self.relays.closed(&address, cause.clone());
        if is_fault(cause) {
            self.log(Happening::SocketDropped { address, reason: cause.clone() });
        }
        stood
    }

    /// Processes an event of the node.
    fn emit(&mut self, event: Event) -> Result<(), Failure> {
        self.relays.observe(&event, self.clock.now().wall);
        match event {
            Event::StorageCorrupt { problem } => return Err(Failure::Corrupt(problem)),
            Event::PaymentSubmitted { request, txid, result } => {
                self.submitted(request, txid, result);
                return Ok(());
            }
            Event::BlockSubmitted { .. } => return Ok(()),
            Event::BlockMined { .. } => self.display.blocks_found = self.display.blocks_found.saturating_add(1),
            // During a long download the state shows the progress. A reorganisation has its own event.
            Event::TipChanged { ref disconnected, .. }
                if !disconnected.is_empty() || self.node.sync_status().is_fetching() =>
            {
                return Ok(());
            }
            _ => {}
        }
        self.log(Happening::Node(event));
        Ok(())
    }
}

/// Whether the other side violated the protocol or a limit, rather than being gone.
const fn is_fault(cause: &ConnectionError) -> bool {
    matches!(
        cause,
        ConnectionError::Text
            | ConnectionError::FrameTooLarge { .. }
            | ConnectionError::TooFast { .. }
            | ConnectionError::SlowReader { .. }
    )
}

/// Whether something on the way may have caused it.
fn may_be_of_the_way(cause: &ConnectionError) -> bool {
    !is_fault(cause) && *cause != ConnectionError::Renewed
}
