use crate::client::{Client, ClientError};
use crate::failure::Failure;
use fedcoin_node::primitives::{NetworkId, Payment, PrivateKey, TxId};
use fedcoin_node::units::Amount;
use fedcoin_node::wallet::{PaymentOrder, Plan, Sum, plan_payments};

/// Maximum attempts with newly chosen coins. An attempt fails when another payment with the same key spends its coins
/// first.
const TRIES: u32 = 50;

/// A payment that the node has accepted.
#[derive(Clone, Copy, Debug)]
pub struct Paid {
    /// The payment's id.
    pub txid: TxId,
    /// Amount for the recipient.
    pub amount: Amount,
    /// Amount for the miner.
    pub fee: Amount,
}

/// Builds payments from the coins that the key can spend, signs them and submits them: one payment, or as many as the
/// coins require. `agree` sees them first and may object; `report` gets each accepted payment.
///
/// # Errors
/// [`Failure::Wallet`], [`Failure::Client`], or the error of `agree`; [`Failure::PaidInPart`] if some were accepted
/// before.
pub fn pay(
    key: &PrivateKey,
    client: &Client,
    order: &PaymentOrder,
    mut agree: impl FnMut(&[Plan]) -> Result<(), Failure>,
    mut report: impl FnMut(&Paid),
) -> Result<Vec<Paid>, Failure> {
    let network = client.network()?.id;
    let (mut paid, mut rest) = (Vec::new(), *order);
    let done = until_coins_are_free(|| {
        let plans = plan(key, client, &rest, &mut agree)?;
        submit(key, client, network, plans, &mut |new: Paid| {
            report(&new);
            rest.amount = without(rest.amount, new.amount);
            paid.push(new);
        })
    });
    match done {
        Ok(()) => Ok(paid),
        Err(failure) => Err(in_part(&paid, failure)),
    }
}

/// Repeats an attempt as long as other payments spend its coins first, at most [`TRIES`] times.
fn until_coins_are_free(mut attempt: impl FnMut() -> Result<(), Failure>) -> Result<(), Failure> {
    for _ in 0..TRIES {
        match attempt() {
            Err(Failure::Client(error)) if error.is_conflict() => {}
            done => return done,
        }
    }
    let busy = "other payments with this key spent its coins at each attempt; try again when they are done";
    Err(Failure::Usage(busy.to_owned()))
}

fn plan(
    key: &PrivateKey,
    client: &Client,
    order: &PaymentOrder,
    agree: &mut impl FnMut(&[Plan]) -> Result<(), Failure>,
) -> Result<Vec<Plan>, Failure> {
    let public = key.public_key();
    let plans = plan_payments(public, &client.coins(&public.address())?, order)?;
    agree(&plans)?;
    Ok(plans)
}

fn submit(
    key: &PrivateKey,
    client: &Client,
    network: NetworkId,
    plans: Vec<Plan>,
    taken: &mut impl FnMut(Paid),
) -> Result<(), Failure> {
    for plan in plans {
        let (amount, fee) = (plan.amount, plan.fee);
        let txid = submit_one(client, &plan.sign(key, network))?;
        taken(Paid { txid, amount, fee });
    }
    Ok(())
}

/// Submits a payment. If the answer is lost, submits the same payment again, so that nothing is paid twice.
fn submit_one(client: &Client, payment: &Payment) -> Result<TxId, Failure> {
    match client.submit(payment, false) {
        Err(ClientError::Unreachable { .. }) => client
            .submit(payment, false)
            .map_err(|error| Failure::Unsure { txid: payment.txid().to_string(), error: Box::new(error.into()) }),
        answer => Ok(answer?),
    }
}

fn without(sum: Sum, paid: Amount) -> Sum {
    match sum {
        Sum::Exactly(amount) => Sum::Exactly(amount.saturating_sub(paid)),
        Sum::All => Sum::All,
    }
}

fn in_part(paid: &[Paid], failure: Failure) -> Failure {
    if paid.is_empty() {
        return failure;
    }
    let amount = Amount::saturating_sum(paid.iter().map(|paid| paid.amount));
    Failure::PaidInPart { payments: paid.len(), amount, rest: Box::new(failure) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::{Problem, ProblemKind};

    #[test]
    fn attempts_with_other_coins_are_limited() {
        let taken = || ClientError::Refused {
            node: "127.0.0.1:1".parse().unwrap(),
            problem: Box::new(Problem::new(ProblemKind::PAYMENT_CONFLICT, "")),
        };
        for conflicts in [0, TRIES - 1, TRIES, 10 * TRIES] {
            let mut attempts = 0;
            let done = until_coins_are_free(|| {
                attempts += 1;
                if attempts > conflicts { Ok(()) } else { Err(taken().into()) }
            });
            assert_eq!((done.is_ok(), attempts), (conflicts < TRIES, TRIES.min(conflicts + 1)), "{conflicts}");
        }
        let mut attempts = 0;
        let failed = until_coins_are_free(|| {
            attempts += 1;
            Err(Failure::Usage("no money".to_owned()))
        });
        assert_eq!((failed, attempts), (Err(Failure::Usage("no money".to_owned())), 1));
    }
}
