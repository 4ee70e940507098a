import { join } from "node:path";
import { cpus } from "node:os";
import { A } from "../lib/keys.mjs";
import { writeNetwork } from "../lib/network.mjs";
import { temporaryFolder } from "../lib/place.mjs";
import { sleep, until } from "../lib/wait.mjs";

/** Hashes of a block on average: native threads find one soon, a tab hardly ever between two of them. */
const HASHES = 8_000_000;
/** Time between two blocks given to the tab's relay, in milliseconds. */
const INTERVAL = 150;
/** How long so many blocks may take to be found, in milliseconds. */
const PATIENCE = 600_000;

/**
 * Time from the moment a tab's node handles a new header until the last of its miners has stopped. The blocks are
 * found natively beforehand and given to the tab's relay one by one, so that only the tab's miners work meanwhile.
 * @param {import("../lib/scenario.mjs").Scenario} scenario
 * @param {number} tips
 */
export async function pauses(scenario, tips) {
  console.log(`\nfinding ${tips} blocks of ${HASHES / 1e6} million hashes ...`);
  const folder = await temporaryFolder(scenario);
  const address = (await (await scenario.relay()).balance(A.publicKey)).address;
  const chain = await writeNetwork(join(folder, "network.toml"), address, HASHES);
  const blocks = await find(scenario, chain, tips);
  /** @type {[string, unknown][]} */
  const rows = [];
  /** @type {Record<string, unknown>} */
  const data = { tips, hashes_per_block: HASHES };
  for (const threads of [...new Set([1, cpus().length])]) {
    const measured = await measure(scenario, chain, blocks, threads);
    data[`threads_${threads}`] = measured;
    rows.push([
      `from a new tip to the last of ${threads} workers stopped`,
      `p50 ${measured.p50_ms.toFixed(1)} ms, p99 ${measured.p99_ms.toFixed(1)} ms (${measured.count} times)`,
    ]);
  }
  return { rows, data };
}

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
 * @param {number} threads
 */
async function measure(scenario, chain, blocks, threads) {
  const relay = await scenario.relay({ chain });
  const browser = await scenario.browser();
  const tab = await browser.tab(relay.url);
  await tab.newKey();
  await tab.mine({ policy: "always", threads });
  await until("all workers search", async () => {
    const states = await tab.attributes("worker", "data-state");
    return states.length === threads && states.every((state) => state === "searching");
  });
  for (const block of blocks) {
    await relay.post("blocks", block);
    await sleep(INTERVAL);
  }
  await tab.agreesWith(relay);
  await sleep(1_000);
  const read = async (/** @type {string} */ name) => Number(await tab.attribute("preemption", name));
  const measured = { count: await read("data-count"), p50_ms: await read("data-p50"), p99_ms: await read("data-p99") };
  await browser.context.close();
  await relay.stop();
  return measured;
}
