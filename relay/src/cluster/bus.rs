use super::members::Members;
use super::recent::Recent;
use super::status::{ClusterState, ClusterStatus};
use super::subjects::{Subjects, Topic};
use super::warnings::Warnings;
use crate::driver::NodeHandle;
use async_nats::{Client, Subscriber};
use fedcoin_node::wire::{MAX_HEADERS, Message};
use std::fmt::Display;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::timeout;

/// How long a message may wait to be sent.
const SEND: Duration = Duration::from_secs(5);
/// How long a member may take to answer.
const ANSWER: Duration = Duration::from_secs(5);
/// No message but a block is larger: the most headers.
const LARGEST_OTHER: usize = 100 * MAX_HEADERS;

/// What the parts of a membership share.
pub(super) struct Bus {
    pub(super) client: Client,
    pub(super) subjects: Subjects,
    /// This member: a number drawn when the node starts.
    pub(super) member: u64,
    pub(super) handle: NodeHandle,
    pub(super) status: Arc<ClusterStatus>,
    pub(super) recent: Recent,
    pub(super) members: Members,
    /// This member should say how far it is.
    pub(super) hello_due: Notify,
    /// A member may have more than this one.
    pub(super) behind: Notify,
    warnings: Warnings,
}

/// A member does not help.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Trouble {
    /// No answer.
    #[error("a member does not answer: {0}")]
    Silent(String),
    /// The answer is none.
    #[error("a member gave a wrong answer: {0}")]
    Wrong(String),
    /// The node does not want what was answered.
    #[error("a member gave what the node refuses: {0}")]
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
            recent: Recent::default(),
            members: Members::default(),
            hello_due: Notify::new(),
            behind: Notify::new(),
            warnings: Warnings::default(),
        }
    }

    /// The largest message that a member of this network sends, in bytes.
    pub(super) fn largest_message(&self) -> usize {
        // A block's message is one byte longer than the block.
        let block = usize::try_from(self.handle.read().params().max_block_bytes).unwrap_or(usize::MAX);
        block.saturating_add(1).max(LARGEST_OTHER)
    }

    /// Whether this member takes part now.
    pub(super) fn is_up(&self) -> bool {
        self.status.state() == ClusterState::Connected
    }

    /// Tells all members. What is told while the connection is lost is lost.
    pub(super) async fn tell(&self, topic: Topic, frame: Vec<u8>) {
        if !self.is_up() {
            return;
        }
        match timeout(SEND, self.client.publish(self.subjects.of(topic), frame.into())).await {
            Ok(Ok(())) => self.status.count_sent(),
            Ok(Err(error)) => self.dropped(format_args!("not told: {error}")),
            Err(_) => self.dropped(format_args!("not told within {} s", SEND.as_secs())),
        }
    }

    /// The messages of a subject, also after the connection was lost and is back; `None` when the
    /// client has ended.
    pub(super) async fn listen(&self, subject: String) -> Option<Subscriber> {
        self.client.subscribe(subject).await.ok()
    }

    /// Asks a member.
    ///
    /// # Errors
    /// [`Trouble`] when there is no answer, or it is no message.
    pub(super) async fn ask(&self, member: u64, question: &Message) -> Result<Message, Trouble> {
        let asked = self.client.request(self.subjects.asking(member), question.encode().into());
        let silent = |why: String| Trouble::Silent(why);
        let answer = timeout(ANSWER, asked).await.map_err(|_| silent(format!("for {} s", ANSWER.as_secs())))?;
        let answer = answer.map_err(|e| silent(e.to_string()))?;
        Message::decode(&answer.payload).map_err(|e| Trouble::Wrong(e.to_string()))
    }

    /// Counts a message that is dropped, and warns now and then.
    pub(super) fn dropped(&self, problem: impl Display) {
        self.status.count_dropped();
        self.warnings.tell(problem);
    }

    /// Begins anew with everybody.
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
    async fn neither_a_server_that_hangs_nor_a_silent_member_is_waited_for_without_end() {
        let (silent, hanging) = (TestMember::join().await, TestMember::join().await);
        let message = Bytes::from(vec![0; 100_000]);
        while timeout(Duration::from_millis(200), hanging.bus.client.publish("x", message.clone())).await.is_ok() {}
        let question = Message::Inv(Vec::new());
        let tell = || hanging.bus.tell(Topic::Payments, vec![5]);
        let all = async { tokio::join!(tell(), tell(), silent.bus.ask(7, &question), hanging.bus.ask(7, &question)) };
        let ((), (), unanswered, unasked) = timeout(10 * (SEND + ANSWER), all).await.unwrap();
        for trouble in [unanswered, unasked] {
            assert_eq!(trouble, Err(Trouble::Silent(format!("for {} s", ANSWER.as_secs()))));
        }
        assert_eq!((hanging.bus.status.sent(), hanging.bus.status.dropped()), (0, 2));
    }
}
