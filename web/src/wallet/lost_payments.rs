use crate::session::{Phase, Session};
use gloo_timers::future::TimeoutFuture;
use node_wasm::messages::Paid;

/// Time between two looks, in milliseconds.
const LOOK_MS: u32 = 1_000;
/// Looks of a node that is up to date, until a payment that it does not know was not sent. A node that kept no mempool
/// gets the relay's in this time.
const LOOKS: u32 = 5;
/// Most looks, while the node starts again.
const MAX_LOOKS: u32 = 120;

/// Payments of which it is not known whether they were sent, because the worker ended: those that the next one knows.
/// `None` if no node came to know in time.
pub(crate) async fn look_for(session: Session, lost: &[Paid]) -> Option<Vec<Paid>> {
    let mut synced = 0;
    for _ in 0..MAX_LOOKS {
        TimeoutFuture::new(LOOK_MS).await;
        if matches!(session.phase_now(), Phase::Failed(_)) {
            return None;
        }
        if !session.is_synced_now() {
            continue;
        }
        synced += 1;
        let client = session.client()?;
        let mut found = Vec::new();
        for payment in lost {
            if client.transaction(payment.txid).await.is_ok_and(|answer| answer.is_some()) {
                found.push(*payment);
            }
        }
        if found.len() == lost.len() || synced >= LOOKS {
            return Some(found);
        }
    }
    None
}
