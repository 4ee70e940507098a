import { minerProgram } from "../lib/miner.mjs";
import { sleep } from "../lib/wait.mjs";
import { ENDLESS, busiest, miningTab, network, nextCount } from "./mining_tab.mjs";
import { median } from "./statistics.mjs";

/** Milliseconds between two turns of the event loop; with `null` the worker polls the shared flag instead. */
const SLICES = [null, 5, 10, 20, 50];
const ROUNDS = 3;
/** The kernel without checks for orders. */
const ALONE = "the kernel alone";
/** Warm-up time, and measured time, in milliseconds. */
const WARM_UP = 1_000;
const COUNTED = 4_000;

/**
 * Number of hashes, and their duration in seconds by the clock and in the thread's processor time.
 * @typedef {{ hashes: number, clock: number, processor: number }} Work
 */

/**
 * Measures the cost of checks for orders: hashes per second of a mining worker and of the bare kernel, alternating in
 * the same browser. Processor time excludes other load of the machine.
 * @param {import("../lib/scenario.mjs").Scenario} scenario
 */
export async function slicing(scenario) {
  const chain = await network(scenario, ENDLESS);
  const works = new Map([ALONE, ...SLICES.map(name)].map((name) => [name, /** @type {Work[]} */ ([])]));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const slice of SLICES) {
      const relay = await scenario.relay({ chain });
      const { browser, tab } = await miningTab(scenario, relay, { slice });
      await sleep(WARM_UP);
      works.get(name(slice))?.push(await mining(browser, tab));
      if (slice === null) {
        await tab.pause();
        await tab.state("mining-state", "off");
        works.get(ALONE)?.push(await alone(browser, tab));
      }
      await browser.context.close();
      await relay.stop();
    }
  }
  const rate = (/** @type {string} */ name, /** @type {"clock" | "processor"} */ by) =>
    median((works.get(name) ?? []).map((work) => work.hashes / work[by]));
  const millions = (/** @type {number} */ rate) => (rate / 1e6).toFixed(2);
  /** @type {[string, unknown][]} */
  const rows = [["a worker's million hashes", "per second; per second of its processor time"]];
  /** @type {Record<string, unknown>} */
  const data = {};
  for (const name of works.keys()) {
    const [clock, processor] = [rate(name, "clock"), rate(name, "processor")];
    const [slower, costs] = [1 - clock / rate(ALONE, "clock"), 1 - processor / rate(ALONE, "processor")];
    data[name] = { clock, processor, slower, costs };
    const lost = name === ALONE ? "" : `, ${(100 * slower).toFixed(1)} % and ${(100 * costs).toFixed(1)} % lost`;
    rows.push([name, `${millions(clock)}; ${millions(processor)}${lost}`]);
  }
  return { rows, data };
}

/**
 * @param {import("../lib/browser.mjs").Browser} browser
 * @param {import("../lib/tab.mjs").Tab} tab
 * @returns {Promise<Work>}
 */
async function mining(browser, tab) {
  const first = await nextCount(tab);
  const { result: last, passed, seconds } = await busiest(browser, async () => {
    await sleep(COUNTED);
    return nextCount(tab);
  });
  const clock = last.at - first.at;
  // Both counts are reported with a small delay; the thread works evenly.
  return { hashes: last.hashes - first.hashes, clock, processor: (seconds * clock) / passed };
}

/**
 * @param {import("../lib/browser.mjs").Browser} browser
 * @param {import("../lib/tab.mjs").Tab} tab
 * @returns {Promise<Work>}
 */
async function alone(browser, tab) {
  const program = await minerProgram(tab);
  await tab.page.evaluate(search, { program, ms: WARM_UP });
  const { result, passed, seconds } = await busiest(browser, () => tab.page.evaluate(search, { program, ms: COUNTED }));
  return { hashes: result, clock: passed, processor: seconds };
}

const name = (/** @type {number | null} */ slice) => (slice === null ? "with the shared flag" : `slices of ${slice} ms`);

/**
 * In the page: hashes of the kernel that the workers use, without a break for so long.
 * @param {{ program: string, ms: number }} work
 */
async function search({ program, ms }) {
  const { default: start, search } = await import(new URL(program, document.baseURI).href);
  await start();
  const header = new Uint8Array(88);
  header.set([3, 1, 0, 0], 80);
  const kernel = search("simd128", header, 0, 0, 1).length ? "simd128" : "scalar";
  let [hashes, nonce] = [0, 0];
  for (const end = performance.now() + ms; performance.now() < end; nonce += 10_000) {
    hashes += search(kernel, header, 0, nonce, 10_000)[0];
  }
  return hashes;
}
