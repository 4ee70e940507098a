//! The current rule meets its goals, and the tests detect a rule that does not. Seeds are fixed.

use fedcoin_retarget::candidate::{HashRate, InForce, Lwma, RelativeAsert};
use fedcoin_retarget::scenario::lies::{self, Strategy};
use fedcoin_retarget::scenario::{fall, night, ramp, steady, step};
use fedcoin_retarget::{ONE_TAB, THIRTY_TABS};

#[test]
fn the_mean_spacing_is_as_intended() {
    let steady = steady::run(&InForce::default(), 10_000);
    assert!((0.98..1.02).contains(&steady.spacing), "{steady:?}");
    assert!(steady.noise < 0.3, "{steady:?}");
}

#[test]
fn a_factor_of_thirty_is_absorbed_within_twenty_blocks() {
    for factor in [30.0, 1.0 / 30.0] {
        let step = step::run(&InForce::default(), factor, 200);
        let (half, most) = (step.back_within(0.5), step.back_within(0.9));
        assert!(half <= 18.0 && most <= 22.0, "x{factor}: {half}, {most}");
    }
    assert!(step::run(&Lwma { window: 60 }, 30.0, 50).back_within(0.5) > 20.0);
}

#[test]
fn the_morning_after_a_night_is_not_crowded() {
    let morning = night::run(&InForce::default(), THIRTY_TABS, 8.0, 4_000);
    assert!(morning.most() <= 3.0 && morning.crowded() <= 0.01, "{}", morning.crowded());
    let morning = night::run(&RelativeAsert { half_life: 5, least: -6, most: 6 }, THIRTY_TABS, 8.0, 1_000);
    assert!(morning.most() > 3.0);
    // After a lone tab no rule can know about the others. It takes blocks to learn.
    assert!(night::run(&InForce::default(), ONE_TAB, 8.0, 200).most() < 25.0);
}

#[test]
fn a_large_miner_may_leave() {
    for (factor, minutes) in [(30.0, 20.0), (170.0, 10.0), (1_000.0, 10.0), (10_000.0, 10.0)] {
        let fall = fall::run(&InForce::default(), factor, 300);
        assert!(fall.back_within(0.9) < minutes, "1/{factor}: {}", fall.back_within(0.9));
    }
    assert!(fall::run(&HashRate::FIRST, 170.0, 50).back_within(0.5) > 60.0);
}

#[test]
fn luck_on_a_ramp_does_not_outweigh_a_hundred_blocks() {
    let chance = ramp::run(&InForce::default(), 0.2, 2_000);
    assert!(chance < 0.01, "{chance}");
    let chance = ramp::run(&HashRate::FIRST, 0.2, 1_000);
    assert!(chance > 0.01, "{chance}");
}

#[test]
fn lies_about_time_gain_nothing() {
    for share in [0.15, 0.33, 0.45] {
        let gains = lies::gains(&InForce::default(), share, 4_000);
        for (lie, gain) in Strategy::LIES.iter().zip(gains) {
            assert!(gain < 0.02, "{lie:?} at {share}: {gain}");
        }
    }
    let naive = RelativeAsert { half_life: 5, least: -6, most: 6 };
    assert!(lies::gains(&naive, 0.33, 4_000).into_iter().any(|gain| gain > 0.02));
}
