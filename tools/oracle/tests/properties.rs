//! Compares the node with the oracle in random runs.
#![allow(clippy::unwrap_used, reason = "a test fails by it")]

use fedcoin_oracle::target;
use proptest::collection::vec;
use proptest::prelude::*;

fn bytes(most: usize) -> impl Strategy<Value = Vec<u8>> {
    vec(any::<u8>(), 0..most)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn ledger_tip_and_mempool_match_the_oracle(run in bytes(1_500)) {
        target::ledger(&run);
    }

    #[test]
    fn the_fork_choice_does_not_depend_on_the_order_of_arrival(run in bytes(800), order in bytes(200)) {
        target::arrival_order(&run, &order);
    }

    #[test]
    fn no_sequence_of_inputs_breaks_the_contract(run in bytes(1_500)) {
        target::inputs(&run);
    }

    #[test]
    fn frames_have_one_encoding(frame in bytes(300)) {
        target::frame(&frame);
    }
}
