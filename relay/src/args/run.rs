use super::{Place, addresses};
use crate::api::CorsOrigin;
use crate::cluster::{ClusterName, ClusterServer};
use crate::log::LogFormat;
use crate::miner::KernelChoice;
use clap::{Args, ValueEnum};
use fedcoin_node::mempool::FeeRate;
use fedcoin_node::{MiningPolicy, PeerAddress};
use ipnet::IpNet;
use std::net::{IpAddr, SocketAddr};
use std::num::{NonZeroU32, NonZeroUsize};
use std::path::PathBuf;

/// What a node is started with.
#[derive(Args, Clone, Debug)]
pub struct RunArgs {
    /// Whose chain it is, and where it is kept
    #[command(flatten)]
    pub place: Place,

    /// Other nodes to connect to and learn from: HOST:PORT, ws://HOST:PORT/ws or wss://HOST/ws
    #[arg(short = 'n', long = "peer", visible_alias = "neighbors", alias = "neighbours", num_args = 1.., value_delimiter = ',', value_parser = addresses::peer, value_name = "HOST:PORT", env = "FEDCOIN_PEER")]
    pub peers: Vec<PeerAddress>,

    /// File with the public key that the mining reward goes to (short: -pk); without it
    /// public_key.txt is used if there is one, else the node does not mine
    #[arg(long, visible_alias = "public_key_file_name", value_name = "FILE", env = "FEDCOIN_PUBLIC_KEY_FILE")]
    pub public_key_file: Option<PathBuf>,

    /// Address to listen on; 0.0.0.0 lets other machines in
    #[arg(long, default_value = "127.0.0.1", value_parser = addresses::own, value_name = "ADDRESS", env = "FEDCOIN_BIND")]
    pub bind: IpAddr,

    /// Where others reach this node, told to peers, if it is not the address listened on. Its host is a
    /// name that visitors in the same private network may use, too
    #[arg(long, value_parser = addresses::peer, value_name = "HOST:PORT", env = "FEDCOIN_ADVERTISE")]
    pub advertise: Option<PeerAddress>,

    /// File with the certificate (PEM, with those up to its root) for https and wss; the port then
    /// speaks nothing else. New files are taken over within a minute, or at SIGHUP
    #[arg(long, value_name = "FILE", env = "FEDCOIN_TLS_CERT")]
    pub tls_cert: Option<PathBuf>,

    /// File with the certificate's private key (PEM)
    #[arg(long, value_name = "FILE", env = "FEDCOIN_TLS_KEY")]
    pub tls_key: Option<PathBuf>,

    /// File with further root certificates (PEM) that wss:// peers may have theirs from, beside
    /// those that the system trusts
    #[arg(long, value_name = "FILE", env = "FEDCOIN_TLS_CA")]
    pub tls_ca: Option<PathBuf>,

    /// Connections that one address may hold for page and API, and as many again of nodes; of IPv6 a
    /// /48 is one address. It may open as many anew every 5 seconds
    #[arg(long, default_value = "256", value_name = "N", env = "FEDCOIN_MAX_PER_ADDRESS")]
    pub max_per_address: NonZeroU32,

    /// Connections that others may have open to this node; fewer where the system allows fewer open
    /// files. One that says nothing takes about 8 kB
    #[arg(long, default_value_t = 5_000, value_name = "N", env = "FEDCOIN_MAX_PEERS")]
    pub max_peers: usize,

    /// Least fee rate of payments taken and passed on, in units a byte; without it 1 on main and 0
    /// in other networks, which is also the lowest
    #[arg(long, value_name = "UNITS/BYTE", env = "FEDCOIN_MIN_RELAY_FEE")]
    pub min_relay_fee: Option<FeeRate>,

    /// When to mine
    #[arg(long, value_enum, default_value_t = MinePolicy::OnDemand, env = "FEDCOIN_MINE")]
    pub mine: MinePolicy,

    /// Threads that mine; without it one a core
    #[arg(long, value_name = "N", env = "FEDCOIN_MINE_THREADS")]
    pub mine_threads: Option<NonZeroUsize>,

    /// How to compute hashes: auto measures what the processor can do and takes the fastest; else one
    /// of those that `fedcoin bench` lists
    #[arg(long, default_value = "auto", value_name = "NAME", env = "FEDCOIN_KERNEL")]
    pub kernel: KernelChoice,

    /// Share of its core that each mining thread uses, in percent
    #[arg(long, default_value_t = 100, value_name = "PERCENT", value_parser = clap::value_parser!(u8).range(1..=100), env = "FEDCOIN_MINE_SHARE")]
    pub mine_share: u8,

    /// Folder to serve the page from, instead of the one inside the program
    #[arg(long, value_name = "DIR", env = "FEDCOIN_PAGE")]
    pub page: Option<PathBuf>,

    /// Share blocks, payments and addresses with the operator's other nodes through these NATS servers:
    /// nats://HOST:PORT or tls://HOST:PORT, with USER:PASSWORD@ before the host if need be. Each node still
    /// checks everything itself
    #[arg(long, num_args = 1.., value_delimiter = ',', value_name = "URL", env = "FEDCOIN_CLUSTER", hide_env_values = true)]
    pub cluster: Vec<ClusterServer>,

    /// Which of the clusters on those servers
    #[arg(long, default_value = "fedcoin", value_name = "NAME", env = "FEDCOIN_CLUSTER_NAME")]
    pub cluster_name: ClusterName,

    /// Let pages of these origins (https://HOST), or of all (*), ask the API
    #[arg(long, num_args = 1.., value_delimiter = ',', value_name = "ORIGIN", env = "FEDCOIN_CORS")]
    pub cors: Vec<CorsOrigin>,

    /// Addresses or networks (such as 127.0.0.1 or 10.0.0.0/8) of proxies before this node: what they say in X-Forwarded-For or
    /// Forwarded is who is connected, for limits and in lists. Name a proxy on the same machine, too:
    /// else all the world seems to be one address
    #[arg(long, num_args = 1.., value_delimiter = ',', value_parser = addresses::proxies, value_name = "CIDR", env = "FEDCOIN_TRUSTED_PROXY")]
    pub trusted_proxy: Vec<IpNet>,

    /// Let only pages of these origins (https://HOST) and of this node connect as peers; without it
    /// all may, as pages of other relays must reach this one
    #[arg(long, num_args = 1.., value_delimiter = ',', value_name = "ORIGIN", env = "FEDCOIN_ORIGIN")]
    pub origin: Vec<CorsOrigin>,

    /// Serve metrics for Prometheus here too, to all who can reach it: ADDRESS:PORT. On the node's own
    /// port, at /metrics, they take the cookie of the data directory
    #[arg(long, value_parser = addresses::own_with_port, value_name = "ADDRESS:PORT", env = "FEDCOIN_METRICS")]
    pub metrics: Option<SocketAddr>,

    /// What to log: error, warn, info, debug or trace
    #[arg(long, default_value = "info", value_name = "LEVEL", env = "FEDCOIN_LOG")]
    pub log: String,

    /// How to log: lines for people, or one JSON object a line for programs
    #[arg(long, value_enum, default_value_t = LogFormat::Text, env = "FEDCOIN_LOG_FORMAT")]
    pub log_format: LogFormat,
}

/// When to mine, as the command line says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum MinePolicy {
    /// When a payment waits
    OnDemand,
    /// Also empty blocks, where the network allows them
    Always,
}

impl From<MinePolicy> for MiningPolicy {
    fn from(policy: MinePolicy) -> Self {
        match policy {
            MinePolicy::OnDemand => Self::OnDemand,
            MinePolicy::Always => Self::Always,
        }
    }
}
