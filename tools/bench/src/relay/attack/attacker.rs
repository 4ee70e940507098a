use crate::relay::frames::{Kind, put_frame};
use anyhow::{Result, ensure};
use fedcoin_node::primitives::{Address, BlockId, Header, Payment};
use fedcoin_node::wire::{Hello, Message};
use socket2::{Domain, Protocol, Socket, Type};
use std::io::{ErrorKind, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Timeout of every operation.
const PATIENCE: Duration = Duration::from_secs(2);

/// The target of an attack, and material for it.
#[derive(Debug)]
pub(in crate::relay) struct Target {
    pub(in crate::relay) address: SocketAddr,
    /// A peer's `Hello`, with a different nonce for each.
    pub(in crate::relay) hello: Hello,
    pub(in crate::relay) handshakes: AtomicU64,
    /// Ids of blocks that the relay has.
    pub(in crate::relay) blocks: Vec<BlockId>,
    /// Headers with work that are not on the primary chain.
    pub(in crate::relay) headers: Vec<Header>,
    /// An address with very many coins.
    pub(in crate::relay) rich: Address,
    /// A valid payment, to be altered.
    pub(in crate::relay) payment: Payment,
}

/// One attacker with its own address, and counts of its actions.
#[derive(Debug)]
pub(super) struct Attacker {
    pub(super) name: &'static str,
    own: Ipv4Addr,
    connections: AtomicU64,
    refused: AtomicU64,
    cut_off: AtomicU64,
    messages: AtomicU64,
}

impl Attacker {
    /// An attacker at 127.0.0.`number`.
    pub(super) fn new(name: &'static str, number: u8) -> Self {
        let zero = || AtomicU64::new(0);
        let own = Ipv4Addr::new(127, 0, 0, number);
        Self { name, own, connections: zero(), refused: zero(), cut_off: zero(), messages: zero() }
    }

    /// Numbers of connections, of refused and closed ones, and of messages.
    pub(super) fn counts(&self) -> [u64; 4] {
        [&self.connections, &self.refused, &self.cut_off, &self.messages].map(|count| count.load(Ordering::Relaxed))
    }

    /// Opens a connection and sends nothing.
    pub(super) fn connect(&self, target: &Target) -> Option<Connection> {
        self.connect_from(0, target)
    }

    /// The same from another address, 127.0.`host`.`number`.
    pub(super) fn connect_from(&self, host: u8, target: &Target) -> Option<Connection> {
        self.connections.fetch_add(1, Ordering::Relaxed);
        let [a, b, _, number] = self.own.octets();
        let connection = dial(Ipv4Addr::new(a, b, host, number), target.address).ok().map(Connection);
        if connection.is_none() {
            self.refused.fetch_add(1, Ordering::Relaxed);
        }
        connection
    }

    /// Opens a WebSocket.
    pub(super) fn upgrade(&self, target: &Target) -> Option<Connection> {
        let mut connection = self.connect(target)?;
        let upgraded = connection.upgrade(target.address).is_ok();
        if !upgraded {
            self.refused.fetch_add(1, Ordering::Relaxed);
        }
        upgraded.then_some(connection)
    }

    /// Opens a WebSocket and sends `Hello`.
    pub(super) fn greet(&self, target: &Target) -> Option<Connection> {
        let mut connection = self.upgrade(target)?;
        let nonce = target.handshakes.fetch_add(1, Ordering::Relaxed);
        let hello = Hello { nonce, ..target.hello.clone() };
        self.send(&mut connection, &Message::Hello(hello)).then_some(connection)
    }

    /// Sends raw bytes. Returns false if the relay has closed the connection.
    pub(super) fn write(&self, connection: &mut Connection, bytes: &[u8]) -> bool {
        self.messages.fetch_add(1, Ordering::Relaxed);
        let open = connection.write(bytes);
        self.cut_off.fetch_add(u64::from(!open), Ordering::Relaxed);
        open
    }

    /// Sends a message. Returns false if the relay has closed the connection.
    pub(super) fn send(&self, connection: &mut Connection, message: &Message) -> bool {
        self.write(connection, &framed(Kind::Data, &message.encode()))
    }

    /// Reads and drops what has arrived. Returns false if the relay has closed the connection.
    pub(super) fn drain(&self, connection: &mut Connection) -> bool {
        let open = connection.drain();
        self.cut_off.fetch_add(u64::from(!open), Ordering::Relaxed);
        open
    }

    pub(super) fn was_refused(&self) {
        self.refused.fetch_add(1, Ordering::Relaxed);
    }
}

/// A connection to the relay. Its operations never block.
#[derive(Debug)]
pub(super) struct Connection(TcpStream);

impl Connection {
    fn upgrade(&mut self, address: SocketAddr) -> Result<()> {
        self.0.set_nonblocking(false)?;
        write!(
            self.0,
            "GET /ws HTTP/1.1\r\nHost: {address}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        )?;
        let mut answer = [0; 12];
        self.0.read_exact(&mut answer)?;
        ensure!(&answer == b"HTTP/1.1 101", "refused");
        self.0.set_nonblocking(true)?;
        Ok(())
    }

    /// Requests a path and reads the answer. Returns false if there is none.
    pub(super) fn ask(&mut self, path: &str, address: SocketAddr) -> bool {
        let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
        let mut answer = Vec::new();
        let sent = self.0.set_nonblocking(false).and_then(|()| self.0.write_all(request.as_bytes()));
        sent.and_then(|()| self.0.read_to_end(&mut answer)).is_ok() && answer.starts_with(b"HTTP/1.1 200")
    }

    /// Drops bytes that the socket does not accept.
    fn write(&mut self, bytes: &[u8]) -> bool {
        match self.0.write(bytes) {
            Ok(written) => written > 0,
            Err(error) => error.kind() == ErrorKind::WouldBlock,
        }
    }

    fn drain(&mut self) -> bool {
        let mut buffer = [0; 16 * 1024];
        loop {
            match self.0.read(&mut buffer) {
                Ok(0) => return false,
                Ok(_) => {}
                Err(error) => return error.kind() == ErrorKind::WouldBlock,
            }
        }
    }
}

/// A client's frame.
pub(super) fn framed(kind: Kind, payload: &[u8]) -> Vec<u8> {
    let mut frame = Vec::new();
    put_frame(&mut frame, kind, payload);
    frame
}

fn dial(own: Ipv4Addr, target: SocketAddr) -> Result<TcpStream> {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, Some(Protocol::TCP))?;
    socket.set_reuse_address(true)?;
    socket.bind(&SocketAddr::from((own, 0)).into())?;
    socket.connect_timeout(&target.into(), PATIENCE)?;
    let stream = TcpStream::from(socket);
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    stream.set_nonblocking(true)?;
    Ok(stream)
}
