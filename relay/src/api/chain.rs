use super::answers::{Always, ChainRefused};
use super::{AppState, stored};
use crate::access::Requester;
use crate::archive::{self, Header};
use crate::node_handle::NodeHandle;
use crate::problem::Problem;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use fedcoin_node::primitives::BlockId;
use fedcoin_node::units::Height;
use fedcoin_node::wire::MAX_BLOCKS_REQUESTED;
use futures::stream::unfold;
use std::io;
use std::sync::Arc;
use tokio::sync::mpsc::{self, Sender};
use tokio::task::spawn_blocking;

/// Maximum blocks read ahead of the client.
const AHEAD: usize = 4;

/// A piece of the file, or the error that ended the export.
type Piece = io::Result<Bytes>;

/// The primary chain as one file, in the format of `fedcoin chain export`
///
/// The file holds the chain as it was at the time of the request, even if the chain changes during the download.
/// Requires the node's cookie. Only one export runs at a time.
#[utoipa::path(
    get,
    path = "/chain",
    tag = "chain",
    operation_id = "export",
    responses(
        (status = 200, description = "The file", content_type = "application/octet-stream", body = String),
        ChainRefused,
        Always
    )
)]
pub(super) async fn export(State(state): State<AppState>, requester: Requester) -> Result<Response, Problem> {
    requester.require_operator("the chain can be exported")?;
    let busy = |_| Problem::unavailable("another export of the chain is in progress");
    let turn = Arc::clone(&state.exporting).try_acquire_owned().map_err(busy)?;
    let node = state.node;
    let (header, ids) = stored::beside(state.reading, {
        let node = node.clone();
        move || primary_chain(&node)
    })
    .await?;
    let (sender, pieces) = mpsc::channel(AHEAD);
    spawn_blocking(move || {
        if let Err(error) = write(&node, header, &ids, &sender) {
            tracing::warn!("export of the chain failed: {error}");
            let _ = sender.blocking_send(Err(error));
        }
        drop(turn);
    });
    let pieces = unfold(pieces, |mut pieces| async { Some((pieces.recv().await?, pieces)) });
    Ok(([(header::CONTENT_TYPE, "application/octet-stream")], Body::from_stream(pieces)).into_response())
}

/// The file's header, and the ids of its blocks.
fn primary_chain(node: &NodeHandle) -> Result<(Header, Vec<BlockId>), Problem> {
    let node = node.settled_blocking();
    let (chain, blocks) = (node.chain(), node.chain().tip().height.0);
    let missing = || Problem::unavailable("the chain is changing; try again");
    let ids = (1..=blocks).map(|height| chain.id_at(Height(height)).ok_or_else(missing)).collect::<Result<_, _>>()?;
    Ok((Header { network: chain.network(), blocks }, ids))
}

/// Sends the file to the client piece by piece; ends early if the client disconnects.
fn write(node: &NodeHandle, header: Header, ids: &[BlockId], pieces: &Sender<Piece>) -> io::Result<()> {
    let mut first = Vec::new();
    header.write(&mut first)?;
    if pieces.blocking_send(Ok(first.into())).is_err() {
        return Ok(());
    }
    for ids in ids.chunks(MAX_BLOCKS_REQUESTED) {
        let blocks = node.store().load(ids).map_err(io::Error::other)?;
        for (id, loaded) in ids.iter().zip(blocks) {
            let block = loaded.ok_or_else(|| io::Error::other(format!("block {id} is missing")))?.block;
            let mut piece = Vec::with_capacity(block.len() + 4);
            archive::write_block(&block, &mut piece)?;
            if pieces.blocking_send(Ok(piece.into())).is_err() {
                return Ok(());
            }
        }
    }
    Ok(())
}
