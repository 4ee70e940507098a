use crate::chain::LongChain;
use crate::cpu::{self, cores};
use crate::machine::Machine;
use crate::report::{line, median, millis};
use anyhow::{Result, ensure};
use fedcoin_node::primitives::Block;
use fedcoin_node::{Command, Input, RequestId};
use fedcoin_store::{Store, StoreOptions};
use std::time::{Duration, Instant};

/// Payments of about 226 bytes that fill a block.
const PAYMENTS: usize = 4_380;
/// Number of payments submitted at once. The node limits how many wait for signature checks.
const AT_ONCE: usize = 500;

/// Measures how long a node takes for a block of about 1 MB whose payments it knows.
pub(crate) fn measure(runs: usize) -> Result<()> {
    let mut chain = LongChain::make(1, 1)?;
    let block = full_block(&mut chain)?;
    let taken = (0..runs).map(|_| connect(&chain, &block)).collect::<Result<Vec<_>>>()?;
    let figure = |of: fn(&Taken) -> Duration| millis(median(taken.iter().map(of).collect()));
    line("block", format!("{} bytes, {PAYMENTS} payments", block.size()));
    line("connecting it, all its payments known", figure(|t| t.connecting));
    line("storing it durably", figure(|t| t.storing));
    line("processor time of both", figure(|t| t.cpu));
    Ok(())
}

/// A block on top of the chain, of about the maximum size.
pub(crate) fn full_block(chain: &mut LongChain) -> Result<Block> {
    let payments = chain.payments_from(chain.payments(), PAYMENTS, 2)?;
    Ok(chain.next_block(payments))
}

/// The times of one run.
struct Taken {
    connecting: Duration,
    storing: Duration,
    cpu: Duration,
}

fn connect(chain: &LongChain, block: &Block) -> Result<Taken> {
    let folder = tempfile::tempdir()?;
    let opened = Store::open_file(&folder.path().join("chain.redb"), &chain.params, StoreOptions::server())?;
    let mut machine = Machine::start(&chain.params, opened, cores())?;
    machine.sync(chain)?;
    for (number, payment) in (0..).zip(&block.payments) {
        let command =
            Command::SubmitPayment { request: RequestId(number), payment: payment.clone(), may_replace: true };
        machine.settle(Input::Command(command))?;
        if (number as usize).is_multiple_of(AT_ONCE) {
            wait_for(&mut machine, number as usize + 1)?;
        }
    }
    wait_for(&mut machine, PAYMENTS)?;
    let (checks, stored) = (machine.checks, machine.storing);
    let block = Box::new(block.clone());
    let input = Input::Command(Command::SubmitBlock { request: RequestId(0), block: block.clone() });
    let (started, before) = (Instant::now(), cpu::used_by_this_thread());
    machine.settle(input)?;
    let cpu = cpu::used_by_this_thread().zip(before).map(|(after, before)| after - before).unwrap_or_default();
    let (whole, storing) = (started.elapsed(), machine.storing - stored);
    ensure!(machine.node.chain().tip().id == block.id(), "the block was not connected");
    ensure!(machine.checks == checks, "signatures were checked again");
    Ok(Taken { connecting: whole - storing, storing, cpu })
}

/// Waits until the mempool has this many payments.
fn wait_for(machine: &mut Machine, payments: usize) -> Result<()> {
    while machine.node.mempool().len() < payments {
        machine.wait()?;
    }
    Ok(())
}
