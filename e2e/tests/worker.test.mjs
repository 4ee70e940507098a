// The node's worker ends, by a crash or by the browser. The page restarts it; if that does not help, it says so.

import assert from "node:assert/strict";
import { GENESIS } from "../lib/keys.mjs";
import { PageCopy } from "../lib/page_copy.mjs";
import { scenario } from "../lib/scenario.mjs";
import { until, untilEqual } from "../lib/wait.mjs";
import { crash, rememberWorkers, terminate } from "../lib/workers.mjs";

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

scenario("a browser without shared memory has a node and miners all the same", async (s) => {
  const page = await PageCopy.of(await s.relay(), s);
  await page.change("node-worker.js", (text) => `delete self.SharedArrayBuffer;\n${text}`);
  const relay = await s.relay({ network: "main", args: ["--page", page.folder] });
  const tab = await (await s.browser()).tab(relay.url);
  assert.ok(await tab.page.evaluate(() => crossOriginIsolated), "the page is isolated, and still has none");
  await tab.newKey();
  await tab.mine({ policy: "always" });
  await until("it mines", async () => (await relay.tip()).height > 0);
});

scenario("a worker that gets no more memory says so", async (s) => {
  const page = await PageCopy.of(await s.relay(), s);
  await page.change("node-worker.js", (text) => text.replace(".then(watch)", `.then(${takeMemory}).then(watch)`));
  const relay = await s.relay({ args: ["--page", page.folder] });
  const tab = await (await s.browser()).tab(relay.url);
  tab.tolerate(/out of memory/);
  await tab.newKey();
  await tab.page.evaluate(() => new BroadcastChannel("test").postMessage("take"));
  await tab.manageKeys();
  await tab.element("protect").click();
  for (const id of ["passphrase-new", "passphrase-again"]) await tab.element(id).fill("correct horse battery");
  await tab.element("protect-action").click();
  await tab.element("protect-problem").filter({ hasText: /no memory left/ }).waitFor();
  await tab.element("dialog-close").click();
  await tab.page.evaluate(() => new BroadcastChannel("test").postMessage("use"));
  await tab.view("node");
  await until("it is told", async () => /no memory left/.test(await tab.text("log")));
  assert.doesNotMatch(await tab.text("log"), /file/);
  await tab.agreesWith(relay);
});

scenario("keys can be locked after the node has stopped", async (s) => {
  const relay = await s.relay();
  const browser = await s.browser();
  const tab = await browser.blank();
  await tab.page.addInitScript(rememberWorkers);
  await tab.open(relay.url);
  await tab.newKey();
  await tab.manageKeys();
  await tab.element("protect").click();
  for (const id of ["passphrase-new", "passphrase-again"]) await tab.element(id).fill("correct horse battery");
  await tab.element("protect-action").click();
  await tab.state("lock-state", "unlocked");
  await tab.page.evaluate(stop);
  await tab.element("failure").waitFor();
  await tab.element("lock").click();
  await tab.state("lock-state", "locked");
  await tab.element("unlock-passphrase").fill("correct horse battery");
  await tab.element("unlock").click();
  await tab.state("lock-state", "unlocked");
});

/** Runs in the page: has the node stop, by the message `ToNode::Stop`. */
function stop() {
  /** @type {Worker[]} */ (Reflect.get(window, "workers")).at(-1)?.postMessage(Uint8Array.of(2));
}

/**
 * Runs in the worker: takes all memory that the program could get, then uses some of it, once the test says so.
 * @param {{ memory: WebAssembly.Memory, __wbindgen_malloc: (size: number, align: number) => number }} program
 */
function takeMemory(program) {
  new BroadcastChannel("test").onmessage = ({ data }) => {
    if (data === "use") program.__wbindgen_malloc(1 << 28, 1);
    for (let pages = 8_192; pages > 0; pages >>= 1) {
      try {
        for (;;) program.memory.grow(pages);
      } catch {
        // Less, then.
      }
    }
  };
  return program;
}
