//! A miner finds nonces, follows only the newest assignment, and pauses quickly; a silent one is replaced.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first surprise")]

use fedcoin_node::consensus::ChainParams;
use fedcoin_node::pow::{Job, Task};
use fedcoin_node::primitives::Header;
use fedcoin_node::units::{CompactTarget, EasingTarget, Timestamp};
use futures::StreamExt;
use futures::channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use gloo_timers::future::TimeoutFuture;
use node_wasm::clock::Clock;
use node_wasm::codec::encode;
use node_wasm::messages::MinerHealth;
use node_wasm::mining::flag::Flag;
use node_wasm::mining::hash_rate::HashRate;
use node_wasm::mining::latencies::Latencies;
use node_wasm::mining::measurement::{NoMiner, Step, measure};
use node_wasm::mining::miner::Message;
use node_wasm::mining::pool::Miners;
use node_wasm::mining::{Assignment, Report, SearchPlan, miner};
use wasm_bindgen_test::*;

wasm_bindgen_test_configure!(run_in_dedicated_worker);

/// A target that is out of reach.
const HARD: u32 = 0x0301_0000;

fn job(generation: u64, target: u32) -> Job {
    let header = ChainParams::classroom().genesis_block().header;
    let target = CompactTarget(target);
    Job { generation, header: Header { target, ..header }, target: EasingTarget::fixed(target), clock_lead: 0 }
}

fn assignment(number: u64, job: Job) -> Message {
    Message::Assignment(Assignment {
        number,
        search: Some(SearchPlan { job, salt: 5, salt_step: 2, share: 100, slice_ms: None, kernel: None }),
    })
}

fn pause(number: u64) -> Message {
    Message::Assignment(Assignment { number, search: None })
}

/// A miner in this same worker.
async fn miner() -> (UnboundedSender<Message>, UnboundedReceiver<Report>) {
    let (assignments, inbox) = unbounded();
    let (sender, mut reports) = unbounded();
    wasm_bindgen_futures::spawn_local(miner::serve(inbox, move |report| drop(sender.unbounded_send(report))));
    assert!(matches!(reports.next().await, Some(Report::Ready { .. })));
    (assignments, reports)
}

#[wasm_bindgen_test]
async fn a_miner_finds_a_nonce_and_rests() {
    let (assignments, mut reports) = miner().await;
    let job = job(7, 0x1eff_ffff);
    assignments.unbounded_send(assignment(1, job)).unwrap();
    assert!(matches!(reports.next().await, Some(Report::Confirmed { number: 1, .. })));
    let mut hashes = 0;
    let (salt, time, nonce) = loop {
        match reports.next().await.unwrap() {
            Report::Progress { hashes: some } => hashes += some,
            Report::Found { generation, salt, time, nonce } => {
                assert_eq!(generation, 7);
                break (salt, time, nonce);
            }
            other => panic!("{other:?}"),
        }
    };
    assert!(hashes >= u64::from(nonce) * u64::from(Task::SALTS), "all hashes are reported before the find");
    assert!((5..5 + Task::SALTS).contains(&salt));
    let found = Header { salt, time, nonce, ..job.header };
    assert!(job.header.target.expand().unwrap().is_met_by(&found.id().0));
    TimeoutFuture::new(50).await;
    assert!(reports.try_recv().is_err(), "it rests");
}

#[wasm_bindgen_test]
async fn only_the_newest_assignment_counts() {
    let (assignments, mut reports) = miner().await;
    // Many jobs at once: one search at a time, and no result of an older job after a newer assignment.
    for number in 1..=20 {
        assignments.unbounded_send(assignment(number, job(number, 0x207f_ffff))).unwrap();
    }
    assignments.unbounded_send(pause(21)).unwrap();
    let mut newest = 0;
    while newest < 21 {
        match reports.next().await.unwrap() {
            Report::Confirmed { number, .. } => newest = number,
            Report::Found { generation, .. } => assert_eq!(generation, newest),
            _ => {}
        }
    }
    TimeoutFuture::new(50).await;
    assert!(reports.try_recv().is_err(), "paused");
}

#[wasm_bindgen_test]
async fn a_miner_pauses_within_milliseconds_and_reports_progress() {
    let (assignments, mut reports) = miner().await;
    let clock = Clock::new();
    let mut waits = Vec::new();
    let mut hashes = 0;
    for round in 0..30 {
        assignments.unbounded_send(assignment(2 * round, job(round, HARD))).unwrap();
        TimeoutFuture::new(40).await;
        let started = clock.millis();
        assignments.unbounded_send(pause(2 * round + 1)).unwrap();
        loop {
            match reports.next().await.unwrap() {
                Report::Progress { hashes: some } => hashes += some,
                Report::Confirmed { number, .. } if number == 2 * round + 1 => break,
                _ => {}
            }
        }
        waits.push(clock.millis() - started);
    }
    waits.sort_by(f64::total_cmp);
    console_log!(
        "pause p50 {:.1} ms, max {:.1} ms; {:.2} MH/s",
        waits[15],
        waits[29],
        hashes as f64 / (30.0 * 40.0) / 1e3
    );
    assert!(waits[15] < 30.0, "{waits:?}");
    assert!(hashes > 1_000);
}

#[wasm_bindgen_test]
async fn a_share_of_the_core_is_kept() {
    let (assignments, mut reports) = miner().await;
    let mut of_second = async |number, share| {
        let search = SearchPlan { job: job(number, HARD), salt: 0, salt_step: 1, share, slice_ms: None, kernel: None };
        assignments.unbounded_send(Message::Assignment(Assignment { number, search: Some(search) })).unwrap();
        TimeoutFuture::new(1_000).await;
        assignments.unbounded_send(pause(number + 1)).unwrap();
        let mut sum = 0;
        loop {
            match reports.next().await.unwrap() {
                Report::Progress { hashes } => sum += hashes,
                Report::Confirmed { number: n, .. } if n == number + 1 => return sum as f64,
                _ => {}
            }
        }
    };
    let (full, quarter) = (of_second(1, 100).await, of_second(3, 25).await);
    assert!(quarter < full * 0.6, "a quarter of the core gave {quarter} hashes, a whole core {full}");
}

fn ready() -> Report {
    Report::Ready { kernels: vec!["scalar".into()] }
}

/// JavaScript of a miner that posts this report.
fn posting(report: &Report) -> String {
    format!("postMessage(new Uint8Array({:?}))", encode(report).unwrap().to_vec())
}

#[wasm_bindgen_test]
async fn a_silent_miner_is_replaced() {
    // It reports that it is ready, then nothing more.
    let (sender, mut said) = unbounded();
    let script = format!("data:text/javascript,{}", posting(&ready()));
    let mut miners = Miners::new(&script, move |r| drop(sender.unbounded_send(r)));
    miners.mine(job(1, HARD), 0.0);
    miners.resize(2, 100, None);
    for _ in 0..2 {
        assert_eq!(miners.take(said.next().await.unwrap()), None);
    }
    assert!(miners.states().iter().all(|m| m.health == MinerHealth::Searching && m.hash_rate == 0.0));
    assert!(miners.states().iter().all(|m| m.kernel.as_deref() == Some("scalar")));
    assert!(miners.replace_silent().is_empty(), "a miner is not replaced at once");
    TimeoutFuture::new(5_200).await;
    miners.excuse();
    assert!(miners.replace_silent().is_empty(), "a miner is not replaced after a sleep");
    TimeoutFuture::new(5_200).await;
    assert_eq!(miners.replace_silent(), [0, 1]);
    assert!(miners.states().iter().all(|m| m.restarts == 1 && m.health == MinerHealth::Starting));
}

#[wasm_bindgen_test]
async fn a_missing_script_is_detected_and_stale_results_are_dropped() {
    let (sender, mut said) = unbounded();
    let report = move |r| drop(sender.unbounded_send(r));
    let mut miners = Miners::new("data:text/javascript,throw 1", report.clone());
    miners.resize(1, 100, None);
    miners.take(said.next().await.unwrap());
    assert_eq!(miners.states()[0].health, MinerHealth::Silent);
    for expected in [MinerHealth::Silent, MinerHealth::Blocked] {
        TimeoutFuture::new(5_100).await;
        assert_eq!(miners.replace_silent(), [0]);
        miners.take(said.next().await.unwrap());
        assert_eq!(miners.states()[0].health, expected);
    }
    TimeoutFuture::new(5_100).await;
    assert!(miners.replace_silent().is_empty(), "what is blocked is tried less often");
    drop(miners);

    let found = Report::Found { generation: 1, salt: 2, time: Timestamp(4), nonce: 3 };
    let finds = format!("data:text/javascript,onmessage=()=>{};{}", posting(&found), posting(&ready()));
    let mut miners = Miners::new(&finds, report);
    miners.mine(job(1, HARD), 0.0);
    miners.resize(1, 100, None);
    miners.take(said.next().await.unwrap());
    let found = said.next().await.unwrap();
    assert_eq!(miners.take(found.clone()).map(|f| (f.generation, f.salt, f.nonce)), Some((1, 2, 3)));
    miners.mine(job(2, HARD), 0.0);
    assert_eq!(miners.take(found.clone()), None, "the result has an older generation");
    miners.resize(0, 100, None);
    assert_eq!(miners.take(found), None, "the result is from a replaced miner");
}

#[wasm_bindgen_test]
fn a_tab_has_at_most_64_miners() {
    let mut miners = Miners::new("data:text/javascript,close()", |_| {});
    for (wanted, had) in [(64, 64), (65, 64), (640, 64), (0, 0)] {
        miners.resize(wanted, 100, None);
        assert_eq!(miners.states().len(), had);
    }
}

/// On a page that is not isolated, a miner checks its messages instead; tests run in an isolated one.
#[wasm_bindgen_test]
async fn the_flag_stops_the_search_before_the_message_arrives() {
    let flag = Flag::new().expect("tests run in a cross-origin isolated worker");
    let shared = Flag::of_message(&flag.message()).expect("what was shared is a flag");
    assert!(Flag::of_message(&"no flag".into()).is_none());
    let (assignments, mut reports) = miner().await;
    flag.raise(1);
    assert!(shared.stands(1) && !shared.stands(2));
    assignments.unbounded_send(Message::Flag(shared)).unwrap();
    assignments.unbounded_send(assignment(1, job(1, HARD))).unwrap();
    while !matches!(reports.next().await, Some(Report::Progress { .. })) {}
    // Only the flag has changed: the miner stops reporting, as it stops hashing.
    flag.raise(2);
    TimeoutFuture::new(600).await;
    while reports.try_recv().is_ok() {}
    TimeoutFuture::new(600).await;
    assert!(reports.try_recv().is_err(), "it waits for the assignment");
    assignments.unbounded_send(assignment(2, job(2, 0x207f_ffff))).unwrap();
    while !matches!(reports.next().await, Some(Report::Found { generation: 2, .. })) {}
}

#[wasm_bindgen_test]
async fn an_assignment_may_name_a_kernel() {
    let (assignments, mut reports) = miner().await;
    for (number, kernel) in [(1, Some(0)), (2, Some(1)), (3, Some(200)), (4, None)] {
        let job = job(number, 0x1fff_ffff);
        let search = SearchPlan { job, salt: 0, salt_step: 1, share: 100, slice_ms: None, kernel };
        assignments.unbounded_send(Message::Assignment(Assignment { number, search: Some(search) })).unwrap();
        while !matches!(reports.next().await, Some(Report::Found { generation, .. }) if generation == number) {}
    }
}

#[wasm_bindgen_test]
async fn a_measurement_without_a_miner_ends() {
    let mut steps = Vec::new();
    let measured = measure("data:text/javascript,throw 1", || true, |step| steps.push(step)).await;
    assert_eq!((measured, steps), (Err(NoMiner), vec![Step::Starting]));
}

#[wasm_bindgen_test]
fn the_hash_rate_counts_completed_hashes() {
    let mut rate = HashRate::default();
    assert_eq!(rate.per_second(0.0), 0.0);
    rate.begin(1_000.0);
    for second in 1..=10 {
        rate.add(1_000.0 + f64::from(second) * 1_000.0, 500);
    }
    assert_eq!(rate.per_second(11_000.0), 600.0, "six reports within five seconds");
    assert_eq!(rate.per_second(17_000.0), 0.0, "it falls when nothing is reported");
    rate.begin(20_000.0);
    rate.add(20_100.0, 100);
    rate.begin(20_200.0);
    rate.add(20_500.0, 100);
    assert_eq!(rate.per_second(20_500.0), 400.0, "only a long rest starts the window again");
}

#[wasm_bindgen_test]
fn latencies_end_with_the_last_miner() {
    let mut latencies = Latencies::default();
    assert_eq!(latencies.summary(), None);
    latencies.assigned(1, 10.0);
    latencies.assigned(2, 20.0);
    latencies.confirmed(0);
    assert_eq!(latencies.summary(), None);
    assert_eq!(latencies.stopped(3, 21.0), None, "nothing to measure");
    assert_eq!(latencies.stopped(1, 24.0), Some(14.0));
    assert_eq!(latencies.stopped(1, 11.0), Some(1.0));
    assert_eq!(latencies.stopped(2, 24.0), Some(4.0));
    assert_eq!(latencies.stopped(2, 15.0), Some(0.0), "the miner had stopped before");
    latencies.confirmed(2);
    let summary = latencies.summary().unwrap();
    assert_eq!((summary.count, summary.p50_ms, summary.p99_ms), (2, 4.0, 14.0));
}
