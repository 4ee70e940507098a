use crate::byzantine::{Behaviour, Reply, Scene};
use crate::queue::Happening;
use crate::simulation::Simulation;
use fedcoin_node::Node;
use fedcoin_node::peers::PeerId;
use fedcoin_node::pow::{self, Job};
use fedcoin_node::primitives::{Block, Coinbase, Output};
use fedcoin_node::units::{Height, Timestamp};
use fedcoin_node::wire::{Goodbye, Hello, Message, PROTOCOL_VERSION};
use std::time::Duration;

/// Interval between a host's own actions, such as a connection to a new victim.
const MISCHIEF_EVERY: Duration = Duration::from_secs(10);
/// Maximum number of connections that a host opens.
const MAX_DIALLED: usize = 8;

/// The actions of byzantine hosts.
impl Simulation {
    pub(crate) fn start_actor(&mut self, host: usize) {
        if self.hosts[host].run == 0 {
            self.hosts[host].run = 1;
            self.mischief(host);
        }
    }

    /// The regular action: connects to another victim if there is room, and does what the behaviour does unprompted.
    pub(crate) fn mischief(&mut self, host: usize) {
        let peers = self.hosts[host].actor.as_ref().map_or(0, |actor| actor.peers.len());
        if self.restless && peers < MAX_DIALLED {
            let victim = self.rng.usize(..self.addresses.len());
            self.dial(host, &self.addresses[victim].clone());
        }
        let reply = self.with_actor(host, |behaviour, scene| behaviour.mischief(scene)).unwrap_or_default();
        if self.restless {
            self.reply(host, None, reply);
        }
        self.queue.push(self.now.after(MISCHIEF_EVERY), Happening::Mischief { host });
    }

    pub(crate) fn actor_connected(&mut self, host: usize, peer: PeerId) {
        let (nonce, wall) = (self.rng.u64(..), self.hosts[host].clocks(self.now).wall);
        let listen = self.hosts[host].address.clone();
        let hello = self.with_actor(host, |behaviour, scene| {
            let tip = scene.leader.chain().tip();
            let mut hello = Hello {
                version: PROTOCOL_VERSION,
                network: scene.leader.network(),
                nonce,
                tip: tip.id,
                height: tip.height,
                work: tip.work,
                time: wall,
                user_agent: behaviour.name().into(),
                listen,
            };
            behaviour.introduce(&mut hello, scene);
            hello
        });
        if let Some(actor) = &mut self.hosts[host].actor {
            actor.peers.insert(peer, false);
        }
        if let Some(hello) = hello {
            self.actor_send(host, peer, &Message::Hello(hello));
        }
    }

    pub(crate) fn actor_received(&mut self, host: usize, peer: PeerId, bytes: &[u8]) {
        let Ok(message) = Message::decode(bytes) else { return };
        match &message {
            Message::Hello(_) => {
                if let Some(actor) = &mut self.hosts[host].actor {
                    actor.peers.insert(peer, true);
                }
            }
            Message::Goodbye(_) => {}
            message => {
                let reply = self.with_actor(host, |behaviour, scene| {
                    behaviour.answer(message, scene).unwrap_or_else(|| scene.honest_answer(message))
                });
                self.reply(host, Some(peer), reply.unwrap_or_default());
            }
        }
    }

    pub(crate) fn actor_closed(&mut self, host: usize, peer: PeerId) {
        if let Some(actor) = &mut self.hosts[host].actor {
            actor.peers.remove(&peer);
        }
    }

    /// The host's virtual hash rate has found a block on the best tip, which may be invalid.
    pub(crate) fn actor_found(&mut self, host: usize, job: &Job) {
        let recipient = self.wallets[host].address;
        let salt = self.rng.u32(..);
        // The header must differ from that of the leader's job.
        let time = Timestamp(job.header_at(self.hosts[host].clocks(self.now).wall).time.0 + 1);
        let made = self.with_actor(host, |behaviour, scene| {
            let height = scene.leader.chain().height_of(&job.header.previous).map_or(Height::GENESIS, Height::next);
            let amount = scene.leader.params().subsidy_at(height);
            let coinbase = Coinbase { height, output: Output { amount, recipient } };
            let roots = scene.leader.chain().commitments().roots();
            let mut block = Block { header: job.header_of(time), roots, coinbase, payments: Vec::new() };
            let forged = behaviour.forge(&mut block, scene);
            (block, forged || scene.leader.params().min_block_payments > 0)
        });
        let Some((mut block, breaks_a_rule)) = made else { return };
        block.header.commitment = block.commitment();
        block.header.salt = salt;
        let Ok(target) = block.header.target.expand() else { return };
        let Some(nonce) = pow::search(&block.header, target, salt, 0..1 << 32) else { return };
        block.header.nonce = nonce;
        let id = block.id();
        self.archive.add_block(id, &block);
        if let Some(entry) = self.archive.find_mut(&id) {
            entry.breaks_a_rule = breaks_a_rule;
        }
        self.statistics.byzantine_blocks += 1;
        self.reply(host, None, Reply::to_all(Message::Headers(vec![block.header])));
    }

    /// Closes all connections of a byzantine host permanently.
    pub(crate) fn retire(&mut self, host: usize) {
        let peers: Vec<PeerId> =
            self.hosts[host].actor.as_ref().map_or_else(Vec::new, |actor| actor.peers.keys().copied().collect());
        for peer in peers {
            self.network.close(peer, self.now, &mut self.queue);
        }
    }

    fn reply(&mut self, host: usize, sender: Option<PeerId>, reply: Reply) {
        for message in &reply.to_sender {
            if let Some(sender) = sender {
                self.actor_send(host, sender, message);
            }
        }
        if reply.to_all.is_empty() {
            return;
        }
        let peers = self.hosts[host].actor.as_ref().map(|actor| &actor.peers);
        let ready = peers.into_iter().flatten().filter(|(_, ready)| **ready).map(|(peer, _)| *peer);
        for peer in ready.collect::<Vec<_>>() {
            for message in &reply.to_all {
                self.actor_send(host, peer, message);
            }
        }
    }

    fn actor_send(&mut self, host: usize, peer: PeerId, message: &Message) {
        let bytes = message.encode();
        self.trace.add(self.now, host, "byzantine send", &bytes);
        self.statistics.byzantine_traffic.add(bytes.len());
        self.network.send(peer, bytes.into(), self.now, &mut self.queue);
    }

    fn with_actor<T>(&mut self, host: usize, act: impl FnOnce(&mut dyn Behaviour, &mut Scene<'_>) -> T) -> Option<T> {
        let mut actor = self.hosts[host].actor.take()?;
        let leader = self.leader();
        let leader: Option<&Node> = leader.and_then(|leader| self.hosts[leader].node.as_ref());
        let result = leader.map(|leader| {
            let mut scene = Scene {
                leader,
                archive: &self.archive,
                rng: &mut self.rng,
                key: self.wallets[host].key(),
                addresses: &self.addresses,
            };
            act(actor.behaviour.as_mut(), &mut scene)
        });
        self.hosts[host].actor = Some(actor);
        result
    }

    /// Records why an honest host closed a connection.
    pub(crate) fn note_goodbye(&mut self, host: usize, peer: PeerId, reason: Goodbye) {
        *self.statistics.goodbyes.entry(reason.to_string()).or_default() += 1;
        let Some(other) = self.network.other_host(peer) else { return };
        match &self.hosts[other].actor {
            Some(actor) => {
                *self.statistics.cut_off.entry((actor.name(), reason.to_string())).or_default() += 1;
            }
            None if is_ban(reason) => self.violation(host, format!("bans node {other}, which is honest: {reason}")),
            None => self.statistics.honest_stalls += u64::from(reason == Goodbye::Stalled),
        }
    }
}

/// Whether no honest node causes this reason.
fn is_ban(reason: Goodbye) -> bool {
    use Goodbye::{
        Duplicate, HandshakeTimeout, SelfConnection, ShuttingDown, SlowReader, Stalled, TooManyPeers, Unresponsive,
    };
    let harmless =
        [ShuttingDown, SelfConnection, Duplicate, TooManyPeers, HandshakeTimeout, Unresponsive, Stalled, SlowReader];
    !harmless.contains(&reason)
}
