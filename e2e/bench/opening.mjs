import { execFile } from "node:child_process";
import { access, mkdir, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { GENESIS } from "../lib/keys.mjs";
import { Scenario } from "../lib/scenario.mjs";
import { until } from "../lib/wait.mjs";
import { median, seconds } from "./statistics.mjs";

/** Blocks of the chain, a payment in each. */
const BLOCKS = 30_000;
/** How long the chain may take to be made, or a tab to sync, in milliseconds. */
const PATIENCE = 600_000;
/** How often something is clicked while the tab syncs, in milliseconds. */
const CLICKS = 250;

/**
 * What somebody sees who opens the page on a long chain: a tab that has nothing, then the same one loaded anew.
 * @param {Scenario} scenario
 * @param {number} runs
 */
export async function opening(scenario, runs) {
  const folder = await chain();
  const relay = await scenario.relay({ chain: join(folder, "network.toml"), dataDir: folder, args: ["--log", "warn"] });
  const { height } = await relay.tip();
  /** @type {Record<"synced" | "clicks" | "tasks" | "heap" | "view" | "ready", number[]>} */
  const found = { synced: [], clicks: [], tasks: [], heap: [], view: [], ready: [] };
  for (let run = 0; run < runs; run += 1) {
    const once = new Scenario();
    const tab = await (await once.browser()).blank();
    await tab.page.addInitScript(watch, height);
    await tab.page.goto(relay.url);
    const note = async (/** @type {string} */ name) => Number(await tab.page.evaluate((name) => Reflect.get(window, name) ?? NaN, name));
    await until("the tab is up to date", async () => {
      await tab.page.locator('[data-testid="view-link"]').nth(Math.floor(Math.random() * 5)).click().catch(() => undefined);
      await new Promise((done) => setTimeout(done, CLICKS));
      return (await note("syncedAfter")) > 0;
    }, PATIENCE);
    found.synced.push(await note("syncedAfter"));
    found.clicks.push(await note("slowestClick"));
    found.tasks.push(await note("longTasks"));
    await tab.importKey(GENESIS);
    found.heap.push(await tab.page.evaluate(memory));
    await tab.page.reload();
    await until("the node is ready", async () => (await note("readyAfter")) > 0, PATIENCE);
    found.view.push(await note("viewAfter"));
    found.ready.push(await note("readyAfter"));
    await once.end();
  }
  return {
    rows: /** @type {[string, unknown][]} */ ([
      [`from opening the page to a tab ready to mine, new profile, ${height} blocks`, seconds(found.synced)],
      ["the slowest answer to a click meanwhile", `${Math.max(...found.clicks)} ms`],
      ["tasks over 50 ms on the page's thread meanwhile", `${median(found.tasks)}`],
      ["memory of page and workers then", `${(median(found.heap) / 1e6).toFixed(1)} MB`],
      ["from reloading to the page's first view", seconds(found.view)],
      ["from reloading to a node that runs on its stored chain", seconds(found.ready)],
    ]),
    data: { height, ...found },
  };
}

/** The chain, made once for all runs, outside the repository. */
async function chain() {
  const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "fedcoin-bench");
  const folder = join(cache, `chain-${BLOCKS}`);
  const there = await access(join(folder, "block.json")).then(() => true, () => false);
  if (there) return folder;
  const tool = process.env.FEDCOIN_BENCH_BIN;
  if (!tool) throw new Error("FEDCOIN_BENCH_BIN names no program: use `cargo xtask bench`");
  console.log(`\nmaking a chain of ${BLOCKS} blocks in ${folder} ...`);
  await rm(`${folder}.new`, { recursive: true, force: true });
  await mkdir(`${folder}.new`, { recursive: true });
  const shape = ["--payments", `${BLOCKS}`, "--per-block", "1"];
  await promisify(execFile)(tool, ["chain", ...shape, "--out", `${folder}.new`], { timeout: PATIENCE });
  await rename(`${folder}.new`, folder);
  return folder;
}

/**
 * Runs in the page: notes when it shows anything, when its node runs, when it is up to date, and until then how
 * long clicks wait and how many tasks are long.
 * @param {number} height
 */
function watch(height) {
  const shown = (/** @type {string} */ id, /** @type {string} */ name) =>
    document.querySelector(`[data-testid="${id}"]`)?.getAttribute(name);
  const noted = { longTasks: 0, slowestClick: 0 };
  const note = () => Object.assign(window, noted);
  note();
  const tasks = new PerformanceObserver((list) => void (noted.longTasks += list.getEntries().length, note()));
  tasks.observe({ type: "longtask", buffered: true });
  const clicks = new PerformanceObserver((list) => {
    noted.slowestClick = Math.max(noted.slowestClick, ...list.getEntries().map((entry) => entry.duration));
    note();
  });
  clicks.observe(/** @type {PerformanceObserverInit} */ ({ type: "event", durationThreshold: 16 }));
  const once = (/** @type {string} */ name) => name in window || Object.assign(window, { [name]: performance.now() });
  const observer = new MutationObserver(() => {
    if (document.querySelector('[data-testid="app"]')) once("viewAfter");
    const state = shown("node-state", "data-state");
    if (state && state !== "starting" && Number(shown("height", "data-value")) > 0) once("readyAfter");
    if (state !== "synced" || Number(shown("height", "data-value")) < height) return;
    [observer, tasks, clicks].forEach((observer) => observer.disconnect());
    once("syncedAfter");
  });
  observer.observe(document, { subtree: true, childList: true, attributes: true });
}

/** Runs in the page: the memory of page and workers in bytes; shared memory and isolation allow to ask. */
async function memory() {
  const measured = await /** @type {any} */ (performance).measureUserAgentSpecificMemory();
  return measured.bytes;
}
