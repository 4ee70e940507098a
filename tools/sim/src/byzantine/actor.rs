use super::Behaviour;
use fedcoin_node::peers::PeerId;
use std::collections::BTreeMap;

/// The program on a byzantine host.
pub(crate) struct Actor {
    pub(crate) behaviour: Box<dyn Behaviour>,
    /// Its connections, and whether the peer has said hello.
    pub(crate) peers: BTreeMap<PeerId, bool>,
}

impl Actor {
    pub(crate) fn new(behaviour: Box<dyn Behaviour>) -> Self {
        Self { behaviour, peers: BTreeMap::new() }
    }

    pub(crate) fn mines(&self) -> bool {
        self.behaviour.mines()
    }

    pub(crate) fn name(&self) -> &'static str {
        self.behaviour.name()
    }
}
