use super::question::FeeQuestion;
use crate::api::TransactionState;
use crate::args::FeeArgs;
use crate::client::{Client, ClientError};
use crate::failure::Failure;
use fedcoin_node::primitives::{OutPoint, Output, Payment, PrivateKey, TxId};
use fedcoin_node::units::Amount;
use fedcoin_node::wallet::{Waiting, WalletError, plan_replacement};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// Replaces a waiting payment by one that differs in its fee. Returns the new id and fee.
///
/// # Errors
/// [`Failure::Wallet`] or [`Failure::Client`]. If the fee is too low, the node's error names the minimum.
pub(super) fn bump(key: &PrivateKey, client: &Client, txid: &TxId, args: FeeArgs) -> Result<(TxId, Amount), Failure> {
    let old = waiting(client, txid)?;
    if old.unsigned.sender != key.public_key() {
        return Err(Failure::Usage(format!("{txid} was not paid with this key: name the right key with --key FILE")));
    }
    let fee = fee_of(&old, client)?;
    // A replacement may not spend other unconfirmed coins (rule P14).
    let mut spare = client.coins(&key.public_key().address())?;
    spare.retain(|coin| coin.mined);
    // Payments that others built on it are unknown here. If they matter, the node's error names the required fee.
    let waiting = Waiting { unsigned: &old.unsigned, fee, fees: fee };
    let usual = client.fees()?.within_3_blocks;
    let plan = plan_replacement(&waiting, &spare, args.fee(), usual)?;
    FeeQuestion::new(usual, args.yes).ask(std::slice::from_ref(&plan))?;
    let fee = plan.fee;
    Ok((client.submit(&plan.sign(key, client.network()?.id), true)?, fee))
}

fn waiting(client: &Client, txid: &TxId) -> Result<Payment, Failure> {
    let view = client.transaction(txid)?.filter(|view| view.state == TransactionState::Mempool);
    Ok(view.and_then(|view| view.payment).ok_or(WalletError::NotWaiting)?)
}

/// A payment's fee: its inputs minus its outputs.
fn fee_of(payment: &Payment, client: &Client) -> Result<Amount, Failure> {
    let mut known: BTreeMap<TxId, Vec<Output>> = BTreeMap::new();
    let mut spent = Amount::ZERO;
    for OutPoint { txid, index } in &payment.unsigned.inputs {
        let outputs = match known.entry(*txid) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(outputs(txid, client)?),
        };
        let output = outputs.get(*index as usize).map(|output| output.amount);
        spent = output.and_then(|amount| spent.checked_add(amount)).ok_or(WalletError::NotWaiting)?;
    }
    let paid = Amount::checked_sum(payment.unsigned.outputs.iter().map(|output| output.amount));
    Ok(spent.saturating_sub(paid.ok_or(WalletError::OutOfRange)?))
}

fn outputs(txid: &TxId, client: &Client) -> Result<Vec<Output>, ClientError> {
    Ok(match client.transaction(txid)?.map(|view| (view.payment, view.coinbase)) {
        Some((Some(payment), _)) => payment.unsigned.outputs,
        Some((None, Some(coinbase))) => vec![coinbase.output],
        Some((None, None)) | None => Vec::new(),
    })
}
