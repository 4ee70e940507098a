// A network for one test: the `regtest` rules with another target.

import { writeFile } from "node:fs/promises";

/**
 * The compact target at which a block takes this many hashes on average: one byte exponent `e`, three bytes
 * mantissa `m`, meaning `m * 256^(e-3)`.
 * @param {number} hashes
 */
export function compactTarget(hashes) {
  const target = 2n ** 256n / BigInt(hashes) - 1n;
  const bytes = Math.ceil(target.toString(16).length / 2);
  const mantissa = target >> BigInt(8 * (bytes - 3));
  return ((BigInt(bytes) << 24n) | mantissa).toString(16).padStart(8, "0");
}

/**
 * Writes a network file for `fedcoin --chain FILE`.
 * @param {string} path
 * @param {string} address who owns the genesis block's 50 FED
 * @param {number} hashes of a block on average
 */
export async function writeNetwork(path, address, hashes) {
  const text = `name = "e2e"
target = "${compactTarget(hashes)}"
retarget = "fixed"
tie_break = "earlier-time"
spacing_ms = 1000
subsidy = "50"
halving_interval = 1000
coinbase_maturity = 0
max_block_bytes = 100000
max_block_payments = 5
min_block_payments = 0

[genesis]
recipient = "${address}"
amount = "50"
time = 0
`;
  await writeFile(path, text);
  return path;
}
