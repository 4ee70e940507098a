use super::answers::{Always, BadRequest};
use super::extract::{self, Params};
use super::{AppState, stored};
use crate::clock;
use crate::problem::Problem;
use crate::schema;
use axum::Json;
use axum::extract::State;
use fedcoin_node::primitives::{Address, Block, BlockId, Header};
use fedcoin_node::units::{Amount, CompactTarget, Height, Timestamp};
use fedcoin_node::{BlockTemplate, MiningStatus, Node};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{sleep, timeout};
use utoipa::{IntoParams, ToSchema};

/// Longest wait for a template other than the named one.
const LONGEST_WAIT: Duration = Duration::from_secs(20);
/// How long a template with new payments alone, on the same tip, is held back (rule M3).
const PAYMENTS_WAIT: Duration = Duration::from_secs(5);
/// How often a waiting request looks for a new tip.
const LOOK: Duration = Duration::from_millis(100);
/// Maximum number of requests that wait for another template.
pub(super) const MAX_WAITING: usize = 100;
/// Maximum number of changes of the target in a template.
const MAX_CHANGES: usize = 32;

/// What the template is for.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Wanted {
    /// Who gets the reward: an address, or a public key in hex.
    #[param(example = "fed1n5puafdcq8zzeln0kefchl35nwltrns8tm86mq")]
    recipient: String,
    /// The `id` of the template that you have: the answer then waits for another one, at most 20 seconds.
    #[param(required = false, pattern = "^[0-9a-fA-F]{64}$")]
    after: Option<String>,
}

/// The next block without its proof of work.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BlockTemplate)]
pub(super) struct TemplateView {
    /// Identifies the template: another parent, payment or recipient makes another id; another time does not.
    #[schema(value_type = schema::BlockId)]
    id: BlockId,
    #[schema(value_type = u32)]
    height: Height,
    /// Subsidy and fees.
    #[schema(value_type = schema::Amount)]
    reward: Amount,
    /// The earliest valid time of the block (rule H5).
    #[schema(value_type = u64)]
    earliest_time: Timestamp,
    /// The latest time of the block that other nodes accept now (rule H6).
    #[schema(value_type = u64)]
    latest_time: Timestamp,
    /// The next changes of the target, at most 32: a block of such a time or later must have that target (rule H4).
    target_changes: Vec<TargetChange>,
    /// The 88 bytes of `block.header` in hex (rule E2), to be hashed with other nonces, salts and times.
    #[schema(pattern = "^[0-9a-f]{176}$")]
    header: String,
    /// The block. `POST /blocks` takes it once its header meets the target.
    #[schema(value_type = schema::Block)]
    block: Block,
}

/// A time from which the target is another one.
#[derive(Debug, Serialize, ToSchema)]
struct TargetChange {
    #[schema(value_type = u64)]
    time: Timestamp,
    #[schema(value_type = schema::CompactTarget)]
    target: CompactTarget,
}

impl TemplateView {
    fn new(template: &BlockTemplate, recipient: Address) -> Self {
        let now = clock::wall();
        let block = template.block(recipient, now);
        let header = block.header;
        let changes = template.target_changes(header.time).take(MAX_CHANGES);
        Self {
            id: Header { time: Timestamp(0), target: CompactTarget(0), ..header }.id(),
            height: block.coinbase.height,
            reward: block.coinbase.output.amount,
            earliest_time: template.earliest_time(),
            latest_time: template.latest_time(now),
            target_changes: changes.map(|(time, target)| TargetChange { time, target }).collect(),
            header: hex::encode(header.to_bytes()),
            block,
        }
    }
}

/// The next block, to be mined by another program
///
/// The best payments of the mempool on the tip, paying `recipient`. Vary `nonce`, `salt` and `time` until the block's id
/// meets `target`, then send the block to `POST /blocks`. With `after`, the answer waits until the tip changes, or until
/// there are other payments and 5 seconds have passed; after 20 seconds it is the same template.
#[utoipa::path(
    get,
    path = "/mining/template",
    tag = "mining",
    operation_id = "block_template",
    params(Wanted),
    responses((status = 200, description = "The block without its proof of work", body = TemplateView), BadRequest, Always)
)]
pub(super) async fn template(
    State(state): State<AppState>,
    Params(wanted): Params<Wanted>,
) -> Result<Json<TemplateView>, Problem> {
    let recipient = extract::address(&wanted.recipient)?;
    let misread = |_| Problem::bad_request("`after` must be the id of a template: 64 hex digits");
    let after: Option<BlockId> = wanted.after.map(|id| id.parse().map_err(misread)).transpose()?;
    let known = current(&state).await?;
    let answer = view(&state, &known, recipient).await?;
    if after != Some(answer.id) {
        return Ok(Json(answer));
    }
    let busy = || Problem::unavailable(format!("{MAX_WAITING} requests wait for another template, the maximum"));
    let _place = Arc::clone(&state.templates).try_acquire_owned().map_err(|_| busy())?;
    let newest = timeout(LONGEST_WAIT, another(&state, &known)).await.unwrap_or(Ok(known))?;
    view(&state, &newest, recipient).await.map(Json)
}

/// Waits for a template with another block than `known`.
async fn another(state: &AppState, known: &BlockTemplate) -> Result<Arc<BlockTemplate>, Problem> {
    let mut wait = PAYMENTS_WAIT;
    loop {
        let _ = timeout(wait, new_tip(state, known.parent())).await;
        let template = current(state).await?;
        if !template.has_same_block(known) {
            return Ok(template);
        }
        wait = Duration::from_secs(1);
    }
}

/// The template as it is now.
async fn current(state: &AppState) -> Result<Arc<BlockTemplate>, Problem> {
    let (mempool, node) = (state.mempool.clone(), state.node.clone());
    stored::beside(Arc::clone(&state.reading), move || {
        mempool.template(&node).map_err(|reason| waits(reason, &node.read()))
    })
    .await
}

async fn view(state: &AppState, template: &Arc<BlockTemplate>, recipient: Address) -> Result<TemplateView, Problem> {
    let template = Arc::clone(template);
    stored::beside(Arc::clone(&state.reading), move || Ok(TemplateView::new(&template, recipient))).await
}

/// Returns when the chain's tip is not this block.
async fn new_tip(state: &AppState, tip: BlockId) {
    while state.node.read().chain().tip().id == tip {
        sleep(LOOK).await;
    }
}

/// Why there is no template.
fn waits(reason: MiningStatus, node: &Node) -> Problem {
    Problem::unavailable(match reason {
        MiningStatus::Syncing => "the node is not in sync: a block would build on an old one".to_owned(),
        MiningStatus::CheckingBlock { id } => format!("the node is checking block {id}, which is better than its tip"),
        MiningStatus::ClockBehind => "this machine's clock is behind, so blocks of others are refused".to_owned(),
        MiningStatus::ChainAhead { until } => {
            format!("the last blocks are dated ahead: others accept no block on them before {} ms since 1970", until.0)
        }
        MiningStatus::Off | MiningStatus::NothingToMine | MiningStatus::Mining { .. } => {
            let least = node.params().min_block_payments;
            format!("the network's blocks need {least} or more payments, and too few wait")
        }
    })
}
