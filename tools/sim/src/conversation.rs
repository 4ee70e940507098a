use crate::host::address_of;
use crate::network::direction;
use crate::queue::Happening;
use crate::simulation::Simulation;
use bytes::Bytes;
use fedcoin_node::peers::{Direction, PeerId};
use fedcoin_node::primitives::BlockId;
use fedcoin_node::wire::{Goodbye, Message};
use fedcoin_node::{ConnectionError, Input, PeerAddress};
use std::time::Duration;

/// Time after which an unanswered dial fails.
const DIAL_TIMEOUT: Duration = Duration::from_secs(3);

/// Connections and their messages.
impl Simulation {
    pub(crate) fn dial(&mut self, host: usize, address: &PeerAddress) {
        let run = self.hosts[host].run;
        match self.hosts_by_address.get(address).copied() {
            Some(to) => {
                let at = self.now.after(self.network.delay(host, to));
                self.queue.push(at, Happening::Dial { from: host, run, to: Some(to) });
            }
            None => self.dial_failed(host, run, address.clone(), "no such host"),
        }
    }

    /// A dial arrives and is accepted or refused.
    pub(crate) fn dialled(&mut self, from: usize, run: u32, to: Option<usize>) {
        let Some(to) = to else { return };
        let Some(address) = self.hosts[to].address.clone() else { return };
        if !self.network.can_reach(from, to) {
            return self.dial_failed(from, run, address, "no answer");
        }
        if !self.is_running(to, self.hosts[to].run) {
            return self.dial_failed(from, run, address, "connection refused");
        }
        self.statistics.connections += 1;
        let acceptor = (to, self.hosts[to].run);
        self.network.connect((from, run), acceptor, self.now, &mut self.queue);
    }

    fn dial_failed(&mut self, host: usize, run: u32, address: PeerAddress, error: &str) {
        let input = Input::ConnectFailed { address, error: ConnectionError::System(error.into()) };
        self.queue.push(self.now.after(DIAL_TIMEOUT), Happening::Input { host, run, input });
    }

    /// One end learns that its connection is open.
    pub(crate) fn connected(&mut self, peer: PeerId) {
        let Some(end) = self.network.end(peer) else { return };
        let Some(remote) = self.network.other_host(peer) else { return };
        if !self.is_running(end.host, end.run) {
            // The dialling host died meanwhile, so its system answers.
            self.network.report_closed(peer);
            self.queue.push(self.now, Happening::Closed { end: PeerId(peer.0 ^ 1) });
            return;
        }
        if self.hosts[end.host].actor.is_some() {
            return self.actor_connected(end.host, peer);
        }
        let direction = direction(peer);
        let address = match (direction, self.hosts[remote].address.clone()) {
            (Direction::Outbound, Some(address)) => address,
            _ => address_of(remote, 40_000 + peer.0 % 20_000),
        };
        self.give(end.host, end.run, Input::Connected { peer, direction, address });
    }

    pub(crate) fn delivered(&mut self, peer: PeerId, bytes: Bytes) {
        if let Some(end) = self.network.end(peer).filter(|_| self.network.is_readable(peer)) {
            if self.hosts[end.host].actor.is_some() {
                return self.actor_received(end.host, peer, &bytes);
            }
            self.give(end.host, end.run, Input::Received { peer, bytes });
        }
    }

    pub(crate) fn closed(&mut self, peer: PeerId) {
        let Some(end) = self.network.end(peer) else { return };
        if self.network.report_closed(peer) {
            if self.hosts[end.host].actor.is_some() {
                return self.actor_closed(end.host, peer);
            }
            self.give(end.host, end.run, Input::Disconnected { peer });
        }
    }

    pub(crate) fn send(&mut self, host: usize, peer: PeerId, bytes: Bytes) {
        match bytes.first().and_then(|kind| Message::name_of(*kind)) {
            Some(name) => self.statistics.traffic.entry(name).or_default().add(bytes.len()),
            None => self.violation(host, "sends an invalid message".into()),
        }
        if matches!(bytes.first(), Some(0 | 2)) {
            self.check_announcement(host, &bytes);
        }
        self.network.send(peer, bytes, self.now, &mut self.queue);
    }

    /// A node may not announce anything that a crash could undo.
    fn check_announcement(&mut self, host: usize, bytes: &[u8]) {
        let announced: Vec<BlockId> = match Message::decode(bytes) {
            Ok(Message::Headers(headers)) => headers.iter().map(|header| header.id()).collect(),
            Ok(Message::Hello(hello)) => vec![hello.tip],
            Ok(_) => return,
            Err(e) => return self.violation(host, format!("sends an undecodable frame: {e}")),
        };
        let disk = &self.hosts[host].disk;
        let durable = |id: &BlockId| self.archive.place(id).is_some_and(|place| disk.has_durable_block(place));
        if let Some(id) = announced.iter().find(|id| !durable(id)) {
            self.violation(host, format!("announced {id} before it was on disk"));
        }
    }

    pub(crate) fn close(&mut self, host: usize, peer: PeerId, reason: Goodbye) {
        self.note_goodbye(host, peer, reason);
        self.network.close(peer, self.now, &mut self.queue);
    }
}
