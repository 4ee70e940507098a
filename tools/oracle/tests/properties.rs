//! Compares the node with the oracle in random runs.
#![allow(clippy::unwrap_used, reason = "a test fails by it")]

use fedcoin_node::consensus::{ChainParams, Retarget};
use fedcoin_node::units::{CompactTarget, Timestamp};
use fedcoin_oracle::{naive_target, target};
use proptest::collection::vec;
use proptest::prelude::*;

fn bytes(most: usize) -> impl Strategy<Value = Vec<u8>> {
    vec(any::<u8>(), 0..most)
}

/// A time between two headers, in thousandths of a spacing.
fn gap() -> impl Strategy<Value = i64> {
    prop_oneof![4 => -2_000..4_000_i64, 2 => 0..3_i64, 1 => 10_000..40_000_i64, 1 => 0..5_000_000_i64]
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
    fn targets_are_what_the_oracle_says(
        gaps in vec(gap(), 1..160),
        target in prop_oneof![Just(0x1e03_ffff), Just(0x20ff_ffff), Just(0x1901_0000)],
        spacing_ms in prop_oneof![Just(100_u64), Just(10_000), Just(86_400_000)],
    ) {
        let params = ChainParams {
            target: CompactTarget(target), spacing_ms, retarget: Retarget::EachBlock, ..ChainParams::main()
        };
        let mut chain = vec![(1 << 50, params.target)];
        for gap in gaps {
            let before = chain.iter().rev().map(|(time, target)| (Timestamp(*time), *target));
            let needed = params.retarget.next_target(&params, before);
            let last = chain[chain.len() - 1].0;
            // Short spacings make other gaps late, because of the clocks' two minutes.
            let scale = (spacing_ms as i64).max(10_000) / 1_000;
            let time = last.saturating_add_signed(gap * scale);
            for time in [time, last, last + 120_000 + 12 * spacing_ms, last + 120_001 + 14 * spacing_ms, u64::MAX] {
                prop_assert_eq!(needed.at(Timestamp(time)), naive_target(&params, &chain, time));
            }
            chain.push((time, needed.at(Timestamp(time))));
        }
    }

    #[test]
    fn frames_have_one_encoding(frame in bytes(300)) {
        target::frame(&frame);
    }
}
