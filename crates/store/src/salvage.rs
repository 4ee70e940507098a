//! Recovers blocks from a file that may be damaged anywhere.

use crate::{StoreError, record};
use borsh::BorshDeserialize;
use fedcoin_consensus::{ChainParams, HEADER_VERSION, MAX_BLOCK_BYTES, check_header_in_isolation};
use fedcoin_primitives::{Block, BlockId, HEADER_BYTES, Header, Identified};
use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

/// Number of bytes of the file that are scanned in one go.
const WINDOW: usize = 8 << 20;

/// The whole headers and blocks in a store's file of any format. A header is whole if it has its work, a block if it
/// matches its header.
///
/// Nothing relies on the file's own structure. A store keeps each header and each block in one piece, so the scan looks
/// for them at every byte. It may also find blocks that were disconnected long ago.
///
/// Bound: about 200 bytes of memory for each block in the file.
#[derive(Debug)]
pub struct Salvage {
    file: File,
    headers: HashMap<BlockId, Header>,
    /// Locations of the whole blocks: offset and size in bytes.
    blocks: HashMap<BlockId, (u64, usize)>,
}

impl Salvage {
    /// Scans a file.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn of(path: &Path) -> Result<Self, StoreError> {
        let file = File::open(path)?;
        let mut found = Self { file, headers: HashMap::new(), blocks: HashMap::new() };
        let overlap = MAX_BLOCK_BYTES as usize;
        let (mut window, mut at) = (Vec::new(), 0);
        loop {
            let wanted = (WINDOW + overlap - window.len()) as u64;
            let read = Read::by_ref(&mut found.file).take(wanted).read_to_end(&mut window)?;
            let last = (read as u64) < wanted;
            let new = if last { window.len() } else { WINDOW };
            found.look(&window, new, at);
            if last {
                return Ok(found);
            }
            window.drain(..new);
            at += new as u64;
        }
    }

    /// Scans for what begins in the first `new` bytes of a window at offset `at`.
    fn look(&mut self, window: &[u8], new: usize, at: u64) {
        let version = HEADER_VERSION.to_be_bytes();
        for start in (0..new).filter(|start| window[*start..].starts_with(&version)) {
            let Some(bytes) = window[start..].first_chunk::<HEADER_BYTES>() else { return };
            let header = Header::from_bytes(bytes);
            // Costs no hash, and most places fail it.
            if header.target.expand().is_err() {
                continue;
            }
            let header = Identified::from(header);
            if check_header_in_isolation(header).is_err() {
                continue;
            }
            let id = header.id();
            self.headers.insert(id, *header);
            let mut rest = &window[start..];
            if Block::deserialize(&mut rest).is_ok_and(|block| record::is_whole(&block)) {
                self.blocks.insert(id, (at + start as u64, window.len() - start - rest.len()));
            }
        }
    }

    /// The whole blocks of a network and the headers of all blocks below them, parents first, without genesis. Other
    /// headers may belong to no block: where the work is low, a damaged header may keep enough of it.
    #[must_use]
    pub fn chain(&self, params: &ChainParams) -> Vec<Header> {
        let genesis = params.genesis_block().id();
        let mut children: HashMap<BlockId, Vec<BlockId>> = HashMap::new();
        let mut wanted: HashSet<BlockId> = HashSet::new();
        for tip in self.blocks.keys() {
            let mut id = *tip;
            while id != genesis && wanted.insert(id) {
                // A chain that does not reach genesis is never visited.
                let Some(header) = self.headers.get(&id) else { break };
                children.entry(header.previous).or_default().push(id);
                id = header.previous;
            }
        }
        let mut ids = vec![genesis];
        let mut at = 0;
        while let Some(id) = ids.get(at) {
            ids.extend(children.remove(id).unwrap_or_default());
            at += 1;
        }
        ids.iter().skip(1).filter_map(|id| self.headers.get(id).copied()).collect()
    }

    /// Whether a block is whole.
    #[must_use]
    pub fn has(&self, id: &BlockId) -> bool {
        self.blocks.contains_key(id)
    }

    /// Reads a block, if it is whole.
    ///
    /// # Errors
    /// [`StoreError::Io`], or [`StoreError::Corrupt`] if the file has changed since the scan.
    pub fn block(&mut self, id: &BlockId) -> Result<Option<Block>, StoreError> {
        let Some((at, bytes)) = self.blocks.get(id) else { return Ok(None) };
        let mut block = vec![0; *bytes];
        self.file.seek(SeekFrom::Start(*at))?;
        self.file.read_exact(&mut block)?;
        record::block(id, &block).map(Some)
    }
}
