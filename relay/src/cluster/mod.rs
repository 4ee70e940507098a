//! Relays of one operator are peers of each other through NATS, without reaching each other's ports.
//!
//! Members say hello on one subject. Between each two of them there is a connection like those over sockets: it carries
//! the frames of the wire protocol (`docs/protocol.md`), and the node treats the member as a peer that it dialled. NATS
//! may lose messages, so each frame has a number: after a gap the connection ends and another one begins (see
//! `docs/adr/0021-members-are-peers.md`).
//!
//! The bus is trusted no more than a stranger: senders can be forged there, but the node checks everything itself.
//! Without the bus the node goes on.

mod bus;
mod connection;
mod frame;
mod link;
mod members;
mod server;
mod status;
mod subjects;
#[cfg(test)]
mod test_server;

pub use server::{ClusterServer, ClusterServerError, LoginConflict};
pub use status::{ClusterState, ClusterStatus};
pub use subjects::{ClusterName, ClusterNameError};

use crate::node_handle::NodeHandle;
use crate::random;
use crate::sockets::Connections;
use bus::Bus;
use link::LinkError;
use server::Login;
use std::sync::Arc;
use subjects::Subjects;

/// Membership in a cluster, ready to begin.
pub struct Cluster {
    servers: Vec<ClusterServer>,
    login: Option<Login>,
    name: ClusterName,
    status: Arc<ClusterStatus>,
}

impl Cluster {
    /// Membership in the cluster `name` through any of these servers.
    ///
    /// # Errors
    /// [`LoginConflict`].
    pub fn new(servers: Vec<ClusterServer>, name: ClusterName) -> Result<Self, LoginConflict> {
        let login = server::common_login(&servers)?;
        Ok(Self { servers, login, name, status: Arc::default() })
    }

    /// The state of the membership.
    #[must_use]
    pub fn status(&self) -> Arc<ClusterStatus> {
        Arc::clone(&self.status)
    }

    /// Takes part until dropped, or until the node ends.
    pub async fn run(self, handle: NodeHandle, connections: Arc<Connections>) {
        if let Err(problem) = self.take_part(handle, connections).await {
            tracing::error!("cluster: {problem}; this node goes on without it");
        }
    }

    async fn take_part(self, handle: NodeHandle, connections: Arc<Connections>) -> Result<(), LinkError> {
        let member = random::number()?;
        let subjects = Subjects::new(&self.name, handle.read().network());
        let (client, states) = link::connect(&self.servers, self.login, &self.status).await?;
        let bus = Bus::new(client, subjects, member, &handle, connections, self.status);
        let names: Vec<String> = self.servers.iter().map(ToString::to_string).collect();
        tracing::info!("cluster {} by way of {}", self.name, names.join(", "));
        // A member that says hello must receive the answers.
        let Some(subscriptions) = bus.subscribe().await else { return Ok(()) };
        // All of them run until the node ends; the first to end ends the others.
        tokio::select! {
            () = link::watch(&bus, states) => {}
            () = bus.say_hello() => {}
            () = connection::run(&bus, subscriptions) => {}
        }
        Ok(())
    }
}
