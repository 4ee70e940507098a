use super::round::Round;
use anyhow::{Result, ensure};
use socket2::{Domain, Protocol, Socket, Type};
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// Time between two requests, each on a new connection.
const EVERY: Duration = Duration::from_millis(250);
/// An answer that takes longer counts as missing.
const PATIENCE: Duration = Duration::from_secs(10);
/// An address that no tab and no attacker has.
const OWN: Ipv4Addr = Ipv4Addr::new(127, 254, 0, 1);

/// An honest reader of the API, which requests a relay's status from its own thread until this is dropped.
pub(super) struct Probe {
    stop: Arc<AtomicBool>,
    asking: Option<JoinHandle<()>>,
    answers: Arc<Mutex<Round>>,
}

impl Probe {
    pub(super) fn begin(relay: SocketAddr) -> Self {
        let (stop, answers) = (Arc::new(AtomicBool::new(false)), Arc::new(Mutex::new(Round::default())));
        let (stopped, shared) = (Arc::clone(&stop), Arc::clone(&answers));
        let asking = thread::spawn(move || {
            while !stopped.load(Ordering::Relaxed) {
                let mut round = Round::default();
                let (started, number) = (Instant::now(), round.sent(1));
                if ask(relay).is_ok() {
                    round.delivered(number);
                }
                shared.lock().unwrap_or_else(PoisonError::into_inner).add(round);
                thread::sleep(EVERY.saturating_sub(started.elapsed()));
            }
        });
        Self { stop, asking: Some(asking), answers }
    }

    /// The answers since the last call.
    pub(super) fn answers(&self) -> Round {
        core::mem::take(&mut *self.answers.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Drop for Probe {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(asking) = self.asking.take() {
            // A thread that has panicked has ended too.
            let _ = asking.join();
        }
    }
}

fn ask(relay: SocketAddr) -> Result<()> {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, Some(Protocol::TCP))?;
    socket.bind(&SocketAddr::from((OWN, 0)).into())?;
    socket.connect_timeout(&relay.into(), PATIENCE)?;
    let mut stream = TcpStream::from(socket);
    stream.set_read_timeout(Some(PATIENCE))?;
    write!(stream, "GET /api/v1/status HTTP/1.1\r\nHost: {relay}\r\nConnection: close\r\n\r\n")?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    ensure!(answer.starts_with(b"HTTP/1.1 200"), "refused");
    Ok(())
}
