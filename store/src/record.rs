//! Keys and values as bytes: ids as they are, numbers big-endian, the rest in the one encoding of
//! [`codec`].

use crate::StoreError;
use borsh::BorshDeserialize;
use fedcoin_node::chain::{BlockStatus, StoredHeader};
use fedcoin_node::codec;
use fedcoin_node::primitives::{HEADER_BYTES, Header, OutPoint, TxId};

/// Size of an outpoint as a key.
pub(crate) const OUTPOINT_BYTES: usize = 36;

/// Size of a header with its status as a value.
pub(crate) const HEADER_RECORD_BYTES: usize = HEADER_BYTES + 1;

/// An outpoint as a key: id, then index.
pub(crate) fn outpoint_key(outpoint: &OutPoint) -> [u8; OUTPOINT_BYTES] {
    let mut key = [0; OUTPOINT_BYTES];
    key[..32].copy_from_slice(&outpoint.txid.0);
    key[32..].copy_from_slice(&outpoint.index.to_be_bytes());
    key
}

/// The outpoint that [`outpoint_key`] encoded.
pub(crate) fn outpoint(key: &[u8; OUTPOINT_BYTES]) -> OutPoint {
    let (mut txid, mut index) = ([0; 32], [0; 4]);
    txid.copy_from_slice(&key[..32]);
    index.copy_from_slice(&key[32..]);
    OutPoint { txid: TxId(txid), index: u32::from_be_bytes(index) }
}

/// A header and its status as a value.
pub(crate) fn header_record(stored: &StoredHeader) -> [u8; HEADER_RECORD_BYTES] {
    let mut record = [0; HEADER_RECORD_BYTES];
    record[..HEADER_BYTES].copy_from_slice(&stored.header.to_bytes());
    record[HEADER_BYTES] = match stored.status {
        BlockStatus::HeaderOnly => 0,
        BlockStatus::Stored => 1,
        BlockStatus::Invalid => 2,
    };
    record
}

/// The header and status that [`header_record`] encoded.
pub(crate) fn stored_header(record: &[u8; HEADER_RECORD_BYTES]) -> Result<StoredHeader, StoreError> {
    let mut bytes = [0; HEADER_BYTES];
    bytes.copy_from_slice(&record[..HEADER_BYTES]);
    let status = match record[HEADER_BYTES] {
        0 => BlockStatus::HeaderOnly,
        1 => BlockStatus::Stored,
        2 => BlockStatus::Invalid,
        other => return Err(StoreError::corrupt(format!("block status {other}"))),
    };
    Ok(StoredHeader { header: Header::from_bytes(&bytes), status })
}

/// A value in the one encoding; `what` names it in the error.
pub(crate) fn decode<T: BorshDeserialize>(what: &str, bytes: &[u8]) -> Result<T, StoreError> {
    codec::decode(bytes).map_err(|e| StoreError::corrupt(format!("{what}: {e}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use fedcoin_node::consensus::ChainParams;

    #[test]
    fn records_come_back() {
        let header = ChainParams::regtest().genesis_block().header;
        for status in [BlockStatus::HeaderOnly, BlockStatus::Stored, BlockStatus::Invalid] {
            let stored = StoredHeader { header, status };
            assert_eq!(stored_header(&header_record(&stored)), Ok(stored));
        }
        let place = OutPoint { txid: TxId([7; 32]), index: 0x0102_0304 };
        assert_eq!(outpoint(&outpoint_key(&place)), place);
    }

    #[test]
    fn an_unknown_status_is_damage() {
        let stored =
            StoredHeader { header: ChainParams::regtest().genesis_block().header, status: BlockStatus::Stored };
        let mut record = header_record(&stored);
        record[HEADER_BYTES] = 3;
        assert!(matches!(stored_header(&record), Err(StoreError::Corrupt { .. })));
    }
}
