use super::connections::Unfinished;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Sleep, sleep};

/// Maximum frames of one message. A browser splits a message of the maximum size into some tens.
const MAX_FRAMES: u32 = 1_024;
/// Maximum time until the next [`PART`] of a message, or its end.
pub(super) const PART_WITHIN: Duration = Duration::from_secs(60);
/// Bytes of a message that count as progress.
pub(super) const PART: usize = 4 * 1024;
/// Above this size, a message counts as large while it is unfinished.
pub(super) const SMALL: usize = 16 * 1024;

/// The end of the handshake's answer.
const HANDSHAKE_END: &[u8] = b"\r\n\r\n";

/// Limits a WebSocket's frames before the library assembles messages from them. The library alone would read empty
/// frames endlessly, and keep half a message for any time.
#[derive(Debug)]
pub(super) struct FrameLimiter<Io> {
    io: Io,
    position: FramePosition,
    /// Counts the bytes of the current message, if it is large.
    unfinished: Unfinished,
    part_within: Duration,
    /// Bytes of the message when the time for the next part began.
    part_from: usize,
    deadline: Option<Pin<Box<Sleep>>>,
}

/// Position within a message of the stream (RFC 6455, section 5.2).
#[derive(Debug, Default)]
struct FramePosition {
    /// The bytes of the frame's header so far.
    head: [u8; 14],
    head_len: usize,
    /// Remaining bytes of the frame's payload.
    payload_remaining: u64,
    /// Number of frames of the message so far; 0 between messages.
    frames: u32,
    /// The message's bytes so far, headers included.
    bytes: usize,
    /// Number of bytes of [`HANDSHAKE_END`] matched so far; `None` after the handshake.
    handshake: Option<usize>,
}

impl FramePosition {
    /// Advances past these bytes; false if the message has too many frames.
    fn advance(&mut self, mut read: &[u8]) -> bool {
        while !read.is_empty() {
            if let Some(found) = self.handshake {
                let found = if read[0] == HANDSHAKE_END[found] { found + 1 } else { usize::from(read[0] == b'\r') };
                self.handshake = (found < HANDSHAKE_END.len()).then_some(found);
                read = &read[1..];
                continue;
            }
            if self.payload_remaining > 0 {
                let count =
                    usize::try_from(self.payload_remaining).map_or(read.len(), |remaining| remaining.min(read.len()));
                self.payload_remaining -= count as u64;
                self.bytes += count;
                read = &read[count..];
            } else {
                self.head[self.head_len] = read[0];
                self.head_len += 1;
                self.bytes += 1;
                read = &read[1..];
                if self.head_len == self.head_size() {
                    self.payload_remaining = self.payload_size();
                    // Control frames may come between a message's frames.
                    self.frames += u32::from(!self.is_control());
                } else {
                    continue;
                }
            }
            if self.payload_remaining == 0 {
                self.end_frame();
            }
            if self.frames > MAX_FRAMES {
                return false;
            }
        }
        true
    }

    fn end_frame(&mut self) {
        let is_last = self.head[0] & 0x80 != 0;
        if is_last && !self.is_control() {
            (self.frames, self.bytes) = (0, 0);
        } else if self.frames == 0 {
            self.bytes = 0;
        }
        self.head_len = 0;
    }

    fn is_control(&self) -> bool {
        self.head[0] & 0x08 != 0
    }

    /// The size of the frame's header, as far as its bytes so far determine it.
    fn head_size(&self) -> usize {
        if self.head_len < 2 {
            return 2;
        }
        let length = match self.head[1] & 0x7f {
            126 => 2,
            127 => 8,
            _ => 0,
        };
        2 + length + if self.head[1] & 0x80 != 0 { 4 } else { 0 }
    }

    fn payload_size(&self) -> u64 {
        match self.head[1] & 0x7f {
            126 => u64::from(u16::from_be_bytes([self.head[2], self.head[3]])),
            127 => self.head[2..10].iter().fold(0, |size, byte| size << 8 | u64::from(*byte)),
            short => u64::from(short),
        }
    }

    /// Whether a message has begun and not ended.
    fn is_within(&self) -> bool {
        self.frames > 0 || self.head_len > 0
    }
}

impl<Io> FrameLimiter<Io> {
    /// Starts after the handshake.
    pub(super) fn new(io: Io, unfinished: Unfinished) -> Self {
        Self {
            io,
            position: FramePosition::default(),
            unfinished,
            part_within: PART_WITHIN,
            part_from: 0,
            deadline: None,
        }
    }

    /// Starts before this side sends the handshake.
    pub(super) fn before_handshake(io: Io, unfinished: Unfinished) -> Self {
        Self { position: FramePosition { handshake: Some(0), ..FramePosition::default() }, ..Self::new(io, unfinished) }
    }

    fn check(&mut self, read: &[u8]) -> io::Result<()> {
        let allowed = self.position.advance(read);
        self.unfinished.set(if self.position.bytes > SMALL { self.position.bytes } else { 0 });
        let bytes = self.position.bytes;
        if !self.position.is_within() || bytes < self.part_from || bytes - self.part_from >= PART {
            self.deadline = None;
            self.part_from = bytes;
        }
        if allowed { Ok(()) } else { Err(violation("a message has too many frames")) }
    }
}

/// The error that ends the connection; the node then reports a protocol violation.
fn violation(what: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

impl<Io: AsyncRead + Unpin> AsyncRead for FrameLimiter<Io> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        match Pin::new(&mut self.io).poll_read(cx, buf) {
            Poll::Ready(Ok(())) => Poll::Ready(self.check(&buf.filled()[before..])),
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
            Poll::Pending if !self.position.is_within() => Poll::Pending,
            Poll::Pending => {
                let part_within = self.part_within;
                let deadline = self.deadline.get_or_insert_with(|| Box::pin(sleep(part_within)));
                deadline.as_mut().poll(cx).map(|()| Err(violation("a message does not end in time")))
            }
        }
    }
}

impl<Io: AsyncWrite + Unpin> AsyncWrite for FrameLimiter<Io> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.io).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.io).poll_write_vectored(cx, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::super::connections::Connections;
    use super::*;
    use std::sync::Arc;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::time::timeout;

    /// A masked frame.
    fn frame(first: u8, payload: usize) -> Vec<u8> {
        let mut frame = vec![first];
        match payload {
            0..126 => frame.push(0x80 | payload as u8),
            126..65_536 => frame.extend([&[0xfe][..], &(payload as u16).to_be_bytes()].concat()),
            _ => frame.extend([&[0xff][..], &(payload as u64).to_be_bytes()].concat()),
        }
        frame.extend(vec![7; 4 + payload]);
        frame
    }

    #[test]
    fn frames_are_parsed_in_pieces_of_any_size() {
        let lengths = [0, 1, 125, 126, 65_535, 65_536, 1_100_000];
        let whole: Vec<u8> = lengths.into_iter().flat_map(|length| frame(0x82, length)).collect();
        for piece in [1, 2, 3, 1_024, whole.len()] {
            let mut position = FramePosition::default();
            assert!(whole.chunks(piece).all(|bytes| position.advance(bytes)));
            assert!(!position.is_within() && position.bytes == 0, "{piece}");
        }
        let mut position = FramePosition::default();
        assert!(position.advance(&frame(0x02, 70_000)) && position.is_within());
        assert!(position.advance(&frame(0x89, 5)), "a ping within a message");
        assert!(position.bytes > 70_000, "still held");
        assert!(position.advance(&frame(0x80, 0)) && !position.is_within() && position.bytes == 0);
        assert!(
            position.advance(&frame(0x89, 5)) && !position.is_within() && position.bytes == 0,
            "a ping between messages"
        );
    }

    #[tokio::test]
    async fn a_message_must_end_in_time() {
        let (ours, mut theirs) = tokio::io::duplex(1_000);
        let unfinished = Arc::new(Connections::new(1)).unfinished();
        let short = Duration::from_millis(50);
        let mut ours = FrameLimiter { part_within: short, ..FrameLimiter::new(ours, unfinished) };
        let mut bytes = [0; 1_000];
        theirs.write_all(&frame(0x82, 9)).await.unwrap();
        ours.read_exact(&mut bytes[..frame(0x82, 9).len()]).await.unwrap();
        assert!(timeout(4 * short, ours.read(&mut bytes)).await.is_err(), "between messages a peer may be silent");
        for half in [&[0x82][..], &frame(0x02, 0), &frame(0x89, 9)[..7]] {
            let (pipe, mut theirs) = tokio::io::duplex(1_000);
            let unfinished = Arc::new(Connections::new(1)).unfinished();
            let mut ours = FrameLimiter { part_within: short, ..FrameLimiter::new(pipe, unfinished) };
            theirs.write_all(half).await.unwrap();
            let ended = loop {
                if let Err(error) = ours.read(&mut bytes).await {
                    break error;
                }
            };
            assert_eq!(ended.kind(), io::ErrorKind::InvalidData, "{half:?}");
        }
    }

    #[tokio::test]
    async fn a_slow_message_may_take_as_long_as_it_needs() {
        let (pipe, mut theirs) = tokio::io::duplex(PART);
        let unfinished = Arc::new(Connections::new(1)).unfinished();
        let short = Duration::from_millis(100);
        let mut ours = FrameLimiter { part_within: short, ..FrameLimiter::new(pipe, unfinished) };
        let message = frame(0x82, 12 * PART);
        let sender = message.clone();
        let sender = tokio::spawn(async move {
            for part in sender.chunks(PART) {
                sleep(short / 2).await;
                theirs.write_all(part).await.unwrap();
            }
            theirs
        });
        let mut read = vec![0; message.len()];
        ours.read_exact(&mut read).await.unwrap();
        assert_eq!(read, message);
        drop(sender.await.unwrap());
    }

    #[test]
    fn the_answer_to_the_handshake_is_not_a_frame() {
        let answer = b"HTTP/1.1 101 Switching Protocols\r\r\nupgrade: websocket\r\n\r\n";
        for piece in [1, 7, 1_000] {
            let mut position = FramePosition { handshake: Some(0), ..FramePosition::default() };
            let all = [&answer[..], &frame(0x82, 9), &frame(0x02, 70_000)].concat();
            assert!(all.chunks(piece).all(|bytes| position.advance(bytes)));
            assert_eq!((position.frames, position.handshake), (1, None), "{piece}");
        }
    }

    #[test]
    fn a_message_has_a_limited_number_of_frames() {
        for (frames, passes) in [(MAX_FRAMES, true), (MAX_FRAMES + 1, false), (10 * MAX_FRAMES, false)] {
            for payload in [0, 1] {
                let mut message = frame(0x02, payload);
                (1..frames).for_each(|_| message.extend(frame(0x00, payload)));
                assert_eq!(FramePosition::default().advance(&message), passes, "{frames} frames of {payload} bytes");
            }
        }
        let mut position = FramePosition::default();
        assert!(
            (0..3 * MAX_FRAMES).all(|_| position.advance(&frame(0x82, 0))),
            "the number of messages is not limited"
        );
        assert!((0..3 * MAX_FRAMES).all(|_| position.advance(&frame(0x89, 0))), "pings have another limit");
    }
}
