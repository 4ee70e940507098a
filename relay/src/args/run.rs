use super::{ChainLocation, addresses, number};
use crate::access::AllowedOrigin;
use crate::cluster::{ClusterName, ClusterServer};
use crate::log::{LogFilter, LogFormat};
use crate::miner::KernelChoice;
use clap::{Args, ValueEnum};
use fedcoin_node::mempool::FeeRate;
use fedcoin_node::{MiningPolicy, PeerAddress};
use ipnet::IpNet;
use std::net::{IpAddr, SocketAddr};
use std::num::{NonZeroU32, NonZeroUsize};
use std::path::PathBuf;

/// The settings of a node.
#[derive(Args, Clone, Debug)]
pub struct RunArgs {
    /// The network, and where its chain is stored
    #[command(flatten)]
    pub location: ChainLocation,

    /// Neighbours to stay connected to, at most 64: HOST:PORT, ws://HOST:PORT/ws or wss://HOST/ws
    #[arg(short = 'n', long = "peer", visible_alias = "neighbors", alias = "neighbours", num_args = 1.., value_delimiter = ',', value_parser = addresses::peer, value_name = "HOST:PORT", env = "FEDCOIN_PEER")]
    pub peers: Vec<PeerAddress>,

    /// File with the public key that receives mining rewards (short: -pk). Default: public_key.txt if it exists;
    /// otherwise the node does not mine
    #[arg(long, visible_alias = "public_key_file_name", value_name = "FILE", env = "FEDCOIN_PUBLIC_KEY_FILE")]
    pub public_key_file: Option<PathBuf>,

    /// Address to listen on; 0.0.0.0 accepts other machines
    #[arg(long, default_value = "127.0.0.1", value_parser = addresses::own, value_name = "ADDRESS", env = "FEDCOIN_BIND")]
    pub bind: IpAddr,

    /// Address where other nodes reach this node, if it differs from the listening address. Peers learn it, and clients
    /// in the same private network may use its host name
    #[arg(long, value_parser = addresses::peer, value_name = "HOST:PORT", env = "FEDCOIN_ADVERTISE")]
    pub advertise: Option<PeerAddress>,

    /// File with the certificate chain (PEM) for https and wss. The port then accepts TLS only. The node reloads
    /// changed files every minute and at SIGHUP
    #[arg(long, value_name = "FILE", env = "FEDCOIN_TLS_CERT")]
    pub tls_cert: Option<PathBuf>,

    /// File with the certificate's private key (PEM)
    #[arg(long, value_name = "FILE", env = "FEDCOIN_TLS_KEY")]
    pub tls_key: Option<PathBuf>,

    /// File with additional root certificates (PEM) to trust for wss:// peers, besides the system's
    #[arg(long, value_name = "FILE", env = "FEDCOIN_TLS_CA")]
    pub tls_ca: Option<PathBuf>,

    /// Maximum connections of one address (IPv6: one /48) to page and API, and maximum peer connections. An address may
    /// open the same number of new ones every 5 seconds
    #[arg(long, default_value = "256", value_name = "N", value_parser = number::within::<NonZeroU32>(1..=u64::from(u32::MAX)), env = "FEDCOIN_MAX_PER_ADDRESS")]
    pub max_per_address: NonZeroU32,

    /// Maximum inbound peer connections; lower if the system allows fewer open files. An idle one takes about 8 kB
    #[arg(long, default_value_t = 5_000, value_name = "N", value_parser = number::within::<usize>(0..=u64::MAX), env = "FEDCOIN_MAX_PEERS")]
    pub max_peers: usize,

    /// Minimum fee rate, in units per byte, of payments to accept and relay. Default, and lowest allowed: 1 on main, 0
    /// on other networks
    #[arg(long, value_name = "UNITS/BYTE", env = "FEDCOIN_MIN_RELAY_FEE")]
    pub min_relay_fee: Option<FeeRate>,

    /// When to mine
    #[arg(long, value_enum, default_value_t = MinePolicy::OnDemand, env = "FEDCOIN_MINE")]
    pub mine: MinePolicy,

    /// Number of mining threads. Default: one per core
    #[arg(long, value_name = "N", value_parser = number::of_threads::<NonZeroUsize>(), env = "FEDCOIN_MINE_THREADS")]
    pub mine_threads: Option<NonZeroUsize>,

    /// Mining kernel: auto measures all kernels that the processor supports and uses the fastest; or the name of one
    /// that `fedcoin bench` lists
    #[arg(long, default_value = "auto", value_name = "NAME", env = "FEDCOIN_KERNEL")]
    pub kernel: KernelChoice,

    /// Share of its core that each mining thread uses, in percent
    #[arg(long, default_value_t = 100, value_name = "PERCENT", value_parser = number::within::<u8>(1..=100), env = "FEDCOIN_MINE_SHARE")]
    pub mine_share: u8,

    /// Folder to serve the page from, instead of the page inside the program
    #[arg(long, value_name = "DIR", env = "FEDCOIN_PAGE")]
    pub page: Option<PathBuf>,

    /// Share blocks, payments and addresses with the operator's other nodes through these NATS servers:
    /// nats://HOST:PORT or tls://HOST:PORT, with USER:PASSWORD@ before the host if needed. Each node still checks
    /// everything itself
    #[arg(long, num_args = 1.., value_delimiter = ',', value_name = "URL", env = "FEDCOIN_CLUSTER", hide_env_values = true)]
    pub cluster: Vec<ClusterServer>,

    /// Name of the cluster on those servers
    #[arg(long, default_value = "fedcoin", value_name = "NAME", env = "FEDCOIN_CLUSTER_NAME")]
    pub cluster_name: ClusterName,

    /// Allow pages of these origins (https://HOST), or of all (*), to use the API
    #[arg(long, num_args = 1.., value_delimiter = ',', value_name = "ORIGIN", env = "FEDCOIN_CORS")]
    pub cors: Vec<AllowedOrigin>,

    /// Addresses or networks (such as 127.0.0.1 or 10.0.0.0/8) of proxies in front of this node. The node takes
    /// clients' addresses from their X-Forwarded-For or Forwarded header. Include a proxy on the same machine;
    /// otherwise all its clients count as one address
    #[arg(long, num_args = 1.., value_delimiter = ',', value_parser = addresses::proxies, value_name = "CIDR", env = "FEDCOIN_TRUSTED_PROXY")]
    pub trusted_proxy: Vec<IpNet>,

    /// Allow only pages of these origins (https://HOST) and of this node to connect as peers. Default: all, because
    /// pages of other relays must reach this one
    #[arg(long, num_args = 1.., value_delimiter = ',', value_name = "ORIGIN", env = "FEDCOIN_ORIGIN")]
    pub origin: Vec<AllowedOrigin>,

    /// Also serve metrics for Prometheus at ADDRESS:PORT, to anyone who can reach it. On the node's own port, /metrics
    /// requires the cookie from the data directory
    #[arg(long, value_parser = addresses::own_with_port, value_name = "ADDRESS:PORT", env = "FEDCOIN_METRICS")]
    pub metrics: Option<SocketAddr>,

    /// Log level: error, warn, info, debug or trace
    #[arg(long, default_value = "info", value_name = "LEVEL", env = "FEDCOIN_LOG")]
    pub log: LogFilter,

    /// Log format: text for people, or one JSON object per line for programs
    #[arg(long, value_enum, default_value_t = LogFormat::Text, env = "FEDCOIN_LOG_FORMAT")]
    pub log_format: LogFormat,
}

/// When to mine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum MinePolicy {
    /// When the mempool has a payment
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
