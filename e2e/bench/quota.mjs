import { sleep } from "../lib/wait.mjs";
import { ENDLESS, busiest, miningTab, network, nextCount } from "./mining_tab.mjs";

/** Shares of a core in percent; the first is the reference for the others. */
const SHARES = [100, 25, 50, 75];
/** Warm-up time, and measured time, in milliseconds. */
const WARM_UP = 2_000;
const COUNTED = 10_000;

/**
 * Measures how exactly a worker keeps its share of a core, by its hashes relative to a whole core, and by its thread's
 * processor time.
 * @param {import("../lib/scenario.mjs").Scenario} scenario
 */
export async function quota(scenario) {
  const chain = await network(scenario, ENDLESS);
  const measured = [];
  for (const share of SHARES) measured.push({ share, ...(await measure(scenario, chain, share)) });
  const whole = measured[0].rate;
  /** @type {[string, unknown][]} */
  const rows = [];
  const data = measured.map(({ share, rate, cpu }) => {
    const [hashes, time] = [(100 * rate) / whole, 100 * cpu];
    const worst = Math.max(Math.abs(hashes - share), Math.abs(time - share));
    rows.push([
      `share of a core, ${share} % wanted`,
      `${hashes.toFixed(1)} % of the hashes, ${time.toFixed(1)} % of the time, at most ${worst.toFixed(1)} points off`,
    ]);
    return { share, hashes, time };
  });
  return { rows, data };
}

/**
 * Hashes per second, and the share of the time that the worker's thread ran.
 * @param {import("../lib/scenario.mjs").Scenario} scenario
 * @param {string} chain
 * @param {number} share
 */
async function measure(scenario, chain, share) {
  const relay = await scenario.relay({ chain });
  const { browser, tab } = await miningTab(scenario, relay, { share });
  await sleep(WARM_UP);
  const first = await nextCount(tab);
  const { passed, seconds } = await busiest(browser, () => sleep(COUNTED));
  const last = await nextCount(tab);
  await browser.context.close();
  await relay.stop();
  return { rate: (last.hashes - first.hashes) / (last.at - first.at), cpu: seconds / passed };
}
