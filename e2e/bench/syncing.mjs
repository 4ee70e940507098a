import { spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { A, GENESIS } from "../lib/keys.mjs";
import { BINARY, temporaryFolder } from "../lib/place.mjs";
import { until } from "../lib/wait.mjs";
import { Scenario } from "../lib/scenario.mjs";
import { median, seconds } from "./statistics.mjs";

/** Maximum time to create a chain, or to sync a tab, in milliseconds. */
const PATIENCE = 300_000;

/**
 * Measures the time from opening the page until the tab is up to date, on a chain of `blocks` `classroom` blocks, and
 * again after a reload, which reads the chain from the tab's own file.
 * @param {Scenario} scenario
 * @param {number} blocks
 * @param {number} runs
 */
export async function syncing(scenario, blocks, runs) {
  const relay = await chainOf(scenario, blocks);
  const status = await relay.get("status");
  const times = { cold: /** @type {number[]} */ ([]), reload: /** @type {number[]} */ ([]) };
  for (let run = 0; run < runs; run += 1) {
    // A new browser and profile for each run, so that all caches are empty.
    const once = new Scenario();
    const browser = await once.browser();
    const tab = await browser.blank();
    await tab.page.addInitScript(noteWhenSynced, status.tip.height);
    const synced = () => until("the tab is up to date", () => tab.page.evaluate("window.syncedAfter"), PATIENCE);
    await tab.page.goto(relay.url);
    times.cold.push(Number(await synced()));
    await tab.page.reload();
    times.reload.push(Number(await synced()));
    await once.end();
  }
  const payments = await countPayments(relay, status.tip.height);
  return {
    rows: /** @type {[string, unknown][]} */ ([
      ["chain", `${status.tip.height} blocks with ${payments} payments`],
      ["from opening the page to a synced tab, new profile", seconds(times.cold)],
      ["from reloading to a synced tab, chain in its own file", seconds(times.reload)],
    ]),
    data: {
      blocks: status.tip.height,
      payments,
      cold_ms: { median: median(times.cold), all: times.cold },
      reload_ms: { median: median(times.reload), all: times.reload },
    },
  };
}

/**
 * A relay with a chain of random payments that does not mine.
 * @param {Scenario} scenario
 * @param {number} blocks
 */
async function chainOf(scenario, blocks) {
  console.log(`\nmaking a chain of ${blocks} blocks ...`);
  const folder = await temporaryFolder(scenario);
  const files = await Promise.all([GENESIS, A].map(async (key, i) => {
    const file = join(folder, `${i}.key`);
    await writeFile(file, key.privateKey);
    return file;
  }));
  const relay = await scenario.relay({ key: GENESIS, args: ["--log", "warn"] });
  const stream = ["traffic", "--key", ...files, "--node", relay.address, "--pause", "0", "--wait", "0", "--seed", "1"];
  const traffic = spawn(BINARY, stream, { stdio: "ignore" });
  try {
    await until(`${blocks} blocks`, async () => (await relay.tip()).height >= blocks, PATIENCE);
  } finally {
    traffic.kill();
  }
  await relay.stop();
  await relay.start();
  return relay;
}

/**
 * @param {import("../lib/relay.mjs").Relay} relay
 * @param {number} height
 */
async function countPayments(relay, height) {
  let payments = 0;
  for (let at = 1; at <= height; at += 1) payments += (await relay.get(`blocks/${at}`)).payments.length;
  return payments;
}

/**
 * Runs in the page: records the time in milliseconds from the start of the navigation until the tab was up to date.
 * @param {number} height
 */
export function noteWhenSynced(height) {
  const shown = (/** @type {string} */ id, /** @type {string} */ name) =>
    document.querySelector(`[data-testid="${id}"]`)?.getAttribute(name);
  const observer = new MutationObserver(() => {
    if (shown("node-state", "data-state") !== "synced" || Number(shown("height", "data-value")) < height) return;
    observer.disconnect();
    Object.assign(window, { syncedAfter: performance.now() });
  });
  observer.observe(document, { subtree: true, childList: true, attributes: true });
}
