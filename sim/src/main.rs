//! Runs a simulated network and prints its figures.

use anyhow::{Context, Result, ensure};
use clap::{Parser, ValueEnum};
use fedcoin_node::MiningPolicy;
use fedcoin_node::consensus::ChainParams;
use fedcoin_sim::{Fault, SimConfig, Simulation};
use std::time::Duration;

/// Runs a network of FEDCoin nodes in virtual time and prints its figures.
///
/// The same options make the same run. Ends with an error when a node does what no node may do, or
/// when the nodes do not agree in the end.
#[derive(Debug, Parser)]
#[command(name = "fedcoin-sim", version)]
struct Options {
    /// Decides every choice.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The network's rules: regtest or classroom.
    #[arg(long, default_value = "regtest")]
    network: String,
    /// Number of nodes.
    #[arg(long, default_value_t = 50)]
    nodes: usize,
    /// How many of them accept no connections, as browser tabs [default: a fifth].
    #[arg(long)]
    tabs: Option<usize>,
    /// Virtual hours before the network is calmed and must agree.
    #[arg(long, default_value_t = 1.0)]
    hours: f64,
    /// Mean seconds between blocks.
    #[arg(long, default_value_t = 30.0)]
    spacing: f64,
    /// Mean seconds between payments in the whole network; 0 for none.
    #[arg(long, default_value_t = 20.0)]
    payments: f64,
    /// When nodes mine.
    #[arg(long, value_enum, default_value_t = Policy::Always)]
    policy: Policy,
    /// The chance of a crash before or after each effect.
    #[arg(long, default_value_t = 0.0)]
    crashes: f64,
    /// Mean seconds between lost connections in the whole network; 0 for none.
    #[arg(long, default_value_t = 0.0)]
    losses: f64,
    /// Cut off so many nodes during the middle third.
    #[arg(long, default_value_t = 0)]
    partition: usize,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Policy {
    /// Also empty blocks.
    Always,
    /// Only when a payment waits.
    OnDemand,
}

/// How long the nodes may take to agree once nothing goes wrong any more.
const TIME_TO_AGREE: Duration = Duration::from_secs(1_800);

fn main() -> Result<()> {
    let options = Options::parse();
    let time = seconds(options.hours * 3_600.0).context("--hours")?;
    let mut simulation = Simulation::new(config(&options)?);
    if options.partition > 0 {
        let island = (0..options.partition.min(options.nodes)).collect();
        simulation.schedule(time / 3, Fault::Partition { island });
        simulation.schedule(time * 2 / 3, Fault::Heal);
    }
    simulation.run_for(time);
    simulation.calm();
    simulation.set_mining(false);
    let agreed = simulation.run_until(TIME_TO_AGREE, Simulation::has_converged);
    print!("{}", simulation.statistics());
    let trace: String = simulation.trace().iter().map(|byte| format!("{byte:02x}")).collect();
    println!("trace                  {trace}");
    ensure!(simulation.violations().is_empty(), "{}", simulation.violations().join("\n"));
    ensure!(agreed, "{} different tips after {TIME_TO_AGREE:?} of calm", simulation.tips().len());
    if let Some(node) = simulation.node(0) {
        let status = node.status();
        println!("tip                    {} at height {}", status.tip.id, status.tip.height);
        println!("supply                 {} FED in {} outputs", status.supply, status.utxos);
    }
    Ok(())
}

fn config(options: &Options) -> Result<SimConfig> {
    let params = ChainParams::built_in(&options.network)?;
    ensure!((1..=2_000).contains(&options.nodes), "--nodes must be between 1 and 2000");
    ensure!((0.0..=1.0).contains(&options.crashes), "--crashes must be between 0 and 1");
    let mut config = SimConfig::new(options.seed, params, options.nodes);
    config.tabs = options.tabs.unwrap_or(config.tabs).min(options.nodes - 1);
    config.spacing = seconds(options.spacing).context("--spacing")?;
    config.payments_every = Some(seconds(options.payments).context("--payments")?).filter(|d| !d.is_zero());
    config.losses_every = Some(seconds(options.losses).context("--losses")?).filter(|d| !d.is_zero());
    config.crash_chance = options.crashes;
    config.policy = match options.policy {
        Policy::Always => MiningPolicy::Always,
        Policy::OnDemand => MiningPolicy::OnDemand,
    };
    Ok(config)
}

fn seconds(seconds: f64) -> Result<Duration> {
    Ok(Duration::try_from_secs_f64(seconds)?)
}
