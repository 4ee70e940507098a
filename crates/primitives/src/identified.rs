use super::{Block, BlockId, Coinbase, Header, Payment, StateRoots};
use borsh::{BorshSerialize, io};
use core::fmt;
use core::ops::Deref;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A header or a block with its id, so that the header is hashed once. It is encoded and shown like the value alone.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Identified<T> {
    id: BlockId,
    value: T,
}

impl<T> Identified<T> {
    /// The block's id.
    #[must_use]
    pub const fn id(&self) -> BlockId {
        self.id
    }

    /// The value without the id.
    #[must_use]
    pub fn into_inner(self) -> T {
        self.value
    }
}

impl Identified<Header> {
    /// The block with this header.
    #[must_use]
    pub fn with_body(self, roots: StateRoots, coinbase: Coinbase, payments: Vec<Payment>) -> Identified<Block> {
        Identified { id: self.id, value: Block { header: self.value, roots, coinbase, payments } }
    }
}

impl Identified<Block> {
    /// The block's header, with the same id.
    #[must_use]
    pub const fn identified_header(&self) -> Identified<Header> {
        Identified { id: self.id, value: self.value.header }
    }
}

impl From<Header> for Identified<Header> {
    fn from(value: Header) -> Self {
        Self { id: value.id(), value }
    }
}

impl From<&Header> for Identified<Header> {
    fn from(value: &Header) -> Self {
        (*value).into()
    }
}

impl From<Block> for Identified<Block> {
    fn from(value: Block) -> Self {
        Self { id: value.id(), value }
    }
}

impl<T> Deref for Identified<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: fmt::Debug> fmt::Debug for Identified<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}

impl<T: BorshSerialize> BorshSerialize for Identified<T> {
    fn serialize<W: io::Write>(&self, writer: &mut W) -> io::Result<()> {
        self.value.serialize(writer)
    }
}

impl<T: Serialize> Serialize for Identified<T> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        self.value.serialize(s)
    }
}

impl<'de, T: Deserialize<'de> + Into<Self>> Deserialize<'de> for Identified<T> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        T::deserialize(d).map(Into::into)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::encode;
    use crate::units::{Amount, CompactTarget, Height, Timestamp};
    use crate::{Address, Commitment, Output};

    #[test]
    fn the_id_is_the_header_s_and_shows_nowhere() {
        let header = Header {
            version: 1,
            salt: 2,
            previous: BlockId([3; 32]),
            commitment: Commitment([4; 32]),
            time: Timestamp(5),
            target: CompactTarget(6),
            nonce: 7,
        };
        let output = Output { amount: Amount::ZERO, recipient: Address([8; 20]) };
        let (roots, coinbase) = (StateRoots::default(), Coinbase { height: Height(9), output });
        let block = Block { header, roots, coinbase, payments: vec![] };
        let identified = Identified::from(header).with_body(roots, block.coinbase.clone(), vec![]);
        assert_eq!(identified, block.clone().into());
        assert_eq!((identified.id(), identified.identified_header()), (header.id(), header.into()));
        assert_eq!(format!("{identified:?}"), format!("{block:?}"));
        assert_eq!(encode(&identified), encode(&block));
        assert_eq!(identified.into_inner(), block);
    }
}
