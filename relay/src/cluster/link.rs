use super::bus::Bus;
use super::server::{ClusterServer, Login};
use super::status::{ClusterState, ClusterStatus};
use crate::random::{self, RandomError};
use async_nats::{Client, ConnectOptions, Event, ServerAddr};
use fastrand::Rng;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// Maximum queued messages of one subject. The node handles each within microseconds, and NATS limits their size by
/// `max_payload`.
const MAX_RECEIVED: usize = 512;
/// Maximum messages that wait to be sent.
const MAX_TO_SEND: usize = 512;
/// Maximum time for a server's answer.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Interval of pings on a silent connection. After two without an answer, the connection counts as lost.
const PING_INTERVAL: Duration = Duration::from_secs(10);
/// Pause before the first reconnection.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
/// Maximum pause between reconnections.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// The state of the connection, as the client library reports it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct LinkState {
    connected: bool,
    /// Number of connections so far.
    times: u64,
}

/// Why the servers cannot be used at all; unreachable servers are tried again instead.
#[derive(Debug, thiserror::Error)]
pub(super) enum LinkError {
    #[error(transparent)]
    Random(#[from] RandomError),
    #[error("cannot use the cluster's servers: {0}")]
    Servers(#[from] async_nats::ConnectError),
}

/// Connects, and reconnects whenever the connection is lost.
///
/// # Errors
/// [`LinkError`].
pub(super) async fn connect(
    servers: &[ClusterServer],
    login: Option<Login>,
    status: &Arc<ClusterStatus>,
) -> Result<(Client, watch::Receiver<LinkState>), LinkError> {
    connect_within(servers, login, status, CONNECT_TIMEOUT, PING_INTERVAL).await
}

async fn connect_within(
    servers: &[ClusterServer],
    login: Option<Login>,
    status: &Arc<ClusterStatus>,
    answer: Duration,
    ping: Duration,
) -> Result<(Client, watch::Receiver<LinkState>), LinkError> {
    let (sender, states) = watch::channel(LinkState::default());
    let status = Arc::clone(status);
    let seed = random::number()?;
    let mut options = ConnectOptions::new()
        .name("fedcoin")
        .no_echo()
        .retry_on_initial_connect()
        .connection_timeout(answer)
        .ping_interval(ping)
        .subscription_capacity(MAX_RECEIVED)
        .client_capacity(MAX_TO_SEND)
        .reconnect_delay_callback(move |attempt| pause(attempt, seed))
        .event_callback(move |event| {
            record(&event, &sender, &status);
            async {}
        });
    options = match login {
        None => options,
        Some(Login::Token(token)) => options.token(token),
        Some(Login::Password { user, password }) => options.user_and_password(user, password),
    };
    let addresses: Vec<ServerAddr> = servers.iter().map(ClusterServer::address).collect();
    let client = options.connect(addresses).await?;
    Ok((client, states))
}

/// Records an event of the client library.
fn record(event: &Event, states: &watch::Sender<LinkState>, status: &ClusterStatus) {
    match event {
        Event::Connected => states.send_modify(|state| *state = LinkState { connected: true, times: state.times + 1 }),
        Event::Disconnected | Event::Closed => states.send_modify(|state| state.connected = false),
        // What came too fast is lost. The connections notice the gap.
        Event::SlowConsumer(_) => status.count_dropped(),
        Event::ServerError(error) => tracing::warn!("cluster: error from the server: {error}"),
        other => tracing::debug!("cluster: {other}"),
    }
}

/// The pause before the next attempt: a random part, between half and all, of a time that doubles with each attempt, so
/// that the members of a large cluster do not reconnect at the same moment.
fn pause(attempt: usize, seed: u64) -> Duration {
    let doublings = u32::try_from(attempt.saturating_sub(1)).unwrap_or(u32::MAX).min(16);
    let whole = (FIRST_PAUSE * 2_u32.pow(doublings)).min(LONGEST_PAUSE);
    let half = whole / 2;
    let millis = u64::try_from(half.as_millis()).unwrap_or_default();
    half + Duration::from_millis(Rng::with_seed(seed ^ attempt as u64).u64(..=millis))
}

/// Updates the status, and logs when the connection is established or lost.
pub(super) async fn watch(bus: &Bus, mut states: watch::Receiver<LinkState>) {
    let mut seen = 0;
    loop {
        let state = *states.borrow_and_update();
        if state.connected && state.times != seen {
            seen = state.times;
            joined(bus);
        } else if !state.connected && bus.status.state() != ClusterState::Connecting {
            bus.status.set_state(ClusterState::Connecting);
            bus.forget_members();
            tracing::warn!("cluster: connection lost; the node continues alone and tries to reconnect");
        }
        if states.changed().await.is_err() {
            return;
        }
    }
}

fn joined(bus: &Bus) {
    if let Err((max, need)) = bus.check_payload() {
        bus.status.set_state(ClusterState::PayloadTooSmall { max, need });
        return tracing::error!(
            "cluster: the NATS server accepts messages up to {max} bytes, but blocks of this network need {need}: \
             set `max_payload: {need}` or more in its configuration; the node continues alone"
        );
    }
    bus.status.set_state(ClusterState::Connected);
    tracing::info!("cluster: connected");
    // Messages were lost meanwhile.
    bus.forget_members();
    bus.hello_due.notify_one();
}

#[cfg(test)]
mod tests {
    use super::super::test_server::{TestServer, read_line};
    use super::*;
    use bytes::Bytes;
    use futures::future::join_all;
    use tokio::time::timeout;

    const SOON: Duration = Duration::from_millis(100);
    const PATIENCE: Duration = Duration::from_secs(60);

    async fn until(states: &mut watch::Receiver<LinkState>, wanted: impl Fn(&LinkState) -> bool) {
        timeout(PATIENCE, states.wait_for(wanted)).await.unwrap().unwrap();
    }

    #[tokio::test]
    async fn silent_servers_are_tried_again_in_turn() {
        let silent = TestServer::start().await;
        let (_client, states) =
            connect_within(&[silent.url()], None, &Arc::default(), SOON, PING_INTERVAL).await.unwrap();
        let _held = (silent.accept().await, silent.accept().await);
        assert!(!states.borrow().connected);
        let other = TestServer::start().await;
        let servers = [silent.url(), other.url()];
        let (_client, mut states) = connect_within(&servers, None, &Arc::default(), SOON, PING_INTERVAL).await.unwrap();
        let _greeted = other.greet().await;
        until(&mut states, |state| state.connected).await;
    }

    #[tokio::test]
    async fn a_hanging_connection_is_replaced_after_two_pings() {
        let server = TestServer::start().await;
        let (_client, mut states) =
            connect_within(&[server.url()], None, &Arc::default(), PATIENCE, SOON).await.unwrap();
        let mut hanging = server.greet().await;
        until(&mut states, |state| state.connected).await;
        for _ in 0..2 {
            read_line(&mut hanging, |line| line == "PING").await;
        }
        until(&mut states, |state| !state.connected).await;
        let _again = server.greet().await;
        until(&mut states, |state| state.connected && state.times == 2).await;
    }

    #[tokio::test]
    async fn unsent_messages_are_limited() {
        let server = TestServer::start().await;
        let (client, mut states) = connect(&[server.url()], None, &Arc::default()).await.unwrap();
        let _hanging = server.greet().await;
        until(&mut states, |state| state.connected).await;
        // The system buffers some of them, but far fewer than all.
        let message = Bytes::from(vec![0; 100_000]);
        let publish = |_| timeout(Duration::from_secs(1), client.publish("x", message.clone()));
        let taken = join_all((0..10 * MAX_TO_SEND).map(publish)).await.into_iter().filter(Result::is_ok).count();
        assert!((MAX_TO_SEND..2 * MAX_TO_SEND).contains(&taken), "{taken}");
    }

    #[test]
    fn messages_dropped_by_the_library_are_counted() {
        let ((sender, states), status) = (watch::channel(LinkState::default()), ClusterStatus::default());
        record(&Event::Connected, &sender, &status);
        record(&Event::SlowConsumer(7), &sender, &status);
        record(&Event::SlowConsumer(7), &sender, &status);
        let state = *states.borrow();
        assert_eq!((state.connected, state.times, status.dropped()), (true, 1, 2));
        record(&Event::Disconnected, &sender, &status);
        record(&Event::Connected, &sender, &status);
        assert_eq!(states.borrow().times, 2);
    }

    #[test]
    fn pauses_grow_to_a_maximum_and_vary() {
        for attempt in [0, 1, 2, 5, 100, usize::MAX] {
            let pause = pause(attempt, 7);
            assert!(pause >= FIRST_PAUSE / 2 && pause <= LONGEST_PAUSE, "{attempt}: {pause:?}");
        }
        assert!(pause(2, 7) > FIRST_PAUSE / 2 && pause(40, 7) >= LONGEST_PAUSE / 2);
        assert!((1..20).any(|seed| pause(40, seed) != pause(40, 0)));
    }
}
