use super::frames::{FrameReader, Kind, put_frame};
use anyhow::{Context, Result, bail, ensure};
use mio::net::TcpStream;
use mio::{Events, Interest, Poll, Token};
use socket2::{Domain, Protocol, Socket, Type};
use std::io::{ErrorKind, Read, Write};
use std::net::{Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};

/// Time limit for the answer to a handshake.
const HANDSHAKE: Duration = Duration::from_secs(20);
/// Size in bytes of one read, by all tabs in turn.
const READ_BUFFER: usize = 256 * 1024;

/// Many WebSocket connections of one thread.
pub(super) struct Crowd {
    poll: Poll,
    tabs: Vec<Tab>,
    buffer: Vec<u8>,
    /// Number of connections that the server has ended.
    pub(super) lost: usize,
}

struct Tab {
    stream: TcpStream,
    reader: FrameReader,
    /// Bytes that the socket has not accepted yet.
    unsent: Vec<u8>,
    open: bool,
}

/// The protocol of the tabs.
pub(super) trait Talk {
    /// Handles a message, or the beginning of a long one, at a tab. Sends what it appends to `reply`.
    fn message(&mut self, tab: usize, payload: &[u8], len: usize, reply: &mut Vec<u8>);
}

impl Crowd {
    pub(super) fn new() -> Result<Self> {
        Ok(Self { poll: Poll::new()?, tabs: Vec::new(), buffer: vec![0; READ_BUFFER], lost: 0 })
    }

    /// Number of tabs that have been opened, one after the other from 0.
    pub(super) fn len(&self) -> usize {
        self.tabs.len()
    }

    /// Opens one more tab, from its own address, and sends `greeting`.
    pub(super) fn open(&mut self, server: SocketAddr, path: &str, greeting: &[u8]) -> Result<usize> {
        let number = self.tabs.len();
        let mut stream = connect(server, number).with_context(|| format!("connection {number}"))?;
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: {server}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        );
        stream.write_all(request.as_bytes())?;
        let rest = answer(&mut stream).with_context(|| format!("connection {number}"))?;
        stream.set_nonblocking(true)?;
        let mut stream = TcpStream::from_std(stream);
        self.poll.registry().register(&mut stream, Token(number), Interest::READABLE | Interest::WRITABLE)?;
        let mut tab = Tab { stream, reader: FrameReader::default(), unsent: greeting.to_vec(), open: true };
        tab.flush();
        // Peers wait for the tab's message before they send more than the socket's first bytes.
        tab.reader.feed(&rest, |_, _, _| {});
        self.tabs.push(tab);
        Ok(number)
    }

    pub(super) fn send(&mut self, tab: usize, frames: &[u8]) {
        if let Some(tab) = self.tabs.get_mut(tab) {
            tab.unsent.extend_from_slice(frames);
            tab.flush();
        }
    }

    /// Runs the tabs until `done` or for this long. Returns whether it was done.
    pub(super) fn talk<T: Talk>(
        &mut self,
        talk: &mut T,
        limit: Duration,
        mut done: impl FnMut(&T) -> bool,
    ) -> Result<bool> {
        let end = Instant::now() + limit;
        let mut events = Events::with_capacity(4_096);
        while !done(talk) {
            let now = Instant::now();
            if now >= end {
                return Ok(false);
            }
            match self.poll.poll(&mut events, Some((end - now).min(Duration::from_millis(100)))) {
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                result => result?,
            }
            for event in &events {
                let number = event.token().0;
                let Some(tab) = self.tabs.get_mut(number) else { continue };
                if event.is_writable() {
                    tab.flush();
                }
                if event.is_readable() && !tab.read(number, &mut self.buffer, talk) {
                    self.lost += 1;
                }
            }
        }
        Ok(true)
    }
}

impl Tab {
    /// Reads everything available. Returns false if the connection has just ended.
    fn read(&mut self, number: usize, buffer: &mut [u8], talk: &mut impl Talk) -> bool {
        while self.open {
            match self.stream.read(buffer) {
                Ok(0) => self.open = false,
                Ok(read) => {
                    let unsent = &mut self.unsent;
                    self.reader.feed(&buffer[..read], |kind, payload, len| match kind {
                        Kind::Data => talk.message(number, payload, len, unsent),
                        Kind::Ping => put_frame(unsent, Kind::Ping, payload),
                        Kind::Close | Kind::Other => {}
                    });
                    self.flush();
                    if read < buffer.len() {
                        return true;
                    }
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => return true,
                Err(_) => self.open = false,
            }
            if !self.open {
                return false;
            }
        }
        true
    }

    fn flush(&mut self) {
        while !self.unsent.is_empty() {
            match self.stream.write(&self.unsent) {
                Ok(written) => drop(self.unsent.drain(..written)),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) => return,
            }
        }
        if self.unsent.capacity() > 4_096 {
            self.unsent = Vec::new();
        }
    }
}

/// Every tab has its own address in 127.0.0.0/8. Its neighbours are in other networks, like users of a public relay.
fn connect(server: SocketAddr, number: usize) -> Result<std::net::TcpStream> {
    const NETWORKS: usize = 250;
    let (network, host) = (u8::try_from(1 + number % NETWORKS)?, u16::try_from(1 + number / NETWORKS)?);
    let [third, fourth] = host.to_be_bytes();
    let own = Ipv4Addr::new(127, network, third, fourth);
    let socket = Socket::new(Domain::IPV4, Type::STREAM, Some(Protocol::TCP))?;
    socket.bind(&SocketAddr::from((own, 0)).into())?;
    socket.connect(&server.into())?;
    socket.set_tcp_nodelay(true)?;
    socket.set_read_timeout(Some(HANDSHAKE))?;
    Ok(socket.into())
}

/// Reads the answer to the handshake; returns what follows it.
fn answer(stream: &mut std::net::TcpStream) -> Result<Vec<u8>> {
    let (mut answer, mut part) = (Vec::new(), [0; 4_096]);
    loop {
        let read = stream.read(&mut part)?;
        ensure!(read > 0, "closed during the handshake");
        answer.extend_from_slice(&part[..read]);
        if let Some(end) = answer.windows(4).position(|w| w == b"\r\n\r\n") {
            if !answer.starts_with(b"HTTP/1.1 101") {
                bail!("refused: {}", String::from_utf8_lossy(&answer).lines().next().unwrap_or_default());
            }
            return Ok(answer.split_off(end + 4));
        }
    }
}
