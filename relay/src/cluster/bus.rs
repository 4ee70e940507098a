use super::members::Members;
use super::status::{ClusterState, ClusterStatus};
use super::subjects::{Subjects, Topic};
use crate::log::LogThrottle;
use crate::node_handle::NodeHandle;
use async_nats::{Client, Subscriber};
use fedcoin_node::collections::RecentSet;
use fedcoin_node::primitives::sha256;
use fedcoin_node::wire::{MAX_HEADERS, Message};
use std::fmt::Display;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::timeout;

/// Maximum time to send a message.
const SEND_TIMEOUT: Duration = Duration::from_secs(5);
/// Maximum time for a member's answer.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(5);
/// The largest message other than a block: the maximum number of headers.
const LARGEST_OTHER: usize = 100 * MAX_HEADERS;
/// Maximum number of frame hashes to remember.
const MAX_RECENT: usize = 20_000;

/// State that the tasks of a member share.
pub(super) struct Bus {
    pub(super) client: Client,
    pub(super) subjects: Subjects,
    /// This member's id: random for each run.
    pub(super) member: u64,
    pub(super) handle: NodeHandle,
    pub(super) status: Arc<ClusterStatus>,
    /// Hashes of frames recently seen on the bus: frames from the bus are not published there again, and duplicates are
    /// handled once. The hashes cover whole frames, so nobody can block a frame by a different one with the same id.
    recent: Mutex<RecentSet<[u8; 32]>>,
    pub(super) members: Members,
    /// Signals that a hello is due.
    pub(super) hello_due: Notify,
    /// Signals that another member may have more work.
    pub(super) behind: Notify,
    log: LogThrottle,
}

/// A request to a member failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum MemberError {
    /// The member does not answer.
    #[error("a member does not answer: {0}")]
    Silent(String),
    /// The answer is invalid.
    #[error("a member gave a wrong answer: {0}")]
    Wrong(String),
    /// The node refuses the member's block or payment.
    #[error("the node refuses what a member sent: {0}")]
    Refused(String),
}

impl Bus {
    pub(super) fn new(
        client: Client,
        subjects: Subjects,
        member: u64,
        handle: NodeHandle,
        status: Arc<ClusterStatus>,
    ) -> Self {
        Self {
            client,
            subjects,
            member,
            handle,
            status,
            recent: Mutex::new(RecentSet::new(MAX_RECENT)),
            members: Members::default(),
            hello_due: Notify::new(),
            behind: Notify::new(),
            log: LogThrottle::default(),
        }
    }

    /// The size of the largest message that a member of this network sends, in bytes.
    pub(super) fn largest_message(&self) -> usize {
        // A block's message is one byte longer than the block.
        let block = usize::try_from(self.handle.read().params().max_block_bytes).unwrap_or(usize::MAX);
        block.saturating_add(1).max(LARGEST_OTHER)
    }

    /// Whether this member is connected and takes part.
    pub(super) fn is_up(&self) -> bool {
        self.status.state() == ClusterState::Connected
    }

    /// Publishes a message to all members. It is lost if the connection is down.
    pub(super) async fn publish(&self, topic: Topic, frame: Vec<u8>) {
        if !self.is_up() {
            return;
        }
        match timeout(SEND_TIMEOUT, self.client.publish(self.subjects.of(topic), frame.into())).await {
            Ok(Ok(())) => self.status.count_sent(),
            Ok(Err(error)) => self.dropped(format_args!("not sent: {error}")),
            Err(_) => self.dropped(format_args!("not sent within {} s", SEND_TIMEOUT.as_secs())),
        }
    }

    /// Subscribes to a subject, also across reconnections; `None` when the client has ended.
    pub(super) async fn subscribe(&self, subject: String) -> Option<Subscriber> {
        self.client.subscribe(subject).await.ok()
    }

    /// Sends a request to a member.
    ///
    /// # Errors
    /// [`MemberError`] if there is no answer, or it is not a message.
    pub(super) async fn request(&self, member: u64, request: &Message) -> Result<Message, MemberError> {
        let answer = self.client.request(self.subjects.requests(member), request.encode().into());
        let silent = |why: String| MemberError::Silent(why);
        let answer =
            timeout(ANSWER_TIMEOUT, answer).await.map_err(|_| silent(format!("for {} s", ANSWER_TIMEOUT.as_secs())))?;
        let answer = answer.map_err(|e| silent(e.to_string()))?;
        Message::decode(&answer.payload).map_err(|e| MemberError::Wrong(e.to_string()))
    }

    /// Records a frame; returns whether it is new.
    pub(super) fn is_new(&self, frame: &[u8]) -> bool {
        self.recent.lock().unwrap_or_else(PoisonError::into_inner).insert(sha256(&[frame]))
    }

    /// Counts a dropped message. Warnings are throttled, so that nobody can fill the log through the bus.
    pub(super) fn dropped(&self, problem: impl Display) {
        self.status.count_dropped();
        if let Some(others) = self.log.due() {
            tracing::warn!("cluster: dropped a message: {problem}{others}");
        }
    }

    /// Forgets all members.
    pub(super) fn forget_members(&self) {
        self.members.clear();
        self.status.set_members(0);
    }
}

#[cfg(test)]
mod tests {
    use super::super::test_server::TestMember;
    use super::*;
    use bytes::Bytes;

    #[tokio::test]
    async fn waiting_for_server_and_members_is_limited() {
        let (silent, hanging) = (TestMember::join().await, TestMember::join().await);
        let message = Bytes::from(vec![0; 100_000]);
        while timeout(Duration::from_millis(200), hanging.bus.client.publish("x", message.clone())).await.is_ok() {}
        let request = Message::Inv(Vec::new());
        let publish = || hanging.bus.publish(Topic::Payments, vec![5]);
        let all = async {
            tokio::join!(publish(), publish(), silent.bus.request(7, &request), hanging.bus.request(7, &request))
        };
        let ((), (), unanswered, unsent) = timeout(10 * (SEND_TIMEOUT + ANSWER_TIMEOUT), all).await.unwrap();
        for answer in [unanswered, unsent] {
            assert_eq!(answer, Err(MemberError::Silent(format!("for {} s", ANSWER_TIMEOUT.as_secs()))));
        }
        assert_eq!((hanging.bus.status.sent(), hanging.bus.status.dropped()), (0, 2));
    }
}
