use fedcoin_node::units::Work;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Other members that have said hello lately.
///
/// Bound: [`Members::MAX`]. A new member replaces the one that has been silent longest.
#[derive(Debug, Default)]
pub(super) struct Members(Mutex<BTreeMap<u64, Member>>);

#[derive(Clone, Copy, Debug)]
struct Member {
    /// Claimed work of its primary chain.
    work: Work,
    heard: Instant,
    /// No requests to it before this time.
    backs_off_until: Instant,
    /// It may have payments that this node lacks.
    payments_due: bool,
}

/// A task to download from a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FetchTask {
    /// Download blocks that this node lacks.
    Blocks(u64),
    /// Download payments that this node lacks.
    Payments(u64),
}

impl Members {
    const MAX: usize = 256;
    /// A member is forgotten after this silence.
    const SILENCE: Duration = Duration::from_secs(30);
    /// Pause after a failed request to a member.
    const BACK_OFF: Duration = Duration::from_secs(10);

    /// Records a member's hello; returns whether the member is new.
    pub(super) fn hello(&self, id: u64, work: Work, now: Instant) -> bool {
        let mut members = self.lock();
        members.retain(|_, member| now.saturating_duration_since(member.heard) < Self::SILENCE);
        if let Some(member) = members.get_mut(&id) {
            (member.work, member.heard) = (work, now);
            return false;
        }
        if members.len() >= Self::MAX {
            let silent = members.iter().min_by_key(|(_, member)| member.heard).map(|(id, _)| *id);
            silent.map(|id| members.remove(&id));
        }
        members.insert(id, Member { work, heard: now, backs_off_until: now, payments_due: true });
        true
    }

    /// The next task for a node whose chain has work `own`, blocks first. The random number `choice` selects the
    /// member, so that a member with a false claim does not block the others.
    pub(super) fn next_task(&self, own: Work, now: Instant, choice: u64) -> Option<FetchTask> {
        let members = self.lock();
        let awake = |member: &Member| member.backs_off_until <= now;
        let better: Vec<u64> = members.iter().filter(|(_, m)| awake(m) && m.work > own).map(|(id, _)| *id).collect();
        let due: Vec<u64> = members.iter().filter(|(_, m)| awake(m) && m.payments_due).map(|(id, _)| *id).collect();
        let one_of = |ids: &[u64]| ids.get(usize::try_from(choice).unwrap_or_default() % ids.len().max(1)).copied();
        one_of(&better).map(FetchTask::Blocks).or_else(|| one_of(&due).map(FetchTask::Payments))
    }

    /// The work that a known member claims.
    pub(super) fn work(&self, id: u64) -> Option<Work> {
        self.lock().get(&id).map(|member| member.work)
    }

    /// Records a failed request to a member.
    pub(super) fn back_off(&self, id: u64, now: Instant) {
        if let Some(member) = self.lock().get_mut(&id) {
            member.backs_off_until = now + Self::BACK_OFF;
        }
    }

    /// Records that this node has all payments of a member.
    pub(super) fn payments_fetched(&self, id: u64) {
        if let Some(member) = self.lock().get_mut(&id) {
            member.payments_due = false;
        }
    }

    /// Records lost messages: the payments of all members are due again.
    pub(super) fn payments_lost(&self) {
        self.lock().values_mut().for_each(|member| member.payments_due = true);
    }

    pub(super) fn clear(&self) {
        self.lock().clear();
    }

    pub(super) fn len(&self) -> usize {
        self.lock().len()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<u64, Member>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fedcoin_node::units::Target;

    #[test]
    fn blocks_come_first_and_a_failed_member_backs_off() {
        let (members, now) = (Members::default(), Instant::now());
        let (none, some) = (Work::ZERO, Target::MAX.work());
        assert!(members.hello(1, none, now) && members.hello(2, some, now) && !members.hello(2, some, now));
        assert_eq!(members.next_task(none, now, 9), Some(FetchTask::Blocks(2)));
        members.back_off(2, now);
        assert!(!members.hello(2, some, now), "a hello does not end the pause");
        assert_eq!(members.next_task(none, now, 9), Some(FetchTask::Payments(1)));
        members.payments_fetched(1);
        assert_eq!(members.next_task(none, now, 9), None);
        assert_eq!(members.next_task(none, now + Members::BACK_OFF, 9), Some(FetchTask::Blocks(2)));
        assert_eq!(members.next_task(some, now + Members::BACK_OFF, 9), Some(FetchTask::Payments(2)));
        members.payments_lost();
        assert_eq!(members.next_task(some, now, 9), Some(FetchTask::Payments(1)));
    }

    #[test]
    fn members_are_limited_and_silent_ones_are_forgotten() {
        let (members, now) = (Members::default(), Instant::now());
        for id in 0..1_000 {
            members.hello(id, Work::ZERO, now + Duration::from_millis(id));
        }
        assert_eq!(members.len(), Members::MAX);
        assert!(members.work(0).is_none() && members.work(999).is_some());
        members.hello(5, Work::ZERO, now + Duration::from_secs(60));
        assert_eq!(members.len(), 1);
    }
}
