use fedcoin_node::primitives::NetworkId;
use std::fmt;
use std::str::FromStr;

/// The prefix of a cluster's subjects: several clusters can share one NATS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClusterName(String);

/// A text is no cluster's name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a cluster's name has 1 to {MAX_NAME} letters, digits, - or _")]
pub struct ClusterNameError;

/// Longest name in bytes.
const MAX_NAME: usize = 64;

impl FromStr for ClusterName {
    type Err = ClusterNameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let allowed = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
        let fits = (1..=MAX_NAME).contains(&text.len()) && text.bytes().all(allowed);
        if fits { Ok(Self(text.to_owned())) } else { Err(ClusterNameError) }
    }
}

impl fmt::Display for ClusterName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The subjects of one cluster and network, separate from those of other networks.
#[derive(Clone, Debug)]
pub(super) struct Subjects(String);

impl Subjects {
    pub(super) fn new(name: &ClusterName, network: NetworkId) -> Self {
        Self(format!("{name}.{network}"))
    }

    /// The subject on which members say hello.
    pub(super) fn hellos(&self) -> String {
        format!("{}.members", self.0)
    }

    /// The subject of frames from one member to another.
    pub(super) fn frames(&self, to: u64, from: u64) -> String {
        format!("{}.to.{to:016x}.{from:016x}", self.0)
    }

    /// The subjects of all frames to a member.
    pub(super) fn frames_to(&self, to: u64) -> String {
        format!("{}.to.{to:016x}.*", self.0)
    }

    /// The member that sent a frame on this subject, if it is one for frames.
    pub(super) fn sender(&self, subject: &str) -> Option<u64> {
        let sender = u64::from_str_radix(subject.rsplit('.').next()?, 16).ok()?;
        subject.starts_with(&self.0).then_some(sender)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_one_part_of_a_subject() {
        assert!("fleet-1_b".parse::<ClusterName>().is_ok());
        for wrong in ["", "a.b", "a b", "*", ">", "é", &"a".repeat(65)] {
            assert_eq!(wrong.parse::<ClusterName>(), Err(ClusterNameError), "{wrong}");
        }
    }

    #[test]
    fn a_frame_s_subject_names_its_sender() {
        let subjects = Subjects::new(&"fleet".parse().unwrap(), NetworkId([7; 32]));
        assert_eq!(subjects.sender(&subjects.frames(1, u64::MAX)), Some(u64::MAX));
        assert!(subjects.frames(1, 2).starts_with(subjects.frames_to(1).trim_end_matches('*')));
        for wrong in ["", "other.to.0000000000000001.0000000000000002", &subjects.hellos()] {
            assert_eq!(subjects.sender(wrong), None, "{wrong}");
        }
    }
}
