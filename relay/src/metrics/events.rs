use fedcoin_node::mempool::DropReason;
use fedcoin_node::wire::Goodbye;
use fedcoin_node::{Event, PaymentOrigin};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

/// Histogram buckets for depths of reorganisations, in blocks.
const DEPTHS: [f64; 6] = [1.0, 2.0, 3.0, 6.0, 12.0, 100.0];

/// Counters by one label.
type By = Family<[(&'static str, String); 1], Counter>;

/// Counts the node's events. Clones share the counters.
#[derive(Clone, Debug)]
pub struct EventCounters {
    connected: Counter,
    disconnected: Counter,
    depths: Histogram,
    mined: Counter,
    side: Counter,
    rejected: By,
    accepted: By,
    dropped: By,
    closed: By,
    dials_failed: Counter,
}

impl EventCounters {
    /// New counters in this registry.
    pub(super) fn new(registry: &mut Registry) -> Self {
        let counters = Self {
            connected: Counter::default(),
            disconnected: Counter::default(),
            depths: Histogram::new(DEPTHS),
            mined: Counter::default(),
            side: Counter::default(),
            rejected: By::default(),
            accepted: By::default(),
            dropped: By::default(),
            closed: By::default(),
            dials_failed: Counter::default(),
        };
        for reason in DropReason::NAMES {
            // Create each, so that it is exported from the start.
            drop(counters.dropped.get_or_create(&[("reason", reason.to_owned())]));
        }
        let c = counters.clone();
        registry.register("blocks_connected", "Blocks connected to the primary chain", c.connected);
        registry.register("blocks_disconnected", "Blocks disconnected from the primary chain", c.disconnected);
        registry.register("reorganisation_depth_blocks", "Blocks disconnected, by reorganisation", c.depths);
        registry.register("blocks_mined", "Blocks found by this node that became the tip", c.mined);
        registry.register("blocks_side", "Valid blocks stored beside the primary chain", c.side);
        registry.register("blocks_rejected", "Invalid blocks, by rule", c.rejected);
        registry.register("payments_accepted", "Payments that entered the mempool, by origin", c.accepted);
        registry.register(
            "payments_dropped",
            "Payments that left the mempool without being mined, by reason",
            c.dropped,
        );
        registry.register("peer_connections_closed", "Connections closed with a goodbye, by reason", c.closed);
        registry.register("peer_dials_failed", "Dials of other nodes that failed", c.dials_failed);
        counters
    }

    /// Counts an event.
    pub fn count(&self, event: &Event) {
        let one = match event {
            Event::TipChanged { disconnected, connected, .. } => {
                self.connected.inc_by(connected.len() as u64);
                self.disconnected.inc_by(disconnected.len() as u64);
                return;
            }
            Event::Reorganised { reorganised, .. } => {
                return self.depths.observe(f64::from(reorganised.disconnected));
            }
            Event::BlockRejected { error, .. } => return add_one(&self.rejected, "rule", error.rule()),
            Event::PaymentAccepted { origin, .. } => return add_one(&self.accepted, "origin", name(*origin)),
            Event::PaymentDropped { dropped, .. } => return add_one(&self.dropped, "reason", dropped.reason.name()),
            Event::BlockMined { .. } => &self.mined,
            Event::SideBlock { .. } => &self.side,
            Event::DialFailed { .. } => &self.dials_failed,
            _ => return,
        };
        one.inc();
    }

    /// Counts a connection that is being closed.
    pub fn closed(&self, reason: Goodbye) {
        add_one(&self.closed, "reason", &format!("{reason:?}"));
    }
}

fn add_one(by: &By, label: &'static str, value: &str) {
    by.get_or_create(&[(label, value.to_owned())]).inc();
}

fn name(origin: PaymentOrigin) -> &'static str {
    match origin {
        PaymentOrigin::Local => "api",
        PaymentOrigin::Peer(_) => "peer",
        PaymentOrigin::Returned => "returned",
    }
}
