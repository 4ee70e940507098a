use crate::chain::LongChain;
use crate::machine::{Machine, cores};
use crate::report::{line, median, rate};
use anyhow::{Result, bail, ensure};
use fedcoin_node::{BatchId, Input, SignatureCheck, Verdict};
use fedcoin_relay::driver::{Inbox, Order};
use fedcoin_relay::verify::Verifier;
use fedcoin_store::{Store, StoreOptions};
use std::time::{Duration, Instant};

/// Measures by turns how long the signatures of a chain take alone, and how long a new node takes
/// for everything: messages, rules, signatures, ledger and store.
pub(crate) fn measure(chain: &LongChain, runs: usize) -> Result<()> {
    let (mut alone, mut whole, mut storing) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..runs {
        alone.push(signatures_alone(chain)?);
        let (time, stored) = initial_validation(chain)?;
        whole.push(time);
        storing.push(stored);
    }
    let (alone, whole, storing) = (median(alone), median(whole), median(storing));
    let (payments, blocks) = (chain.payments(), chain.blocks.len());
    line("cores", cores());
    line("chain", format!("{blocks} blocks with {payments} payments"));
    line("signatures alone, a second", format!("{:.0}", rate(payments, alone)));
    line("initial validation, payments a second", format!("{:.0}", rate(payments, whole)));
    line("initial validation, blocks a second", format!("{:.1}", rate(blocks, whole)));
    line("share of the signature limit", format!("{:.1} %", 100.0 * alone.as_secs_f64() / whole.as_secs_f64()));
    line("of that time in the store", format!("{:.1} %", 100.0 * storing.as_secs_f64() / whole.as_secs_f64()));
    Ok(())
}

fn signatures_alone(chain: &LongChain) -> Result<Duration> {
    let network = chain.params.network_id();
    let batches: Vec<Vec<SignatureCheck>> = chain
        .blocks
        .iter()
        .map(|block| block.payments.iter().map(|payment| SignatureCheck::of(payment, network)).collect())
        .collect();
    let (inbox, mut orders) = Inbox::new();
    let verifier = Verifier::start(cores(), &inbox)?;
    let count = batches.len();
    let begun = Instant::now();
    for (id, batch) in (0..).map(BatchId).zip(batches) {
        verifier.begin(id, batch);
    }
    for _ in 0..count {
        let Some(Order::Input(Input::Verified { verdicts, .. })) = orders.blocking_recv() else {
            bail!("the signature threads have ended");
        };
        ensure!(verdicts.iter().all(|verdict| *verdict == Verdict::Valid), "a signature was found wrong");
    }
    Ok(begun.elapsed())
}

/// The whole time, and the part of it spent in the store.
fn initial_validation(chain: &LongChain) -> Result<(Duration, Duration)> {
    let folder = tempfile::tempdir()?;
    let opened = Store::open_file(&folder.path().join("chain.redb"), &chain.params, StoreOptions::default())?;
    let mut machine = Machine::start(&chain.params, opened, cores())?;
    let time = machine.sync(chain)?;
    ensure!(machine.checks == chain.payments(), "{} signatures were checked", machine.checks);
    Ok((time, machine.storing))
}
