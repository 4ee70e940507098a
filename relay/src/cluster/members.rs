use fedcoin_node::units::Work;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// The other members, as far as they have said hello lately.
///
/// Bound: [`Members::MAX`]; when full, who was silent longest makes room.
#[derive(Debug, Default)]
pub(super) struct Members(Mutex<BTreeMap<u64, Member>>);

#[derive(Clone, Copy, Debug)]
struct Member {
    /// Of its primary chain, by its own word.
    work: Work,
    heard: Instant,
    /// It is not asked before that.
    rests_until: Instant,
    /// It may have payments that this node has not heard of.
    payments_due: bool,
}

/// What to ask a member for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Errand {
    /// The blocks that it has and this node lacks.
    Blocks(u64),
    /// The payments.
    Payments(u64),
}

impl Members {
    const MAX: usize = 256;
    /// Who says nothing for so long is gone.
    const SILENCE: Duration = Duration::from_secs(30);
    /// Who was asked in vain is not asked again for so long.
    const REST: Duration = Duration::from_secs(10);

    /// A member says how far it is; whether it is new.
    pub(super) fn heard(&self, id: u64, work: Work, now: Instant) -> bool {
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
        members.insert(id, Member { work, heard: now, rests_until: now, payments_due: true });
        true
    }

    /// What to do next for a node whose chain has this work: blocks first. Chosen by `choice`, a
    /// random number, so that one who only claims to have more does not keep the others waiting.
    pub(super) fn errand(&self, own: Work, now: Instant, choice: u64) -> Option<Errand> {
        let members = self.lock();
        let awake = |member: &Member| member.rests_until <= now;
        let better: Vec<u64> = members.iter().filter(|(_, m)| awake(m) && m.work > own).map(|(id, _)| *id).collect();
        let due: Vec<u64> = members.iter().filter(|(_, m)| awake(m) && m.payments_due).map(|(id, _)| *id).collect();
        let one_of = |ids: &[u64]| ids.get(usize::try_from(choice).unwrap_or_default() % ids.len().max(1)).copied();
        one_of(&better).map(Errand::Blocks).or_else(|| one_of(&due).map(Errand::Payments))
    }

    /// What a member claims for its chain, if it is known.
    pub(super) fn work(&self, id: u64) -> Option<Work> {
        self.lock().get(&id).map(|member| member.work)
    }

    /// A member was asked in vain.
    pub(super) fn rest(&self, id: u64, now: Instant) {
        if let Some(member) = self.lock().get_mut(&id) {
            member.rests_until = now + Self::REST;
        }
    }

    /// A member's payments are all here.
    pub(super) fn payments_done(&self, id: u64) {
        if let Some(member) = self.lock().get_mut(&id) {
            member.payments_due = false;
        }
    }

    /// Messages were lost: all are asked for payments again.
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
    fn blocks_come_first_and_who_fails_rests() {
        let (members, now) = (Members::default(), Instant::now());
        let (none, some) = (Work::ZERO, Target::MAX.work());
        assert!(members.heard(1, none, now) && members.heard(2, some, now) && !members.heard(2, some, now));
        assert_eq!(members.errand(none, now, 9), Some(Errand::Blocks(2)));
        members.rest(2, now);
        assert!(!members.heard(2, some, now), "a hello ends no rest");
        assert_eq!(members.errand(none, now, 9), Some(Errand::Payments(1)));
        members.payments_done(1);
        assert_eq!(members.errand(none, now, 9), None);
        assert_eq!(members.errand(none, now + Members::REST, 9), Some(Errand::Blocks(2)));
        assert_eq!(members.errand(some, now + Members::REST, 9), Some(Errand::Payments(2)));
        members.payments_lost();
        assert_eq!(members.errand(some, now, 9), Some(Errand::Payments(1)));
    }

    #[test]
    fn members_are_bounded_and_the_silent_are_forgotten() {
        let (members, now) = (Members::default(), Instant::now());
        for id in 0..1_000 {
            members.heard(id, Work::ZERO, now + Duration::from_millis(id));
        }
        assert_eq!(members.len(), Members::MAX);
        assert!(members.work(0).is_none() && members.work(999).is_some());
        members.heard(5, Work::ZERO, now + Duration::from_secs(60));
        assert_eq!(members.len(), 1);
    }
}
