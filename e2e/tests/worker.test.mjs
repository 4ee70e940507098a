// The node's worker ends, by a crash or by the browser. The page restarts it; if that does not help, it says so.

import assert from "node:assert/strict";
import { GENESIS } from "../lib/keys.mjs";
import { scenario } from "../lib/scenario.mjs";
import { until, untilEqual } from "../lib/wait.mjs";

const CRASH = /crash on purpose/;

scenario("a node worker that ends is restarted and continues", async (s) => {
  const relay = await s.relay({ network: "regtest" });
  const browser = await s.browser();
  const tab = await browser.blank();
  tab.tolerate(CRASH);
  await tab.page.addInitScript(rememberWorkers);
  await tab.open(relay.url);
  const other = await browser.tab(relay.url);
  const address = await tab.importKey(GENESIS);
  await tab.mine({ policy: "always" });
  await until("blocks", async () => (await relay.tip()).height > 1);

  for (const [i, end] of [terminate, crash].entries()) {
    await tab.page.evaluate(end);
    await untilEqual("another worker", () => tab.page.evaluate("window.workers.length"), i + 2);
    await tab.running();
    await untilEqual("the wallet is there", () => tab.address(), address);
    await tab.state("storage", "opfs");
    await tab.state("mining-state", "mining");
    const { height } = await relay.tip();
    await until("it mines on", async () => (await relay.tip()).height > height + 1);
  }
  await tab.pause();
  await tab.agreesWith(relay);
  await other.agreesWith(relay);
});

scenario("page and node worker are one program, which is downloaded once", async (s) => {
  const relay = await s.relay();
  // A service worker would fetch the miner's too.
  const browser = await s.browser({ context: { serviceWorkers: "block" } });
  const tab = await browser.blank();
  const programs = /** @type {string[]} */ ([]);
  browser.context.on("request", (request) => {
    const name = new URL(request.url()).pathname;
    if (name.endsWith(".wasm")) programs.push(name.replace(/-[0-9a-f]+_/, "-*_"));
  });
  await tab.open(relay.url);
  await tab.agreesWith(relay);
  assert.deepEqual(programs, ["/web-*_bg.wasm"]);
});

scenario("a worker that crashes repeatedly is given up, and nothing appears to run", async (s) => {
  const relay = await s.relay();
  const browser = await s.browser();
  const tab = await browser.blank();
  tab.tolerate(CRASH);
  await tab.page.addInitScript(rememberWorkers);
  await tab.open(relay.url);
  await tab.importKey(GENESIS);
  await tab.mine();
  for (let crashes = 1; crashes <= 4; crashes += 1) {
    await tab.running();
    await tab.page.evaluate(crash);
    if (crashes <= 3) {
      await untilEqual("another worker", () => tab.page.evaluate("window.workers.length"), crashes + 1);
      await until("it runs", async () => (await tab.attribute("node-state", "data-state")) !== "starting");
    }
  }
  await tab.element("failure").waitFor();
  await tab.state("mining-state", "off");
  await tab.state("relay", "none");
  await tab.view("mining");
  assert.ok(await tab.element("mining-start").isVisible());
  await tab.element("retry").click();
  await tab.running();
  await tab.agreesWith(relay);
});

/** Runs in the page: keeps references to its workers. */
function rememberWorkers() {
  /** @type {Worker[]} */
  const workers = [];
  Object.assign(window, {
    workers,
    Worker: class extends Worker {
      /** @param {string | URL} url @param {WorkerOptions} [options] */
      constructor(url, options) {
        super(url, options);
        workers.push(this);
      }
    },
  });
}

/** Runs in the page: ends the node's worker silently, as a browser short of memory might. */
function terminate() {
  /** @type {Worker[]} */ (Reflect.get(window, "workers")).at(-1)?.terminate();
}

/** Runs in the page: throws an unexpected error. */
function crash() {
  const worker = /** @type {Worker[]} */ (Reflect.get(window, "workers")).at(-1);
  worker?.dispatchEvent(new ErrorEvent("error", { message: "crash on purpose" }));
}
