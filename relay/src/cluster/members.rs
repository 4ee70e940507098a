use super::frame::MemberFrame;
use bytes::Bytes;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The other members that have said hello lately, and the connection to each.
///
/// Bounds: [`Members::MAX`] members; when full, the one that has been silent longest makes room. [`Members::QUEUE_BYTES`]
/// of received frames wait for the node; a connection that needs more ends.
#[derive(Debug)]
pub(super) struct Members {
    members: Mutex<BTreeMap<u64, Member>>,
    room: Arc<Semaphore>,
}

#[derive(Debug)]
struct Member {
    last_hello: Instant,
    connection: Option<Connection>,
    /// When the last connection began.
    connected_at: Instant,
    /// Connections in a row that ended at once, for example because the members are connected otherwise.
    failures: u32,
    /// This side begins no connection before that.
    backs_off_until: Instant,
}

/// This node's end of a connection.
#[derive(Debug)]
struct Connection {
    number: u64,
    frames: UnboundedSender<QueuedFrame>,
    /// The other end's number for it, once its first frame has come.
    other: Option<u64>,
    /// The number of the next frame.
    next: u64,
}

/// A received frame, and the permit for its bytes.
pub(super) type QueuedFrame = (Bytes, OwnedSemaphorePermit);

/// A connection that is to be run.
#[derive(Debug)]
pub(super) struct NewConnection {
    pub(super) member: u64,
    pub(super) number: u64,
    pub(super) frames: UnboundedReceiver<QueuedFrame>,
}

/// A frame is not passed to the node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum FrameError {
    /// The connection ends, if there is one.
    #[error("a frame out of order: others were lost")]
    OutOfOrder,
    /// The connection ends.
    #[error("more bytes of frames than may wait for the node")]
    TooMany,
}

impl Members {
    const MAX: usize = 256;
    const QUEUE_BYTES: usize = 32_000_000;
    /// The cost of a queued frame beside its bytes.
    const OVERHEAD: usize = 500;
    /// A member is gone after this silence.
    const SILENCE: Duration = Duration::from_secs(30);
    /// Pause after a connection. It doubles each time that a connection lasts no longer.
    const BACK_OFF: Duration = Duration::from_secs(10);
    /// Most doublings.
    const MAX_DOUBLINGS: u32 = 5;

    pub(super) fn new() -> Self {
        Self { members: Mutex::default(), room: Arc::new(Semaphore::new(Self::QUEUE_BYTES)) }
    }

    /// Notes a member's hello. Returns whether the member is new, and the connection to begin, if it needs one. `number`
    /// is the connection's, never used before.
    pub(super) fn hello(&self, id: u64, number: u64, now: Instant) -> (bool, Option<NewConnection>) {
        let mut members = self.lock();
        let (member, new) = known(&mut members, id, now);
        let due = member.connection.is_none() && member.backs_off_until <= now;
        (new, due.then(|| member.connect(id, number, now)))
    }

    /// Takes a frame of a member. The first of a connection begins one, `number`, if there is none yet; that is returned.
    ///
    /// # Errors
    /// [`FrameError`].
    pub(super) fn frame(
        &self,
        id: u64,
        frame: MemberFrame,
        number: u64,
        now: Instant,
    ) -> Result<Option<NewConnection>, FrameError> {
        let mut members = self.lock();
        if frame.bytes.is_empty() {
            let connection = members.get_mut(&id).map(|member| &mut member.connection);
            connection.and_then(|connection| connection.take_if(|c| c.other.is_none_or(|o| o == frame.connection)));
            return Ok(None);
        }
        if frame.number > 0 && !members.contains_key(&id) {
            return Err(FrameError::OutOfOrder);
        }
        let (member, _) = known(&mut members, id, now);
        member.connection.take_if(|connection| !connection.is_next(&frame));
        if frame.number > 0 && member.connection.is_none() {
            return Err(FrameError::OutOfOrder);
        }
        let weight = u32::try_from(frame.bytes.len() + Self::OVERHEAD).unwrap_or(u32::MAX);
        let Ok(permit) = Arc::clone(&self.room).try_acquire_many_owned(weight) else {
            member.connection = None;
            return Err(FrameError::TooMany);
        };
        let new = member.connection.is_none().then(|| member.connect(id, number, now));
        if let Some(connection) = &mut member.connection {
            (connection.other, connection.next) = (Some(frame.connection), frame.number + 1);
            // An error means that the connection is ending.
            let _ = connection.frames.send((frame.bytes, permit));
        }
        Ok(new)
    }

    /// A connection has ended.
    pub(super) fn ended(&self, id: u64, number: u64, now: Instant) {
        if let Some(member) = self.lock().get_mut(&id) {
            member.connection.take_if(|connection| connection.number == number);
            let lasted = now.saturating_duration_since(member.connected_at);
            member.failures = if lasted > Self::BACK_OFF { 0 } else { Self::MAX_DOUBLINGS.min(member.failures + 1) };
            member.backs_off_until = now + Self::BACK_OFF * 2_u32.pow(member.failures.saturating_sub(1));
        }
    }

    /// Forgets silent members, and ends their connections.
    pub(super) fn expire(&self, now: Instant) {
        self.lock().retain(|_, member| now.saturating_duration_since(member.last_hello) < Self::SILENCE);
    }

    /// Forgets all members, and ends their connections.
    pub(super) fn clear(&self) {
        self.lock().clear();
    }

    pub(super) fn len(&self) -> usize {
        self.lock().len()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<u64, Member>> {
        self.members.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A member that has just been heard, and whether it is new.
fn known(members: &mut BTreeMap<u64, Member>, id: u64, now: Instant) -> (&mut Member, bool) {
    let new = !members.contains_key(&id);
    if new && members.len() >= Members::MAX {
        let silent = members.iter().min_by_key(|(_, member)| member.last_hello).map(|(id, _)| *id);
        silent.map(|id| members.remove(&id));
    }
    let member = members.entry(id).or_insert_with(|| Member::new(now));
    member.last_hello = now;
    (member, new)
}

impl Member {
    fn new(now: Instant) -> Self {
        Self { last_hello: now, connection: None, connected_at: now, failures: 0, backs_off_until: now }
    }

    fn connect(&mut self, member: u64, number: u64, now: Instant) -> NewConnection {
        let (sender, frames) = unbounded_channel();
        self.connected_at = now;
        self.connection = Some(Connection { number, frames: sender, other: None, next: 0 });
        NewConnection { member, number, frames }
    }
}

impl Connection {
    fn is_next(&self, frame: &MemberFrame) -> bool {
        frame.number == self.next && self.other.is_none_or(|other| other == frame.connection)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(connection: u64, number: u64, bytes: &[u8]) -> MemberFrame {
        MemberFrame { connection, number, bytes: Bytes::copy_from_slice(bytes) }
    }

    fn received(connection: &mut NewConnection) -> Vec<Bytes> {
        core::iter::from_fn(|| connection.frames.try_recv().ok()).map(|(bytes, _)| bytes).collect()
    }

    #[test]
    fn a_connection_begins_with_a_hello_or_a_first_frame_and_ends_with_a_gap() {
        let (members, now) = (Members::new(), Instant::now());
        assert_eq!(members.frame(1, frame(7, 1, b"x"), 1, now).unwrap_err(), FrameError::OutOfOrder);
        let (new, connection) = members.hello(1, 1, now);
        let mut connection = connection.unwrap();
        assert!(new && matches!(members.hello(1, 2, now), (false, None)));
        for (number, bytes) in [(0, b"a"), (1, b"b")] {
            assert!(members.frame(1, frame(7, number, bytes), 2, now).unwrap().is_none());
        }
        assert_eq!(received(&mut connection), [&b"a"[..], b"b"]);
        assert_eq!(members.frame(1, frame(7, 3, b"d"), 2, now).unwrap_err(), FrameError::OutOfOrder);
        assert!(connection.frames.is_closed() && received(&mut connection).is_empty());
        members.ended(1, 1, now);
        assert!(members.hello(1, 3, now).1.is_none(), "it backs off");
        // The other end begins anew.
        let mut again = members.frame(1, frame(8, 0, b"e"), 4, now).unwrap().unwrap();
        assert_eq!(received(&mut again), [&b"e"[..]]);
        assert_eq!(members.frame(1, frame(7, 1, b"old"), 5, now).unwrap_err(), FrameError::OutOfOrder);
        members.ended(1, 4, now);
        assert!(members.hello(1, 6, now + Members::BACK_OFF).1.is_none(), "twice as long");
        assert!(members.hello(1, 6, now + 2 * Members::BACK_OFF).1.is_some());
    }

    #[test]
    fn the_end_of_one_connection_is_not_that_of_the_next() {
        let (members, now) = (Members::new(), Instant::now());
        let _first = members.hello(1, 1, now).1.unwrap();
        members.frame(1, frame(7, 0, b"a"), 2, now).unwrap();
        let _ = members.frame(1, frame(7, u64::MAX, b""), 2, now);
        let mut second = members.frame(1, frame(8, 0, b"b"), 2, now).unwrap().unwrap();
        members.ended(1, 1, now);
        let _ = members.frame(1, frame(7, u64::MAX, b""), 3, now);
        members.frame(1, frame(8, 1, b"c"), 3, now).unwrap();
        assert_eq!(received(&mut second), [&b"b"[..], b"c"]);
    }

    #[test]
    fn queued_bytes_are_limited() {
        let (members, now, large) = (Members::new(), Instant::now(), vec![0; 1_000_000]);
        let mut connection = members.frame(1, frame(7, 0, &large), 1, now).unwrap().unwrap();
        let room = Members::QUEUE_BYTES / (large.len() + Members::OVERHEAD);
        let taken = (1..10 * room as u64).take_while(|n| members.frame(1, frame(7, *n, &large), 2, now).is_ok());
        assert_eq!(taken.count() + 1, room);
        assert!(connection.frames.is_closed(), "it ends");
        assert_eq!(received(&mut connection).len(), room);
        assert!(members.frame(2, frame(7, 0, &large), 3, now).is_ok(), "what the node took makes room");
    }

    #[test]
    fn members_are_bounded_and_the_silent_are_forgotten() {
        let (members, now) = (Members::new(), Instant::now());
        for id in 0..1_000 {
            members.hello(id, id, now + Duration::from_millis(id));
        }
        assert_eq!(members.len(), Members::MAX);
        assert!(!members.hello(999, 1_000, now).0 && members.hello(0, 1_001, now).0);
        members.hello(5, 1_002, now + Duration::from_secs(60));
        members.expire(now + Duration::from_secs(60));
        assert_eq!(members.len(), 1);
    }
}
