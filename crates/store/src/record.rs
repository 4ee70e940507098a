//! Keys and values as bytes: ids unchanged, numbers big-endian, the rest encoded by [`codec`].

use crate::StoreError;
use borsh::BorshDeserialize;
use fedcoin_chain::BlockStatus;
use fedcoin_primitives::codec;
use fedcoin_primitives::{Block, BlockId, HEADER_BYTES, Header, OutPoint, TxId, sha256};

/// Size in bytes of an outpoint as a key.
pub(crate) const OUTPOINT_BYTES: usize = 36;

/// Size in bytes of a header with its status as a value.
pub(crate) const HEADER_RECORD_BYTES: usize = HEADER_BYTES + 1;

/// Size in bytes of the checksum after undo data.
const CHECKSUM_BYTES: usize = 8;

/// An outpoint as a key: id, then index.
pub(crate) fn outpoint_key(outpoint: &OutPoint) -> [u8; OUTPOINT_BYTES] {
    let mut key = [0; OUTPOINT_BYTES];
    key[..32].copy_from_slice(&outpoint.txid.0);
    key[32..].copy_from_slice(&outpoint.index.to_be_bytes());
    key
}

/// Converts bytes of a table to an array. `what` names them in the error.
pub(crate) fn array<const N: usize>(what: &str, bytes: &[u8]) -> Result<[u8; N], StoreError> {
    bytes.try_into().map_err(|_| StoreError::corrupt(format!("{what} of {} bytes", bytes.len())))
}

/// The reverse of [`outpoint_key`].
pub(crate) fn outpoint(key: &[u8; OUTPOINT_BYTES]) -> OutPoint {
    let (mut txid, mut index) = ([0; 32], [0; 4]);
    txid.copy_from_slice(&key[..32]);
    index.copy_from_slice(&key[32..]);
    OutPoint { txid: TxId(txid), index: u32::from_be_bytes(index) }
}

/// A header and its status as a value.
pub(crate) fn header_record(header: &Header, status: BlockStatus) -> [u8; HEADER_RECORD_BYTES] {
    let mut record = [0; HEADER_RECORD_BYTES];
    record[..HEADER_BYTES].copy_from_slice(&header.to_bytes());
    record[HEADER_BYTES] = match status {
        BlockStatus::HeaderOnly => 0,
        BlockStatus::Stored => 1,
        BlockStatus::Invalid => 2,
    };
    record
}

/// The reverse of [`header_record`].
pub(crate) fn stored_header(record: &[u8]) -> Result<(Header, BlockStatus), StoreError> {
    let record: [u8; HEADER_RECORD_BYTES] = array("header", record)?;
    let mut bytes = [0; HEADER_BYTES];
    bytes.copy_from_slice(&record[..HEADER_BYTES]);
    let status = match record[HEADER_BYTES] {
        0 => BlockStatus::HeaderOnly,
        1 => BlockStatus::Stored,
        2 => BlockStatus::Invalid,
        other => return Err(StoreError::corrupt(format!("block status {other}"))),
    };
    Ok((Header::from_bytes(&bytes), status))
}

/// Decodes a stored block, which must match its id: the header is hashed, and the header commits to the rest.
pub(crate) fn block(id: &BlockId, bytes: &[u8]) -> Result<Block, StoreError> {
    let block: Block = decode("block", bytes)?;
    match is_whole(&block) && block.id() == *id {
        true => Ok(block),
        false => Err(StoreError::corrupt(format!("block {id} does not match its id"))),
    }
}

/// Whether a block's transactions and roots match its header (rule B3).
pub(crate) fn is_whole(block: &Block) -> bool {
    block.commitment() == block.header.commitment
}

/// A block's undo data as a value, followed by a checksum, because nothing else commits to them.
pub(crate) fn undo_record(id: &BlockId, undo: &[u8]) -> Vec<u8> {
    [undo, &undo_checksum(id, undo)].concat()
}

/// The reverse of [`undo_record`]. Checks the checksum.
pub(crate) fn undo<'a>(id: &BlockId, record: &'a [u8]) -> Result<&'a [u8], StoreError> {
    match record.split_last_chunk() {
        Some((undo, checksum)) if *checksum == undo_checksum(id, undo) => Ok(undo),
        _ => Err(StoreError::corrupt(format!("the undo data of block {id} does not match its checksum"))),
    }
}

fn undo_checksum(id: &BlockId, undo: &[u8]) -> [u8; CHECKSUM_BYTES] {
    let mut checksum = [0; CHECKSUM_BYTES];
    checksum.copy_from_slice(&sha256(&[&id.0, undo])[..CHECKSUM_BYTES]);
    checksum
}

/// A payment of the mempool as a value: its position in the order of entry, then the payment.
pub(crate) fn pool_record(place: u64, payment: &[u8]) -> Vec<u8> {
    [place.to_be_bytes().as_slice(), payment].concat()
}

/// The reverse of [`pool_record`].
pub(crate) fn pool_entry(record: &[u8]) -> Result<(u64, &[u8]), StoreError> {
    let too_short = || StoreError::corrupt(format!("a mempool record of {} bytes", record.len()));
    let (place, payment) = record.split_first_chunk().ok_or_else(too_short)?;
    Ok((u64::from_be_bytes(*place), payment))
}

/// Decodes a value. `what` names it in the error.
pub(crate) fn decode<T: BorshDeserialize>(what: &str, bytes: &[u8]) -> Result<T, StoreError> {
    codec::decode(bytes).map_err(|e| StoreError::corrupt(format!("{what}: {e}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use fedcoin_consensus::ChainParams;

    #[test]
    fn records_are_read_as_they_were_written() {
        let header = ChainParams::regtest().genesis_block().header;
        for status in [BlockStatus::HeaderOnly, BlockStatus::Stored, BlockStatus::Invalid] {
            assert_eq!(stored_header(&header_record(&header, status)), Ok((header, status)));
        }
        let place = OutPoint { txid: TxId([7; 32]), index: 0x0102_0304 };
        assert_eq!(outpoint(&outpoint_key(&place)), place);
        assert_eq!(pool_entry(&pool_record(7, b"payment")), Ok((7, b"payment".as_slice())));
    }

    #[test]
    fn each_flipped_bit_of_a_block_or_of_undo_data_is_damage() {
        let found = ChainParams::regtest().genesis_block();
        let (id, bytes) = (found.id(), codec::encode(&found));
        let record = undo_record(&id, &bytes);
        assert_eq!((block(&id, &bytes), undo(&id, &record)), (Ok(found), Ok(bytes.as_slice())));
        for bit in 0..8 * bytes.len() {
            let mut changed = bytes.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert!(matches!(block(&id, &changed), Err(StoreError::Corrupt { .. })), "bit {bit}");
        }
        for bit in 0..8 * record.len() {
            let mut changed = record.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert!(matches!(undo(&id, &changed), Err(StoreError::Corrupt { .. })), "bit {bit}");
        }
        assert!(undo(&BlockId([7; 32]), &record).is_err(), "another block's");
        assert!(undo(&id, &record[..7]).is_err());
    }

    #[test]
    fn an_unknown_status_is_damage() {
        let mut record = header_record(&ChainParams::regtest().genesis_block().header, BlockStatus::Stored);
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
