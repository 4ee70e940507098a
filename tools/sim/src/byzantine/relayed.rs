use super::Reply;
use fedcoin_node::collections::RecentSet;
use fedcoin_node::wire::Message;

/// Announcements already relayed, so that each is relayed once. Bound: the last thousand.
pub(crate) struct Relayed<T>(RecentSet<T>);

impl<T: Copy + Ord> Default for Relayed<T> {
    fn default() -> Self {
        Self(RecentSet::new(1_000))
    }
}

impl<T: Copy + Ord> Relayed<T> {
    /// Sends the message to all, unless its last item was relayed before.
    pub(crate) fn relay(&mut self, message: &Message, last: Option<T>) -> Reply {
        if last.is_some_and(|last| self.0.insert(last)) { Reply::to_all(message.clone()) } else { Reply::nothing() }
    }
}
