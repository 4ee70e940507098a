use crate::network::direction;
use crate::queue::Happening;
use crate::simulation::Simulation;
use fedcoin_node::peers::{Direction, PeerId};
use fedcoin_node::primitives::BlockId;
use fedcoin_node::wire::{Goodbye, Message};
use fedcoin_node::{Input, PeerAddress};
use std::time::Duration;

/// A dial that nobody answers fails after so long.
const DIAL_TIMEOUT: Duration = Duration::from_secs(3);

/// Connections and what is said on them.
impl Simulation {
    pub(crate) fn dial(&mut self, host: usize, address: &PeerAddress) {
        let run = self.hosts[host].run;
        let to = self.hosts.iter().position(|h| h.address.as_ref() == Some(address));
        match to {
            Some(to) => {
                let at = self.now.after(self.network.delay(host, to));
                self.queue.push(at, Happening::Dial { from: host, run, to: Some(to) });
            }
            None => self.dial_failed(host, run, address.clone(), "no such host"),
        }
    }

    /// A dial arrives: somebody accepts it, or nobody.
    pub(crate) fn dialled(&mut self, from: usize, run: u32, to: Option<usize>) {
        let Some(to) = to else { return };
        let Some(address) = self.hosts[to].address.clone() else { return };
        if !self.network.can_reach(from, to) {
            return self.dial_failed(from, run, address, "no answer");
        }
        if self.hosts[to].node.is_none() {
            return self.dial_failed(from, run, address, "connection refused");
        }
        self.statistics.connections += 1;
        let acceptor = (to, self.hosts[to].run);
        self.network.connect((from, run), acceptor, self.now, &mut self.queue);
    }

    fn dial_failed(&mut self, host: usize, run: u32, address: PeerAddress, error: &str) {
        let input = Input::ConnectFailed { address, error: error.into() };
        self.queue.push(self.now.after(DIAL_TIMEOUT), Happening::Input { host, run, input });
    }

    /// One end learns that its connection stands.
    pub(crate) fn connected(&mut self, peer: PeerId) {
        let Some(end) = self.network.end(peer) else { return };
        let Some(remote) = self.network.other_host(peer) else { return };
        if !self.is_running(end.host, end.run) {
            // The dialler died meanwhile: its system answers for it.
            self.network.tell_closed(peer);
            self.queue.push(self.now, Happening::Closed { end: PeerId(peer.0 ^ 1) });
            return;
        }
        let direction = direction(peer);
        let address = match (direction, self.hosts[remote].address.clone()) {
            (Direction::Outbound, Some(address)) => address,
            _ => address_of(remote, 40_000 + peer.0 % 20_000),
        };
        self.give(end.host, end.run, Input::Connected { peer, direction, address });
    }

    pub(crate) fn delivered(&mut self, peer: PeerId, bytes: Vec<u8>) {
        if let Some(end) = self.network.end(peer).filter(|_| self.network.is_readable(peer)) {
            self.give(end.host, end.run, Input::Received { peer, bytes });
        }
    }

    pub(crate) fn closed(&mut self, peer: PeerId) {
        let Some(end) = self.network.end(peer) else { return };
        if self.network.tell_closed(peer) {
            self.give(end.host, end.run, Input::Disconnected { peer });
        }
    }

    pub(crate) fn send(&mut self, host: usize, peer: PeerId, bytes: Vec<u8>) {
        match Message::decode(&bytes) {
            Ok(message) => {
                let traffic = self.statistics.traffic.entry(message.name()).or_default();
                traffic.frames += 1;
                traffic.bytes += bytes.len() as u64;
                self.check_announcement(host, &message);
            }
            Err(e) => self.violation(host, format!("sends what cannot be decoded: {e}")),
        }
        self.network.send(peer, bytes, self.now, &mut self.queue);
    }

    /// Nothing may be told that a crash could take back.
    fn check_announcement(&mut self, host: usize, message: &Message) {
        let told: Vec<BlockId> = match message {
            Message::Headers(headers) => headers.iter().map(|header| header.id()).collect(),
            Message::Hello(hello) => vec![hello.tip],
            _ => return,
        };
        let store = &self.hosts[host].store;
        if let Some(id) = told.iter().find(|id| !store.has_durable_block(id)) {
            let name = message.name();
            self.violation(host, format!("told of {id} in {name} before it was on disk"));
        }
    }

    pub(crate) fn close(&mut self, peer: PeerId, reason: Goodbye) {
        *self.statistics.goodbyes.entry(reason.to_string()).or_default() += 1;
        self.network.close(peer, self.now, &mut self.queue);
    }
}

/// The address of a host's port.
pub(crate) fn address_of(host: usize, port: u64) -> PeerAddress {
    let text = format!("10.0.{}.{}:{port}", host / 250, host % 250 + 1);
    text.parse().expect("a host and a port make an address")
}
