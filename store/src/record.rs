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

/// Bytes of a table as an array; `what` names them in the error.
pub(crate) fn array<const N: usize>(what: &str, bytes: &[u8]) -> Result<[u8; N], StoreError> {
    bytes.try_into().map_err(|_| StoreError::corrupt(format!("{what} of {} bytes", bytes.len())))
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
pub(crate) fn stored_header(record: &[u8]) -> Result<StoredHeader, StoreError> {
    let record: [u8; HEADER_RECORD_BYTES] = array("header", record)?;
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

/// A payment of the mempool as a value: its place in the order of entry, then the payment.
pub(crate) fn pool_record(place: u64, payment: &[u8]) -> Vec<u8> {
    [place.to_be_bytes().as_slice(), payment].concat()
}

/// The place and encoded payment that [`pool_record`] put together.
pub(crate) fn pool_entry(record: &[u8]) -> Result<(u64, &[u8]), StoreError> {
    let too_short = || StoreError::corrupt(format!("a waiting payment of {} bytes", record.len()));
    let (place, payment) = record.split_first_chunk().ok_or_else(too_short)?;
    Ok((u64::from_be_bytes(*place), payment))
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
        assert_eq!(pool_entry(&pool_record(7, b"payment")), Ok((7, b"payment".as_slice())));
    }

    #[test]
    fn an_unknown_status_is_damage() {
        let stored =
            StoredHeader { header: ChainParams::regtest().genesis_block().header, status: BlockStatus::Stored };
        let mut record = header_record(&stored);
        record[HEADER_BYTES] = 3;
        assert!(matches!(stored_header(&record), Err(StoreError::Corrupt { .. })));
    }

    #[test]
    fn values_of_another_length_are_damage() {
        assert!(matches!(stored_header(&[0; HEADER_RECORD_BYTES - 1]), Err(StoreError::Corrupt { .. })));
        assert!(matches!(pool_entry(&[0; 7]), Err(StoreError::Corrupt { .. })));
        assert!(matches!(array::<4>("number", &[0; 5]), Err(StoreError::Corrupt { .. })));
    }
}
