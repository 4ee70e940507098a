use crate::fixtures::{self, Defect, PEOPLE, block_on, key, params, pay, units};
use crate::{Bytes, Driver, NaiveLedger};
use fedcoin_node::codec::decode;
use fedcoin_node::consensus::ChainParams;
use fedcoin_node::primitives::{
    Block, BlockId, Coinbase, Header, NetworkId, OutPoint, Output, Payment, StateRoots, TxId,
};
use fedcoin_node::units::{Height, Timestamp, Work};
use fedcoin_node::wire::{Goodbye, Hello, Message, PROTOCOL_VERSION};
use fedcoin_node::{
    Command, ConnectionError, Direction, Event, Input, MiningPolicy, MiningSettings, PeerAddress, PeerId, RequestId,
    Verdict,
};

/// A run's length.
const MAX_STEPS: usize = 160;

/// Any sequence of inputs, including malformed messages and late, wrong or reordered answers. The node keeps the
/// driving contract (which [`Driver`] asserts), its tip never gets worse, and its ledger equals the naive ledger of its
/// chain.
pub fn inputs(bytes: &[u8]) {
    let mut bytes = Bytes::new(bytes);
    let mut run = Run::new();
    for _ in 0..MAX_STEPS {
        if bytes.is_empty() || run.over {
            break;
        }
        run.step(&mut bytes);
        run.check();
    }
    run.finish();
}

struct Run {
    params: ChainParams,
    driver: Driver,
    /// Every block made, genesis first.
    blocks: Vec<Block>,
    payments: Vec<Payment>,
    peers: Vec<PeerId>,
    next_peer: u64,
    work: Work,
    over: bool,
}

impl Run {
    fn new() -> Self {
        let params = params();
        Self {
            driver: Driver::new(params.clone()),
            blocks: vec![params.genesis_block()],
            payments: Vec::new(),
            peers: Vec::new(),
            next_peer: 0,
            work: Work::ZERO,
            over: false,
            params,
        }
    }

    fn step(&mut self, bytes: &mut Bytes<'_>) {
        match bytes.below(16) {
            0 | 1 => self.connect(bytes),
            2 => self.disconnect(bytes),
            3 => {
                let kind = bytes.below(16) as u8;
                let frame = [&[kind], bytes.take(200)].concat();
                self.receive(bytes, frame);
            }
            4..=6 => {
                let message = self.message(bytes);
                let mut frame = message.encode();
                if bytes.once_in(8) {
                    let at = (usize::from(bytes.byte()) << 8 | usize::from(bytes.byte())) % frame.len();
                    frame[at] ^= 1 << bytes.below(8);
                }
                self.receive(bytes, frame);
            }
            7 | 8 => self.answer(bytes),
            9 => self.answer_wrongly(bytes),
            10 => self.pass_time(bytes),
            11 => self.command(bytes),
            12 => self.mined(bytes),
            13 | 14 => self.make_block(bytes),
            _ => self.make_payment(bytes),
        }
    }

    fn connect(&mut self, bytes: &mut Bytes<'_>) {
        let peer = PeerId(self.next_peer);
        self.next_peer += 1;
        self.peers.push(peer);
        let direction = if bytes.once_in(3) { Direction::Outbound } else { Direction::Inbound };
        self.driver.handle(Input::Connected { peer, direction, address: address(bytes.byte()) });
        if !bytes.once_in(4) {
            let hello = Message::Hello(self.hello(bytes)).encode();
            self.driver.handle(Input::Received { peer, bytes: hello.into() });
        }
    }

    fn hello(&mut self, bytes: &mut Bytes<'_>) -> Hello {
        let block = self.blocks[bytes.below(self.blocks.len())].clone();
        let work = self.driver.node.chain().tip().work;
        Hello {
            version: PROTOCOL_VERSION + u16::from(bytes.once_in(16)),
            network: if bytes.once_in(16) { NetworkId([9; 32]) } else { self.driver.node.network() },
            nonce: bytes.byte().into(),
            tip: block.id(),
            height: block.coinbase.height,
            work: if bytes.once_in(2) { work } else { work + work },
            time: self.driver.now.wall,
            user_agent: "fuzz".into(),
            listen: bytes.once_in(4).then(|| address(bytes.byte())),
        }
    }

    fn disconnect(&mut self, bytes: &mut Bytes<'_>) {
        if !self.peers.is_empty() {
            let peer = self.peers.remove(bytes.below(self.peers.len()));
            // Then the answer to a `Disconnect` has already come.
            self.driver.answers.retain(|answer| !matches!(answer, Input::Disconnected { peer: p } if *p == peer));
            self.driver.handle(Input::Disconnected { peer });
        }
    }

    fn receive(&mut self, bytes: &mut Bytes<'_>, frame: Vec<u8>) {
        if let Some(peer) = bytes.choose(&self.peers).copied() {
            self.driver.handle(Input::Received { peer, bytes: frame.into() });
        }
    }

    fn message(&mut self, bytes: &mut Bytes<'_>) -> Message {
        match bytes.below(14) {
            0 => Message::Hello(self.hello(bytes)),
            1 => Message::GetHeaders { locator: self.block_ids(bytes) },
            2 | 3 => Message::Headers(self.some_blocks(bytes).iter().map(|block| block.header).collect()),
            4 => Message::Inv(self.txids(bytes)),
            5 => Message::GetPayments(self.txids(bytes)),
            6 => bytes.choose(&self.payments).cloned().map_or(Message::GetAddresses, Message::Payment),
            7 => Message::GetBlocks(self.block_ids(bytes)),
            8 | 9 => Message::Block(Box::new(self.blocks[bytes.below(self.blocks.len())].clone())),
            10 => Message::NotFound { blocks: self.block_ids(bytes), payments: self.txids(bytes) },
            11 => Message::Addresses((0..bytes.below(4)).map(|_| address(bytes.byte())).collect()),
            12 => Message::Ping(1),
            _ if bytes.once_in(2) => Message::Goodbye(Goodbye::Banned),
            _ => Message::Pong(2),
        }
    }

    /// Blocks in the order they were made, which sometimes form a chain.
    fn some_blocks(&self, bytes: &mut Bytes<'_>) -> Vec<Block> {
        let start = bytes.below(self.blocks.len());
        self.blocks[start..].iter().take(bytes.below(20)).cloned().collect()
    }

    fn block_ids(&self, bytes: &mut Bytes<'_>) -> Vec<BlockId> {
        let mut ids: Vec<BlockId> = self.some_blocks(bytes).iter().take(16).map(Block::id).collect();
        ids.extend(bytes.once_in(4).then_some(BlockId([1; 32])));
        ids
    }

    fn txids(&self, bytes: &mut Bytes<'_>) -> Vec<TxId> {
        let mut txids: Vec<TxId> = self.payments.iter().filter(|_| bytes.once_in(2)).map(Payment::txid).collect();
        txids.extend(bytes.once_in(4).then_some(TxId([1; 32])));
        txids
    }

    /// One of the answers that are due.
    fn answer(&mut self, bytes: &mut Bytes<'_>) {
        let due = self.driver.answers.len();
        if due > 0
            && let Some(answer) = self.driver.answers.remove(bytes.below(due))
        {
            self.give_answer(answer);
        }
    }

    fn give_answer(&mut self, answer: Input) {
        if let Input::Disconnected { peer } = &answer {
            self.peers.retain(|p| p != peer);
        }
        self.driver.handle(answer);
    }

    /// A malformed answer: the driver failed.
    fn answer_wrongly(&mut self, bytes: &mut Bytes<'_>) {
        let due = self.driver.answers.len();
        if due == 0 {
            return;
        }
        match self.driver.answers.remove(bytes.below(due)) {
            Some(Input::Verified { batch, mut verdicts }) => {
                match bytes.below(3) {
                    0 => verdicts.fill(Verdict::Unknown),
                    1 => verdicts.push(Verdict::Valid),
                    _ => verdicts.clear(),
                }
                self.driver.handle(Input::Verified { batch, verdicts });
            }
            Some(Input::Loaded { request, mut blocks }) => {
                self.driver.lied = true;
                match (bytes.below(3), blocks.first_mut()) {
                    (0, Some(Some(first))) => first.block.truncate(bytes.byte().into()),
                    (1, Some(Some(first))) => first.undo = Some(vec![1]),
                    (_, first) => first.into_iter().for_each(|first| *first = None),
                }
                self.driver.handle(Input::Loaded { request, blocks });
            }
            answer => answer.into_iter().for_each(|answer| self.give_answer(answer)),
        }
    }

    fn pass_time(&mut self, bytes: &mut Bytes<'_>) {
        let ms = u64::from(bytes.byte()) << bytes.below(17);
        self.driver.pass(ms);
        if bytes.once_in(8) {
            // Somebody sets the clock.
            let wall = &mut self.driver.now.wall.0;
            *wall = if bytes.once_in(2) { wall.saturating_sub(ms * 2) } else { wall.saturating_add(ms) };
        }
        self.driver.handle(Input::Tick);
    }

    fn command(&mut self, bytes: &mut Bytes<'_>) {
        let input = match bytes.below(8) {
            0 => Input::Command(Command::AddPeer { address: address(bytes.byte()) }),
            1 => Input::Command(Command::Reconnect),
            2 | 3 => {
                let policy = if bytes.once_in(2) { MiningPolicy::Always } else { MiningPolicy::OnDemand };
                let settings = MiningSettings { recipient: key(1 + bytes.byte() % PEOPLE).address(), policy };
                Input::Command(Command::SetMining((!bytes.once_in(4)).then_some(settings)))
            }
            4 => Input::ConnectFailed {
                address: address(bytes.byte()),
                error: ConnectionError::System("refused".into()),
            },
            5 if bytes.once_in(8) => {
                self.over = true;
                Input::Command(Command::Shutdown)
            }
            6 => {
                for peer in self.peers.first().copied().into_iter().chain([PeerId(u64::MAX)]) {
                    self.driver.handle(Input::Receiving { peer });
                }
                Input::Disconnected { peer: PeerId(u64::MAX) }
            }
            _ => {
                let block = Box::new(self.blocks[bytes.below(self.blocks.len())].clone());
                Input::Command(Command::SubmitBlock { request: RequestId(1), block })
            }
        };
        self.driver.handle(input);
    }

    fn mined(&mut self, bytes: &mut Bytes<'_>) {
        let Some(job) = self.driver.job else { return };
        let mut header = job.header;
        fixtures::solve_header(&mut header);
        let late = u64::from(bytes.once_in(4));
        header.nonce = header.nonce.wrapping_add(u32::from(bytes.once_in(4)));
        let generation = job.generation.wrapping_sub(late);
        let Header { salt, time, nonce, .. } = header;
        self.driver.handle(Input::Mined { generation, salt, time, nonce });
        if let Some(block) = self.driver.node.chain().recent_block(&header.id()) {
            self.blocks.push(block.block().clone());
        }
    }

    /// A block that the node has not seen yet.
    fn make_block(&mut self, bytes: &mut Bytes<'_>) {
        let last = self.blocks.len() - 1;
        let parent = &self.blocks[if bytes.once_in(4) { bytes.below(self.blocks.len()) } else { last }];
        let height = parent.coinbase.height.next();
        let amount = units(u64::try_from(NaiveLedger::subsidy(&self.params, height.0)).unwrap());
        let coinbase = Coinbase { height, output: Output { amount, recipient: key(1).address() } };
        let time = Timestamp(parent.header.time.0.saturating_add(1 + u64::from(bytes.byte())));
        let payments = self.payments.iter().filter(|_| bytes.once_in(4)).cloned().collect();
        let mut block = block_on(&self.params, &parent.header, time, coinbase, payments);
        block.roots = self.roots_on(parent);
        fixtures::solve(&mut block);
        if bytes.once_in(8) {
            fixtures::spoil_block(bytes, &mut block);
        }
        self.blocks.push(block);
    }

    /// What a block on this one must commit to, or nothing if that block is not valid.
    fn roots_on(&self, parent: &Block) -> StateRoots {
        let mut chain = vec![parent];
        while let Some(parent) = self.blocks.iter().find(|block| block.id() == chain[chain.len() - 1].header.previous) {
            chain.push(parent);
        }
        let replayed = NaiveLedger::replay_with_roots(&self.params, chain.into_iter().rev());
        replayed.map(|(_, roots)| roots).unwrap_or_default()
    }

    /// A payment of a coin, which may not exist or no longer exist.
    fn make_payment(&mut self, bytes: &mut Bytes<'_>) {
        let block = &self.blocks[bytes.below(self.blocks.len())];
        let mut coins: Vec<(OutPoint, Output)> = vec![(block.coinbase.outpoint(), block.coinbase.output)];
        coins.extend(self.payments.iter().flat_map(Payment::outputs).map(|(outpoint, output)| (outpoint, *output)));
        let Some((outpoint, output)) = bytes.choose(&coins) else { return };
        let amount = units(output.amount.units().saturating_sub(bytes.byte().into()));
        let paid = Output { amount, recipient: key(1 + bytes.byte() % PEOPLE).address() };
        let mut payment = pay(fixtures::person(&output.recipient), vec![*outpoint], vec![paid]);
        payment.unsigned.replaceable = bytes.once_in(2);
        if bytes.once_in(8) {
            Defect::of(bytes).spoil(&mut payment);
        }
        if bytes.once_in(2) {
            let payment = payment.clone();
            self.driver.handle(Input::Command(Command::SubmitPayment {
                request: RequestId(2),
                payment,
                may_replace: true,
            }));
        }
        self.payments.push(payment);
    }

    fn check(&mut self) {
        let status = self.driver.node.status();
        assert!(status.tip.work >= self.work, "the tip got worse");
        self.work = status.tip.work;
        assert!(status.orphans <= 64 && status.mempool_payments <= 50_000 && status.mempool_bytes <= 20_000_000);
        if self.driver.events.iter().any(|event| matches!(event, Event::StorageCorrupt { .. })) {
            assert!(self.driver.lied, "the node cannot read what it stored");
            self.over = true;
        }
        self.driver.events.clear();
        self.driver.sent.clear();
    }

    /// Memory, disk and naive ledger have the same state, also after a restart.
    fn finish(mut self) {
        self.driver.restart();
        let chain = self.driver.node.chain();
        let ids = (0..=chain.tip().height.0).map(|height| chain.id_at(Height(height)).unwrap());
        let stored = self.driver.store.load(&ids.collect::<Vec<_>>());
        let blocks: Vec<Block> = stored.into_iter().map(|block| decode(&block.unwrap().block).unwrap()).collect();
        let linked = blocks.windows(2).all(|pair| pair[1].header.previous == pair[0].id());
        assert!(linked && blocks.iter().all(|block| block.commitment() == block.header.commitment));
        let (ledger, roots) = NaiveLedger::replay_with_roots(&self.params, &blocks).expect("an invalid chain");
        assert_eq!(chain.commitments().roots(), roots);
        assert_eq!(chain.utxos().state_hash(), ledger.state_hash());
    }
}

fn address(n: u8) -> PeerAddress {
    format!("ws://10.0.0.{}:5000/ws", n % 32).parse().unwrap()
}
