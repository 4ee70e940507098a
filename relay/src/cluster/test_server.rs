use super::bus::Bus;
use super::link;
use super::server::ClusterServer;
use super::status::{ClusterState, ClusterStatus};
use super::subjects::Subjects;
use crate::inbox::{Inbox, InboxReceiver};
use crate::node_handle::NodeHandle;
use crate::node_handle::fixtures::test_node;
use fedcoin_node::consensus::ChainParams;
use fedcoin_store::{Store, StoreOptions};
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{sleep, timeout};

/// Longer than any step takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// A NATS server under the control of a test.
pub(super) struct TestServer(TcpListener);

impl TestServer {
    pub(super) async fn start() -> Self {
        Self(TcpListener::bind("127.0.0.1:0").await.unwrap())
    }

    pub(super) fn url(&self) -> ClusterServer {
        format!("nats://{}", self.0.local_addr().unwrap()).parse().unwrap()
    }

    /// Accepts the next connection without a greeting.
    pub(super) async fn accept(&self) -> TcpStream {
        timeout(PATIENCE, self.0.accept()).await.unwrap().unwrap().0
    }

    /// Accepts the next connection and greets it as NATS does.
    pub(super) async fn greet(&self) -> TcpStream {
        let mut stream = self.accept().await;
        stream.write_all(b"INFO {\"server_id\":\"test\",\"max_payload\":2000000}\r\n").await.unwrap();
        read_line(&mut stream, |line| line == "PING").await;
        stream.write_all(b"PONG\r\n").await.unwrap();
        stream
    }
}

/// The next line for which `wanted` is true.
pub(super) async fn read_line(stream: &mut TcpStream, wanted: impl Fn(&str) -> bool) -> String {
    let read = async {
        loop {
            let mut line = Vec::new();
            while !line.ends_with(b"\r\n") {
                line.push(stream.read_u8().await.unwrap());
            }
            let line = String::from_utf8(line).unwrap();
            if wanted(line.trim_end()) {
                return line.trim_end().to_owned();
            }
        }
    };
    timeout(PATIENCE, read).await.unwrap()
}

/// A cluster member connected to a [`TestServer`]. Nothing runs its node: inputs stay in `messages`.
pub(super) struct TestMember {
    pub(super) bus: Arc<Bus>,
    pub(super) server: TcpStream,
    pub(super) messages: InboxReceiver,
    _dir: TempDir,
}

impl TestMember {
    pub(super) async fn join() -> Self {
        let (dir, params) = (tempfile::tempdir().unwrap(), ChainParams::regtest());
        let file = dir.path().join("chain.redb");
        let (store, _) = Store::open_file(&file, &params, StoreOptions::server()).unwrap();
        let node = test_node(params);
        let network = node.network();
        let (inbox, messages) = Inbox::new();
        let handle = NodeHandle::new(node, store, file, inbox);
        let (test_server, status) = (TestServer::start().await, Arc::new(ClusterStatus::default()));
        let (client, _) = link::connect(&[test_server.url()], None, &status).await.unwrap();
        let server = test_server.greet().await;
        status.set_state(ClusterState::Connected);
        let bus = Bus::new(client, Subjects::new(&"test".parse().unwrap(), network), 1, handle, status);
        Self { bus: Arc::new(bus), server, messages, _dir: dir }
    }

    /// The member's latest subscription.
    pub(super) async fn subscription(&mut self) -> Subscription {
        let line = read_line(&mut self.server, |line| line.starts_with("SUB ")).await;
        Subscription(line.split(' ').skip(1).map(str::to_owned).collect::<Vec<_>>().join(" "))
    }

    /// Waits until the member has dropped `messages` messages, and checks a moment later that it has dropped no more.
    pub(super) async fn has_dropped(&self, messages: u64) {
        let drops = async {
            while self.bus.status.dropped() < messages {
                sleep(Duration::from_millis(5)).await;
            }
        };
        timeout(PATIENCE, drops).await.unwrap();
        sleep(Duration::from_millis(100)).await;
        assert_eq!(self.bus.status.dropped(), messages);
    }
}

/// Subject and number of a subscription.
pub(super) struct Subscription(String);

impl Subscription {
    pub(super) async fn send(&self, server: &mut TcpStream, frame: &[u8]) {
        server.write_all(format!("MSG {} {}\r\n", self.0, frame.len()).as_bytes()).await.unwrap();
        server.write_all(frame).await.unwrap();
        server.write_all(b"\r\n").await.unwrap();
    }
}
