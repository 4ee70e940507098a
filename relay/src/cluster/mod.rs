//! Relays of one operator share blocks, payments and addresses through NATS.
//!
//! Each member publishes what its node has newly accepted, once for all others, as frames of the wire protocol
//! (`docs/protocol.md`, rules W1 to W10). NATS may lose messages and stores none, so each member also publishes its
//! state every few seconds, and a member that is behind requests what it lacks.
//!
//! The bus has no more trust than a client of the API: the node checks every block and payment itself. Senders can be
//! forged, so members are never banned; invalid or excess messages are dropped and counted. Without the bus the node
//! continues alone.

mod bus;
mod catch_up;
mod incoming;
mod link;
mod members;
mod outgoing;
mod responder;
mod server;
mod status;
mod subjects;
#[cfg(test)]
mod test_server;

pub use outgoing::ClusterPublisher;
pub use server::{ClusterServer, ClusterServerError, LoginConflict};
pub use status::{ClusterState, ClusterStatus};
pub use subjects::{ClusterName, ClusterNameError};

use crate::node_handle::NodeHandle;
use crate::random;
use bus::Bus;
use link::LinkError;
use server::Login;
use std::sync::Arc;
use subjects::Subjects;
use tokio::sync::mpsc;

/// Membership in a cluster, not yet started.
pub struct Cluster {
    servers: Vec<ClusterServer>,
    login: Option<Login>,
    name: ClusterName,
    status: Arc<ClusterStatus>,
    publisher: ClusterPublisher,
    changes: mpsc::Receiver<outgoing::Change>,
}

impl Cluster {
    /// Membership in the cluster `name` through any of these servers.
    ///
    /// # Errors
    /// [`LoginConflict`].
    pub fn new(servers: Vec<ClusterServer>, name: ClusterName) -> Result<Self, LoginConflict> {
        let login = server::common_login(&servers)?;
        let (publisher, changes) = ClusterPublisher::new();
        let status = Arc::new(ClusterStatus::default());
        Ok(Self { servers, login, name, status, publisher, changes })
    }

    /// A publisher of the node's events to the cluster.
    #[must_use]
    pub fn publisher(&self) -> ClusterPublisher {
        self.publisher.clone()
    }

    /// The state of the membership.
    #[must_use]
    pub fn status(&self) -> Arc<ClusterStatus> {
        Arc::clone(&self.status)
    }

    /// Takes part until dropped, or until the node stops.
    pub async fn run(self, handle: NodeHandle) {
        if let Err(problem) = self.take_part(handle).await {
            tracing::error!("cluster: {problem}; the node continues alone");
        }
    }

    async fn take_part(self, handle: NodeHandle) -> Result<(), LinkError> {
        let member = random::number()?;
        let subjects = Subjects::new(&self.name, handle.read().network());
        let (client, states) = link::connect(&self.servers, self.login, &self.status).await?;
        let bus = Arc::new(Bus::new(client, subjects, member, handle, self.status));
        let names: Vec<String> = self.servers.iter().map(ToString::to_string).collect();
        tracing::info!("cluster {} through {}", self.name, names.join(", "));
        // All tasks run until the node stops. When one ends, the others end too.
        tokio::select! {
            () = link::watch(&bus, states) => {}
            () = outgoing::publish_changes(&bus, self.changes) => {}
            () = outgoing::publish_hellos(&bus) => {}
            () = incoming::blocks(&bus) => {}
            () = incoming::payments(&bus) => {}
            () = incoming::addresses(&bus) => {}
            () = incoming::hellos(&bus) => {}
            () = responder::run(&bus) => {}
            () = catch_up::run(&bus) => {}
        }
        Ok(())
    }
}
