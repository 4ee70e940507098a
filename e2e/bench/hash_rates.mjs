import { cpus } from "node:os";
import { join } from "node:path";
import { A } from "../lib/keys.mjs";
import { writeNetwork } from "../lib/network.mjs";
import { temporaryFolder } from "../lib/place.mjs";
import { sleep, until } from "../lib/wait.mjs";

/** Hashes per block: too many to find one during the measurement. */
const HASHES = 1e15;
/** Mining time before the rate is read, in milliseconds, so that its window is full. */
const WARM_UP = 12_000;

/**
 * Measures hashes per second and worker, in a tab and natively, with one worker and with one per core.
 * @param {import("../lib/scenario.mjs").Scenario} scenario
 */
export async function hashRates(scenario) {
  const folder = await temporaryFolder(scenario);
  const address = (await (await scenario.relay()).balance(A.publicKey)).address;
  const chain = await writeNetwork(join(folder, "network.toml"), address, HASHES);
  /** @type {[string, unknown][]} */
  const rows = [];
  /** @type {Record<string, number>} */
  const data = {};
  for (const [place, measure] of /** @type {const} */ ([["in a tab", inTab], ["natively", natively]])) {
    for (const threads of [...new Set([1, cpus().length])]) {
      const rate = (await measure(scenario, chain, threads)) / threads;
      rows.push([`hashes per second and worker ${place}, ${threads} at work`, `${(rate / 1e6).toFixed(2)} million`]);
      data[`${place}, ${threads}`] = Math.round(rate);
    }
  }
  return { rows, data };
}

/**
 * @param {import("../lib/scenario.mjs").Scenario} scenario
 * @param {string} chain
 * @param {number} threads
 */
async function inTab(scenario, chain, threads) {
  const relay = await scenario.relay({ chain });
  const browser = await scenario.browser();
  const tab = await browser.tab(relay.url);
  await tab.newKey();
  await tab.mine({ policy: "always", threads });
  await until("it mines", async () => (await tab.value("hash-rate")) > 0);
  await sleep(WARM_UP);
  const rate = await tab.value("hash-rate");
  await browser.context.close();
  await relay.stop();
  return rate;
}

/**
 * @param {import("../lib/scenario.mjs").Scenario} scenario
 * @param {string} chain
 * @param {number} threads
 */
async function natively(scenario, chain, threads) {
  const args = ["--mine", "always", "--mine-threads", `${threads}`];
  const relay = await scenario.relay({ chain, key: A, args });
  await sleep(WARM_UP);
  const rate = (await relay.get("status")).hash_rate;
  await relay.stop();
  return rate;
}
