use super::READ_BUFFER;
use super::connections::Unfinished;
use super::frame_limiter::FrameLimiter;
use super::frame_writer::FrameWriter;
use super::pump::Incoming;
use super::write_stall::WriteStall;
use axum::body::Bytes;
use fedcoin_node::wire::MAX_FRAME_BYTES;
use futures::{Sink, Stream, StreamExt};
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};

/// The library's own frames are short: pongs and the close frame.
const CONTROL_BUFFER: usize = 1_024;

/// A WebSocket that the other side opened. The library reads it; [`FrameWriter`] sends binary messages, because the
/// library would copy each into a buffer per connection. One task reads and writes, so it wakes for both.
pub(super) struct ServerSocket<Io>(WebSocketStream<FrameWriter<FrameLimiter<WriteStall<Io>>>>);

impl<Io: AsyncRead + AsyncWrite + Unpin> ServerSocket<Io> {
    /// Takes over a stream after the handshake.
    pub(super) async fn new(io: Io, unfinished: Unfinished) -> Self {
        let config = WebSocketConfig::default()
            .read_buffer_size(READ_BUFFER)
            .write_buffer_size(0)
            .max_write_buffer_size(CONTROL_BUFFER)
            .max_message_size(Some(MAX_FRAME_BYTES))
            .max_frame_size(Some(MAX_FRAME_BYTES));
        Self(
            WebSocketStream::from_raw_socket(
                FrameWriter::new(FrameLimiter::new(WriteStall::new(io), unfinished)),
                Role::Server,
                Some(config),
            )
            .await,
        )
    }
}

impl<Io: AsyncRead + AsyncWrite + Unpin> Stream for ServerSocket<Io> {
    type Item = Incoming;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Incoming>> {
        Poll::Ready(ready!(self.0.poll_next_unpin(cx)).map(Incoming::from))
    }
}

impl<Io: AsyncRead + AsyncWrite + Unpin> Sink<Bytes> for ServerSocket<Io> {
    type Error = io::Error;

    fn poll_ready(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.0.get_mut().poll_room(cx)
    }

    fn start_send(mut self: Pin<&mut Self>, message: Bytes) -> io::Result<()> {
        self.0.get_mut().put(message);
        Ok(())
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.0.get_mut().poll_written(cx)
    }

    fn poll_close(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.0.get_mut().poll_written(cx))?;
        Pin::new(&mut self.0).poll_close(cx).map_err(io::Error::other)
    }
}
