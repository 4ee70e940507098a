import { sleep, until } from "../lib/wait.mjs";
import { A } from "../lib/keys.mjs";
import { miningTab, network } from "./mining_tab.mjs";

/** Mean number of hashes per block: native threads find one soon, a tab rarely finds one between two of those. */
const HASHES = 40_000_000;
/** Time between two blocks given to the tab's relay, in milliseconds. */
const INTERVAL = 80;
/** Maximum time to find the blocks, in milliseconds. */
const PATIENCE = 600_000;

/**
 * A case: number of workers, milliseconds between two turns of the event loop (`null`: the worker polls the shared
 * flag twice a millisecond instead), and whether the tab is hidden.
 * @type {{ threads: number, slice: number | null, hidden: boolean }[]}
 */
const CASES = [1, 2, 8].flatMap((threads) => [
  ...[null, 5, 10, 20, 50].map((slice) => ({ threads, slice, hidden: false })),
  ...[null, 10].map((slice) => ({ threads, slice, hidden: true })),
]);

/**
 * Measures the time from a tab's node handling a new header until the last of its miners has stopped. The blocks are
 * mined natively beforehand and submitted to the tab's relay one by one, so that only the tab mines meanwhile.
 * @param {import("../lib/scenario.mjs").Scenario} scenario
 * @param {number} tips
 */
export async function pauses(scenario, tips) {
  console.log(`\nfinding ${tips} blocks of ${HASHES / 1e6} million hashes ...`);
  const chain = await network(scenario, HASHES);
  const blocks = await find(scenario, chain, tips);
  /** @type {[string, unknown][]} */
  const rows = [["from a new tip to the last worker stopped", "milliseconds"]];
  const data = [];
  for (const each of CASES) {
    const measured = await measure(scenario, chain, blocks, each);
    data.push({ ...each, ...measured });
    rows.push([name(each), `p50 ${measured.p50_ms.toFixed(1)}, p99 ${measured.p99_ms.toFixed(1)} (${measured.count} times)`]);
  }
  return { rows, data };
}

const name = (/** @type {(typeof CASES)[0]} */ { threads, slice, hidden }) =>
  `${threads} ${threads === 1 ? "worker" : "workers"}, ${slice === null ? "shared flag" : `slices of ${slice} ms`}` +
  `${hidden ? ", hidden" : ""}`;

/**
 * @param {import("../lib/scenario.mjs").Scenario} scenario
 * @param {string} chain
 * @param {number} tips
 */
async function find(scenario, chain, tips) {
  const relay = await scenario.relay({ chain, key: A, args: ["--mine", "always", "--log", "warn"] });
  await until(`${tips} blocks`, async () => (await relay.tip()).height >= tips, PATIENCE);
  const blocks = [];
  for (let height = 1; height <= tips; height += 1) {
    const { header, coinbase, payments } = await relay.get(`blocks/${height}`);
    const { txid: _, ...rest } = coinbase;
    blocks.push({ header, coinbase: rest, payments });
  }
  await relay.stop();
  return blocks;
}

/**
 * @param {import("../lib/scenario.mjs").Scenario} scenario
 * @param {string} chain
 * @param {unknown[]} blocks
 * @param {(typeof CASES)[0]} how
 */
async function measure(scenario, chain, blocks, how) {
  const relay = await scenario.relay({ chain });
  const { browser, tab } = await miningTab(scenario, relay, how);
  if (how.hidden) await browser.hide(tab);
  for (const block of blocks) {
    await relay.post("blocks", block);
    await sleep(INTERVAL);
  }
  if (how.hidden) await browser.show(tab);
  await tab.agreesWith(relay);
  await sleep(500);
  const read = async (/** @type {string} */ name) => Number(await tab.attribute("preemption", name));
  const measured = { count: await read("data-count"), p50_ms: await read("data-p50"), p99_ms: await read("data-p99") };
  await browser.context.close();
  await relay.stop();
  return measured;
}
