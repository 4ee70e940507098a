use super::{Direction, Peer, PeerAddress, PeerId, Peers};
use crate::context::Context;
use crate::event::Event;
use crate::units::Monotonic;
use crate::wire::{Goodbye, Hello, Message, PROTOCOL_VERSION};

/// What the other machines learn about a peer with a complete handshake.
pub(crate) struct Joined {
    /// When it connected.
    pub(crate) since: Monotonic,
    /// Whether nobody else can dial it.
    pub(crate) is_leaf: bool,
}

impl Peers {
    /// Begins the handshake (rule W2).
    pub(crate) fn say_hello(&self, cx: &mut Context, id: PeerId) {
        let tip = cx.chain.tip();
        let hello = Hello {
            version: PROTOCOL_VERSION,
            network: cx.chain.network(),
            nonce: cx.nonce,
            tip: tip.id,
            height: tip.height,
            work: tip.work,
            time: cx.now.wall,
            user_agent: cx.config.user_agent.clone(),
            listen: cx.config.listen.clone(),
        };
        cx.outbox.announce(id, &Message::Hello(hello));
    }

    /// Completes the handshake (rule W2).
    ///
    /// # Errors
    /// Why to leave the peer.
    pub(crate) fn handshake_completed(
        &mut self,
        cx: &mut Context,
        id: PeerId,
        hello: Hello,
    ) -> Result<Joined, Goodbye> {
        if let Some(reason) = self.refusal(cx, id, &hello) {
            return Err(reason);
        }
        let peer = self.peers.get_mut(&id).ok_or(Goodbye::UnexpectedMessage)?;
        (peer.hello, peer.handshake_at) = (Some(hello), cx.now.monotonic);
        Ok(Joined { since: peer.since, is_leaf: peer.is_leaf() })
    }

    /// Admits a peer with a complete handshake.
    pub(crate) fn welcome(&mut self, cx: &mut Context, id: PeerId) {
        let Some(peer) = self.peers.get(&id) else { return };
        let Some(Hello { user_agent, height, listen, .. }) = peer.hello.clone() else { return };
        let (direction, address) = (peer.direction, peer.address.clone());
        cx.outbox.emit(Event::PeerReady { peer: id, direction, address: address.clone(), user_agent, height });
        match (direction, listen) {
            (Direction::Outbound, _) => {
                self.compare_clocks();
                self.address_reached(cx, id, &address);
            }
            // The address is shared after a dial has proven it.
            (Direction::Inbound, Some(listen)) if is_there(&address, &listen) => self.learn_address(cx, listen),
            (Direction::Inbound, _) => {}
        }
    }

    /// Why a handshake fails, if it does.
    fn refusal(&mut self, cx: &mut Context, id: PeerId, hello: &Hello) -> Option<Goodbye> {
        let peer = self.peers.get(&id)?;
        if hello.network != cx.chain.network() {
            return Some(Goodbye::WrongNetwork);
        }
        if hello.version != PROTOCOL_VERSION {
            return Some(Goodbye::WrongVersion);
        }
        if hello.nonce == cx.nonce {
            if peer.direction == Direction::Outbound {
                let address = peer.address.clone();
                self.note_own_address(cx, address);
            }
            return Some(Goodbye::SelfConnection);
        }
        let listen = hello.listen.as_ref();
        self.is_double(cx.nonce, peer.direction, &peer.address, hello.nonce, listen).then_some(Goodbye::Duplicate)
    }

    /// Whether another connection certainly leads to the same node as a peer that sent this number (rule W2). An equal
    /// number alone proves nothing, because numbers are not secret. It is proven if this node has reached a node with
    /// that number at the address where the peer says it listens. Of two connections, one opened by each side, the node
    /// with the lower number closes the one that the other side opened.
    fn is_double(
        &self,
        own: u64,
        opened: Direction,
        address: &PeerAddress,
        nonce: u64,
        listen: Option<&PeerAddress>,
    ) -> bool {
        let may_be_closed = match opened {
            Direction::Inbound => own < nonce,
            Direction::Outbound => listen != Some(address) && !self.dialer.is_configured(address),
        };
        let at_listen = |p: &Peer| p.direction == Direction::Outbound && Some(&p.address) == listen;
        may_be_closed && self.ready().any(|p| p.nonce() == Some(nonce) && at_listen(p))
    }

    /// Connections that a new one proves to lead to the same node.
    pub(crate) fn doubles_of(&self, cx: &Context, new: PeerId) -> Vec<PeerId> {
        let nonce = self.peers.get(&new).and_then(Peer::nonce);
        let same = self.ready().filter(|p| p.nonce() == nonce);
        let doubles = same.filter(|p| {
            let hello = p.hello.as_ref();
            hello.is_some_and(|h| self.is_double(cx.nonce, p.direction, &p.address, h.nonce, h.listen.as_ref()))
        });
        doubles.map(|p| p.id).collect()
    }
}

/// Whether a peer from one address may listen at the other. Otherwise the address is not dialled on the peer's claim
/// alone, because it may be anybody's.
fn is_there(from: &PeerAddress, listen: &PeerAddress) -> bool {
    from.ip().is_some_and(|ip| listen.ip() == Some(ip))
}
