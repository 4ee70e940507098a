//! Runs a simulated network and prints its figures.

use anyhow::{Context, Result, ensure};
use clap::{Parser, ValueEnum};
use fedcoin_node::MiningPolicy;
use fedcoin_node::consensus::{ChainParams, Retarget};
use fedcoin_node::units::CompactTarget;
use fedcoin_sim::{Churn, Fault, SimConfig, Simulation};
use std::time::{Duration, Instant};

/// Runs a network of FEDCoin nodes in virtual time and prints its figures.
///
/// The same options make the same run. Ends with an error if a node violates an invariant, or if the nodes do not agree
/// in the end.
#[derive(Debug, Parser)]
#[command(name = "fedcoin-sim", version)]
struct Options {
    /// Defaults for all other options.
    #[arg(long, value_enum, default_value_t = Preset::Hour)]
    preset: Preset,
    /// Seed of all random choices.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The network's rules: the name of a built-in network. If the target follows the hash rate, the easiest target is
    /// eased so that a block costs hundreds of hashes.
    #[arg(long)]
    network: Option<String>,
    /// Number of nodes.
    #[arg(long)]
    nodes: Option<usize>,
    /// Number of nodes that accept no connections, like browser tabs [default: a fifth].
    #[arg(long)]
    tabs: Option<usize>,
    /// Virtual days until faults end and the network must agree.
    #[arg(long, conflicts_with = "hours")]
    days: Option<f64>,
    /// Virtual hours instead of days.
    #[arg(long)]
    hours: Option<f64>,
    /// The share of byzantine hosts.
    #[arg(long)]
    byzantine: Option<f64>,
    /// Mean number of times per day that each node leaves and returns.
    #[arg(long)]
    churn: Option<f64>,
    /// Number of partitions, of a third of the nodes for 20 minutes, spread over the time.
    #[arg(long)]
    partitions: Option<u32>,
    /// Part of the time, in its middle, in which nodes mine only on demand.
    #[arg(long)]
    night: Option<f64>,
    /// Mean seconds between blocks.
    #[arg(long)]
    spacing: Option<f64>,
    /// Mean seconds between payments in the whole network; 0 for none.
    #[arg(long)]
    payments: Option<f64>,
    /// When nodes mine.
    #[arg(long, value_enum, default_value_t = Policy::Always)]
    policy: Policy,
    /// The chance of a crash before or after each effect.
    #[arg(long, default_value_t = 0.0)]
    crashes: f64,
    /// Mean seconds between lost connections in the whole network; 0 for none.
    #[arg(long)]
    losses: Option<f64>,
}

/// The default simulations.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Preset {
    /// 50 nodes for an hour, without faults.
    Hour,
    /// 1,000 nodes of `main` for a day, a tenth byzantine, with churn, partitions and a night.
    Day,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Policy {
    /// Also empty blocks.
    Always,
    /// Only when a payment waits.
    OnDemand,
}

/// Maximum time for the nodes to agree after the last fault.
const TIME_TO_AGREE: Duration = Duration::from_secs(1_800);

/// A partition lasts this long, or a third of its share of the time.
const PARTITION: Duration = Duration::from_secs(20 * 60);
/// The easiest target if the target follows the hash rate: 32 hashes.
const EASIEST: CompactTarget = CompactTarget(0x2007_ffff);
/// Hashes per block if the target follows the hash rate, as a multiple of the minimum.
const HASHES_PER_BLOCK: f64 = 16.0;

fn main() -> Result<()> {
    let options = Options::parse();
    let time = options.time()?;
    let mut simulation = Simulation::new(options.config(time)?);
    let nodes = simulation.honest().count();
    let partitions = options.partitions.unwrap_or(options.preset.partitions());
    for n in 1..=partitions {
        let (at, first) = (time * n / (partitions + 1), n as usize * 97 % 3);
        simulation.schedule(at, Fault::Partition { island: (first..nodes).step_by(3).collect() });
        simulation.schedule(at + PARTITION.min(time / (3 * (partitions + 1))), Fault::Heal);
    }
    run(&mut simulation, time);
    simulation.calm();
    simulation.set_mining(false);
    let agreed = simulation.run_until(TIME_TO_AGREE, Simulation::has_converged);
    print!("{}", simulation.statistics());
    let trace: String = simulation.trace().iter().map(|byte| format!("{byte:02x}")).collect();
    println!("trace                  {trace}");
    if let Some(node) = simulation.node(0) {
        let status = node.status();
        println!("tip                    {} at height {}", status.tip.id, status.tip.height);
        println!("supply                 {} FED in {} outputs", status.supply, status.utxos);
    }
    ensure!(simulation.violations().is_empty(), "{}", simulation.violations().join("\n"));
    ensure!(agreed, "{} different tips after {TIME_TO_AGREE:?} of calm", simulation.tips().len());
    Ok(())
}

/// Runs the simulation. Prints progress on stderr, and all figures so far after each tenth.
fn run(simulation: &mut Simulation, time: Duration) {
    const WORD_EVERY: Duration = Duration::from_secs(60);
    const PARTS: u32 = 1_000;
    let (started, mut last) = (Instant::now(), Instant::now());
    for part in 1..=PARTS {
        simulation.run_for(time / PARTS);
        let tenth = part % (PARTS / 10) == 0 && part < PARTS;
        if !tenth && last.elapsed() < WORD_EVERY {
            continue;
        }
        last = Instant::now();
        let (statistics, seconds) = (simulation.statistics(), started.elapsed().as_secs());
        let (hours, height) = (statistics.elapsed.as_secs_f64() / 3_600.0, statistics.height);
        let violations = simulation.violations().len();
        eprintln!("{hours:.2} h in {seconds} s, height {height}, {violations} violations");
        if tenth && seconds >= WORD_EVERY.as_secs() {
            eprint!("{statistics}");
        }
    }
}

impl Preset {
    fn is_day(self) -> bool {
        matches!(self, Self::Day)
    }

    fn partitions(self) -> u32 {
        if self.is_day() { 3 } else { 0 }
    }
}

impl Options {
    fn time(&self) -> Result<Duration> {
        let hours = self.hours.or(self.days.map(|days| 24.0 * days));
        seconds(3_600.0 * hours.unwrap_or(if self.preset.is_day() { 24.0 } else { 1.0 })).context("--hours")
    }

    fn config(&self, time: Duration) -> Result<SimConfig> {
        let day = self.preset.is_day();
        let or = |value: Option<f64>, in_a_day: f64, else_: f64| value.unwrap_or(if day { in_a_day } else { else_ });
        let network = self.network.as_deref().unwrap_or(if day { "main" } else { "regtest" });
        let nodes = self.nodes.unwrap_or(if day { 1_000 } else { 50 });
        ensure!((1..=2_000).contains(&nodes), "--nodes must be between 1 and 2000");
        ensure!((0.0..=1.0).contains(&self.crashes), "--crashes must be between 0 and 1");
        let byzantine = or(self.byzantine, 0.1, 0.0);
        ensure!((0.0..=0.5).contains(&byzantine), "--byzantine must be between 0 and 0.5");
        let mut params = ChainParams::built_in(network)?;
        let follows = params.retarget != Retarget::Fixed;
        if follows {
            params.target = EASIEST;
        }
        let mut config = SimConfig::new(self.seed, params, nodes);
        config.hash_rate = if follows { HASHES_PER_BLOCK } else { 1.0 };
        config.byzantine = byzantine;
        config.tabs = self.tabs.unwrap_or(config.tabs).min(nodes - 1);
        config.spacing = seconds(or(self.spacing, 10.0, 30.0)).context("--spacing")?;
        config.payments_every = Some(seconds(or(self.payments, 60.0, 20.0)).context("--payments")?);
        config.payments_every = config.payments_every.filter(|every| !every.is_zero());
        config.losses_every = Some(seconds(or(self.losses, 10.0, 0.0)).context("--losses")?);
        config.losses_every = config.losses_every.filter(|every| !every.is_zero());
        config.crash_chance = self.crashes;
        let leaves = or(self.churn, 2.0, 0.0);
        if leaves > 0.0 {
            let every = seconds(86_400.0 / leaves / nodes as f64).context("--churn")?;
            config.churn = Some(Churn { every, away: Duration::from_secs(1_800), fresh: 0.2 });
            config.miner_changes_every = Some(every);
        }
        let night = or(self.night, 0.08, 0.0).clamp(0.0, 1.0);
        config.night = (night > 0.0).then(|| (time.mul_f64(0.5 - night / 2.0), time.mul_f64(0.5 + night / 2.0)));
        if day {
            (config.target_outbound, config.tab_outbound) = (6, 3);
            config.report_delay = Duration::from_millis(20);
        }
        config.policy = match self.policy {
            Policy::Always => MiningPolicy::Always,
            Policy::OnDemand => MiningPolicy::OnDemand,
        };
        Ok(config)
    }
}

fn seconds(seconds: f64) -> Result<Duration> {
    Ok(Duration::try_from_secs_f64(seconds)?)
}
