use super::PATIENCE;
use fedcoin_node::primitives::{BlockId, NetworkId};
use fedcoin_node::units::{Height, Timestamp, Work};
use fedcoin_node::wire::{Goodbye, Hello, Message, PROTOCOL_VERSION};
use std::io::{self, ErrorKind, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use tokio::net::TcpSocket;
use tokio_tungstenite::tungstenite::{self, WebSocket, accept, client};

/// A peer controlled by a test.
pub struct Peer(WebSocket<TcpStream>);

impl Peer {
    /// Opens a connection and sends nothing.
    pub fn connect(port: u16) -> Self {
        Self::connect_from(Ipv4Addr::LOCALHOST, port)
    }

    /// Like [`Peer::connect`], from another address of this machine in 127.0.0.0/8.
    pub fn connect_from(address: Ipv4Addr, port: u16) -> Self {
        let stream = dial_from(address, port).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let (socket, _) = client(format!("ws://127.0.0.1:{port}/ws"), stream).unwrap();
        Self(socket)
    }

    /// Opens a connection and completes the handshake.
    pub fn greet(port: u16, network: NetworkId) -> Self {
        Self::greet_as(port, hello(network))
    }

    /// Like [`Peer::greet`], with this greeting.
    pub fn greet_as(port: u16, hello: Hello) -> Self {
        Self::connect(port).greeted(hello)
    }

    /// Like [`Peer::greet`], from another address of this machine.
    pub fn greet_from(address: Ipv4Addr, port: u16, network: NetworkId) -> Self {
        Self::connect_from(address, port).greeted(hello(network))
    }

    fn greeted(mut self, hello: Hello) -> Self {
        self.send(&Message::Hello(hello));
        self.hello();
        self
    }

    /// Waits until a node dials this port, and greets it.
    pub fn dialled(listener: &TcpListener, hello: Hello) -> Self {
        let (stream, _) = listener.accept().unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        Self(accept(stream).unwrap()).greeted(hello)
    }

    /// The node's greeting.
    pub fn hello(&mut self) -> Hello {
        loop {
            if let Some(Message::Hello(hello)) = self.receive() {
                return hello;
            }
        }
    }

    pub fn send(&mut self, message: &Message) {
        self.send_bytes(message.encode());
    }

    pub fn send_bytes(&mut self, bytes: Vec<u8>) {
        self.send_raw(tungstenite::Message::Binary(bytes.into()));
    }

    pub fn send_raw(&mut self, message: tungstenite::Message) {
        self.0.send(message).unwrap();
    }

    /// Sends a message to a node that may have disconnected; false if it has.
    pub fn try_send(&mut self, message: &Message) -> bool {
        self.try_send_raw(tungstenite::Message::Binary(message.encode().into()))
    }

    pub fn try_send_raw(&mut self, message: tungstenite::Message) -> bool {
        self.0.send(message).is_ok()
    }

    /// Sends raw bytes, which need not be frames.
    pub fn send_unframed(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.get_mut().write_all(bytes)
    }

    /// Sends the same message until the node disconnects.
    pub fn flood(&mut self, message: &tungstenite::Message) {
        while self.try_send_raw(message.clone()) {}
    }

    /// Checks that the connection ends, and that any goodbye has this reason.
    pub fn cut_off_for(&mut self, expected: Goodbye) {
        while let Some(message) = self.receive() {
            if let Message::Goodbye(reason) = message {
                assert_eq!(reason, expected);
            }
        }
    }

    /// The next message; `None` if the connection is closed.
    pub fn receive(&mut self) -> Option<Message> {
        loop {
            match self.0.read() {
                Ok(tungstenite::Message::Binary(bytes)) => return Some(Message::decode(&bytes).unwrap()),
                Ok(tungstenite::Message::Close(_)) | Err(tungstenite::Error::ConnectionClosed) => return None,
                Ok(_) => {}
                Err(tungstenite::Error::Protocol(_)) => return None,
                Err(tungstenite::Error::Io(error)) if is_end(error.kind()) => return None,
                Err(error) => panic!("{error}"),
            }
        }
    }

    /// Waits for a message for which `wanted` returns a value.
    pub fn wait_for<T>(&mut self, what: &str, wanted: impl FnMut(Message) -> Option<T>) -> T {
        wait_for(|| self.receive(), what, wanted)
    }

    /// The reason of the node's goodbye, after which it must close the connection.
    pub fn goodbye(&mut self) -> Goodbye {
        goodbye(|| self.receive())
    }

    /// Whether the node still answers.
    pub fn is_alive(&mut self) -> bool {
        self.send(&Message::Ping(77));
        loop {
            match self.receive().expect("the node answers") {
                Message::Pong(77) => return true,
                // The node also pings if the test takes long.
                Message::Ping(nonce) => self.send(&Message::Pong(nonce)),
                _ => {}
            }
        }
    }
}

/// Whether this error means that the connection has ended.
fn is_end(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::ConnectionReset | ErrorKind::BrokenPipe | ErrorKind::ConnectionAborted)
}

/// A connection from this address of this machine.
pub fn dial_from(address: Ipv4Addr, port: u16) -> io::Result<TcpStream> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
    let stream = runtime.block_on(async {
        let socket = TcpSocket::new_v4()?;
        socket.bind((address, 0).into())?;
        socket.connect((Ipv4Addr::LOCALHOST, port).into()).await
    })?;
    let stream = stream.into_std()?;
    stream.set_nonblocking(false)?;
    Ok(stream)
}

/// The greeting of a node at genesis.
pub fn hello(network: NetworkId) -> Hello {
    Hello {
        version: PROTOCOL_VERSION,
        network,
        nonce: fedcoin_relay::random::number().unwrap(),
        tip: BlockId::from(network),
        height: Height(0),
        work: Work::ZERO,
        time: Timestamp(0),
        user_agent: "test".to_owned(),
        listen: None,
    }
}

/// Receives until `wanted` returns a value.
pub fn wait_for<T>(
    mut receive: impl FnMut() -> Option<Message>,
    what: &str,
    mut wanted: impl FnMut(Message) -> Option<T>,
) -> T {
    loop {
        let message = receive().unwrap_or_else(|| panic!("closed before {what}"));
        if let Some(found) = wanted(message) {
            return found;
        }
    }
}

/// The reason of the node's goodbye, after which it must close the connection.
pub fn goodbye(mut receive: impl FnMut() -> Option<Message>) -> Goodbye {
    let reason = wait_for(&mut receive, "a goodbye", |message| match message {
        Message::Goodbye(reason) => Some(reason),
        _ => None,
    });
    assert_eq!(receive(), None, "closed after the goodbye");
    reason
}
