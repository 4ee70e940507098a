use super::bus::Bus;
use super::link;
use super::server::ClusterServer;
use super::status::{ClusterState, ClusterStatus};
use super::subjects::Subjects;
use crate::inbox::{Inbox, InboxReceiver};
use crate::node_handle::NodeHandle;
use crate::node_handle::fixtures::test_node;
use crate::sockets::Connections;
use fedcoin_node::consensus::ChainParams;
use fedcoin_store::{Store, StoreOptions};
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

/// Longer than anything takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// A NATS server that does as a test wants.
pub(super) struct TestServer(TcpListener);

impl TestServer {
    pub(super) async fn start() -> Self {
        Self(TcpListener::bind("127.0.0.1:0").await.unwrap())
    }

    pub(super) fn url(&self) -> ClusterServer {
        format!("nats://{}", self.0.local_addr().unwrap()).parse().unwrap()
    }

    /// The next connection, to which nothing is said.
    pub(super) async fn accept(&self) -> TcpStream {
        timeout(PATIENCE, self.0.accept()).await.unwrap().unwrap().0
    }

    /// The next connection, greeted as NATS does.
    pub(super) async fn greet(&self) -> TcpStream {
        let mut stream = self.accept().await;
        stream.write_all(b"INFO {\"server_id\":\"test\",\"max_payload\":2000000}\r\n").await.unwrap();
        read_line(&mut stream, |line| line == "PING").await;
        stream.write_all(b"PONG\r\n").await.unwrap();
        stream
    }
}

/// The next line that is `wanted`.
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

/// A member of a cluster behind a [`TestServer`] that hangs. Its node does nothing.
pub(super) struct TestMember {
    pub(super) bus: Bus,
    _server: TcpStream,
    _messages: InboxReceiver,
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
        let subjects = Subjects::new(&"test".parse().unwrap(), network);
        let bus = Bus::new(client, subjects, 1, &handle, Arc::new(Connections::new(0)), status);
        Self { bus, _server: server, _messages: messages, _dir: dir }
    }
}
