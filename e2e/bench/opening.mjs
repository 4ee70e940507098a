import { execFile } from "node:child_process";
import { access, mkdir, readFile, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { GENESIS } from "../lib/keys.mjs";
import { Scenario } from "../lib/scenario.mjs";
import { until } from "../lib/wait.mjs";
import { median, seconds } from "./statistics.mjs";

/** Maximum time to create the chain, or to sync a tab, in milliseconds. */
const PATIENCE = 1_200_000;
/** Interval of clicks during the sync, in milliseconds. */
const CLICKS = 250;

/**
 * Measures what a user experiences on opening the page on a long chain: in an empty tab, and after a reload.
 * @param {Scenario} scenario
 * @param {number} runs
 * @param {number} blocks of the chain, a payment in each
 */
export async function opening(scenario, runs, blocks) {
  const folder = await chain(blocks);
  const relay = await scenario.relay({ chain: join(folder, "network.toml"), dataDir: folder, args: ["--log", "warn"] });
  const { height } = await relay.tip();
  /** @type {Record<"synced" | "clicks" | "tasks" | "heap" | "anonymous" | "oldest" | "jump" | "scrolled" | "rows" | "search" | "unlock" | "view" | "ready", number[]>} */
  const found = {
    synced: [], clicks: [], tasks: [], heap: [], anonymous: [], oldest: [], jump: [], scrolled: [], rows: [], search: [],
    unlock: [], view: [], ready: [],
  };
  for (let run = 0; run < runs; run += 1) {
    const once = new Scenario();
    const browser = await once.browser();
    const tab = await browser.blank();
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
    found.heap.push(await tab.page.evaluate(memory));
    found.anonymous.push(Math.max(...(await Promise.all((await browser.renderers()).map(anonymous)))));
    await tab.view("blocks");
    for (const [name, value] of Object.entries(await tab.page.evaluate(list, height))) found[name].push(value);
    await unlock(tab);
    found.unlock.push(await note("walletAnswer"));
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
      ["JavaScript's heaps of page and workers then", megabytes(found.heap)],
      ["own memory of the tab's process then: heaps, wasm, compiled code", megabytes(found.anonymous)],
      ["from a click to the oldest block in the list", milliseconds(found.oldest)],
      ["the slowest of 50 jumps in the list, until its blocks are there", milliseconds(found.jump)],
      ["tasks over 50 ms while all of the list is scrolled through", `${median(found.scrolled)}`],
      ["the most rows in the document meanwhile", `${median(found.rows)}`],
      ["from searching for a block to its contents", milliseconds(found.search)],
      ["a wallet's key from its passphrase", milliseconds(found.unlock)],
      ["from reloading to the page's first view", seconds(found.view)],
      ["from reloading to a node that runs on its stored chain", seconds(found.ready)],
    ]),
    data: { height, ...found },
  };
}

/** @param {number[]} values in milliseconds */
const milliseconds = (values) => `${median(values).toFixed(0)} ms`;

/** @param {number[]} values in bytes */
const megabytes = (values) => `${(median(values) / 1e6).toFixed(1)} MB`;

/**
 * Encrypts a wallet and unlocks it.
 * @param {import("../lib/tab.mjs").Tab} tab
 */
async function unlock(tab) {
  await tab.importKey(GENESIS);
  await tab.manageKeys();
  await tab.element("protect").click();
  for (const field of ["passphrase-new", "passphrase-again"]) await tab.element(field).fill("correct horse battery");
  await tab.element("protect-action").click();
  await tab.state("lock-state", "unlocked");
  await tab.element("lock").click();
  await tab.state("lock-state", "locked");
  await tab.element("unlock-passphrase").fill("correct horse battery");
  await tab.element("unlock").click();
  await tab.state("lock-state", "unlocked");
}

/**
 * A process's anonymous memory in bytes.
 * @param {number} pid
 */
async function anonymous(pid) {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/RssAnon:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024;
}

/**
 * The chain. It is created once for all runs, outside the repository.
 * @param {number} blocks
 */
async function chain(blocks) {
  const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "fedcoin-bench");
  const folder = join(cache, `chain-${blocks}`);
  const there = await access(join(folder, "block.json")).then(() => true, () => false);
  if (there) return folder;
  const tool = process.env.FEDCOIN_BENCH_BIN;
  if (!tool) throw new Error("FEDCOIN_BENCH_BIN is not set: use `cargo xtask bench`");
  console.log(`\nmaking a chain of ${blocks} blocks in ${folder} ...`);
  await rm(`${folder}.new`, { recursive: true, force: true });
  await mkdir(`${folder}.new`, { recursive: true });
  const shape = ["--payments", `${blocks}`, "--per-block", "1"];
  await promisify(execFile)(tool, ["chain", ...shape, "--out", `${folder}.new`], { timeout: PATIENCE });
  await rename(`${folder}.new`, folder);
  return folder;
}

/**
 * Runs in the page: records the times of the first paint, of the running node and of the end of the sync; until then
 * also the delay of clicks and the number of long tasks; and the duration of the last change of the wallet.
 * @param {number} height
 */
function watch(height) {
  const shown = (/** @type {string} */ id, /** @type {string} */ name) =>
    document.querySelector(`[data-testid="${id}"]`)?.getAttribute(name);
  const noted = { longTasks: 0, slowestClick: 0, walletAnswer: NaN };
  const note = () => Object.assign(window, noted);
  note();
  const tasks = new PerformanceObserver((list) => void (noted.longTasks += list.getEntries().length, note()));
  tasks.observe({ type: "longtask", buffered: true });
  const clicks = new PerformanceObserver((list) => {
    noted.slowestClick = Math.max(noted.slowestClick, ...list.getEntries().map((entry) => entry.duration));
    note();
  });
  clicks.observe(/** @type {PerformanceObserverInit} */ ({ type: "event", durationThreshold: 16 }));
  // A message consists of its kind (6 for `ToNode::Wallet`) and the number of the question as a varint: 7 bits a byte,
  // the eighth bit set in all but the last. A successful answer ends with a 0 after the number.
  const number = (/** @type {Uint8Array} */ message) => message.slice(1, message.findIndex((byte, i) => i > 0 && byte < 128) + 1);
  const post = Worker.prototype.postMessage;
  Worker.prototype.postMessage = function (/** @type {any} */ message, /** @type {any} */ options) {
    const asked = performance.now();
    const answered = (/** @type {MessageEvent} */ event) => {
      if (`${event.data.slice(1)}` !== `${number(message)},0`) return;
      this.removeEventListener("message", answered);
      noted.walletAnswer = performance.now() - asked;
      note();
    };
    if (message instanceof Uint8Array && message[0] === 6) this.addEventListener("message", answered);
    return post.call(this, message, options);
  };
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

/** Runs in the page: the size of the page's and workers' JavaScript heaps in bytes. Needs cross-origin isolation. */
async function memory() {
  const measured = await /** @type {any} */ (performance).measureUserAgentSpecificMemory();
  return measured.bytes;
}

/**
 * Runs in the page, in the view of blocks: scrolls through the whole chain and searches for a block. Returns the times
 * until the right blocks are drawn, in milliseconds.
 * @param {number} height of the chain
 */
async function list(height) {
  const found = (/** @type {string} */ id) => /** @type {any} */ (document.querySelector(`[data-testid="${id}"]`));
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  const blocks = found("blocks");
  const rows = () => [...blocks.querySelectorAll("li")];
  let most = 0;
  /** @param {() => unknown} act @param {() => unknown} done */
  const timed = async (act, done) => {
    const begun = performance.now();
    act();
    do {
      await frame();
      most = Math.max(most, rows().length);
    } while (!done());
    return performance.now() - begun;
  };
  const near = (/** @type {number} */ wanted) => rows().some((row) => Number(row.getAttribute("data-height") ?? NaN) === wanted);
  const whole = () => rows().length > 0 && rows().every((row) => row.getAttribute("data-id"));
  const oldest = await timed(() => found("blocks-oldest").click(), () => near(0));
  let jump = 0;
  for (let i = 0; i < 50; i += 1) {
    const share = (i * 37 % 50) / 50;
    const to = () => void (blocks.scrollTop = blocks.scrollHeight * share);
    jump = Math.max(jump, await timed(to, () => near(Math.round(height * (1 - share))) && whole()));
  }
  let scrolled = 0;
  const tasks = new PerformanceObserver((list) => void (scrolled += list.getEntries().length));
  tasks.observe({ type: "longtask" });
  for (let i = 0; i <= 500; i += 1) {
    blocks.scrollTop = blocks.scrollHeight * i / 500;
    await frame();
    most = Math.max(most, rows().length);
  }
  tasks.disconnect();
  const text = found("find-text");
  text.value = `${Math.floor(height / 3)}`;
  text.dispatchEvent(new Event("input", { bubbles: true }));
  const search = await timed(() => found("find").click(), () => found("block-details"));
  found("dialog-close").click();
  return { oldest, jump, scrolled, rows: most, search };
}
