mod attack;

pub(super) use attack::chain as chain_under_attack;

use super::crowd::Crowd;
use super::process::Server;
use super::report::Report;
use super::round::Round;
use super::tabs::{Form, Tabs};
use super::{Options, SERVER_CORE};
use crate::chain::LongChain;
use anyhow::{Context, Result, ensure};
use fedcoin_node::primitives::Payment;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::time::{Duration, Instant};

/// Timeout of every wait.
const PATIENCE: Duration = Duration::from_secs(120);
/// Rest of the relay before its memory is read, and between rounds.
const REST: Duration = Duration::from_millis(1_500);
/// Number of payments sent one by one.
const SINGLE: usize = 30;
/// Number of payments sent at once, and number of rounds.
const BURST: (usize, usize) = (64, 10);
/// Places for attackers: fewer than they want.
const ATTACKERS: usize = 300;
/// Payments in blocks of about 100 kB and 1 MB.
const PART_BLOCK: usize = 440;
const FULL_BLOCK: usize = 4_380;
/// Number of payments sent at once to spread a block's payments.
const SPREAD: usize = 200;

/// Measures one relay, or several in a row, with this many tabs.
pub(super) fn measure(
    options: &Options,
    program: &Path,
    chain: LongChain,
    tabs: usize,
    report: &mut Report,
) -> Result<()> {
    let (mut scene, last) = Scene::set(options, program, chain, tabs, report)?;
    if let Some(minutes) = options.attack {
        return scene.under_attack(options, report, last, Duration::from_secs(60 * u64::from(minutes.get())));
    }
    scene.payments(report, "payments, one by one", SINGLE, 1)?;
    scene.payments(report, "payments, 64 at once", BURST.1, BURST.0)?;
    scene.empty_blocks(report)?;
    scene.known_block(report, "block of 100 kB, payments known", PART_BLOCK)?;
    scene.whole_block(report, "block of 100 kB, whole", PART_BLOCK)?;
    if tabs <= options.full_blocks_up_to {
        scene.known_block(report, "block of 1 MB, payments known", FULL_BLOCK)?;
        scene.whole_block(report, "block of 1 MB, whole", FULL_BLOCK)?;
    }
    report.lost(&scene.name, tabs, scene.crowd.lost, &scene.talk.goodbyes);
    Ok(())
}

struct Scene {
    name: String,
    relays: Vec<Server>,
    _folder: tempfile::TempDir,
    chain: LongChain,
    /// Payments made so far, and those of them not in a block.
    made: usize,
    waiting: Vec<Payment>,
    crowd: Crowd,
    talk: Tabs,
    readers: usize,
}

impl Scene {
    /// Starts the relays, gives them a chain and connects the tabs. Also returns the address of the last relay.
    fn set(
        options: &Options,
        program: &Path,
        chain: LongChain,
        tabs: usize,
        report: &mut Report,
    ) -> Result<(Self, SocketAddr)> {
        let folder = tempfile::tempdir()?;
        std::fs::write(folder.path().join("network.toml"), toml::to_string(&chain.params)?)?;
        if options.attack.is_some() {
            crate::store_chain(&chain, &folder.path().join("data0"))?;
        }
        let (mut relays, mut addresses) = (Vec::<Server>::new(), Vec::<SocketAddr>::new());
        for number in 0..options.relays.get() {
            let arguments = arguments(options, number, tabs, addresses.last());
            let (relay, line) = Server::start_and_read(SERVER_CORE, program, &arguments, folder.path())?;
            let address = line.strip_prefix("http://").map(|l| l.trim_end_matches('/')).unwrap_or_default();
            addresses.push(address.parse().with_context(|| format!("the relay printed: {line}"))?);
            relays.push(relay);
        }
        let (first, last) = addresses.first().zip(addresses.last()).context("there is a relay")?;
        let mut crowd = Crowd::new()?;
        let publisher = crowd.open(*first, "/ws", &Tabs::greeting(&chain, 1))?;
        let mut talk = Tabs::new(publisher);
        let block = chain.blocks.last().context("the chain has a block")?.clone();
        let announcement = talk.block(block, Form::Whole, 0);
        crowd.talk(&mut talk, REST, |_| false)?;
        crowd.send(publisher, &announcement);
        for address in &addresses {
            wait_for_chain(*address, chain.blocks.len(), &mut crowd, &mut talk)?;
        }
        let name = if relays.len() == 1 { "fedcoin".to_owned() } else { format!("{} fedcoin in a row", relays.len()) };
        let mut scene =
            Self { name, relays, _folder: folder, chain, made: 0, waiting: Vec::new(), crowd, talk, readers: tabs };
        scene.connect(*last, report)?;
        Ok((scene, *last))
    }

    fn connect(&mut self, relay: SocketAddr, report: &mut Report) -> Result<()> {
        let before = self.memory();
        let started = Instant::now();
        for number in 0..self.readers {
            self.crowd.open(relay, "/ws", &Tabs::greeting(&self.chain, 2 + number as u64))?;
            if number % 200 == 199 {
                self.crowd.talk(&mut self.talk, Duration::from_millis(1), |_| false)?;
            }
        }
        let connecting = started.elapsed().as_secs_f64();
        self.crowd.talk(&mut self.talk, 2 * REST, |_| false)?;
        let each = self.memory().saturating_sub(before) as f64 / self.readers as f64;
        report.idle(&self.name, self.readers, each, connecting);
        Ok(())
    }

    /// Sends payments, this many at once and this often, and waits until the tabs have them.
    fn payments(&mut self, report: &mut Report, what: &str, times: usize, at_once: usize) -> Result<()> {
        let cost = self.cost();
        let mut all = Round::default();
        let mut busy = Duration::ZERO;
        for _ in 0..times {
            let payments = self.make(at_once)?;
            self.talk.begin();
            let started = Instant::now();
            let frames = self.talk.payments(&payments, self.readers);
            self.crowd.send(self.talk.publisher, &frames);
            self.crowd.talk(&mut self.talk, PATIENCE, |talk| talk.round.is_complete())?;
            busy += started.elapsed();
            self.waiting.extend(payments);
            all.add(self.talk.begin());
            self.crowd.talk(&mut self.talk, Duration::from_millis(100), |_| false)?;
        }
        self.tell(report, what, &all, busy, cost);
        Ok(())
    }

    fn empty_blocks(&mut self, report: &mut Report) -> Result<()> {
        let cost = self.cost();
        let mut all = Round::default();
        let mut busy = Duration::ZERO;
        for _ in 0..5 {
            let started = Instant::now();
            all.add(self.block(Vec::new(), Form::Whole)?);
            busy += started.elapsed();
        }
        self.tell(report, "empty blocks", &all, busy, cost);
        Ok(())
    }

    /// A block whose payments everybody has.
    fn known_block(&mut self, report: &mut Report, what: &str, payments: usize) -> Result<()> {
        while self.waiting.len() < payments {
            let more = self.make(SPREAD.min(payments - self.waiting.len()))?;
            self.talk.begin();
            let frames = self.talk.payments(&more, self.readers);
            self.crowd.send(self.talk.publisher, &frames);
            let done = self.crowd.talk(&mut self.talk, PATIENCE, |talk| talk.round.is_complete())?;
            ensure!(done, "the tabs did not get the payments of a block");
            self.waiting.extend(more);
        }
        let payments = core::mem::take(&mut self.waiting);
        self.one_block(report, what, payments, Form::Compact)
    }

    /// A block whose payments nobody has.
    fn whole_block(&mut self, report: &mut Report, what: &str, payments: usize) -> Result<()> {
        let payments = self.make(payments)?;
        self.one_block(report, what, payments, Form::Whole)
    }

    fn one_block(&mut self, report: &mut Report, what: &str, payments: Vec<Payment>, form: Form) -> Result<()> {
        self.crowd.talk(&mut self.talk, REST, |_| false)?;
        let cost = self.cost();
        let started = Instant::now();
        let round = self.block(payments, form)?;
        self.tell(report, what, &round, started.elapsed(), cost);
        Ok(())
    }

    fn block(&mut self, payments: Vec<Payment>, form: Form) -> Result<Round> {
        self.chain.append(payments);
        let block = self.chain.blocks.last().context("a block was just appended")?.clone();
        self.talk.begin();
        let announcement = self.talk.block(block, form, self.readers);
        self.crowd.send(self.talk.publisher, &announcement);
        self.crowd.talk(&mut self.talk, PATIENCE, |talk| talk.round.is_complete())?;
        let round = core::mem::take(&mut self.talk.round);
        self.crowd.talk(&mut self.talk, Duration::from_millis(100), |_| false)?;
        Ok(round)
    }

    fn make(&mut self, count: usize) -> Result<Vec<Payment>> {
        let payments = self.chain.payments_from(self.made, count, 2)?;
        self.made += count;
        Ok(payments)
    }

    fn memory(&self) -> u64 {
        self.relays.iter().map(|relay| relay.stat().memory()).sum()
    }

    /// Processor time and memory before a measurement.
    fn cost(&self) -> (Duration, u64) {
        self.relays.iter().for_each(|relay| relay.stat().forget_peak());
        (self.relays.iter().map(|relay| relay.stat().cpu()).sum(), self.memory())
    }

    fn tell(&self, report: &mut Report, what: &str, round: &Round, busy: Duration, before: (Duration, u64)) {
        let cpu: Duration = self.relays.iter().map(|relay| relay.stat().cpu()).sum();
        let peak: u64 = self.relays.iter().map(|relay| relay.stat().peak()).sum();
        let figures = round.figures(cpu - before.0, busy);
        report.round(&self.name, self.readers, what, figures, peak.saturating_sub(before.1));
    }
}

/// The arguments of a relay.
fn arguments(options: &Options, number: usize, tabs: usize, before: Option<&SocketAddr>) -> Vec<String> {
    let mut arguments = vec![
        "--chain=network.toml".to_owned(),
        format!("--data-dir=data{number}"),
        "--port=0".to_owned(),
        "--log=warn".to_owned(),
        format!("--max-peers={}", tabs + if options.attack.is_some() { ATTACKERS } else { 100 }),
    ];
    arguments.extend(before.map(|address| format!("--peer={address}")));
    arguments.extend(options.relay_args.iter().cloned());
    arguments
}

/// Waits until a relay has the whole chain.
fn wait_for_chain(relay: SocketAddr, height: usize, crowd: &mut Crowd, talk: &mut Tabs) -> Result<()> {
    let end = Instant::now() + PATIENCE;
    while Instant::now() < end {
        crowd.talk(talk, Duration::from_millis(100), |_| false)?;
        let mut stream = TcpStream::connect(relay)?;
        write!(stream, "GET /healthz HTTP/1.1\r\nHost: {relay}\r\nConnection: close\r\n\r\n")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        if answer.contains(&format!("height {height}\n")) {
            return Ok(());
        }
    }
    anyhow::bail!("the relay did not take the chain")
}
