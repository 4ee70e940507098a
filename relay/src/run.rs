//! `fedcoin run`: builds the node's parts, runs them, and stops them in order.

use crate::access::{AllowedHosts, ConnectionLimiter, Cookie, TrustedProxies};
use crate::api::AppState;
use crate::args::RunArgs;
use crate::clock::Clock;
use crate::cluster::Cluster;
use crate::data_dir::{self, DataDir};
use crate::driver::{BlockReader, Driver, DriverError};
use crate::event_log::EventLog;
use crate::failure::Failure;
use crate::http::{self, AccessPolicy, Server};
use crate::inbox::Inbox;
use crate::key_file::{self, KeyFileError};
use crate::metrics::Metrics;
use crate::miner::{HashRate, Miners};
use crate::network;
use crate::node_handle::NodeHandle;
use crate::open_files::{self, Shares};
use crate::page::{Directory, Page};
use crate::random;
use crate::signals::StopSignals;
use crate::sockets::Connections;
use crate::threads::{self, ThreadPanic};
use crate::tls::{self, Certificate, TlsError};
use crate::verify::Verifier;
use fedcoin_node::consensus::ChainParams;
use fedcoin_node::mempool::PoolPolicy;
use fedcoin_node::peers::MAX_NEIGHBOURS;
use fedcoin_node::primitives::PublicKey;
use fedcoin_node::{Command, Input, MiningSettings, Node, NodeConfig, PeerAddress};
use fedcoin_store::{Store, StoreOptions};
use std::collections::VecDeque;
use std::net::SocketAddr;
use std::num::{NonZeroU32, NonZeroUsize};
use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::sync::{oneshot, watch};
use tokio::task::{JoinHandle, JoinSet};

/// The course's default file for the miner's key.
const DEFAULT_PUBLIC_KEY_FILE: &str = "public_key.txt";
/// Connections that the node opens to addresses from gossip.
const TARGET_OUTBOUND: usize = 8;
/// Blocks between two progress lines about the index.
const INDEX_LOG_STEP: usize = 10_000;
/// Maximum connections of one address to the metrics server.
const MAX_SCRAPERS: NonZeroU32 = NonZeroU32::new(16).unwrap();
/// Maximum connections to the metrics server.
const MAX_SCRAPES: usize = 64;
/// Maximum time for peers to read their goodbye.
const GOODBYE_TIME: Duration = Duration::from_secs(3);

/// Runs a node until Ctrl-C or SIGTERM.
///
/// # Errors
/// [`Failure`]: why it cannot start, or why it stopped.
pub fn run(args: RunArgs) -> Result<(), Failure> {
    check_neighbours(&args.peers)?;
    let params = network::choose(&args.location.network, args.location.chain.as_deref())?;
    let key = miner_key(args.public_key_file.as_deref(), Path::new(DEFAULT_PUBLIC_KEY_FILE))?;
    let page = page(args.page.as_deref())?;
    let certificate = certificate(&args)?;
    let runtime = Runtime::new().map_err(|e| Failure::system("cannot start the runtime", &e))?;
    // Catch signals from now on: opening the chain may take a while.
    let inside = runtime.enter();
    runtime.spawn(tls::watch(certificate.clone()));
    drop(inside);
    let listener = runtime.block_on(listen(SocketAddr::new(args.bind, args.location.port), &NODE_REMEDIES))?;
    let metrics = args.metrics.map(|address| runtime.block_on(listen(address, &METRICS_REMEDIES))).transpose()?;
    let address = listener.local_addr().map_err(|e| Failure::system("cannot read the port", &e))?;

    let path = match &args.location.data_dir {
        Some(path) => path.clone(),
        None => data_dir::default_path(&params, args.location.port)?,
    };
    let data = DataDir::open(&path)?;
    let parts = Parts::new(&args, params, key, address, &data, &runtime)?;
    let url = format!("{}://{}", if certificate.is_some() { "https" } else { "http" }, reachable(address));
    if let Ok(node) = url.parse() {
        data.write_address(&node)?;
    }
    println!("{url}/");
    runtime.block_on(parts.serve(listener, metrics, page, certificate))
    // `data` is released only here.
}

/// The node's parts, ready to run.
struct Parts {
    driver: Driver,
    inbox: Inbox,
    connections: Arc<Connections>,
    limiter: Arc<ConnectionLimiter>,
    max_connections: usize,
    state: AppState,
    metrics: Metrics,
    settings: Option<MiningSettings>,
    policy: AccessPolicy,
    proxies: TrustedProxies,
    cluster: Option<Cluster>,
}

impl Parts {
    fn new(
        args: &RunArgs,
        params: ChainParams,
        key: Option<PublicKey>,
        address: SocketAddr,
        data: &DataDir,
        runtime: &Runtime,
    ) -> Result<Self, Failure> {
        let clock = Clock::start();
        let (inbox, receiver) = Inbox::new();
        tracing::info!("network {} ({}), chain in {}", params.name, params.network_id(), data.path().display());
        let Shares { peers: max_inbound, requests: max_connections } = open_files::shares(args.max_peers);
        let config = node_config(args, params, address, max_inbound)?;
        let (node, store) = open(config, data, &clock)?;
        let tip = node.chain().tip();
        tracing::info!("chain length {}, tip {}...", u64::from(tip.height.0) + 1, tip.id.short());

        let cores = thread::available_parallelism().map_or(1, NonZeroUsize::get);
        let verifier = Verifier::start(cores, &inbox)?;
        let threads = args.mine_threads.map_or(cores, NonZeroUsize::get);
        let mut salt = [0; 4];
        random::fill(&mut salt)?;
        let miners = Arc::new(Miners::start(threads, args.mine_share, u32::from_le_bytes(salt), args.kernel, &inbox)?);
        let settings = key.map(|key| MiningSettings { recipient: key.address(), policy: args.mine.into() });
        log_mining(settings.as_ref(), threads);

        let connections = Arc::new(Connections::new(max_inbound));
        let handle = NodeHandle::new(node, store, data.chain_file(), inbox.clone());
        let cluster = match args.cluster[..] {
            [] => None,
            _ => Some(Cluster::new(args.cluster.clone(), args.cluster_name.clone())?),
        };
        let mut state = AppState::new(handle.clone(), Arc::clone(&connections), Arc::clone(&miners));
        state.cluster = cluster.as_ref().map(Cluster::status);
        let limiter = ConnectionLimiter::new(args.max_per_address);
        let metrics = Metrics::new(&state, &limiter);
        let block_reader = BlockReader::start(Arc::clone(handle.store()), &inbox)?;
        let driver = Driver {
            handle,
            inbox: receiver,
            connections: Arc::clone(&connections),
            tls: tls::client(args.tls_ca.as_deref())?,
            verifier,
            miners,
            feed: state.feed.clone(),
            counters: metrics.events(),
            event_log: EventLog::new(tip.height),
            clock,
            runtime: runtime.handle().clone(),
            block_reader,
            answers: VecDeque::new(),
        };
        let policy = access_policy(args, data)?;
        let proxies = TrustedProxies::new(&args.trusted_proxy);
        Ok(Self {
            driver,
            inbox,
            connections,
            limiter,
            max_connections,
            state,
            metrics,
            settings,
            policy,
            proxies,
            cluster,
        })
    }

    async fn serve(
        self,
        listener: TcpListener,
        metrics_listener: Option<TcpListener>,
        page: Arc<dyn Page>,
        certificate: Option<Arc<Certificate>>,
    ) -> Result<(), Failure> {
        // Listen before the server answers: a client may stop the node at once.
        let mut signals = StopSignals::listen()?;
        let (stop, stopped) = watch::channel(false);
        let (mut state, inbox) = (self.state, self.inbox);
        state.page = page;
        let node = state.node.clone();
        let mut tasks = JoinSet::new();
        tasks.spawn(measure(Arc::clone(&state.hash_rate), Arc::clone(&state.miners)));
        if let Some(cluster) = self.cluster {
            tasks.spawn(cluster.run(state.node.clone(), Arc::clone(&self.connections)));
        }
        let router = http::router(state, &self.metrics, &self.policy);
        let tls = certificate.as_ref().map(Certificate::acceptor).transpose()?;
        let (limiter, max_connections) = (self.limiter, self.max_connections);
        let server = Server { router, limiter, max_connections, proxies: self.proxies, tls };
        if let Some(listener) = metrics_listener {
            let router = self.metrics.router();
            let limiter = ConnectionLimiter::new(MAX_SCRAPERS);
            let max_connections = MAX_SCRAPES;
            let server = Server { router, limiter, max_connections, proxies: TrustedProxies::new(&[]), tls: None };
            tasks.spawn(server.serve(listener, stopped.clone()));
        }
        tasks.spawn(server.serve(listener, stopped));
        let mut ended = start_thread(self.driver)?;
        inbox.send(Input::Command(Command::SetMining(self.settings))).await;

        let mut second_signal = None;
        let result = tokio::select! {
            result = &mut ended => result,
            panic = first_panic(&mut tasks) => Ok(Err(panic.into())),
            () = signals.next() => {
                tracing::info!("stopping; a second signal ends it at once");
                second_signal = Some(tokio::spawn(signals.end()));
                inbox.stop().await;
                ended.await
            }
        };
        let _ = stop.send(true);
        self.connections.close_all(GOODBYE_TIME).await;
        tasks.abort_all();
        second_signal.inspect(JoinHandle::abort);
        let no_result = || ThreadPanic { thread: "node".to_owned(), problem: "it ended without a result".to_owned() };
        let result = result.unwrap_or_else(|_| Err(no_result().into()));
        if result.is_ok() {
            tracing::info!("stopped");
        }
        result.map_err(|error| failure_of(error, &node))
    }
}

fn log_mining(settings: Option<&MiningSettings>, threads: usize) {
    match settings {
        Some(settings) => tracing::info!("mining for {} with {threads} threads", settings.recipient),
        None => tracing::info!(
            "not mining: no public key file is configured, and there is no {DEFAULT_PUBLIC_KEY_FILE} here (see -pk)"
        ),
    }
}

/// The access rules. Writes a new cookie for the operator to the data directory.
fn access_policy(args: &RunArgs, data: &DataDir) -> Result<AccessPolicy, Failure> {
    let hosts = AllowedHosts::new(args.advertise.as_ref(), &args.origin);
    let cookie = Cookie::new()?;
    data.write_cookie(&cookie)?;
    Ok(AccessPolicy { cors: args.cors.clone(), origins: args.origin.clone(), hosts, cookie })
}

fn failure_of(error: DriverError, node: &NodeHandle) -> Failure {
    match error {
        DriverError::Store(error) => {
            let data_dir = node.chain_file().parent().unwrap_or(node.chain_file());
            Failure::of_store(error, node.read().chain().params(), data_dir)
        }
        DriverError::Panicked(panic) => panic.into(),
    }
}

/// Runs the driver on a thread of its own; the receiver gets the result.
fn start_thread(driver: Driver) -> Result<oneshot::Receiver<Result<(), DriverError>>, Failure> {
    let (sender, ended) = oneshot::channel();
    thread::Builder::new()
        .name("node".to_owned())
        .spawn(move || {
            let result = threads::catch_panic("node", || driver.run());
            // The receiver may be gone.
            let _ = sender.send(result.unwrap_or_else(|panic| Err(panic.into())));
        })
        .map_err(|e| Failure::system("cannot start the node's thread", &e))?;
    Ok(ended)
}

/// Waits for the first panic of a task; tasks that end normally are ignored.
async fn first_panic(tasks: &mut JoinSet<()>) -> ThreadPanic {
    loop {
        match tasks.join_next().await {
            Some(Err(error)) => return ThreadPanic { thread: "serving".to_owned(), problem: error.to_string() },
            Some(Ok(())) => {}
            None => std::future::pending().await,
        }
    }
}

async fn measure(rate: Arc<HashRate>, miners: Arc<Miners>) {
    let mut interval = tokio::time::interval(HashRate::INTERVAL);
    loop {
        interval.tick().await;
        rate.record(Instant::now(), miners.hashes());
    }
}

/// Each neighbour is dialled for as long as the node runs, so their number is limited.
fn check_neighbours(peers: &[PeerAddress]) -> Result<(), Failure> {
    if peers.len() <= MAX_NEIGHBOURS {
        return Ok(());
    }
    Err(Failure::Usage(format!(
        "--peer names {} neighbours, and {MAX_NEIGHBOURS} is the maximum: a few are enough, because the node learns \
         further addresses from them",
        peers.len()
    )))
}

/// The key that mining rewards: from the named file, or from the default file if it exists.
fn miner_key(named: Option<&Path>, default: &Path) -> Result<Option<PublicKey>, KeyFileError> {
    match named {
        Some(path) => key_file::read_public(path).map(Some),
        None => match key_file::read_public(default) {
            Err(KeyFileError::Missing { .. }) => Ok(None),
            found => found.map(Some),
        },
    }
}

fn page(folder: Option<&Path>) -> Result<Arc<dyn Page>, Failure> {
    match folder {
        Some(folder) if folder.join("index.html").is_file() => Ok(Arc::new(Directory::new(folder))),
        Some(folder) => Err(Failure::Usage(format!(
            "--page {}: there is no index.html in that folder; `cargo xtask build` makes the page in dist/",
            folder.display()
        ))),
        #[cfg(feature = "embed")]
        None => Ok(Arc::new(crate::page::Embedded)),
        #[cfg(not(feature = "embed"))]
        None => Ok(Arc::new(crate::page::NoPage)),
    }
}

/// The configured certificate, if any.
fn certificate(args: &RunArgs) -> Result<Option<Arc<Certificate>>, TlsError> {
    match (&args.tls_cert, &args.tls_key) {
        (Some(certificate), Some(key)) => Certificate::load(certificate, key).map(|loaded| Some(Arc::new(loaded))),
        (None, None) => Ok(None),
        _ => Err(TlsError::OneFile),
    }
}

/// The address at which others reach this node, if known: the advertised address, or the listening address. With TLS it
/// is always a `wss://` address, because the port accepts nothing else.
fn own_address(args: &RunArgs, address: SocketAddr) -> Option<PeerAddress> {
    let listening = || if address.ip().is_unspecified() { None } else { address.to_string().parse().ok() };
    let own: PeerAddress = args.advertise.clone().or_else(listening)?;
    match own.as_str().strip_prefix("ws://") {
        Some(rest) if args.tls_cert.is_some() => format!("wss://{rest}").parse().ok(),
        _ => Some(own),
    }
}

/// Remedies for an address that cannot be listened on, by cause.
struct Remedies {
    in_use: &'static str,
    forbidden: &'static str,
    absent: &'static str,
    other: &'static str,
}

const NODE_REMEDIES: Remedies = Remedies {
    in_use: "another program uses that port: stop it, or choose another with -p PORT",
    forbidden: "choose a port above 1023 with -p PORT",
    absent: "this machine has no such address: choose another with --bind",
    other: "choose another address with --bind or another port with -p",
};

const METRICS_REMEDIES: Remedies = Remedies {
    in_use: "another program uses that port: choose another with --metrics",
    forbidden: "choose a port above 1023 with --metrics",
    absent: "this machine has no such address: choose another with --metrics",
    other: "choose another with --metrics",
};

async fn listen(address: SocketAddr, remedies: &Remedies) -> Result<TcpListener, Failure> {
    TcpListener::bind(address).await.map_err(|e| Failure::Listen {
        address: address.to_string(),
        remedy: match e.kind() {
            std::io::ErrorKind::AddrInUse => remedies.in_use,
            std::io::ErrorKind::PermissionDenied => remedies.forbidden,
            std::io::ErrorKind::AddrNotAvailable => remedies.absent,
            _ => remedies.other,
        },
        error: e.to_string(),
    })
}

fn node_config(
    args: &RunArgs,
    params: ChainParams,
    address: SocketAddr,
    max_inbound: usize,
) -> Result<NodeConfig, Failure> {
    let usual = PoolPolicy::server(&params);
    let min_fee_rate = args.min_relay_fee.unwrap_or_default().max(usual.min_fee_rate);
    Ok(NodeConfig {
        pool: PoolPolicy { min_fee_rate, ..usual },
        params,
        seed: random::number()?,
        user_agent: concat!("fedcoin/", env!("CARGO_PKG_VERSION")).to_owned(),
        listen: own_address(args, address),
        peers: args.peers.clone(),
        target_outbound: TARGET_OUTBOUND,
        max_inbound,
        secure_only: false,
        max_losing_blocks: fedcoin_node::MAX_LOSING_BLOCKS,
    })
}

/// Opens the stored chain and creates a node with it.
fn open(config: NodeConfig, data: &DataDir, clock: &Clock) -> Result<(Node, Store), Failure> {
    let file = data.chain_file();
    let params = config.params.clone();
    let failure = |error| Failure::of_store(error, &params, data.path());
    let (store, snapshot) = Store::open_file(&file, &params, StoreOptions::server()).map_err(failure)?;
    store.catch_up(log_indexed).map_err(failure)?;
    let damaged = |problem| Failure::damaged(&problem, &params, data.path());
    let node = Node::new(config, snapshot, clock.now()).map_err(damaged)?;
    Ok((node, store))
}

/// Logs the progress of indexing an older chain.
fn log_indexed(done: usize, total: usize) {
    if done.is_multiple_of(INDEX_LOG_STEP) || done == total {
        tracing::info!("indexed the transactions of {done} of {total} blocks");
    }
}

/// The address to open in a browser on this machine.
fn reachable(address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() {
        SocketAddr::new(
            if address.is_ipv4() { [127, 0, 0, 1].into() } else { std::net::Ipv6Addr::LOCALHOST.into() },
            address.port(),
        )
    } else {
        address
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_key_file_may_be_missing_and_a_named_one_may_not() {
        let dir = tempfile::tempdir().unwrap();
        let default = dir.path().join("public_key.txt");
        assert_eq!(miner_key(None, &default), Ok(None));
        assert!(matches!(miner_key(Some(&default), &default), Err(KeyFileError::Missing { .. })));
        std::fs::write(&default, "rubbish").unwrap();
        assert!(matches!(miner_key(None, &default), Err(KeyFileError::NoKey { .. })));
    }

    #[test]
    fn the_printed_address_can_be_opened() {
        let shown = |text: &str| reachable(text.parse().unwrap()).to_string();
        assert_eq!(shown("0.0.0.0:5000"), "127.0.0.1:5000");
        assert_eq!(shown("[::]:5000"), "[::1]:5000");
        assert_eq!(shown("192.168.1.2:5000"), "192.168.1.2:5000");
    }
}
