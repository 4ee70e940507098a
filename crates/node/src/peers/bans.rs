use super::{PeerAddress, subscriber};
use crate::units::Monotonic;
use core::net::IpAddr;
use core::time::Duration;
use std::collections::BTreeMap;

/// Hosts whose peers have misbehaved recently (rule W9).
///
/// One offence costs the connection. [`Bans::OFFENCES`] within [`Bans::MEMORY`] ban the host until the last of them is
/// forgotten: its peers get no slot that others may need, and are evicted first. Banned hosts can still connect while
/// slots are free, so nobody can shut out those who share an address with them. This machine is never banned, because a
/// proxy on it may hide many clients.
///
/// Bound: [`Bans::MAX_HOSTS`] hosts; when full, the one with the oldest last offence is dropped.
#[derive(Default)]
pub(super) struct Bans {
    hosts: BTreeMap<IpAddr, Offences>,
}

struct Offences {
    count: u32,
    last: Monotonic,
}

impl Offences {
    /// Whether the offences ban their host.
    fn are_many(&self, now: Monotonic) -> bool {
        self.count >= Bans::OFFENCES && now.since(self.last) < Bans::MEMORY
    }
}

impl Bans {
    const OFFENCES: u32 = 3;
    const MEMORY: Duration = Duration::from_secs(10 * 60);
    const MAX_HOSTS: usize = 10_000;

    /// Records an offence by a peer at this address.
    pub(super) fn offence(&mut self, address: &PeerAddress, now: Monotonic) {
        let Some(host) = host(address) else { return };
        let offences = self.hosts.entry(host).or_insert(Offences { count: 0, last: now });
        let forgotten = now.since(offences.last) >= Self::MEMORY;
        *offences = Offences { count: if forgotten { 1 } else { offences.count + 1 }, last: now };
        if self.hosts.len() > Self::MAX_HOSTS
            && let Some(oldest) = self.hosts.iter().min_by_key(|(_, offences)| offences.last).map(|(host, _)| *host)
        {
            self.hosts.remove(&oldest);
        }
    }

    /// Whether the host of this address is banned.
    pub(super) fn contains(&self, address: &PeerAddress, now: Monotonic) -> bool {
        host(address).and_then(|host| self.hosts.get(&host)).is_some_and(|offences| offences.are_many(now))
    }

    /// Number of banned hosts.
    pub(super) fn count(&self, now: Monotonic) -> usize {
        self.hosts.values().filter(|offences| offences.are_many(now)).count()
    }
}

/// The host of an address; for IPv6 the subnet of one customer. `None` for names and for this machine.
fn host(address: &PeerAddress) -> Option<IpAddr> {
    match address.ip()? {
        ip if ip.is_loopback() => None,
        ip => Some(subscriber(ip)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> PeerAddress {
        text.parse().unwrap()
    }

    #[test]
    fn the_third_offence_bans_a_host_for_a_time() {
        let mut bans = Bans::default();
        let culprit = address("203.0.113.5:1000");
        for (minute, banned) in [(0, false), (1, false), (2, true)] {
            bans.offence(&culprit, Monotonic(minute * 60_000));
            assert_eq!(bans.contains(&culprit, Monotonic(minute * 60_000)), banned);
            assert_eq!(bans.count(Monotonic(minute * 60_000)), usize::from(banned));
        }
        assert!(bans.contains(&address("203.0.113.5:9"), Monotonic(130_000)), "another port is the same host");
        assert!(!bans.contains(&address("203.0.113.6:1000"), Monotonic(130_000)));
        assert!(!bans.contains(&culprit, Monotonic(12 * 60_000)));
        bans.offence(&culprit, Monotonic(13 * 60_000));
        assert!(!bans.contains(&culprit, Monotonic(13 * 60_000)), "old offences are forgotten");
    }

    #[test]
    fn an_ipv6_subnet_is_one_host_and_this_machine_is_never_banned() {
        let mut bans = Bans::default();
        for n in 1..=3 {
            bans.offence(&address(&format!("[2001:db8:1:2::{n}]:80")), Monotonic(0));
            bans.offence(&address("127.0.0.1:80"), Monotonic(0));
            bans.offence(&address("relay.example:80"), Monotonic(0));
        }
        assert!(bans.contains(&address("[2001:db8:1:2:9::]:80"), Monotonic(0)));
        assert!(!bans.contains(&address("[2001:db8:1:3::1]:80"), Monotonic(0)));
        assert!(!bans.contains(&address("127.0.0.1:80"), Monotonic(0)));
        assert_eq!(bans.hosts.len(), 1);
    }

    #[test]
    fn the_number_of_hosts_is_limited() {
        let mut bans = Bans::default();
        for n in 0..Bans::MAX_HOSTS + 5 {
            let at = Monotonic(n as u64);
            bans.offence(&address(&format!("10.{}.{}.{}:1", n >> 16, n >> 8 & 255, n & 255)), at);
        }
        assert_eq!(bans.hosts.len(), Bans::MAX_HOSTS);
    }
}
