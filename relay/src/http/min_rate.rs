use super::slots::Activity;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Sleep, sleep};

/// Time in which a client must read [`LEAST`] bytes, or the connection ends.
const WINDOW: Duration = Duration::from_secs(30);
/// About half a kilobyte per second.
const LEAST: usize = 16 * 1024;

/// A connection that records its activity, and ends if the other side reads too slowly.
#[derive(Debug)]
pub(super) struct MinRate<Io> {
    io: Io,
    activity: Arc<Activity>,
    window: Duration,
    /// End of the window; set while the other side has unread bytes.
    waiting: Option<Pin<Box<Sleep>>>,
    /// Bytes read by the other side within the window.
    taken: usize,
}

impl<Io> MinRate<Io> {
    pub(super) fn new(io: Io, activity: Arc<Activity>) -> Self {
        Self { io, activity, window: WINDOW, waiting: None, taken: 0 }
    }

    /// Checks the result of an attempt to write `wanted` bytes.
    fn check<T>(
        &mut self,
        cx: &mut Context<'_>,
        wanted: usize,
        attempt: Poll<io::Result<T>>,
        count: impl Fn(&T) -> usize,
    ) -> Poll<io::Result<T>> {
        match &attempt {
            Poll::Ready(Ok(done)) => {
                self.activity.record();
                self.taken += count(done);
                if count(done) >= wanted {
                    self.waiting = None;
                }
            }
            Poll::Ready(Err(_)) => {}
            Poll::Pending => {
                if self.waiting.is_none() {
                    self.taken = 0;
                }
                let window = self.window;
                let waiting = self.waiting.get_or_insert_with(|| Box::pin(sleep(window)));
                while waiting.as_mut().poll(cx).is_ready() {
                    if self.taken < LEAST {
                        return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
                    }
                    self.taken = 0;
                    waiting.set(sleep(window));
                }
            }
        }
        attempt
    }
}

impl<Io: AsyncRead + Unpin> AsyncRead for MinRate<Io> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let read = Pin::new(&mut self.io).poll_read(cx, buf);
        if buf.filled().len() > before {
            self.activity.record();
        }
        read
    }
}

impl<Io: AsyncWrite + Unpin> AsyncWrite for MinRate<Io> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let attempt = Pin::new(&mut self.io).poll_write(cx, bytes);
        self.check(cx, bytes.len(), attempt, |count| *count)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let attempt = Pin::new(&mut self.io).poll_write_vectored(cx, slices);
        self.check(cx, slices.iter().map(|slice| slice.len()).sum(), attempt, |count| *count)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let attempt = Pin::new(&mut self.io).poll_flush(cx);
        if attempt.is_ready() { attempt } else { self.check(cx, 0, attempt, |()| 0) }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let attempt = Pin::new(&mut self.io).poll_shutdown(cx);
        if attempt.is_ready() { attempt } else { self.check(cx, 0, attempt, |()| 0) }
    }
}

#[cfg(test)]
mod tests {
    use super::super::slots::Slots;
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    /// A connection with a short window, and its other end.
    fn pair() -> (MinRate<tokio::io::DuplexStream>, tokio::io::DuplexStream) {
        let (ours, theirs) = tokio::io::duplex(100);
        let slot = Slots::new(1).take(None);
        (MinRate { window: Duration::from_millis(50), ..MinRate::new(ours, Arc::clone(&slot.activity)) }, theirs)
    }

    #[tokio::test]
    async fn a_slow_reader_is_disconnected() {
        let (mut ours, theirs) = pair();
        assert_eq!(ours.write_all(&[1; 2_000]).await.unwrap_err().kind(), io::ErrorKind::TimedOut);
        drop(theirs);
        let (mut ours, mut theirs) = pair();
        let reading = tokio::spawn(async move {
            while theirs.read_u8().await.is_ok() {
                sleep(Duration::from_millis(5)).await;
            }
        });
        assert_eq!(ours.write_all(&[1; 20_000]).await.unwrap_err().kind(), io::ErrorKind::TimedOut);
        drop(ours);
        reading.await.unwrap();
    }

    #[tokio::test]
    async fn a_reader_may_pause_between_answers() {
        let (mut ours, mut theirs) = pair();
        let reading = tokio::spawn(async move {
            let mut bytes = Vec::new();
            theirs.read_to_end(&mut bytes).await.unwrap();
            bytes.len()
        });
        for _ in 0..3 {
            ours.write_all(&[1; 5_000]).await.unwrap();
            sleep(Duration::from_millis(120)).await;
        }
        drop(ours);
        assert_eq!(reading.await.unwrap(), 15_000);
    }
}
