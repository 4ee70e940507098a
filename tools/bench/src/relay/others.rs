use super::SERVER_CORE;
use super::broadcast::{Listeners, Protocol};
use super::crowd::Crowd;
use super::process::Server;
use super::report::Report;
use super::round::Round;
use anyhow::{Context, Result, ensure};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

const WS_PORT: u16 = 14_224;
/// The port in `nats.conf`.
const NATS_PORT: u16 = 14_223;
const PATIENCE: Duration = Duration::from_secs(120);
const REST: Duration = Duration::from_millis(1_500);
/// Sizes in bytes of a payment and of a block.
const PAYMENT: usize = 260;
const BLOCK: usize = 100_000;

/// Measures Node's `ws` and nats-server with the same number of clients and messages of the same sizes. They push
/// messages; no client requests anything.
pub(super) fn measure(folder: &Path, tabs: usize, full_blocks: bool, report: &mut Report) -> Result<()> {
    let script = folder.join("ws.js").display().to_string();
    let node = Server::start(SERVER_CORE, &PathBuf::from("node"), &[script, WS_PORT.to_string()])?;
    measure_one(&node, Protocol::Ws, "Node ws", WS_PORT, (tabs, full_blocks), report)?;
    drop(node);
    let config = folder.join("nats.conf").display().to_string();
    let nats = Server::start(SERVER_CORE, &PathBuf::from("nats-server"), &["-c".to_owned(), config])?;
    measure_one(&nats, Protocol::Nats, "nats-server", NATS_PORT, (tabs, full_blocks), report)
}

fn measure_one(
    server: &Server,
    protocol: Protocol,
    name: &str,
    port: u16,
    (tabs, full_blocks): (usize, bool),
    report: &mut Report,
) -> Result<()> {
    let address = SocketAddr::from(([127, 0, 0, 1], port));
    wait_for(address).with_context(|| format!("{name} does not start"))?;
    let mut crowd = Crowd::new()?;
    let publisher = crowd.open(address, "/pub", &Listeners::publisher_greeting(protocol))?;
    let mut listeners = Listeners::new(protocol, tabs);
    let (before, started) = (server.stat().memory(), Instant::now());
    for _ in 0..tabs {
        crowd.open(address, "/", &Listeners::greeting(protocol))?;
    }
    let connecting = started.elapsed().as_secs_f64();
    crowd.talk(&mut listeners, 2 * REST, |_| false)?;
    let each = server.stat().memory().saturating_sub(before) as f64 / tabs as f64;
    report.idle(name, tabs, each, connecting);
    for (what, times, at_once, size) in [
        ("payments, one by one", 30, 1, PAYMENT),
        ("payments, 64 at once", 10, 64, PAYMENT),
        ("block of 100 kB, whole", 1, 1, BLOCK),
        ("block of 1 MB, whole", 1, 1, 10 * BLOCK),
    ] {
        if size > BLOCK && !full_blocks {
            continue;
        }
        server.stat().forget_peak();
        let (memory, cpu) = (server.stat().memory(), server.stat().cpu());
        let (mut all, mut busy) = (Round::default(), Duration::ZERO);
        for _ in 0..times {
            listeners.begin();
            let started = Instant::now();
            let frames = listeners.messages(at_once, size, tabs);
            crowd.send(publisher, &frames);
            crowd.talk(&mut listeners, PATIENCE, |l| l.round.is_complete())?;
            busy += started.elapsed();
            all.add(listeners.begin());
            crowd.talk(&mut listeners, Duration::from_millis(100), |_| false)?;
        }
        let grown = server.stat().peak().saturating_sub(memory);
        report.round(name, tabs, what, all.figures(server.stat().cpu() - cpu, busy), grown);
    }
    ensure!(crowd.len() == tabs + 1, "all clients were opened");
    report.lost(name, tabs, crowd.lost, &[]);
    Ok(())
}

fn wait_for(address: SocketAddr) -> Result<()> {
    let end = Instant::now() + Duration::from_secs(10);
    while TcpStream::connect(address).is_err() {
        ensure!(Instant::now() < end, "nobody listens at {address}");
        sleep(Duration::from_millis(50));
    }
    Ok(())
}
