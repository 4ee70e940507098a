// A tab that mines with a benchmark's options, at its own relay and with its own profile.

import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { A } from "../lib/keys.mjs";
import { writeNetwork } from "../lib/network.mjs";
import { temporaryFolder } from "../lib/place.mjs";
import { until } from "../lib/wait.mjs";

/** Hashes per block: too many to find one. */
export const ENDLESS = 1e15;
/** Clock ticks per second in /proc. */
const TICKS = 100;

/**
 * A network file whose blocks take this many hashes.
 * @param {import("../lib/scenario.mjs").Scenario} scenario
 * @param {number} hashes
 */
export async function network(scenario, hashes) {
  const folder = await temporaryFolder(scenario);
  const relay = await scenario.relay();
  const { address } = await relay.balance(A.publicKey);
  await relay.stop();
  return writeNetwork(join(folder, "network.toml"), address, hashes);
}

/**
 * How a tab mines.
 * @typedef {object} How
 * @property {number} [threads]
 * @property {number} [share] of each core, in percent
 * @property {number | null} [slice] milliseconds between two looks at the event loop, without the shared flag
 */

/**
 * A tab of a new profile that mines.
 * @param {import("../lib/scenario.mjs").Scenario} scenario
 * @param {import("../lib/relay.mjs").Relay} relay
 * @param {How} how
 */
export async function miningTab(scenario, relay, how) {
  const browser = await scenario.browser();
  const tab = await browser.blank();
  await choose(tab, how);
  await tab.open(relay.url);
  await tab.newKey();
  await start(tab, how.threads ?? 1);
  return { browser, tab };
}

/**
 * Stores the mining options for its next load.
 * @param {import("../lib/tab.mjs").Tab} tab
 * @param {How} how
 */
async function choose(tab, { threads = 1, share = 100, slice = null }) {
  const words = [threads, share, "always", "use-battery", "hidden-go-on", slice === null ? "" : `slice-${slice}`];
  const remembered = [words.join(" ").trim(), threads];
  await tab.page.addInitScript(([text, threads]) => {
    localStorage.setItem("fedcoin-mining", `${text}`);
    // The page offers no more threads than the device has cores.
    Object.defineProperty(navigator, "hardwareConcurrency", { get: () => threads });
  }, remembered);
}

/**
 * Starts mining with the stored options, and waits until all workers run.
 * @param {import("../lib/tab.mjs").Tab} tab
 * @param {number} threads
 */
async function start(tab, threads) {
  await tab.view("mining");
  await tab.element("mining-start").click();
  await until("all workers run", async () => {
    const states = await tab.attributes("worker", "data-state");
    return states.length === threads && states.every((state) => state === "searching" || state === "idle");
  });
}

/**
 * Hashes computed so far, and the time in seconds at which the page showed this new value.
 * @param {import("../lib/tab.mjs").Tab} tab
 */
export async function nextCount(tab) {
  const before = await tab.value("hashes");
  return tab.page.evaluate((before) => {
    const read = () => Number(document.querySelector('[data-testid="hashes"]')?.getAttribute("data-value"));
    return new Promise((/** @type {(told: { hashes: number, at: number }) => void} */ told) => {
      const look = () => {
        const hashes = read();
        if (hashes !== before) told({ hashes, at: performance.now() / 1000 });
        else setTimeout(look, 5);
      };
      look();
    });
  }, before);
}

/**
 * Processor time of each thread of the tabs' processes, in seconds, by the thread's id. Linux only.
 * @param {import("../lib/browser.mjs").Browser} browser
 */
async function threadSeconds(browser) {
  /** @type {Map<string, number>} */
  const seconds = new Map();
  for (const pid of await browser.renderers()) {
    for (const tid of await readdir(`/proc/${pid}/task`)) {
      const stat = await readFile(`/proc/${pid}/task/${tid}/stat`, "utf8").catch(() => "");
      const [, user, system] = /^\d+ \(.*\)(?: \S+){11} (\d+) (\d+) /s.exec(stat) ?? [];
      if (user) seconds.set(tid, (Number(user) + Number(system)) / TICKS);
    }
  }
  return seconds;
}

/**
 * Runs `work`, and returns the processor time in seconds of the thread that used most of it meanwhile. A mining thread
 * uses far more than all others.
 * @template T
 * @param {import("../lib/browser.mjs").Browser} browser
 * @param {() => Promise<T>} work
 */
export async function busiest(browser, work) {
  const before = await threadSeconds(browser);
  const begun = performance.now();
  const result = await work();
  const passed = (performance.now() - begun) / 1000;
  const worked = [...(await threadSeconds(browser))].map(([tid, seconds]) => seconds - (before.get(tid) ?? 0));
  return { result, passed, seconds: Math.max(...worked) };
}
