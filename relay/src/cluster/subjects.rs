use fedcoin_node::primitives::NetworkId;
use std::fmt;
use std::str::FromStr;

/// The name of a cluster, a prefix of its subjects: several clusters can share one NATS server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClusterName(String);

/// A text is not a cluster name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a cluster's name has 1 to {MAX_NAME} letters, digits, - or _")]
pub struct ClusterNameError;

/// Maximum length of a name in bytes.
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

/// The subjects of one cluster on one network.
#[derive(Clone, Debug)]
pub(super) struct Subjects(String);

/// A topic of published messages; each has its own subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Topic {
    /// The state of a member.
    Hellos,
    /// Blocks connected to a member's primary chain.
    Blocks,
    /// Payments that entered a member's mempool.
    Payments,
    /// Addresses of nodes that a member has dialled successfully.
    Addresses,
}

impl Subjects {
    pub(super) fn new(name: &ClusterName, network: NetworkId) -> Self {
        Self(format!("{name}.{network}"))
    }

    /// The subject of a topic.
    pub(super) fn of(&self, topic: Topic) -> String {
        let last = match topic {
            Topic::Hellos => "hellos",
            Topic::Blocks => "blocks",
            Topic::Payments => "payments",
            Topic::Addresses => "addresses",
        };
        format!("{}.{last}", self.0)
    }

    /// The subject of requests to a member.
    pub(super) fn requests(&self, member: u64) -> String {
        format!("{}.ask.{member:016x}", self.0)
    }
}

impl Topic {
    /// The kind of message on the topic's subject; see [`fedcoin_node::wire::Message::kind`].
    pub(super) fn kind(self) -> u8 {
        match self {
            Self::Hellos => 0,
            Self::Payments => 5,
            Self::Blocks => 7,
            Self::Addresses => 10,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fedcoin_node::wire::Message;

    #[test]
    fn names_are_one_part_of_a_subject() {
        assert!("fleet-1_b".parse::<ClusterName>().is_ok());
        for wrong in ["", "a.b", "a b", "*", ">", "é", &"a".repeat(65)] {
            assert_eq!(wrong.parse::<ClusterName>(), Err(ClusterNameError), "{wrong}");
        }
    }

    #[test]
    fn each_topic_has_its_own_kind_of_message() {
        let name = |topic: Topic| Message::name_of(topic.kind());
        let topics = [Topic::Hellos, Topic::Blocks, Topic::Payments, Topic::Addresses];
        assert_eq!(topics.map(name), [Some("Hello"), Some("Block"), Some("Payment"), Some("Addresses")]);
    }
}
