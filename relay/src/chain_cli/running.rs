use super::progress::Progress;
use crate::archive::{ArchiveError, Header, write_block};
use crate::client::Client;
use crate::data_dir::{DataDir, DataDirError};
use crate::failure::Failure;
use fedcoin_node::codec;
use fedcoin_node::consensus::ChainParams;
use std::io::{BufReader, Write};
use std::path::Path;

/// Exports the chain through the running node that uses this data directory.
///
/// # Errors
/// [`DataDirError::InUse`] if no node uses it, or if the node did not write down its address.
pub(super) fn export(
    params: &ChainParams,
    data_dir: &Path,
    out: &mut impl Write,
    failed: &impl Fn(std::io::Error) -> ArchiveError,
) -> Result<(), Failure> {
    let in_use = || DataDirError::InUse { path: data_dir.to_owned() };
    let node = DataDir::address(data_dir).ok_or_else(in_use)?;
    let name = node.to_string();
    let mut input = BufReader::new(Client::of_this_machine(node, DataDir::cookie(data_dir)).chain()?);
    let header = Header::read(&mut input, &name)?;
    header.check_network(params)?;
    header.write(out).map_err(failed)?;
    let mut progress = Progress::new("exported", header.blocks);
    for height in 1..=header.blocks {
        let block = header.read_block(&mut input, height, &name)?;
        write_block(&codec::encode(&block), out).map_err(failed)?;
        progress.step();
    }
    header.read_end(&mut input, &name)?;
    progress.end();
    Ok(())
}
