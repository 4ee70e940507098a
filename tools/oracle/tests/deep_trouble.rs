//! Problems that every public network meets sooner or later.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by it")]

use fedcoin_node::chain::{Chain, HeaderRefusal};
use fedcoin_node::collections::MapKey;
use fedcoin_node::consensus::{BlockError, ChainParams, HeaderError, PaymentError, Retarget};
use fedcoin_node::primitives::{Address, Block, BlockId, Coinbase, Header, Identified, OutPoint, Output, Payment};
use fedcoin_node::units::{Amount, CompactTarget, Height, Timestamp, Work};
use fedcoin_node::{Command, Event, Input, MiningPolicy, MiningSettings, RequestId, SubmitError};
use fedcoin_oracle::{Defect, Driver, NaiveLedger, block_on, key, params, pay};
use fedcoin_testkit::lineage;

fn address(n: u8) -> Address {
    key(n).address()
}

fn output(units: u64, recipient: Address) -> Output {
    Output { amount: Amount::from_units(units).unwrap(), recipient }
}

/// `regtest` with the first coins for person 1, spendable at once, and a subsidy for every block.
fn open_params() -> ChainParams {
    ChainParams { coinbase_maturity: 0, halving_interval: 100_000, ..params() }
}

/// The next block, a second later, for the `miner`th person, who does not take the fees.
fn next(params: &ChainParams, parent: &Block, miner: u8, payments: Vec<Payment>) -> Block {
    let height = parent.coinbase.height.next();
    let coinbase = Coinbase { height, output: Output { amount: params.subsidy_at(height), recipient: address(miner) } };
    let time = Timestamp(parent.header.time.0.saturating_add(1_000));
    let block = block_on(params, &parent.header, time, coinbase, payments);
    lineage::remember(&block);
    block
}

/// Finishes a changed block, on which others may follow.
fn solve(block: &mut Block) {
    fedcoin_oracle::solve(block);
    lineage::remember(block);
}

/// `n` blocks on `parent` without payments.
fn empty_chain(params: &ChainParams, parent: &Block, miner: u8, n: usize) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    for _ in 0..n {
        blocks.push(next(params, blocks.last().unwrap_or(parent), miner, vec![]));
    }
    blocks
}

/// `n` blocks whose payments split one coin into `parts` and merge these again, in turn.
fn busy_chain(params: &ChainParams, miner: u8, parts: u64, n: usize) -> Vec<Block> {
    let mut parent = params.genesis_block();
    let mut coins = vec![(parent.coinbase.outpoint(), parent.coinbase.output.amount.units())];
    let mut blocks = Vec::new();
    for _ in 0..n {
        let sum: u64 = coins.iter().map(|(_, amount)| amount).sum();
        let outputs = if coins.len() == 1 { parts } else { 1 };
        let amount = sum / outputs;
        // Differs from one chain to the other.
        let amounts = (0..outputs).map(|part| if part == 0 { amount - u64::from(miner) } else { amount });
        let outputs = amounts.map(|amount| output(amount, address(1))).collect();
        let payment = pay(1, coins.iter().map(|(outpoint, _)| *outpoint).collect(), outputs);
        coins = payment.outputs().map(|(outpoint, output)| (outpoint, output.amount.units())).collect();
        parent = next(params, &parent, miner, vec![payment]);
        blocks.push(parent.clone());
    }
    blocks
}

fn submit(block: &Block) -> Input {
    Input::Command(Command::SubmitBlock { request: RequestId(1), block: Box::new(block.clone()) })
}

fn give(driver: &mut Driver, blocks: &[Block]) {
    blocks.iter().for_each(|block| driver.give(submit(block)));
}

/// The node's answer to the last block.
fn verdict(driver: &Driver) -> Result<(), SubmitError> {
    let answer = driver.events.iter().rev().find_map(|event| match event {
        Event::BlockSubmitted { result, .. } => Some(result.clone()),
        _ => None,
    });
    answer.expect("an answer")
}

/// The error of a block that the node refuses for good.
fn refused(driver: &mut Driver, block: &Block) -> BlockError {
    driver.give(submit(block));
    match verdict(driver) {
        Err(SubmitError::Invalid(error)) => error,
        other => panic!("{other:?}"),
    }
}

/// Asserts that the node is at the end of this chain, with the ledger that the oracle computes there, and that all
/// waiting payments can be mined.
fn check(driver: &Driver, blocks: &[Block]) {
    let params = driver.node.params();
    let genesis = params.genesis_block();
    assert_eq!(driver.node.chain().tip().id, blocks[blocks.len() - 1].id());
    let mut ledger = NaiveLedger::replay(params, core::iter::once(&genesis).chain(blocks)).unwrap();
    assert_eq!(driver.node.chain().utxos().state_hash(), ledger.state_hash());
    assert_eq!(driver.store.snapshot().utxos.len(), ledger.unspent.len());
    let height = u32::try_from(blocks.len()).unwrap() + 1;
    let waiting = driver.node.mempool().iter().map(|entry| entry.payment());
    assert_eq!(ledger.take_payments(params, height, waiting), Vec::<&Payment>::new());
}

// --- reorganisations ---

/// Disconnects 500 blocks and connects 501, then goes back. Returns how often blocks came from the store.
fn there_and_back(parts: u64, restart: bool) -> usize {
    let params = open_params();
    let (ours, theirs) = (busy_chain(&params, 2, parts, 503), busy_chain(&params, 3, parts, 501));
    let mut driver = Driver::new(params);
    driver.now.wall = Timestamp(1_000_000_000);
    give(&mut driver, &ours[..500]);
    check(&driver, &ours[..500]);
    give(&mut driver, &theirs[..499]);
    if restart {
        driver.restart();
    }
    check(&driver, &ours[..500]);
    give(&mut driver, &theirs[499..]);
    check(&driver, &theirs);
    give(&mut driver, &ours[500..]);
    check(&driver, &ours);
    driver.loads
}

#[test]
fn five_hundred_blocks_are_reorganised_and_restored() {
    assert_eq!(there_and_back(2, false), 0, "all of it is in memory");
}

#[test]
fn five_hundred_blocks_are_reorganised_after_a_restart() {
    // Those of both branches, 16 at a time.
    assert!(there_and_back(2, true) >= 1_000 / 16);
}

#[test]
fn five_hundred_blocks_that_exceed_the_memory_limit_are_reorganised() {
    // 1,004 blocks of 36 to 47 kB: more than the 32 MB of blocks that a node keeps.
    let loads = there_and_back(1_300, false);
    assert!(loads > 10, "{loads} loads");
}

#[test]
fn after_a_crash_a_reorganisation_is_complete_or_undone() {
    let params = open_params();
    let (ours, theirs) = (busy_chain(&params, 2, 3, 40), busy_chain(&params, 3, 3, 41));
    let mut outcomes = [0, 0];
    for effects in 0.. {
        let mut driver = Driver::new(params.clone());
        give(&mut driver, &ours);
        give(&mut driver, &theirs[..40]);
        // So that blocks must be loaded on the way.
        driver.restart();
        let crashed = driver.crash(submit(&theirs[40]), effects, effects / 2);
        let moved = driver.node.chain().tip().id == theirs[40].id();
        outcomes[usize::from(moved)] += 1;
        check(
            &driver,
            if moved {
                &theirs
            } else if driver.node.chain().tip().id == ours[39].id() {
                &ours
            } else {
                &theirs[..40]
            },
        );
        give(&mut driver, &theirs[40..]);
        check(&driver, &theirs);
        if !crashed {
            break;
        }
    }
    assert!(outcomes[0] > 3 && outcomes[1] > 1, "crashes before and after: {outcomes:?}");
}

#[test]
fn an_invalid_block_late_in_a_reorganisation_undoes_it() {
    let params = open_params();
    let (ours, mut theirs) = (busy_chain(&params, 2, 3, 100), busy_chain(&params, 3, 3, 90));
    // It takes one unit too much, which only the ledger can detect.
    let mut bad = next(&params, &theirs[89], 3, vec![]);
    bad.coinbase.output.amount = Amount::from_units(bad.coinbase.output.amount.units() + 1).unwrap();
    solve(&mut bad);
    let mut driver = Driver::new(params.clone());
    give(&mut driver, &ours);
    give(&mut driver, &theirs);
    let bad_chain = empty_chain(&params, &bad, 3, 12);
    give(&mut driver, &[&[bad.clone()], &bad_chain[..]].concat());
    check(&driver, &ours);
    assert!(driver.events.iter().any(|e| matches!(e, Event::BlockRejected { id, .. } if *id == bad.id())));
    // Blocks below the invalid one stay valid.
    theirs.extend(empty_chain(&params, &theirs[89], 4, 12));
    give(&mut driver, &theirs[90..]);
    check(&driver, &theirs);
}

#[test]
fn hundreds_of_side_branches_do_not_move_the_tip_until_one_wins() {
    let params = open_params();
    let chain = busy_chain(&params, 2, 3, 60);
    let mut driver = Driver::new(params.clone());
    give(&mut driver, &chain);
    let mut branches = Vec::new();
    for n in 0..300_usize {
        let root = n % 50;
        let miner = u8::try_from(10 + n / 50).unwrap();
        let branch = empty_chain(&params, &chain[root], miner, 3);
        give(&mut driver, &branch);
        branches.push((root, miner, branch));
    }
    check(&driver, &chain);
    assert_eq!(driver.node.status().side_blocks, 900);
    let (root, miner, branch) = &branches[171];
    let longer = empty_chain(&params, &branch[2], *miner, 57 - root);
    give(&mut driver, &longer);
    check(&driver, &[&chain[..=*root], branch, &longer].concat());
}

// --- headers ---

#[test]
fn a_header_flood_is_limited_and_excludes_no_winner() {
    const BOUND: usize = 50_000;
    let params = open_params();
    let chain = empty_chain(&params, &params.genesis_block(), 1, 100);
    let mut tree = Chain::new(params.clone(), &Default::default(), MapKey::new(1)).unwrap();
    let wall = Timestamp(1_000_000_000);
    let headers =
        |blocks: &[Block]| blocks.iter().map(|block| block.header.into()).collect::<Vec<Identified<Header>>>();
    assert_eq!(tree.accept_headers(&headers(&chain), wall).1, Ok(()));
    // Branches of one header each.
    let mut kept = 0;
    let genesis = params.genesis_block().header;
    let mut flood = (1..).map(|time| {
        let coinbase = Coinbase { height: Height(1), output: output(1, address(1)) };
        block_on(&params, &genesis, Timestamp(time), coinbase, vec![]).header
    });
    let refused = loop {
        match tree.accept_header(flood.next().unwrap(), wall) {
            Ok(_) => kept += 1,
            Err(refusal) => break refusal,
        }
    };
    assert_eq!((kept, refused), (BOUND, HeaderRefusal::TooManySideHeaders));
    for header in flood.by_ref().take(100) {
        assert_eq!(tree.accept_header(header, wall), Err(HeaderRefusal::TooManySideHeaders));
    }
    // A losing branch is refused as a whole, and a winning one is accepted as a whole.
    let losing = headers(&empty_chain(&params, &chain[9], 2, 90));
    assert_eq!(tree.accept_headers(&losing, wall), (vec![], Err(HeaderRefusal::TooManySideHeaders)));
    let winning = headers(&empty_chain(&params, &chain[9], 2, 150));
    assert_eq!(tree.accept_headers(&winning[..90], wall).0, []);
    assert_eq!(tree.accept_headers(&winning, wall), (winning.clone(), Ok(())));
    assert_eq!(tree.best_header().id, winning[149].id());
    // The old branch is now a side branch: it, too, is accepted only as a whole.
    let longer = headers(&empty_chain(&params, &chain[99], 2, 61));
    assert_eq!(tree.accept_headers(&longer[..60], wall).0, []);
    assert_eq!(tree.accept_headers(&longer, wall).1, Ok(()));
    assert_eq!(tree.best_header().id, longer[60].id());
}

#[test]
fn work_promised_in_later_headers_must_be_delivered() {
    const BOUND: u64 = 50_000;
    let params = open_params();
    let genesis = params.genesis_block();
    let mut tree = Chain::new(params.clone(), &Default::default(), MapKey::new(1)).unwrap();
    let wall = Timestamp(1_000_000_000);
    let chain = empty_chain(&params, &genesis, 1, 3);
    let headers: Vec<Identified<Header>> = chain.iter().map(|block| block.header.into()).collect();
    assert_eq!(tree.accept_headers(&headers, wall).1, Ok(()));
    for time in 1..=BOUND {
        let coinbase = Coinbase { height: Height(1), output: output(1, address(1)) };
        let header = block_on(&params, &genesis.header, Timestamp(time), coinbase, vec![]).header;
        assert_eq!(tree.accept_header(header, wall), Ok(true));
    }
    let side = empty_chain(&params, &genesis, 2, 4);
    let side: Vec<Identified<Header>> = side.iter().map(|block| block.header.into()).collect();
    let full = Err(HeaderRefusal::TooManySideHeaders);
    let mut gap = side.clone();
    gap.remove(2);
    let mut unsolved = side.clone();
    while params.target.expand().unwrap().is_met_by(&unsolved[3].id().0) {
        unsolved[3] = Header { nonce: unsolved[3].nonce + 1, ..*unsolved[3] }.into();
    }
    let repeated = vec![side[0]; 4];
    for broken in [gap, unsolved, repeated, side[..3].to_vec()] {
        assert_eq!(tree.accept_headers(&broken, wall), (vec![], full.clone()));
    }
    assert_eq!(tree.accept_headers(&side, wall), (side.clone(), Ok(())));
}

#[test]
fn times_are_accepted_up_to_their_limits() {
    let params = open_params();
    let mut driver = Driver::new(params.clone());
    let wall = driver.now.wall.0;
    let chain = empty_chain(&params, &params.genesis_block(), 1, 12);
    give(&mut driver, &chain);
    // The median of the 11 headers up to height 12 is the time of height 7.
    let median = chain[6].header.time.0;
    let at = |time| {
        let mut block = next(&params, &chain[11], 2, vec![]);
        block.header.time = Timestamp(time);
        solve(&mut block);
        block
    };
    for time in [0, 1, median - 1, median] {
        let error = HeaderError::TimeTooOld { got: Timestamp(time), median: Timestamp(median) };
        assert_eq!(refused(&mut driver, &at(time)), BlockError::Header(error));
    }
    for time in [wall + 120_001, u64::MAX - 1, u64::MAX] {
        let error = HeaderError::TimeTooNew { got: Timestamp(time), max: Timestamp(wall + 120_000) };
        assert_eq!(refused(&mut driver, &at(time)), BlockError::Header(error));
    }
    for time in [wall + 120_000, median + 1] {
        driver.give(submit(&at(time)));
        assert_eq!(verdict(&driver), Ok(()));
        assert_eq!(driver.node.chain().tip().id, at(time).id(), "at equal work the earlier time wins");
    }
    // A clock at its end does not overflow.
    driver.now.wall = Timestamp(u64::MAX);
    driver.give(submit(&at(u64::MAX)));
    assert_eq!(verdict(&driver), Ok(()));
    driver.give(Input::Command(Command::SetMining(Some(MiningSettings {
        recipient: address(1),
        policy: MiningPolicy::Always,
    }))));
    assert_eq!(driver.job.unwrap().header.previous, at(median + 1).id());
}

#[test]
fn no_form_of_target_overflows() {
    let mantissas = [0, 1, 0xff, 0x100, 0xffff, 0x1_0000, 0x7f_ffff, 0x80_0000, 0xff_ffff];
    let genesis = open_params().genesis_block().header;
    for exponent in 0..=255_u32 {
        for mantissa in mantissas {
            let compact = CompactTarget(exponent << 24 | mantissa);
            let meant = exponent <= 32
                && mantissa >= 0x1_0000
                && (exponent >= 3 || mantissa % (1 << (8 * (3 - exponent))) == 0);
            match compact.expand() {
                Ok(target) => {
                    assert!(meant && exponent > 0, "{compact}");
                    assert_eq!(target.to_compact(), compact);
                    assert!(target.work() > Work::ZERO);
                }
                Err(_) => {
                    assert!(!meant || exponent == 0, "{compact}");
                    let header = Header { target: compact, ..genesis };
                    let error = fedcoin_node::consensus::check_header_in_isolation(header).unwrap_err();
                    assert_eq!(error, HeaderError::TargetForm { got: compact });
                }
            }
        }
    }
}

// --- work ---

/// A chain whose blocks are `gap` apart, mined by a separate node until `enough`, and its work.
fn retargeted(params: &ChainParams, miner: u8, gap: u64, enough: impl Fn(usize, Work) -> bool) -> (Vec<Block>, Work) {
    let mut driver = Driver::new(params.clone());
    driver.now.wall = Timestamp(1_000_000_000);
    let mut parent = params.genesis_block();
    let mut blocks = Vec::new();
    while !enough(blocks.len(), driver.node.chain().tip().work) {
        let mut block = next(params, &parent, miner, vec![]);
        block.header.time = Timestamp(parent.header.time.0 + gap);
        block.header.target = driver.node.chain().next_header().target.at(block.header.time);
        solve(&mut block);
        give(&mut driver, core::slice::from_ref(&block));
        assert_eq!(verdict(&driver), Ok(()));
        parent = block.clone();
        blocks.push(block);
    }
    (blocks, driver.node.chain().tip().work)
}

#[test]
fn work_decides_not_length() {
    let params = ChainParams { retarget: Retarget::EachBlock, ..open_params() };
    let (long, work) = retargeted(&params, 2, 2_000, |blocks, _| blocks == 100);
    let (short, _) = retargeted(&params, 3, 1, |_, done| done > work);
    assert!(short.len() * 2 < long.len(), "{} blocks against {}", short.len(), long.len());
    for order in [[&long, &short], [&short, &long]] {
        let mut driver = Driver::new(params.clone());
        driver.now.wall = Timestamp(1_000_000_000);
        order.iter().for_each(|chain| give(&mut driver, chain));
        check(&driver, &short);
        driver.restart();
        check(&driver, &short);
    }
    // With less work the longer one wins.
    let mut driver = Driver::new(params.clone());
    driver.now.wall = Timestamp(1_000_000_000);
    give(&mut driver, &short[..short.len() - 2]);
    give(&mut driver, &long);
    check(&driver, &long);
}

#[test]
fn a_header_with_the_target_of_another_branch_is_refused() {
    let params = ChainParams { retarget: Retarget::EachBlock, ..open_params() };
    let (slow, _) = retargeted(&params, 2, 2_000, |blocks, _| blocks == 20);
    let (fast, _) = retargeted(&params, 3, 1, |blocks, _| blocks == 20);
    let mut driver = Driver::new(params.clone());
    driver.now.wall = Timestamp(1_000_000_000);
    give(&mut driver, &slow);
    give(&mut driver, &fast);
    let mut easy = next(&params, &fast[19], 3, vec![]);
    easy.header.target = slow[19].header.target;
    solve(&mut easy);
    let error = refused(&mut driver, &easy);
    assert_eq!(error.rule(), "H4", "{error}");
}

/// A block's time, computed from the median that it must exceed and the clock.
type ChoiceOfTime = fn(u64, u64) -> u64;

#[test]
fn no_header_times_upset_the_target() {
    let params = ChainParams { retarget: Retarget::EachBlock, ..open_params() };
    let (early, ahead) =
        (|median: u64, _: u64| median.saturating_add(1), |_: u64, wall: u64| wall.saturating_add(120_000));
    let last = |_: u64, _: u64| u64::MAX;
    // The clock, then how each of 60 blocks chooses its time in turn.
    let cases: [(u64, [ChoiceOfTime; 2]); 5] = [
        (1_000_000_000, [early, ahead]),
        (1_000_000_000, [early, early]),
        (u64::MAX - 200_000, [ahead, early]),
        (u64::MAX, [last, early]),
        (u64::MAX, [early, last]),
    ];
    for (wall, times) in cases {
        let mut driver = Driver::new(params.clone());
        driver.now.wall = Timestamp(wall);
        let mut parent = params.genesis_block();
        for n in 0..60 {
            let context = driver.node.chain().next_header();
            let time = times[n % 2](context.median_time.0, wall);
            let target = context.target.at(Timestamp(time));
            let in_range = time > context.median_time.0 && time <= wall.saturating_add(120_000);
            if !in_range || target.expand().unwrap().work().as_f64() > 4_096.0 {
                break;
            }
            let mut block = next(&params, &parent, 1, vec![]);
            (block.header.time, block.header.target) = (Timestamp(time), target);
            solve(&mut block);
            driver.give(submit(&block));
            assert_eq!(verdict(&driver), Ok(()), "block {n} with the clock at {wall}");
            parent = block;
        }
        assert!(driver.node.chain().tip().height.0 > 0);
        driver.restart();
        assert_eq!(driver.node.chain().tip().id, parent.id());
    }
}

// --- transactions ---

#[test]
fn a_block_with_a_doubled_transaction_harms_only_its_sender() {
    let params = open_params();
    let genesis = params.genesis_block();
    let payment = pay(1, vec![genesis.coinbase.outpoint()], vec![output(5, address(2))]);
    let good = next(&params, &genesis, 1, vec![payment.clone()]);
    let doubled = Block { payments: vec![payment.clone(), payment], ..good.clone() };
    assert_ne!(doubled.commitment(), good.commitment(), "no two lists share a root");
    let mut driver = Driver::new(params);
    assert!(refused(&mut driver, &doubled).is_mutation());
    give(&mut driver, core::slice::from_ref(&good));
    check(&driver, core::slice::from_ref(&good));
    // With its own root it is another block, which is invalid.
    let mut honest_root = doubled;
    solve(&mut honest_root);
    assert_eq!(refused(&mut driver, &honest_root).rule(), "B4");
    check(&driver, &[good]);
}

#[test]
fn amounts_stop_at_the_maximum_without_wrapping() {
    const MAX: u64 = 100_000_000_000_000_000;
    let largest = output(MAX, address(2));
    let params = open_params();
    let genesis = params.genesis_block();
    let coin = genesis.coinbase.outpoint();
    let mut driver = Driver::new(params.clone());
    // 185 outputs of the largest amount make slightly more than 2^64. As many as fit make a multiple of it.
    for count in [2, 184, 185, 3_500] {
        let payment = pay(1, vec![coin], vec![largest; count]);
        let error = refused(&mut driver, &next(&params, &genesis, 1, vec![payment]));
        assert_eq!(error, BlockError::Payment { index: 0, error: PaymentError::OutputsTooLarge { max: Amount::MAX } });
    }
    let error = refused(&mut driver, &next(&params, &genesis, 1, vec![pay(1, vec![coin], vec![largest])]));
    let (inputs, outputs) = (Amount::from_fed(50), Amount::MAX);
    assert_eq!(error, BlockError::Payment { index: 0, error: PaymentError::Overspent { inputs, outputs } });
    let mut greedy = next(&params, &genesis, 1, vec![]);
    greedy.coinbase.output = largest;
    solve(&mut greedy);
    let max = params.subsidy_at(Height(1));
    assert_eq!(refused(&mut driver, &greedy), BlockError::CoinbaseAmount { got: Amount::MAX, max });
    // An encoding may contain more than the maximum. The rules decide about it.
    for units in [MAX + 1, u64::MAX] {
        let mut bytes = fedcoin_node::codec::encode(&largest);
        bytes[..8].copy_from_slice(&units.to_le_bytes());
        let larger: Output = fedcoin_node::codec::decode(&bytes).unwrap();
        let error = refused(&mut driver, &next(&params, &genesis, 1, vec![pay(1, vec![coin], vec![larger; 3])]));
        assert_eq!(error, BlockError::Payment { index: 0, error: PaymentError::OutputsTooLarge { max: Amount::MAX } });
        greedy.coinbase.output = larger;
        solve(&mut greedy);
        assert_eq!(refused(&mut driver, &greedy), BlockError::CoinbaseAmount { got: larger.amount, max });
    }
    assert_eq!(driver.node.chain().tip().height, Height(0));
}

#[test]
fn the_maximum_supply_moves_through_one_block() {
    // Genesis pays everything but the later subsidies, so the supply ends exactly at the maximum.
    let mut params = ChainParams { halving_interval: 2, subsidy: Amount::from_units(4).unwrap(), ..open_params() };
    params.genesis.amount = Amount::from_units(Amount::MAX.units() - 16).unwrap();
    assert_eq!(params.check(), Ok(()));
    let more = Amount::from_units(Amount::MAX.units() - 15).unwrap();
    let mut too_much = params.clone();
    too_much.genesis.amount = more;
    assert!(too_much.check().is_err());
    let genesis = params.genesis_block();
    // All but one unit is the fee, and returns in the coinbase.
    let payment = pay(1, vec![genesis.coinbase.outpoint()], vec![output(1, address(2))]);
    let mut block = next(&params, &genesis, 3, vec![payment]);
    let most = params.genesis.amount.units() - 1 + 4;
    block.coinbase.output.amount = Amount::from_units(most + 1).unwrap();
    solve(&mut block);
    let mut driver = Driver::new(params.clone());
    assert_eq!(refused(&mut driver, &block).rule(), "B6");
    block.coinbase.output.amount = Amount::from_units(most).unwrap();
    solve(&mut block);
    let chain = [&[block.clone()], &empty_chain(&params, &block, 1, 10)[..]].concat();
    give(&mut driver, &chain);
    check(&driver, &chain);
    let schedule = NaiveLedger::schedule(&params, 11);
    assert_eq!(u128::from(driver.node.supply().units()), schedule);
    assert!(schedule <= u128::from(Amount::MAX.units()));
}

#[test]
fn a_genesis_without_amount_creates_no_output() {
    let mut params = open_params();
    params.genesis.amount = Amount::ZERO;
    let genesis = params.genesis_block();
    let mut driver = Driver::new(params.clone());
    assert!(driver.node.chain().utxos().is_empty() && driver.store.snapshot().utxos.is_empty());
    let nothing = pay(1, vec![genesis.coinbase.outpoint()], vec![output(1, address(2))]);
    assert_eq!(refused(&mut driver, &next(&params, &genesis, 1, vec![nothing])).rule(), "C1");
    let chain = empty_chain(&params, &genesis, 1, 3);
    give(&mut driver, &chain);
    check(&driver, &chain);
    driver.restart();
    check(&driver, &chain);
}

#[test]
fn every_defect_is_refused_and_the_valid_payment_accepted() {
    let params = open_params();
    let genesis = params.genesis_block();
    let good = pay(1, vec![genesis.coinbase.outpoint()], vec![output(5_000_000_000, address(2))]);
    let rules: Vec<&str> = Defect::ALL
        .iter()
        .map(|defect| {
            let mut payment = good.clone();
            defect.spoil(&mut payment);
            let mut driver = Driver::new(params.clone());
            let block = next(&params, &genesis, 1, vec![payment]);
            driver.give(submit(&block));
            match verdict(&driver) {
                Ok(()) => "none",
                Err(SubmitError::Invalid(error)) => error.rule(),
                other => panic!("{defect:?}: {other:?}"),
            }
        })
        .collect();
    assert_eq!(rules, ["T9", "none", "T8", "T4", "C1", "T5", "C3", "T6", "C2", "T7", "T1"]);
}

#[test]
fn an_outpoint_far_beyond_the_outputs_does_not_exist() {
    let params = open_params();
    let genesis = params.genesis_block();
    let mut driver = Driver::new(params.clone());
    for index in [1, u32::MAX] {
        let outpoint = OutPoint { index, ..genesis.coinbase.outpoint() };
        let block = next(&params, &genesis, 1, vec![pay(1, vec![outpoint], vec![output(1, address(2))])]);
        let error = PaymentError::MissingInput { outpoint };
        assert_eq!(refused(&mut driver, &block), BlockError::Payment { index: 0, error });
    }
    assert_eq!(driver.node.chain().tip().id, BlockId::from(params.network_id()));
}
