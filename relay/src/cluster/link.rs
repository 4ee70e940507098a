use super::bus::Bus;
use super::server::{ClusterServer, Login, one_login};
use super::status::{ClusterState, ClusterStatus};
use crate::failure::Failure;
use crate::random::Choices;
use async_nats::{Client, ConnectOptions, Event, ServerAddr};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// Most messages of one subject that wait to be looked at, which takes microseconds each; NATS
/// bounds the size of one by `max_payload`.
const WAITING: usize = 512;
/// Most messages that wait to be sent.
const TO_SEND: usize = 512;
/// How long a server may take to answer.
const CONNECT: Duration = Duration::from_secs(5);
/// A connection over which nothing comes is tested so often; after two tests it is lost.
const PING: Duration = Duration::from_secs(10);
/// The first pause before a server is tried again.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
/// The longest.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// The connection as the client library tells of it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Up {
    connected: bool,
    /// How many connections there have been.
    times: u64,
    /// How many messages the client library has dropped because too many came at once.
    lost: u64,
}

/// Starts connecting, and does so again whenever the connection is lost.
///
/// # Errors
/// [`Failure`] when the servers cannot be used at all, never because none can be reached.
pub(super) async fn connect(
    servers: &[ClusterServer],
    status: &Arc<ClusterStatus>,
) -> Result<(Client, watch::Receiver<Up>), Failure> {
    connect_within(servers, status, CONNECT, PING).await
}

async fn connect_within(
    servers: &[ClusterServer],
    status: &Arc<ClusterStatus>,
    answer: Duration,
    ping: Duration,
) -> Result<(Client, watch::Receiver<Up>), Failure> {
    let (sender, ups) = watch::channel(Up::default());
    let status = Arc::clone(status);
    let seed = crate::random::secret_number()?;
    let mut options = ConnectOptions::new()
        .name("fedcoin")
        .no_echo()
        .retry_on_initial_connect()
        .connection_timeout(answer)
        .ping_interval(ping)
        .subscription_capacity(WAITING)
        .client_capacity(TO_SEND)
        .reconnect_delay_callback(move |attempt| pause(attempt, seed))
        .event_callback(move |event| {
            told(&event, &sender, &status);
            async {}
        });
    options = match one_login(servers)? {
        None => options,
        Some(Login::Token(token)) => options.token(token),
        Some(Login::Password { user, password }) => options.user_and_password(user, password),
    };
    let addresses: Vec<ServerAddr> = servers.iter().map(ClusterServer::address).collect();
    let client =
        options.connect(addresses).await.map_err(|e| Failure::system("cannot use the cluster's servers", &e))?;
    Ok((client, ups))
}

/// Notes what the client library tells.
fn told(event: &Event, ups: &watch::Sender<Up>, status: &ClusterStatus) {
    match event {
        Event::Connected => ups.send_modify(|up| *up = Up { connected: true, times: up.times + 1, ..*up }),
        Event::Disconnected | Event::Closed => ups.send_modify(|up| up.connected = false),
        Event::SlowConsumer(_) => {
            status.count_dropped();
            ups.send_modify(|up| up.lost += 1);
        }
        Event::ServerError(error) => tracing::warn!("cluster: the server says: {error}"),
        other => tracing::debug!("cluster: {other}"),
    }
}

/// How long to wait before the next attempt: twice as long each time, and somewhere between half
/// and all of that, so that a fleet does not come back all at once.
fn pause(attempt: usize, seed: u64) -> Duration {
    let doublings = u32::try_from(attempt.saturating_sub(1)).unwrap_or(u32::MAX).min(16);
    let whole = (FIRST_PAUSE * 2_u32.pow(doublings)).min(LONGEST_PAUSE);
    let half = whole / 2;
    let millis = u64::try_from(half.as_millis()).unwrap_or_default();
    half + Duration::from_millis(Choices::new(seed ^ attempt as u64).below(millis + 1))
}

/// Keeps the status up to date, and says when the connection comes and goes.
pub(super) async fn watch(bus: &Bus, mut ups: watch::Receiver<Up>) {
    let (mut told, mut lost) = (0, 0);
    loop {
        let up = *ups.borrow_and_update();
        if up.lost != lost {
            lost = up.lost;
            // What was in them is asked for, as after any other loss.
            bus.members.payments_lost();
            bus.behind.notify_one();
        }
        if up.connected && up.times != told {
            told = up.times;
            joined(bus);
        } else if !up.connected && bus.status.state() != ClusterState::Connecting {
            bus.status.set_state(ClusterState::Connecting);
            tracing::warn!("cluster: the connection is lost; trying again, this node goes on without it");
        }
        if ups.changed().await.is_err() {
            return;
        }
    }
}

fn joined(bus: &Bus) {
    let (max, need) = (bus.client.max_payload(), bus.largest_message());
    if max < need {
        bus.status.set_state(ClusterState::PayloadTooSmall { max, need });
        return tracing::error!(
            "cluster: the NATS server takes messages of {max} bytes only, blocks of this network need {need}: \
             set `max_payload: {need}` or more in its configuration; this node goes on without it"
        );
    }
    bus.status.set_state(ClusterState::Connected);
    tracing::info!("cluster: connected");
    // Whatever was told meanwhile is lost: everybody is asked again.
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

    async fn until(ups: &mut watch::Receiver<Up>, wanted: impl Fn(&Up) -> bool) {
        timeout(PATIENCE, ups.wait_for(wanted)).await.unwrap().unwrap();
    }

    #[tokio::test]
    async fn a_server_that_says_nothing_is_tried_again_and_another_one_too() {
        let silent = TestServer::start().await;
        let (_client, ups) = connect_within(&[silent.url()], &Arc::default(), SOON, PING).await.unwrap();
        let _held = (silent.accept().await, silent.accept().await);
        assert!(!ups.borrow().connected);
        let other = TestServer::start().await;
        let servers = [silent.url(), other.url()];
        let (_client, mut ups) = connect_within(&servers, &Arc::default(), SOON, PING).await.unwrap();
        let _greeted = other.greet().await;
        until(&mut ups, |up| up.connected).await;
    }

    #[tokio::test]
    async fn a_server_that_hangs_is_left_after_two_tests_and_tried_again() {
        let server = TestServer::start().await;
        let (_client, mut ups) = connect_within(&[server.url()], &Arc::default(), PATIENCE, SOON).await.unwrap();
        let mut hanging = server.greet().await;
        until(&mut ups, |up| up.connected).await;
        for _ in 0..2 {
            read_line(&mut hanging, |line| line == "PING").await;
        }
        until(&mut ups, |up| !up.connected).await;
        let _again = server.greet().await;
        until(&mut ups, |up| up.connected && up.times == 2).await;
    }

    #[tokio::test]
    async fn what_a_server_does_not_read_waits_up_to_a_bound() {
        let server = TestServer::start().await;
        let (client, mut ups) = connect(&[server.url()], &Arc::default()).await.unwrap();
        let _hanging = server.greet().await;
        until(&mut ups, |up| up.connected).await;
        // The system takes some of them, by far not as many as wait.
        let message = Bytes::from(vec![0; 100_000]);
        let publish = |_| timeout(Duration::from_secs(1), client.publish("x", message.clone()));
        let taken = join_all((0..10 * TO_SEND).map(publish)).await.into_iter().filter(Result::is_ok).count();
        assert!((TO_SEND..2 * TO_SEND).contains(&taken), "{taken}");
    }

    #[test]
    fn what_the_library_drops_is_counted_and_told() {
        let ((sender, ups), status) = (watch::channel(Up::default()), ClusterStatus::default());
        told(&Event::Connected, &sender, &status);
        told(&Event::SlowConsumer(7), &sender, &status);
        told(&Event::SlowConsumer(7), &sender, &status);
        let up = *ups.borrow();
        assert_eq!((up.connected, up.times, up.lost, status.dropped()), (true, 1, 2, 2));
        told(&Event::Disconnected, &sender, &status);
        told(&Event::Connected, &sender, &status);
        assert_eq!((ups.borrow().times, ups.borrow().lost), (2, 2));
    }

    #[test]
    fn pauses_grow_to_a_bound_and_differ() {
        for attempt in [0, 1, 2, 5, 100, usize::MAX] {
            let pause = pause(attempt, 7);
            assert!(pause >= FIRST_PAUSE / 2 && pause <= LONGEST_PAUSE, "{attempt}: {pause:?}");
        }
        assert!(pause(2, 7) > FIRST_PAUSE / 2 && pause(40, 7) >= LONGEST_PAUSE / 2);
        assert!((1..20).any(|seed| pause(40, seed) != pause(40, 0)));
    }
}
