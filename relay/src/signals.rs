//! Signals of the operating system. The runtime ignores SIGPIPE, and [`crate::tls::watch`] handles SIGHUP.

use crate::failure::Failure;

/// Lets a write fail that makes a file larger than the limit (`ulimit -f`), as on a full disk. Otherwise the signal
/// SIGXFSZ would end the process without a word.
pub fn survive_file_size_limit() {
    #[cfg(unix)]
    {
        use signal_hook::consts::SIGXFSZ;
        // A handler that only sets a flag. Registering it fails for invalid signals only.
        let _ = signal_hook::flag::register(SIGXFSZ, std::sync::Arc::default());
    }
}

/// Ctrl-C and SIGTERM, caught from now on.
pub(crate) struct StopSignals {
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
}

impl StopSignals {
    #[cfg(unix)]
    pub(crate) fn listen() -> Result<Self, Failure> {
        use tokio::signal::unix::{SignalKind, signal};
        let catch = |kind| signal(kind).map_err(|e| Failure::system("cannot wait for signals", &e));
        Ok(Self { interrupt: catch(SignalKind::interrupt())?, terminate: catch(SignalKind::terminate())? })
    }

    #[cfg(not(unix))]
    pub(crate) fn listen() -> Result<Self, Failure> {
        Ok(Self {})
    }

    /// Returns at the next signal.
    #[cfg(unix)]
    pub(crate) async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }

    #[cfg(not(unix))]
    pub(crate) async fn next(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    /// Ends the process at the next signal: a second signal means not to wait. Everything announced is on disk at any
    /// moment.
    pub(crate) async fn end(mut self) {
        self.next().await;
        tracing::warn!("stopped at once by a second signal");
        std::process::exit(1);
    }
}
