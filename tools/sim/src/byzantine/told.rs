use super::Reply;
use fedcoin_node::collections::RecentSet;
use fedcoin_node::wire::Message;

/// Announcements passed on, so that each is passed on once. Bound: the last thousand.
pub(crate) struct Told<T>(RecentSet<T>);

impl<T: Copy + Ord> Default for Told<T> {
    fn default() -> Self {
        Self(RecentSet::new(1_000))
    }
}

impl<T: Copy + Ord> Told<T> {
    /// The message, to all, if its last item has not been told.
    pub(crate) fn pass_on(&mut self, message: &Message, last: Option<T>) -> Reply {
        if last.is_some_and(|last| self.0.insert(last)) { Reply::to_all(message.clone()) } else { Reply::nothing() }
    }
}
