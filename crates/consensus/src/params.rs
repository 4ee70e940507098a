use super::history::History;
use super::retarget::Retarget;
use super::tie_break::TieBreak;
use crate::ledger::{Utxo, ledger_root};
use borsh::{BorshDeserialize, BorshSerialize};
use core::time::Duration;
use fedcoin_primitives::units::{Amount, CompactTarget, Height, TargetError, Timestamp};
use fedcoin_primitives::{
    Address, Block, BlockId, Coinbase, Commitment, EMPTY_BLOCK_BYTES, Header, NetworkId, OutPoint, Output, Payment,
    StateRoots, sha256,
};
use serde::{Deserialize, Serialize};

/// The parameters in which networks differ, built in or loaded from a file (rule N1).
///
/// The genesis block commits to all of them, so networks with different parameters never share an id.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChainParams {
    /// The network's name, for people: 1 to 32 of `a-z`, `0-9`, `-`.
    pub name: String,
    /// The number of the rules that all networks share: [`RULES`]. A file may leave it out.
    #[serde(default = "rules")]
    pub rules: u16,
    /// The genesis block's output and time.
    pub genesis: GenesisParams,
    /// The target of every block, or the easiest one if the target follows the hash rate (rule H4).
    pub target: CompactTarget,
    /// Whether and how the target follows the hash rate (rule H4).
    pub retarget: Retarget,
    /// Which of two chains of equal work wins (rule F2).
    pub tie_break: TieBreak,
    /// Intended time between blocks in milliseconds. Retargeting aims at it (rule H4); display and timeouts use it too.
    pub spacing_ms: u64,
    /// The subsidy of the first blocks (rule B6).
    pub subsidy: Amount,
    /// Number of blocks between two halvings of the subsidy (rule B6).
    pub halving_interval: u32,
    /// Number of blocks until a coinbase output may be spent, in the next block at the earliest (rule C4).
    pub coinbase_maturity: u32,
    /// The largest encoded block in bytes (rule B1).
    pub max_block_bytes: u32,
    /// Maximum number of payments in a block (rule B2).
    pub max_block_payments: u32,
    /// Minimum number of payments in a block (rule B2).
    pub min_block_payments: u32,
}

/// The genesis block's output and time.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GenesisParams {
    /// The owner of the first coins.
    pub recipient: Address,
    /// The amount of the first coins.
    pub amount: Amount,
    /// The genesis block's time.
    pub time: Timestamp,
}

/// A network's parameters are invalid.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParamsError {
    /// The name is empty, too long, or has other characters.
    #[error("name `{0}`: use 1 to 32 of a-z, 0-9 and -")]
    Name(String),
    /// The rules are those of another version of the program.
    #[error("rules = {got}: this version follows the rules number {RULES}")]
    Rules {
        /// The number.
        got: u16,
    },
    /// The target is not valid (rule H2).
    #[error("target: {0}")]
    Target(#[from] TargetError),
    /// A value is outside its range.
    #[error("{field} = {got}: must be between {min} and {max}")]
    Range {
        /// The field's name.
        field: &'static str,
        /// The value in the file.
        got: u64,
        /// Smallest value allowed.
        min: u64,
        /// Largest value allowed.
        max: u64,
    },
    /// `min_block_payments` is above `max_block_payments`.
    #[error("min_block_payments = {min} is above max_block_payments = {max}")]
    NoBlockPossible {
        /// `min_block_payments`.
        min: u32,
        /// `max_block_payments`.
        max: u32,
    },
    /// `min_block_payments` payments do not fit in the largest block.
    #[error("min_block_payments = {min} payments need {need} bytes or more, max_block_bytes = {max}")]
    BlockTooSmall {
        /// `min_block_payments`.
        min: u32,
        /// Size in bytes of a block with that many of the smallest payments.
        need: u64,
        /// `max_block_bytes`.
        max: u32,
    },
    /// Blocks need payments, but there are no coins to pay with.
    #[error("min_block_payments = {min}, but genesis.amount is 0: no coin could ever pay, so no block could be mined")]
    NothingToPayWith {
        /// `min_block_payments`.
        min: u32,
    },
    /// Blocks need payments, but the only coin may not be spent in the first block.
    #[error(
        "min_block_payments = {min}, but coinbase_maturity = {maturity}: block 1 could not spend the genesis coin, so no \
         block could be mined; with a maturity of 0 or 1 it can"
    )]
    GenesisImmature {
        /// `min_block_payments`.
        min: u32,
        /// `coinbase_maturity`.
        maturity: u32,
    },
    /// Blocks need more payments than can wait at a time if they all spend the same coin.
    #[error("min_block_payments = {min}: the first block can hold {max} at most, which all spend the genesis coin")]
    TooManyPayments {
        /// `min_block_payments`.
        min: u32,
        /// Maximum number of waiting payments that build on one another.
        max: u32,
    },
    /// The target is too hard for anyone to mine.
    #[error("target {target} takes more than 2^64 hashes a block: no block would ever be mined")]
    TargetTooHard {
        /// The target.
        target: CompactTarget,
    },
    /// Genesis is so far in the future that no block can follow it for a long time (rules H5 and H6).
    #[error(
        "genesis.time = {time} is {days} days ahead of this machine's clock, and no block can be mined before it; it \
         counts milliseconds since 1970, and may be {MAX_DAYS_AHEAD} days ahead"
    )]
    GenesisInFuture {
        /// The genesis block's time in milliseconds since 1970.
        time: u64,
        /// Whole days until then.
        days: u64,
    },
    /// All subsidies together exceed the largest amount.
    #[error("genesis amount and subsidies add up to more than {max} FED", max = Amount::MAX)]
    SupplyTooLarge,
    /// There is no built-in network of this name.
    #[error("`{0}` is not a built-in network; these are: {known}", known = ChainParams::BUILT_IN.join(", "))]
    UnknownNetwork(String),
}

/// What a file without a number of rules means.
fn rules() -> u16 {
    RULES
}

/// The genesis key of the teaching coin, as an address.
const GENESIS_KEY: &str = "3059301306072a8648ce3d020106082a8648ce3d030107034200043f3bd6d16ce4bde95a8237170aaa106388485498234a3dca5d0c273d907c03c3e72017bec13cf6e893e96da0f9d6c7037c79b40cb006aff12ae88adae1b0bb7e";

/// When `main` began: the start of November 2026.
const MAIN_START: Timestamp = Timestamp(1_793_491_200_000);
/// Encoded bytes of a payment of one input and one output.
const SMALLEST_PAYMENT: u64 = Payment::size_of(1, 1) as u64;

/// Maximum number of waiting payments that spend one coin, directly or through each other (rules P3 and P9): one
/// payment and those that build on it.
pub const MOST_OF_ONE_COIN: u32 = 26;
/// The hardest target, 2^192. A block takes 2^64 hashes: 584 years at a thousand million per second.
const HARDEST: CompactTarget = CompactTarget(0x1901_0000);
/// Maximum number of days that a network may begin ahead of the clock, for a lesson that is being prepared.
const MAX_DAYS_AHEAD: u64 = 30;
const DAY_MS: u64 = 86_400_000;

/// The number of the rules in `docs/protocol.md` that no parameter states, such as how the target is computed (rule
/// H4). It grows with each change of them, so that other rules make another network (rule N1).
pub const RULES: u16 = 3;
/// The header version in force (rule H1).
pub const HEADER_VERSION: u32 = 1;
/// Number of earlier headers whose median time bounds a header's time (rule H5).
pub const MEDIAN_TIME_BLOCKS: usize = 11;
/// How far a header's time may be ahead of the node's clock (rule H6).
pub const MAX_FUTURE_TIME: Duration = Duration::from_secs(120);
/// The largest `max_block_bytes`, which determines the size of frames and buffers.
pub const MAX_BLOCK_BYTES: u32 = 1_000_000;

impl ChainParams {
    /// The names of the built-in networks.
    pub const BUILT_IN: [&'static str; 3] = ["main", "classroom", "regtest"];

    /// The default network: anybody may mine at any time, and the target follows the hash rate.
    #[must_use]
    pub fn main() -> Self {
        Self {
            name: "main".into(),
            rules: RULES,
            genesis: GenesisParams { time: MAIN_START, ..Self::classroom().genesis },
            // 2^22 hashes: a few seconds of one slow browser tab.
            target: CompactTarget(0x1e03_ffff),
            retarget: Retarget::EachBlock,
            tie_break: TieBreak::LowerId,
            spacing_ms: 10_000,
            subsidy: Amount::from_fed(50),
            // A year.
            halving_interval: 3_153_600,
            coinbase_maturity: 10,
            max_block_bytes: MAX_BLOCK_BYTES,
            max_block_payments: 10_000,
            min_block_payments: 0,
        }
    }

    /// The teaching coin's constants.
    #[must_use]
    pub fn classroom() -> Self {
        let key = fedcoin_primitives::PublicKey::from_hex(GENESIS_KEY).expect("a constant, tested");
        Self {
            name: "classroom".into(),
            rules: RULES,
            genesis: GenesisParams { recipient: key.address(), amount: Amount::from_fed(50), time: Timestamp(0) },
            // Ids begin with four zeros.
            target: CompactTarget(0x1eff_ffff),
            retarget: Retarget::Fixed,
            tie_break: TieBreak::EarlierTime,
            spacing_ms: 10_000,
            subsidy: Amount::from_fed(50),
            halving_interval: 10,
            coinbase_maturity: 0,
            max_block_bytes: 100_000,
            max_block_payments: 5,
            min_block_payments: 1,
        }
    }

    /// For tests: about every second hash is a block, blocks may be empty.
    #[must_use]
    pub fn regtest() -> Self {
        Self {
            name: "regtest".into(),
            target: CompactTarget(0x207f_ffff),
            spacing_ms: 1_000,
            halving_interval: 150,
            coinbase_maturity: 2,
            max_block_bytes: MAX_BLOCK_BYTES,
            max_block_payments: 10_000,
            min_block_payments: 0,
            ..Self::classroom()
        }
    }

    /// The built-in network of this name.
    ///
    /// # Errors
    /// [`ParamsError::UnknownNetwork`].
    pub fn built_in(name: &str) -> Result<Self, ParamsError> {
        match name {
            "main" => Ok(Self::main()),
            "classroom" => Ok(Self::classroom()),
            "regtest" => Ok(Self::regtest()),
            _ => Err(ParamsError::UnknownNetwork(name.chars().take(40).collect())),
        }
    }

    /// Checks every value, because a file may contain anything.
    ///
    /// # Errors
    /// The first [`ParamsError`] found.
    pub fn check(&self) -> Result<(), ParamsError> {
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if self.name.is_empty() || self.name.len() > 32 || !self.name.chars().all(fits) {
            return Err(ParamsError::Name(self.name.chars().take(40).collect()));
        }
        if self.rules != RULES {
            return Err(ParamsError::Rules { got: self.rules });
        }
        if self.target.expand()? < HARDEST.expand()? {
            return Err(ParamsError::TargetTooHard { target: self.target });
        }
        let range = |field, got: u64, min, max| {
            if (min..=max).contains(&got) { Ok(()) } else { Err(ParamsError::Range { field, got, min, max }) }
        };
        range("genesis.time", self.genesis.time.0, 0, 1 << 48)?;
        range("spacing_ms", self.spacing_ms, 100, 86_400_000)?;
        range("halving_interval", self.halving_interval.into(), 1, u32::MAX.into())?;
        range("coinbase_maturity", self.coinbase_maturity.into(), 0, 100_000)?;
        range("max_block_bytes", self.max_block_bytes.into(), 1_000, MAX_BLOCK_BYTES.into())?;
        range("max_block_payments", self.max_block_payments.into(), 1, 100_000)?;
        if self.min_block_payments > self.max_block_payments {
            return Err(ParamsError::NoBlockPossible { min: self.min_block_payments, max: self.max_block_payments });
        }
        let need = u64::from(self.min_block_payments) * SMALLEST_PAYMENT + EMPTY_BLOCK_BYTES as u64;
        if need > u64::from(self.max_block_bytes) {
            return Err(ParamsError::BlockTooSmall { min: self.min_block_payments, need, max: self.max_block_bytes });
        }
        self.check_first_block()?;
        self.check_supply()
    }

    /// Checks that the first block can contain enough payments, which all spend the genesis coin.
    fn check_first_block(&self) -> Result<(), ParamsError> {
        let (min, maturity) = (self.min_block_payments, self.coinbase_maturity);
        if min == 0 {
            return Ok(());
        }
        if self.genesis.amount == Amount::ZERO {
            return Err(ParamsError::NothingToPayWith { min });
        }
        if maturity > 1 {
            return Err(ParamsError::GenesisImmature { min, maturity });
        }
        if min > MOST_OF_ONE_COIN {
            return Err(ParamsError::TooManyPayments { min, max: MOST_OF_ONE_COIN });
        }
        Ok(())
    }

    /// Checks that the network can be mined soon, by the clock of the one who starts it.
    ///
    /// # Errors
    /// [`ParamsError::GenesisInFuture`].
    pub fn check_time(&self, now: Timestamp) -> Result<(), ParamsError> {
        let time = self.genesis.time.0;
        match time.saturating_sub(now.0) / DAY_MS {
            0..=MAX_DAYS_AHEAD => Ok(()),
            days => Err(ParamsError::GenesisInFuture { time, days }),
        }
    }

    /// Every halving at most halves the remaining sum, so twice the first interval bounds it.
    fn check_supply(&self) -> Result<(), ParamsError> {
        let subsidies = u128::from(self.subsidy.units()) * u128::from(self.halving_interval) * 2;
        let supply = subsidies + u128::from(self.genesis.amount.units());
        if supply > u128::from(Amount::MAX.units()) { Err(ParamsError::SupplyTooLarge) } else { Ok(()) }
    }

    /// The subsidy of a block at `height`, without fees (rule B6).
    #[must_use]
    pub fn subsidy_at(&self, height: Height) -> Amount {
        if height == Height::GENESIS {
            return self.genesis.amount;
        }
        self.subsidy.halved(height.0 / self.halving_interval)
    }

    /// The first block (rule N1). Its `previous` is the SHA-256 of these parameters. It needs no work. It commits to an
    /// empty history, and to the ledger that it makes itself.
    #[must_use]
    pub fn genesis_block(&self) -> Block {
        let ledger = ledger_root(Height::GENESIS, self.genesis_coin());
        let mut block = Block {
            header: Header {
                version: HEADER_VERSION,
                salt: 0,
                previous: BlockId(sha256(&[&fedcoin_primitives::codec::encode(self)])),
                commitment: Commitment::default(),
                time: self.genesis.time,
                target: self.target,
                nonce: 0,
            },
            roots: StateRoots { history: History::default().root(), ledger },
            coinbase: self.genesis_coinbase(),
            payments: Vec::new(),
        };
        block.header.commitment = block.commitment();
        block
    }

    /// The genesis block's output, unless its amount is zero (rule B7).
    #[must_use]
    pub fn genesis_coin(&self) -> Option<(OutPoint, Utxo)> {
        let coinbase = self.genesis_coinbase();
        let utxo = Utxo { output: coinbase.output, height: Height::GENESIS, coinbase: true };
        (coinbase.output.amount > Amount::ZERO).then(|| (coinbase.outpoint(), utxo))
    }

    fn genesis_coinbase(&self) -> Coinbase {
        let output = Output { amount: self.genesis.amount, recipient: self.genesis.recipient };
        Coinbase { height: Height::GENESIS, output }
    }

    /// The network's id: the genesis block's id (rule N1).
    #[must_use]
    pub fn network_id(&self) -> NetworkId {
        self.genesis_block().id().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn built_in_networks_are_valid_and_differ() {
        let ids: Vec<_> = ChainParams::BUILT_IN
            .iter()
            .map(|name| {
                let params = ChainParams::built_in(name).unwrap();
                assert_eq!(params.check(), Ok(()));
                params.network_id()
            })
            .collect();
        assert!(ids[0] != ids[1] && ids[1] != ids[2] && ids[0] != ids[2]);
        assert!(matches!(ChainParams::built_in("main2"), Err(ParamsError::UnknownNetwork(_))));
    }

    #[test]
    fn each_invalid_value_gets_its_error() {
        let broken = |change: fn(&mut ChainParams)| {
            let mut params = ChainParams::classroom();
            change(&mut params);
            params.check().unwrap_err()
        };
        assert!(matches!(broken(|p| p.name = "My Class".into()), ParamsError::Name(_)));
        assert!(matches!(broken(|p| p.name = String::new()), ParamsError::Name(_)));
        assert_eq!(broken(|p| p.rules = 1), ParamsError::Rules { got: 1 });
        assert!(matches!(broken(|p| p.target = CompactTarget(0)), ParamsError::Target(_)));
        for change in [
            (|p| p.spacing_ms = 0) as fn(&mut ChainParams),
            |p| p.spacing_ms = 99,
            |p| p.spacing_ms = 86_400_001,
            |p| p.halving_interval = 0,
            |p| p.coinbase_maturity = 1_000_000,
            |p| p.max_block_bytes = 2_000_000,
            |p| p.max_block_bytes = 10,
            |p| p.max_block_payments = 1_000_000,
            |p| p.max_block_payments = 0,
            |p| p.genesis.time = Timestamp(u64::MAX),
        ] {
            assert!(matches!(broken(change), ParamsError::Range { .. }));
        }
        assert!(matches!(broken(|p| p.min_block_payments = 6), ParamsError::NoBlockPossible { .. }));
        assert!(matches!(broken(|p| p.target = CompactTarget(0x1900_ffff)), ParamsError::Target(_)));
        assert!(matches!(broken(|p| p.target = CompactTarget(0x18ff_ffff)), ParamsError::TargetTooHard { .. }));
        let crowded = broken(|p| (p.min_block_payments, p.max_block_payments) = (600, 600));
        assert!(matches!(crowded, ParamsError::BlockTooSmall { .. }), "{crowded}");
        assert_eq!(broken(|p| p.halving_interval = u32::MAX), ParamsError::SupplyTooLarge);
    }

    #[test]
    fn a_network_must_be_able_to_start() {
        let check = |change: fn(&mut ChainParams)| {
            let mut params = ChainParams { max_block_payments: 100, ..ChainParams::classroom() };
            change(&mut params);
            params.check()
        };
        assert_eq!(check(|p| p.genesis.amount = Amount::ZERO), Err(ParamsError::NothingToPayWith { min: 1 }));
        assert_eq!(check(|p| (p.genesis.amount, p.min_block_payments) = (Amount::ZERO, 0)), Ok(()));
        assert_eq!(check(|p| p.coinbase_maturity = 1), Ok(()));
        assert_eq!(check(|p| p.coinbase_maturity = 2), Err(ParamsError::GenesisImmature { min: 1, maturity: 2 }));
        assert_eq!(check(|p| (p.coinbase_maturity, p.min_block_payments) = (2, 0)), Ok(()));
        assert_eq!(check(|p| p.min_block_payments = 26), Ok(()));
        let too_many = |min| Err(ParamsError::TooManyPayments { min, max: 26 });
        assert_eq!(check(|p| p.min_block_payments = 27), too_many(27));
        assert_eq!(check(|p| p.target = HARDEST), Ok(()));

        let begins = |time| {
            let classroom = ChainParams::classroom();
            let genesis = GenesisParams { time: Timestamp(time), ..classroom.genesis.clone() };
            ChainParams { genesis, ..classroom }.check_time(Timestamp(1_000))
        };
        assert_eq!(begins(0), Ok(()));
        assert_eq!(begins(1_000 + 31 * DAY_MS - 1), Ok(()));
        let time = 1_000 + 31 * DAY_MS;
        assert_eq!(begins(time), Err(ParamsError::GenesisInFuture { time, days: 31 }));
    }

    #[test]
    fn subsidies_of_the_teaching_coin() {
        let params = ChainParams::classroom();
        let fed = |height| params.subsidy_at(Height(height)).to_string();
        assert_eq!([fed(0), fed(1), fed(9), fed(10), fed(20), fed(30)], ["50", "50", "50", "25", "12.5", "6.25"]);
        assert_eq!(fed(10_000), "0");
    }

    #[test]
    fn main_halves_each_year() {
        let (params, year) = (ChainParams::main(), 365 * 24 * 3_600 * 1_000);
        assert_eq!(u64::from(params.halving_interval) * params.spacing_ms, year);
        let fed = |height| params.subsidy_at(Height(height)).to_string();
        assert_eq!([fed(0), fed(3_153_599), fed(3_153_600), fed(6_307_200)], ["50", "50", "25", "12.5"]);
        assert_eq!(params.target.expand().unwrap().work().to_string(), "4194320");
    }

    #[test]
    fn any_changed_parameter_changes_the_network_id() {
        let mut params = ChainParams::classroom();
        params.max_block_payments += 1;
        assert_ne!(params.network_id(), ChainParams::classroom().network_id());
        let before = ChainParams { rules: RULES - 1, ..ChainParams::main() };
        assert_ne!(before.network_id(), ChainParams::main().network_id());
    }
}
