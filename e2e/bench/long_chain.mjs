import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { temporaryFolder } from "../lib/place.mjs";
import { Scenario } from "../lib/scenario.mjs";
import { until } from "../lib/wait.mjs";
import { median, seconds } from "./statistics.mjs";
import { noteWhenSynced } from "./syncing.mjs";

/** Number of payments in the chain; each has one signature. */
const PAYMENTS = 100_000;
/** Signatures checked to measure the browser's own rate, and how many of them at once. */
const CHECKS = 20_000;
const AT_ONCE = 64;
/** Maximum time to create a chain, or to sync a tab, in milliseconds. */
const PATIENCE = 600_000;

/**
 * Compares a tab's sync of a long chain with the browser's own rate of signature checks. Then measures a full block
 * whose payments the tab already knows.
 * @param {Scenario} scenario
 * @param {number} runs
 */
export async function longChain(scenario, runs) {
  console.log(`\nmaking a chain of ${PAYMENTS} payments ...`);
  const folder = await temporaryFolder(scenario);
  const tool = process.env.FEDCOIN_BENCH_BIN;
  if (!tool) throw new Error("FEDCOIN_BENCH_BIN is not set: use `cargo xtask bench`");
  await promisify(execFile)(tool, ["chain", "--payments", `${PAYMENTS}`, "--out", folder], { timeout: PATIENCE });
  const chain = join(folder, "network.toml");
  const relay = await scenario.relay({ chain, dataDir: folder, args: ["--log", "warn"] });
  const { height } = await relay.tip();
  /** @type {{ sync: number[], rate: number[], block: number[] }} */
  const found = { sync: [], rate: [], block: [] };
  for (let run = 0; run < runs; run += 1) {
    const once = new Scenario();
    const browser = await once.browser();
    const tab = await browser.blank();
    await tab.page.addInitScript(noteWhenSynced, height);
    await tab.page.goto(relay.url);
    found.sync.push(Number(await until("the tab is up to date", () => tab.page.evaluate("window.syncedAfter"), PATIENCE)));
    found.rate.push(await tab.page.evaluate(signatureRate, { checks: CHECKS, atOnce: AT_ONCE }));
    if (run === runs - 1) found.block.push(await knownBlock(relay, tab, folder));
    await once.end();
  }
  const rate = (PAYMENTS / median(found.sync)) * 1000;
  return {
    rows: /** @type {[string, unknown][]} */ ([
      [`from opening the page to a synced tab, ${height} blocks, ${PAYMENTS} payments`, seconds(found.sync)],
      ["the same, payments per second", Math.round(rate)],
      ["signature checks per second by the browser alone", Math.round(median(found.rate))],
      ["share of that limit", `${((100 * rate) / median(found.rate)).toFixed(1)} %`],
      ["a block of 1 MB in a tab that knows its payments", `${median(found.block).toFixed(1)} ms`],
    ]),
    data: { height, payments: PAYMENTS, sync_ms: found.sync, checks_per_second: found.rate, known_block_ms: found.block },
  };
}

/**
 * Submits a block's payments, then the block. Returns how long the tab's node took to check and store the block.
 * @param {import("../lib/relay.mjs").Relay} relay
 * @param {import("../lib/tab.mjs").Tab} tab
 * @param {string} folder
 */
async function knownBlock(relay, tab, folder) {
  const block = JSON.parse(await readFile(join(folder, "block.json"), "utf8"));
  // One after another: later ones spend what earlier ones leave.
  for (const payment of block.payments) await relay.post("transactions", payment);
  await until("the tab knows all payments", async () => (await tab.value("mempool-count")) === block.payments.length, PATIENCE);
  const worker = tab.page.workers().find((worker) => worker.url().includes("node-worker"));
  if (!worker) throw new Error("the tab has no node worker");
  await worker.evaluate(() => performance.clearMeasures());
  await relay.post("blocks", block);
  await tab.agreesWith(relay);
  const entries = await worker.evaluate(() => performance.getEntriesByType("measure").map((entry) => entry.duration));
  return Math.max(...entries);
}

/**
 * Runs in the page: measures P-256 signature checks per second with this many in flight.
 * @param {{ checks: number, atOnce: number }} how
 */
async function signatureRate({ checks, atOnce }) {
  const curve = { name: "ECDSA", namedCurve: "P-256" };
  const scheme = { name: "ECDSA", hash: "SHA-256" };
  const { privateKey, publicKey } = await crypto.subtle.generateKey(curve, false, ["sign", "verify"]);
  const message = crypto.getRandomValues(new Uint8Array(80));
  const signature = await crypto.subtle.sign(scheme, privateKey, message);
  const begun = performance.now();
  for (let done = 0; done < checks; done += atOnce) {
    const batch = Array.from({ length: atOnce }, () => crypto.subtle.verify(scheme, publicKey, signature, message));
    if (!(await Promise.all(batch)).every(Boolean)) throw new Error("a valid signature was rejected");
  }
  return (checks / (performance.now() - begun)) * 1000;
}
