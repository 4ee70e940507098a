use super::frame::{HEAD, MemberFrame};
use super::members::Members;
use super::status::{ClusterState, ClusterStatus};
use super::subjects::Subjects;
use crate::inbox::Inbox;
use crate::log::LogThrottle;
use crate::node_handle::NodeHandle;
use crate::sockets::Connections;
use async_nats::{Client, Subscriber};
use bytes::Bytes;
use fastrand::Rng;
use fedcoin_node::wire::MAX_HEADERS;
use std::fmt::Display;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::Notify;
use tokio::time::{sleep, timeout};

/// Time for sending a message.
const SEND_TIMEOUT: Duration = Duration::from_secs(5);
/// The largest message without a block: the most headers.
const LARGEST_OTHER: usize = 100 * MAX_HEADERS;
/// Shortest interval between hellos.
const HELLO_PAUSE: Duration = Duration::from_millis(100);
/// Interval between hellos without a reason: between this and twice as long.
const HELLO_INTERVAL: Duration = Duration::from_secs(4);

/// What the tasks of a member share.
pub(super) struct Bus {
    client: Client,
    pub(super) subjects: Subjects,
    /// This member's id: a random number of this run.
    pub(super) member: u64,
    pub(super) inbox: Inbox,
    pub(super) connections: Arc<Connections>,
    pub(super) status: Arc<ClusterStatus>,
    pub(super) members: Members,
    pub(super) hello_due: Notify,
    /// The largest message that a member of this network sends, in bytes.
    largest_message: usize,
    next_connection: AtomicU64,
    log: LogThrottle,
}

/// What other members send.
pub(super) struct Subscriptions {
    pub(super) hellos: Subscriber,
    pub(super) frames: Subscriber,
}

/// A message cannot be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NotSent;

impl Bus {
    pub(super) fn new(
        client: Client,
        subjects: Subjects,
        member: u64,
        handle: &NodeHandle,
        connections: Arc<Connections>,
        status: Arc<ClusterStatus>,
    ) -> Self {
        // A block's frame is one byte longer than the block.
        let block = usize::try_from(handle.read().params().max_block_bytes).unwrap_or(usize::MAX).saturating_add(1);
        Self {
            client,
            subjects,
            member,
            inbox: handle.inbox().clone(),
            connections,
            status,
            members: Members::new(),
            hello_due: Notify::new(),
            largest_message: block.max(LARGEST_OTHER).saturating_add(HEAD),
            next_connection: AtomicU64::new(0),
            log: LogThrottle::default(),
        }
    }

    /// Checks the size of the server's largest message.
    ///
    /// # Errors
    /// That size, and what this network needs.
    pub(super) fn check_payload(&self) -> Result<(), (usize, usize)> {
        let (max, need) = (self.client.max_payload(), self.largest_message);
        if max < need { Err((max, need)) } else { Ok(()) }
    }

    /// Whether this member takes part now.
    pub(super) fn is_up(&self) -> bool {
        self.status.state() == ClusterState::Connected
    }

    /// A number for a connection.
    pub(super) fn next_connection(&self) -> u64 {
        self.next_connection.fetch_add(1, Ordering::Relaxed)
    }

    /// What other members send from now on, also after a reconnection; `None` when the client has ended.
    pub(super) async fn subscribe(&self) -> Option<Subscriptions> {
        let hellos = self.client.subscribe(self.subjects.hellos()).await.ok()?;
        let frames = self.client.subscribe(self.subjects.frames_to(self.member)).await.ok()?;
        Some(Subscriptions { hellos, frames })
    }

    /// Says hello regularly and when it is due.
    pub(super) async fn say_hello(&self) {
        let mut random = Rng::with_seed(self.member);
        loop {
            self.members.expire(Instant::now());
            self.status.set_members(self.members.len());
            if self.is_up() {
                let hello = Bytes::copy_from_slice(&self.member.to_be_bytes());
                // What is lost is said again.
                let _ = self.publish(self.subjects.hellos(), hello).await;
            }
            sleep(HELLO_PAUSE).await;
            let millis = random.u64(..=u64::try_from(HELLO_INTERVAL.as_millis()).unwrap_or_default());
            // Either is a reason to go on.
            let _ = timeout(HELLO_INTERVAL + Duration::from_millis(millis), self.hello_due.notified()).await;
        }
    }

    /// Sends a frame to a member.
    ///
    /// # Errors
    /// [`NotSent`]: the connection must end.
    pub(super) async fn send(&self, member: u64, frame: MemberFrame) -> Result<(), NotSent> {
        if !self.is_up() {
            return Err(NotSent);
        }
        self.publish(self.subjects.frames(member, self.member), frame.encode()).await
    }

    async fn publish(&self, subject: String, message: Bytes) -> Result<(), NotSent> {
        match timeout(SEND_TIMEOUT, self.client.publish(subject, message)).await {
            Ok(Ok(())) => {
                self.status.count_sent();
                Ok(())
            }
            Ok(Err(error)) => {
                self.dropped(format_args!("not sent: {error}"));
                Err(NotSent)
            }
            Err(_) => {
                self.dropped(format_args!("not sent within {} s", SEND_TIMEOUT.as_secs()));
                Err(NotSent)
            }
        }
    }

    /// Counts a dropped message, and logs a warning now and then: nobody can fill the log through the bus.
    pub(super) fn dropped(&self, problem: impl Display) {
        self.status.count_dropped();
        if let Some(others) = self.log.due() {
            tracing::warn!("cluster: dropped a message: {problem}{others}");
        }
    }

    pub(super) fn forget_members(&self) {
        self.members.clear();
        self.status.set_members(0);
    }
}

#[cfg(test)]
mod tests {
    use super::super::test_server::TestMember;
    use super::*;

    #[tokio::test]
    async fn a_hanging_server_blocks_nobody_for_ever() {
        let hanging = TestMember::join().await;
        let frame = || MemberFrame { connection: 1, number: 0, bytes: vec![0; 100_000].into() };
        // The system takes some of them, and some wait to be sent.
        let all = async { while hanging.bus.send(7, frame()).await.is_ok() {} };
        timeout(20 * SEND_TIMEOUT, all).await.unwrap();
        assert_eq!(hanging.bus.status.dropped(), 1);
    }
}
