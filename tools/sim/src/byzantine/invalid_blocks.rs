use super::{Behaviour, Reply, Scene};
use fedcoin_node::primitives::{Block, OutPoint, Output, Payment, Signature, TxId, UnsignedPayment};
use fedcoin_node::units::Amount;
use fedcoin_node::wire::Message;

/// Mines invalid blocks, each breaking another rule.
#[derive(Default)]
pub(crate) struct InvalidBlocks {
    made: usize,
}

impl Behaviour for InvalidBlocks {
    fn name(&self) -> &'static str {
        "invalid blocks"
    }

    fn answer(&mut self, _message: &Message, _scene: &mut Scene<'_>) -> Option<Reply> {
        None
    }

    fn mines(&self) -> bool {
        true
    }

    fn forge(&mut self, block: &mut Block, scene: &mut Scene<'_>) -> bool {
        self.made += 1;
        match self.made % 7 {
            0 => block.coinbase.output.amount = more(block.coinbase.output.amount), // B6
            1 => block.coinbase.height = block.coinbase.height.next(),              // B5
            2 => block.payments = vec![of_nothing(scene, false)],                   // T9
            3 => block.payments = vec![of_nothing(scene, true)],                    // C1
            4 => block.roots.history.0[0] ^= 1,                                     // B8
            5 => block.roots.ledger.0[0] ^= 1,                                      // B9
            _ => {
                let payment = of_nothing(scene, true);
                block.payments = vec![payment.clone(), payment]; // B4
            }
        }
        true
    }
}

fn more(amount: Amount) -> Amount {
    amount.checked_add(Amount::from_fed(1)).unwrap_or(amount)
}

/// A payment of an output that does not exist, signed or not.
fn of_nothing(scene: &mut Scene<'_>, signed: bool) -> Payment {
    let key = scene.key;
    let unsigned = UnsignedPayment {
        replaceable: false,
        sender: key.public_key(),
        inputs: vec![OutPoint { txid: TxId(core::array::from_fn(|_| scene.rng.u8(..))), index: 0 }],
        outputs: vec![Output { amount: Amount::from_fed(1), recipient: key.public_key().address() }],
    };
    let message = unsigned.signing_message(scene.leader.network());
    let signature = if signed { key.sign(&message) } else { Signature::ZERO };
    Payment { unsigned, signature }
}
