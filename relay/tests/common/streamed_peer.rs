use super::PATIENCE;
use super::peer::{self, hello};
use fedcoin_node::primitives::NetworkId;
use fedcoin_node::wire::{Goodbye, Message, frame_head};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;

/// A peer without a WebSocket: it reads an answer that goes on, and posts what it says.
pub struct StreamedPeer {
    answer: Chunks,
    pub id: String,
    pub port: u16,
    /// The number of the next post.
    pub next: u64,
}

/// The body of a chunked answer (RFC 9112, section 7.1).
struct Chunks {
    stream: BufReader<TcpStream>,
    rest: Vec<u8>,
}

impl StreamedPeer {
    /// Opens a connection and says nothing.
    pub fn connect(port: u16) -> Self {
        let stream = request(port, "POST /frames", &[], b"").unwrap();
        let mut stream = BufReader::new(stream);
        let head = read_head(&mut stream).unwrap();
        assert!(head.starts_with("HTTP/1.1 200") && head.contains("transfer-encoding: chunked"), "{head}");
        let mut answer = Chunks { stream, rest: Vec::new() };
        let id = String::from_utf8(answer.frame().unwrap()).unwrap();
        Self { answer, id, port, next: 0 }
    }

    /// The same, with the handshake.
    pub fn greet(port: u16, network: NetworkId) -> Self {
        let mut peer = Self::connect(port);
        peer.send(&Message::Hello(hello(network)));
        peer.wait_for("the greeting", |message| matches!(message, Message::Hello(_)).then_some(()));
        peer
    }

    /// Posts one message, which must be taken.
    pub fn send(&mut self, message: &Message) {
        assert_eq!(self.post(self.next, &framed(&[message.encode()])), 204);
        self.next += 1;
    }

    /// The status of a post's answer.
    pub fn post(&self, number: u64, body: &[u8]) -> u16 {
        post(self.port, &self.id, number, body)
    }

    /// The next message; `None` when the answer has ended.
    pub fn receive(&mut self) -> Option<Message> {
        self.answer.frame().map(|frame| Message::decode(&frame).unwrap())
    }

    pub fn wait_for<T>(&mut self, what: &str, wanted: impl FnMut(Message) -> Option<T>) -> T {
        peer::wait_for(|| self.receive(), what, wanted)
    }

    /// The reason that the node gives for closing; it must close after that.
    pub fn goodbye(&mut self) -> Goodbye {
        peer::goodbye(|| self.receive())
    }

    pub fn is_alive(&mut self) -> bool {
        self.send(&Message::Ping(77));
        self.wait_for("a pong", |message| (message == Message::Pong(77)).then_some(true))
    }
}

impl Chunks {
    fn frame(&mut self) -> Option<Vec<u8>> {
        let head = self.take(4)?;
        let size = u32::from_le_bytes(head.try_into().unwrap());
        self.take(size as usize)
    }

    fn take(&mut self, count: usize) -> Option<Vec<u8>> {
        while self.rest.len() < count {
            let mut line = String::new();
            self.stream.read_line(&mut line).ok()?;
            let size = usize::from_str_radix(line.trim(), 16).ok().filter(|size| *size > 0)?;
            let mut chunk = vec![0; size + 2];
            self.stream.read_exact(&mut chunk).ok()?;
            self.rest.extend_from_slice(&chunk[..size]);
        }
        Some(self.rest.drain(..count).collect())
    }
}

/// Frames as a post holds them.
pub fn framed(frames: &[Vec<u8>]) -> Vec<u8> {
    frames.iter().flat_map(|frame| [frame_head(frame.len()).to_vec(), frame.clone()]).flatten().collect()
}

/// The status of a post's answer; 0 when nobody answers.
pub fn post(port: u16, id: &str, number: u64, body: &[u8]) -> u16 {
    let sent = request(port, &format!("POST /frames/{id}/{number}"), &[], body);
    sent.ok().and_then(|stream| status(&mut BufReader::new(stream))).unwrap_or(0)
}

/// Sends a request, whose answer is to be read.
pub fn request(port: u16, line: &str, headers: &[&str], body: &[u8]) -> io::Result<TcpStream> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let mut head = format!("{line} HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\ncontent-length: {}\r\n", body.len());
    headers.iter().for_each(|header| head.extend([header, "\r\n"]));
    stream.write_all(format!("{head}\r\n").as_bytes())?;
    // Who refuses a post may close before it has read all of it.
    let _ = stream.write_all(body);
    Ok(stream)
}

/// An answer's status.
pub fn status(stream: &mut BufReader<TcpStream>) -> Option<u16> {
    read_head(stream)?.split(' ').nth(1)?.parse().ok()
}

fn read_head(stream: &mut BufReader<TcpStream>) -> Option<String> {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if stream.read_line(&mut head).ok()? == 0 {
            return None;
        }
    }
    Some(head)
}
