//! Relays of one operator share blocks, payments and addresses through NATS.
//!
//! A member publishes what its node has newly accepted, once for all others, as the frames of the
//! wire protocol (see `docs/protocol.md`, rules W1 to W10). NATS may lose messages and keeps none, so each
//! member also says every few seconds how far it is; who is behind asks that member for what it
//! lacks.
//!
//! Nothing on the bus is trusted more than what a stranger hands to the API: the node checks every
//! block and payment itself. The name of a sender can be forged there, so nobody is banned: what
//! is wrong or too much is dropped and counted. Without the bus the node runs on as it is.

mod answers;
mod budget;
mod bus;
mod catch_up;
mod incoming;
mod link;
mod members;
mod outgoing;
mod recent;
mod server;
mod status;
mod subjects;
#[cfg(test)]
mod test_server;
mod warnings;

pub use outgoing::Reporter;
pub use server::{ClusterServer, ClusterServerError};
pub use status::{ClusterState, ClusterStatus};
pub use subjects::{ClusterName, ClusterNameError};

use crate::driver::NodeHandle;
use crate::failure::Failure;
use crate::random;
use bus::Bus;
use std::sync::Arc;
use subjects::Subjects;
use tokio::sync::mpsc;

/// Membership in a cluster, ready to begin.
#[derive(Debug)]
pub struct Cluster {
    servers: Vec<ClusterServer>,
    name: ClusterName,
    status: Arc<ClusterStatus>,
    reporter: Reporter,
    news: mpsc::Receiver<outgoing::News>,
}

impl Cluster {
    /// Membership in the cluster `name` by way of these servers, any of which will do.
    ///
    /// # Errors
    /// [`Failure::Usage`] when the servers want different logins.
    pub fn new(servers: Vec<ClusterServer>, name: ClusterName) -> Result<Self, Failure> {
        server::one_login(&servers)?;
        let (reporter, news) = Reporter::new();
        let status = Arc::new(ClusterStatus::default());
        Ok(Self { servers, name, status, reporter, news })
    }

    /// The way for the node's events to the cluster.
    #[must_use]
    pub fn reporter(&self) -> Reporter {
        self.reporter.clone()
    }

    /// How it stands.
    #[must_use]
    pub fn status(&self) -> Arc<ClusterStatus> {
        Arc::clone(&self.status)
    }

    /// Takes part until dropped, or until the node ends.
    pub async fn run(self, handle: NodeHandle) {
        if let Err(problem) = self.take_part(handle).await {
            tracing::error!("cluster: {problem}; this node goes on without it");
        }
    }

    async fn take_part(self, handle: NodeHandle) -> Result<(), Failure> {
        let mut member = [0; 8];
        random::secret(&mut member)?;
        let subjects = Subjects::new(&self.name, handle.read().network());
        let (client, ups) = link::connect(&self.servers, &self.status).await?;
        let bus = Arc::new(Bus::new(client, subjects, u64::from_le_bytes(member), handle, self.status));
        let names: Vec<String> = self.servers.iter().map(ToString::to_string).collect();
        tracing::info!("cluster {} by way of {}", self.name, names.join(", "));
        // All of them run until the node ends; the first to end ends the others.
        tokio::select! {
            () = link::watch(&bus, ups) => {}
            () = outgoing::publish(&bus, self.news) => {}
            () = outgoing::say_hello(&bus) => {}
            () = incoming::blocks(&bus) => {}
            () = incoming::payments(&bus) => {}
            () = incoming::addresses(&bus) => {}
            () = incoming::hellos(&bus) => {}
            () = answers::serve(&bus) => {}
            () = catch_up::keep_up(&bus) => {}
        }
        Ok(())
    }
}
