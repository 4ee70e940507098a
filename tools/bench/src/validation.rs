use crate::chain::LongChain;
use crate::cpu::{self, cores};
use crate::machine::Machine;
use crate::report::{line, median, rate};
use anyhow::{Result, bail, ensure};
use fedcoin_node::{BatchId, Input, SignatureCheck, Verdict};
use fedcoin_relay::inbox::{DriverMessage, Inbox};
use fedcoin_relay::verify::Verifier;
use fedcoin_store::{Store, StoreOptions};
use std::time::{Duration, Instant};

/// The times of one run.
struct Taken {
    time: Duration,
    cpu: Option<Duration>,
    /// In the store.
    storing: Duration,
}

/// Measures in turns how long the signatures of a chain take alone, and how long a new node takes for everything:
/// messages, rules, signatures, ledger and store.
pub(crate) fn measure(chain: &LongChain, runs: usize) -> Result<()> {
    let (mut alone, mut whole) = (Vec::new(), Vec::new());
    for _ in 0..runs {
        alone.push(taken(|| signatures_alone(chain).map(|()| Duration::ZERO))?);
        whole.push(taken(|| initial_validation(chain))?);
    }
    let (payments, blocks) = (chain.payments(), chain.blocks.len());
    let time = |taken: &[Taken]| median(taken.iter().map(|t| t.time).collect());
    let cpu = |taken: &[Taken]| median(taken.iter().filter_map(|t| t.cpu).collect());
    let storing = median(whole.iter().map(|t| t.storing).collect());
    line("cores", cores());
    line("chain", format!("{blocks} blocks with {payments} payments"));
    line("signatures alone, a second", format!("{:.0}", rate(payments, time(&alone))));
    line("initial validation, payments per second", format!("{:.0}", rate(payments, time(&whole))));
    line("initial validation, blocks per second", format!("{:.1}", rate(blocks, time(&whole))));
    line("share of the signature limit", percent(time(&alone), time(&whole)));
    line("signatures' share of processor time", percent(cpu(&alone), cpu(&whole)));
    line("processor time per payment", micros(cpu(&whole), payments));
    line("of that in the store (time)", micros(storing, payments));
    Ok(())
}

fn taken(work: impl FnOnce() -> Result<Duration>) -> Result<Taken> {
    let (started, before) = (Instant::now(), cpu::used());
    let storing = work()?;
    let cpu = cpu::used().zip(before).map(|(after, before)| after - before);
    Ok(Taken { time: started.elapsed(), cpu, storing })
}

fn percent(part: Duration, whole: Duration) -> String {
    format!("{:.1} %", 100.0 * part.as_secs_f64() / whole.as_secs_f64().max(f64::EPSILON))
}

fn micros(time: Duration, count: usize) -> String {
    format!("{:.1} µs", 1e6 * time.as_secs_f64() / count as f64)
}

fn signatures_alone(chain: &LongChain) -> Result<()> {
    let network = chain.params.network_id();
    let batches: Vec<Vec<SignatureCheck>> = chain
        .blocks
        .iter()
        .map(|block| block.payments.iter().map(|payment| SignatureCheck::of(payment, network)).collect())
        .collect();
    let (inbox, mut receiver) = Inbox::new();
    let verifier = Verifier::start(cores(), &inbox)?;
    let count = batches.len();
    for (id, batch) in (0..).map(BatchId).zip(batches) {
        verifier.begin(id, batch);
    }
    for _ in 0..count {
        let Some(DriverMessage::Input(Input::Verified { verdicts, .. })) = receiver.blocking_recv() else {
            bail!("the signature threads have ended");
        };
        ensure!(verdicts.iter().all(|verdict| *verdict == Verdict::Valid), "a signature is invalid");
    }
    Ok(())
}

/// Lets a new node download the chain; returns the time spent in the store.
fn initial_validation(chain: &LongChain) -> Result<Duration> {
    let folder = tempfile::tempdir()?;
    let opened = Store::open_file(&folder.path().join("chain.redb"), &chain.params, StoreOptions::server())?;
    let mut machine = Machine::start(&chain.params, opened, cores())?;
    machine.sync(chain)?;
    ensure!(machine.checks == chain.payments(), "{} signatures were checked", machine.checks);
    Ok(machine.storing)
}
