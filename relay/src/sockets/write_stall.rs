use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Sleep, sleep};

/// A peer that reads nothing for this long is disconnected, however little waits for it. The system reports the
/// progress of slow readers in large steps.
const WRITE_STALL: Duration = Duration::from_secs(3 * 60);

/// A connection that breaks when nothing can be written to it for [`WRITE_STALL`].
#[derive(Debug)]
pub(super) struct WriteStall<Io> {
    io: Io,
    patience: Duration,
    deadline: Option<Pin<Box<Sleep>>>,
}

impl<Io> WriteStall<Io> {
    pub(super) fn new(io: Io) -> Self {
        Self { io, patience: WRITE_STALL, deadline: None }
    }

    /// Breaks the connection if a write has waited for too long.
    fn check<T>(&mut self, written: Poll<io::Result<T>>, cx: &mut Context<'_>) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.deadline = None;
            return written;
        }
        let patience = self.patience;
        let deadline = self.deadline.get_or_insert_with(|| Box::pin(sleep(patience)));
        deadline.as_mut().poll(cx).map(|()| Err(io::ErrorKind::TimedOut.into()))
    }
}

impl<Io: AsyncRead + Unpin> AsyncRead for WriteStall<Io> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_read(cx, buf)
    }
}

impl<Io: AsyncWrite + Unpin> AsyncWrite for WriteStall<Io> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.io).poll_write(cx, bytes);
        self.check(written, cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.io).poll_write_vectored(cx, slices);
        self.check(written, cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.io).poll_flush(cx);
        self.check(flushed, cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let shut = Pin::new(&mut self.io).poll_shutdown(cx);
        self.check(shut, cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::spawn;

    #[tokio::test]
    async fn only_readers_that_take_nothing_are_disconnected() {
        let patience = Duration::from_millis(200);
        let (pipe, mut theirs) = tokio::io::duplex(100);
        let mut ours = WriteStall { patience, ..WriteStall::new(pipe) };
        let reader = spawn(async move {
            let mut read = 0;
            while read < 1_000 {
                sleep(patience / 4).await;
                read += theirs.read(&mut [0; 50]).await.unwrap();
            }
            theirs
        });
        ours.write_all(&[7; 1_000]).await.unwrap();
        let _theirs = reader.await.unwrap();
        let stalled = ours.write_all(&[7; 1_000]).await.unwrap_err();
        assert_eq!(stalled.kind(), io::ErrorKind::TimedOut);
    }
}
