use super::*;
use crate::access::ConnectionLimiter;
use crate::api::{self, AppState};
use crate::inbox::Inbox;
use crate::metrics::Metrics;
use crate::miner::KernelChoice;
use crate::node_handle::fixtures::test_node;
use crate::tls;
use axum::body::Body;
use axum::http::Request;
use fedcoin_node::consensus::ChainParams;
use fedcoin_node::primitives::{Address, Block, Coinbase, Output};
use fedcoin_node::units::{Height, Timestamp};
use fedcoin_store::{Store, StoreOptions};
use fedcoin_testkit::blocks;
use redb::StorageBackend;
use redb::backends::InMemoryBackend;
use std::io;
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use tokio::runtime::Runtime;
use tokio::time::sleep;
use tower::ServiceExt;

const PATIENCE: Duration = Duration::from_secs(60);
/// Time for which a test watches that something does not happen.
const MOMENT: Duration = Duration::from_millis(200);

/// A disk that does not write while it is `busy`.
#[derive(Debug)]
struct SlowDisk {
    disk: InMemoryBackend,
    busy: Arc<AtomicBool>,
}

impl StorageBackend for SlowDisk {
    fn len(&self) -> Result<u64, io::Error> {
        self.disk.len()
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> Result<(), io::Error> {
        self.disk.read(offset, out)
    }

    fn set_len(&self, len: u64) -> Result<(), io::Error> {
        self.disk.set_len(len)
    }

    fn sync_data(&self) -> Result<(), io::Error> {
        while self.busy.load(Ordering::Relaxed) {
            thread::sleep(Duration::from_millis(5));
        }
        self.disk.sync_data()
    }

    fn write(&self, offset: u64, data: &[u8]) -> Result<(), io::Error> {
        self.disk.write(offset, data)
    }
}

/// A driver on such a disk, and the API's state.
fn start(busy: &Arc<AtomicBool>, runtime: &Runtime) -> (AppState, JoinHandle<Result<(), DriverError>>) {
    let params = ChainParams::regtest();
    let disk = SlowDisk { disk: InMemoryBackend::new(), busy: Arc::clone(busy) };
    let (store, _) = Store::open_with(disk, &params, StoreOptions::server()).unwrap();
    let (inbox, receiver) = Inbox::new();
    let handle = NodeHandle::new(test_node(params), store, PathBuf::new(), inbox.clone());
    let miners = Arc::new(Miners::start(1, 1, 0, KernelChoice::Auto, &inbox).unwrap());
    let connections = Arc::new(Connections::new(1));
    let state = AppState::new(handle.clone(), Arc::clone(&connections), Arc::clone(&miners));
    let metrics = Metrics::new(&state, &ConnectionLimiter::new(NonZeroU32::MIN));
    let driver = Driver {
        inbox: receiver,
        connections,
        tls: tls::client(None).unwrap(),
        verifier: Verifier::start(1, &inbox).unwrap(),
        miners,
        feed: state.feed.clone(),
        counters: metrics.events(),
        event_log: EventLog::new(Height(0)),
        clock: Clock::start(),
        runtime: runtime.handle().clone(),
        block_reader: BlockReader::start(Arc::clone(handle.store()), &inbox).unwrap(),
        answers: VecDeque::new(),
        handle,
    };
    (state, thread::spawn(|| driver.run()))
}

/// The first block of `regtest`.
fn block() -> Block {
    let params = ChainParams::regtest();
    let output = Output { amount: params.subsidy_at(Height(1)), recipient: Address([1; 20]) };
    let coinbase = Coinbase { height: Height(1), output };
    blocks::mined(blocks::block(&params, params.network_id().into(), Timestamp(1_000), coinbase, Vec::new()))
}

const PATHS: [&str; 5] = ["/status", "/ledger", "/blocks", "/blocks/1", "/mempool"];

#[test]
fn the_api_waits_until_changes_are_on_disk() {
    let (busy, runtime) = (Arc::new(AtomicBool::new(false)), Runtime::new().unwrap());
    let (state, driver) = start(&busy, &runtime);
    let node = state.node.clone();
    let ask = |path: &str| api::router(state.clone(), &[]).oneshot(Request::get(path).body(Body::empty()).unwrap());
    runtime.block_on(async {
        let answer = node.submit_block(ChainParams::regtest().genesis_block()).await;
        assert!(answer.is_ok(), "the driver runs");
        busy.store(true, Ordering::Relaxed);
        let submitter = node.clone();
        let submitted = tokio::spawn(async move { submitter.submit_block(block()).await });
        let taken = async {
            while node.read().chain().tip().height != Height(1) {
                sleep(Duration::from_millis(5)).await;
            }
        };
        let is_taken = timeout(PATIENCE, taken).await.is_ok();
        let mut answered_early = Vec::new();
        for path in PATHS {
            if timeout(MOMENT, ask(path)).await.is_ok() {
                answered_early.push(path);
            }
        }
        let is_answered = submitted.is_finished();
        busy.store(false, Ordering::Relaxed);
        assert_eq!((is_taken, is_answered, answered_early), (true, false, vec![]));
        assert_eq!(timeout(PATIENCE, submitted).await.unwrap().unwrap(), Ok(Ok(())));
        for path in PATHS {
            assert!(timeout(PATIENCE, ask(path)).await.unwrap().unwrap().status().is_success(), "{path}");
        }
        node.inbox().stop().await;
    });
    driver.join().unwrap().unwrap();
}
