use crate::api::TransactionState;
use crate::client::{Client, ClientError};
use crate::failure::Failure;
use fedcoin_node::primitives::{OutPoint, Output, Payment, PrivateKey, TxId};
use fedcoin_node::units::Amount;
use fedcoin_node::wallet::{Coin, Fee, Waiting, WalletError, plan_replacement};
use std::collections::BTreeMap;

/// Sends a waiting payment again with a higher fee, so that it takes the first one's place. Returns the
/// new one's id and fee.
///
/// # Errors
/// [`Failure::Wallet`] or [`Failure::Client`]; the node refuses a fee that is too low and names the least.
pub(super) fn bump(
    key: &PrivateKey,
    client: &Client,
    txid: &TxId,
    wish: Option<Fee>,
) -> Result<(TxId, Amount), Failure> {
    let old = waiting(client, txid)?;
    if old.unsigned.sender != key.public_key() {
        return Err(Failure::Usage(format!("{txid} was not paid with this key: name the right one with --key FILE")));
    }
    let mut transactions = Transactions { client, outputs: BTreeMap::new() };
    let fee = transactions.fee_of(&old)?;
    let spare = transactions.mined(client.coins(&key.public_key().address())?)?;
    // What others built on it is not known here: where that matters, the node says how much it wants.
    let plan = plan_replacement(
        &Waiting { unsigned: &old.unsigned, fee, fees: fee },
        &spare,
        wish,
        client.fees()?.within_3_blocks,
    )?;
    let fee = plan.fee;
    Ok((client.submit(&plan.sign(key, client.network()?.id))?, fee))
}

fn waiting(client: &Client, txid: &TxId) -> Result<Payment, Failure> {
    let view = client.transaction(txid)?.filter(|view| view.state == TransactionState::Mempool);
    Ok(view.and_then(|view| view.payment).ok_or(WalletError::NotWaiting)?)
}

/// The transactions asked for so far: their outputs, and whether they are mined.
struct Transactions<'a> {
    client: &'a Client,
    outputs: BTreeMap<TxId, (Vec<Output>, bool)>,
}

impl Transactions<'_> {
    /// A payment's fee: what its inputs hold beyond its outputs.
    fn fee_of(&mut self, payment: &Payment) -> Result<Amount, Failure> {
        let mut spent = Amount::ZERO;
        for OutPoint { txid, index } in &payment.unsigned.inputs {
            let output = self.get(txid)?.0.get(*index as usize).map(|output| output.amount);
            spent = output.and_then(|amount| spent.checked_add(amount)).ok_or(WalletError::NotWaiting)?;
        }
        let paid = Amount::checked_sum(payment.unsigned.outputs.iter().map(|output| output.amount));
        Ok(spent.saturating_sub(paid.ok_or(WalletError::OutOfRange)?))
    }

    /// The coins that blocks hold: a replacement may spend no other (rule P14).
    fn mined(&mut self, coins: Vec<Coin>) -> Result<Vec<Coin>, ClientError> {
        let mut mined = Vec::new();
        for coin in coins {
            if self.get(&coin.outpoint.txid)?.1 {
                mined.push(coin);
            }
        }
        Ok(mined)
    }

    fn get(&mut self, txid: &TxId) -> Result<&(Vec<Output>, bool), ClientError> {
        if !self.outputs.contains_key(txid) {
            let view = self.client.transaction(txid)?;
            let mined = view.as_ref().is_some_and(|view| view.state == TransactionState::Confirmed);
            let outputs = view.map(|view| match (view.payment, view.coinbase) {
                (Some(payment), _) => payment.unsigned.outputs,
                (None, Some(coinbase)) => vec![coinbase.output],
                (None, None) => Vec::new(),
            });
            self.outputs.insert(*txid, (outputs.unwrap_or_default(), mined));
        }
        Ok(self.outputs.entry(*txid).or_default())
    }
}
