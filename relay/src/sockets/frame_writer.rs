use axum::body::Bytes;
use std::collections::VecDeque;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Maximum frames that wait at once.
const MAX_FRAMES: usize = 64;
/// While this many bytes wait, the writer accepts no further frame.
const ENOUGH_BYTES: usize = 64 * 1024;
/// An empty queue frees its memory above this capacity.
const KEPT_CAPACITY: usize = 4;

/// The sending side of a server's WebSocket. It writes frames from memory that all peers share, many in one system
/// call. The WebSocket library, which reads and answers pings, writes its own frames through here too, so that frames
/// do not mix.
///
/// Bound: [`ENOUGH_BYTES`] and one frame.
#[derive(Debug)]
pub(super) struct FrameWriter<Io> {
    io: Io,
    waiting: VecDeque<Frame>,
    /// Bytes in `waiting`.
    bytes: usize,
    /// Bytes of the first frame that have been written.
    written: usize,
}

#[derive(Debug)]
struct Frame {
    head: [u8; 10],
    head_len: usize,
    body: Bytes,
}

impl Frame {
    /// An unmasked binary message in one frame (RFC 6455, section 5.2).
    fn binary(body: Bytes) -> Self {
        let mut head = [0; 10];
        head[0] = 0x82;
        let head_len = match u16::try_from(body.len()) {
            Ok(len @ 0..126) => {
                head[1] = len as u8;
                2
            }
            Ok(len) => {
                head[1] = 126;
                head[2..4].copy_from_slice(&len.to_be_bytes());
                4
            }
            Err(_) => {
                head[1] = 127;
                head[2..].copy_from_slice(&(body.len() as u64).to_be_bytes());
                10
            }
        };
        Self { head, head_len, body }
    }

    fn len(&self) -> usize {
        self.head_len + self.body.len()
    }
}

impl<Io> FrameWriter<Io> {
    pub(super) fn new(io: Io) -> Self {
        Self { io, waiting: VecDeque::new(), bytes: 0, written: 0 }
    }

    /// Queues a binary message.
    pub(super) fn put(&mut self, body: Bytes) {
        self.push(Frame::binary(body));
    }

    fn push(&mut self, frame: Frame) {
        self.bytes += frame.len();
        self.waiting.push_back(frame);
    }

    fn is_full(&self) -> bool {
        self.waiting.len() >= MAX_FRAMES || self.bytes >= ENOUGH_BYTES
    }

    /// Removes written bytes from the queue.
    fn advance(&mut self, count: usize) {
        self.bytes -= count;
        self.written += count;
        while let Some(first) = self.waiting.front()
            && first.len() <= self.written
        {
            self.written -= first.len();
            self.waiting.pop_front();
        }
        if self.waiting.is_empty() && self.waiting.capacity() > KEPT_CAPACITY {
            self.waiting = VecDeque::new();
        }
    }
}

impl<Io: AsyncWrite + Unpin> FrameWriter<Io> {
    /// Ready when there is room for another frame.
    pub(super) fn poll_room(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.is_full() { self.poll_written(cx) } else { Poll::Ready(Ok(())) }
    }

    /// Ready when everything queued has been written.
    pub(super) fn poll_written(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while !self.waiting.is_empty() {
            let mut slices = [IoSlice::new(&[]); 2 * MAX_FRAMES];
            let mut skip = self.written;
            let parts = self.waiting.iter().flat_map(|frame| [&frame.head[..frame.head_len], &frame.body]);
            for (slice, part) in slices.iter_mut().zip(parts) {
                let skipped = skip.min(part.len());
                skip -= skipped;
                *slice = IoSlice::new(&part[skipped..]);
            }
            let used = slices.len().min(2 * self.waiting.len());
            let count = ready!(Pin::new(&mut self.io).poll_write_vectored(cx, &slices[..used]))?;
            if count == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.advance(count);
        }
        Poll::Ready(Ok(()))
    }
}

impl<Io: AsyncRead + Unpin> AsyncRead for FrameWriter<Io> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_read(cx, buf)
    }
}

impl<Io: AsyncWrite + Unpin> AsyncWrite for FrameWriter<Io> {
    /// Accepts whole frames from the library, or nothing yet.
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, frames: &[u8]) -> Poll<io::Result<usize>> {
        ready!(self.poll_room(cx))?;
        self.push(Frame { head: [0; 10], head_len: 0, body: Bytes::copy_from_slice(frames) });
        Poll::Ready(Ok(frames.len()))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_written(cx))?;
        Pin::new(&mut self.io).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_written(cx))?;
        Pin::new(&mut self.io).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sockets::connections::Connections;
    use crate::sockets::socket::ServerSocket;
    use futures::{SinkExt, StreamExt};
    use std::sync::Arc;
    use tokio_tungstenite::WebSocketStream;
    use tokio_tungstenite::tungstenite::{Message, protocol::Role};

    /// Sends messages with headers of all lengths through a pipe that takes a few bytes at a time, while the peer
    /// pings: each message arrives whole, with the pongs between them.
    #[tokio::test]
    async fn frames_and_pongs_do_not_mix() {
        let (ours, theirs) = tokio::io::duplex(1_000);
        let (mut sink, mut stream) = ServerSocket::new(ours, Arc::new(Connections::new(1)).unfinished()).await.split();
        let lengths = [0, 1, 125, 126, 65_535, 65_536, 70_000];
        let sending = tokio::spawn(async move {
            let reading = async { while stream.next().await.is_some() {} };
            let writing = async {
                for _ in 0..20 {
                    for (byte, len) in (0..).zip(lengths) {
                        sink.feed(Bytes::from(vec![byte; len])).await.unwrap();
                    }
                    sink.flush().await.unwrap();
                }
            };
            futures::future::select(std::pin::pin!(reading), std::pin::pin!(writing)).await;
        });
        let (mut pings, mut messages) = WebSocketStream::from_raw_socket(theirs, Role::Client, None).await.split();
        tokio::spawn(async move {
            for n in 0..50 {
                if pings.send(Message::Ping(vec![n; 9].into())).await.is_err() {
                    return;
                }
                tokio::task::yield_now().await;
            }
            std::future::pending::<()>().await;
        });
        let (mut binary, mut pongs) = (0, 0);
        while binary < 20 * lengths.len() {
            match messages.next().await.unwrap().unwrap() {
                Message::Binary(bytes) => {
                    assert_eq!(bytes, vec![(binary % lengths.len()) as u8; lengths[binary % lengths.len()]]);
                    binary += 1;
                }
                Message::Pong(bytes) => {
                    assert_eq!(bytes, vec![bytes[0]; 9]);
                    pongs += 1;
                }
                other => panic!("{other:?}"),
            }
        }
        sending.await.unwrap();
        assert!(pongs > 0);
    }

    #[tokio::test]
    async fn a_full_writer_accepts_no_more() {
        let (ours, _theirs) = tokio::io::duplex(10);
        let mut writer = FrameWriter::new(ours);
        std::future::poll_fn(|cx| {
            for _ in 0..1_000 {
                match writer.poll_room(cx) {
                    Poll::Ready(room) => {
                        room.unwrap();
                        writer.put(Bytes::from_static(&[1; 2_000]));
                    }
                    Poll::Pending => return Poll::Ready(()),
                }
            }
            panic!("the writer has no limit");
        })
        .await;
        assert!(writer.bytes < ENOUGH_BYTES + 2_010);
    }

    #[tokio::test]
    async fn an_empty_writer_keeps_little_memory() {
        for frames in [KEPT_CAPACITY, KEPT_CAPACITY + 1, 10 * KEPT_CAPACITY] {
            let (ours, _theirs) = tokio::io::duplex(10_000);
            let mut writer = FrameWriter::new(ours);
            (0..frames).for_each(|_| writer.put(Bytes::from_static(&[1; 10])));
            std::future::poll_fn(|cx| writer.poll_written(cx)).await.unwrap();
            assert!(writer.waiting.capacity() <= KEPT_CAPACITY, "after {frames} frames");
        }
    }
}
