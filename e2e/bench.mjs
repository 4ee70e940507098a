// Measures the running system and prints the results: `cargo xtask bench`. Writes them to ARTIFACTS/bench.json, too.
//
//   cargo xtask bench -- --blocks 2000 --runs 5
//
// To run one part on an existing build: `node e2e/bench.mjs --only kernels`. `--chain 100000` sets the number of blocks
// that `opening` opens.

import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { hashRates } from "./bench/hash_rates.mjs";
import { kernels } from "./bench/kernels.mjs";
import { longChain } from "./bench/long_chain.mjs";
import { machine } from "./bench/machine.mjs";
import { opening } from "./bench/opening.mjs";
import { pauses } from "./bench/pauses.mjs";
import { quota } from "./bench/quota.mjs";
import { signatures } from "./bench/signatures.mjs";
import { sizes } from "./bench/sizes.mjs";
import { slicing } from "./bench/slicing.mjs";
import { stale } from "./bench/stale.mjs";
import { syncing } from "./bench/syncing.mjs";
import { Scenario } from "./lib/scenario.mjs";
import { artifact } from "./lib/place.mjs";

const { values: wanted } = parseArgs({
  options: {
    blocks: { type: "string", default: "2000" },
    runs: { type: "string", default: "5" },
    tips: { type: "string", default: "100" },
    found: { type: "string", default: "200" },
    chain: { type: "string", default: "30000" },
    only: { type: "string" },
  },
});
const texts = [wanted.blocks, wanted.runs, wanted.tips, wanted.found, wanted.chain];
const [blocks, runs, tips, found, chain] = texts.map((text) => {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new Error(`"${text}" is not a number: write a whole number above 0`);
  return number;
});

/** Each returns rows of `{ figure, value }` for people, and the same as data. */
const parts = [
  { name: "syncing", measure: (/** @type {Scenario} */ s) => syncing(s, blocks, runs) },
  { name: "longChain", measure: (/** @type {Scenario} */ s) => longChain(s, runs) },
  { name: "opening", measure: (/** @type {Scenario} */ s) => opening(s, runs, chain) },
  { name: "sizes", measure: (/** @type {Scenario} */ s) => sizes(s) },
  { name: "pauses", measure: (/** @type {Scenario} */ s) => pauses(s, tips) },
  { name: "hashRates", measure: hashRates },
  { name: "kernels", measure: kernels },
  { name: "signatures", measure: signatures },
  { name: "quota", measure: quota },
  { name: "slicing", measure: slicing },
  { name: "stale", measure: (/** @type {Scenario} */ s) => stale(s, found) },
];

/** @type {Record<string, unknown>} */
const report = { machine: await machine() };
print(Object.entries(/** @type {object} */ (report.machine)));
for (const { name, measure } of parts.filter(({ name }) => name === (wanted.only ?? name))) {
  const scenario = new Scenario();
  try {
    const { rows, data } = await measure(scenario);
    print(rows);
    report[name] = data;
  } catch (error) {
    await scenario.keepTraces(`bench ${name}`);
    throw error;
  } finally {
    await scenario.end();
  }
}
const path = await artifact("bench.json");
await writeFile(path, `${JSON.stringify(report, null, 2)}\n`);
console.log(`\nThe same as data: ${path}`);

/** @param {[string, unknown][]} rows */
function print(rows) {
  console.log();
  for (const [figure, value] of rows) console.log(`${figure.padEnd(58)} ${value}`);
}
