// The page is kept by the browser: it starts without its relay, on the stored chain, and a newer one takes its place.

import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Front } from "../lib/front.mjs";
import { A, GENESIS } from "../lib/keys.mjs";
import { PageCopy } from "../lib/page_copy.mjs";
import { ROOT, temporaryFolder } from "../lib/place.mjs";
import { scenario } from "../lib/scenario.mjs";
import { RELAY_GONE } from "../lib/tab.mjs";
import { until, untilEqual } from "../lib/wait.mjs";
import { crash, rememberWorkers } from "../lib/workers.mjs";

/** The browser's messages about requests that fail without a relay. */
const UNANSWERED = /ERR_FAILED|ERR_INTERNET_DISCONNECTED|Failed to load resource|Failed to fetch/;

scenario("without its relay the page starts on the stored chain", async (s) => {
  const relay = await s.relay({ key: GENESIS });
  const browser = await s.browser();
  const tab = await browser.tab(relay.url);
  const address = await tab.newKey();
  await relay.pay(GENESIS, address, "4", "--wait", "1");
  await tab.agreesWith(relay);
  await kept(tab);
  const { id } = await relay.tip();

  tab.tolerate(RELAY_GONE, UNANSWERED);
  await relay.kill();
  for (const again of [() => tab.reload(), () => tab.open(`${relay.url}#/wallet`)]) {
    await again();
    await untilEqual("the chain is there", () => tab.tip(), id);
    await untilEqual("the wallet is there", () => tab.address(), address);
    await tab.shows("spendable", 4);
    await tab.state("storage", "opfs");
    assert.ok(await tab.page.evaluate(() => crossOriginIsolated), "shared memory needs the cached headers");
  }
  // Mining starts as far as the node allows, which waits for peers: the miners' files are cached, too.
  await tab.mine();
  await tab.state("mining-state", "syncing");
  await tab.pause();

  // The API is never cached.
  const answer = await tab.page.evaluate(() => fetch("api/v1/status").then((r) => r.status, () => "none"));
  assert.equal(answer, "none");
  const names = await tab.page.evaluate(async () => {
    const caches_ = await Promise.all((await caches.keys()).map((name) => caches.open(name)));
    return (await Promise.all(caches_.map((cache) => cache.keys()))).flat().map((request) => new URL(request.url).pathname);
  });
  assert.ok(names.includes("/index.html") && names.some((name) => name.startsWith("/node-worker-")), String(names));
  assert.ok(!names.some((name) => name.startsWith("/api") || name === "/sw.js"), String(names));

  await relay.start({ key: GENESIS });
  await tab.state("relay", "ready");
  await relay.pay(GENESIS, A.publicKey, "1", "--wait", "1");
  await tab.agreesWith(relay);
});

scenario("a relay that accepts connections and does not respond blocks neither page nor chain", async (s) => {
  const relay = await s.relay({ key: GENESIS });
  const browser = await s.browser();
  const tab = await browser.tab(relay.url);
  const address = await tab.newKey();
  await relay.pay(GENESIS, address, "4", "--wait", "1");
  await tab.agreesWith(relay);
  await kept(tab);
  const { id } = await relay.tip();

  tab.tolerate(RELAY_GONE, UNANSWERED);
  relay.signal("SIGSTOP");
  await tab.reload();
  await untilEqual("the chain is there", () => tab.tip(), id);
  await untilEqual("the wallet is there", () => tab.address(), address);
  await tab.shows("spendable", 4);
  relay.signal("SIGCONT");
  await tab.agreesWith(relay);
});

scenario("what answers in the relay's place keeps nobody from the stored page and chain", async (s) => {
  const relay = await s.relay({ key: GENESIS });
  const front = await Front.start(s, relay);
  const browser = await s.browser();
  const tab = await browser.tab(front.url);
  const address = await tab.newKey();
  await relay.pay(GENESIS, address, "4", "--wait", "1");
  await tab.agreesWith(relay);
  await kept(tab);
  const { id } = await relay.tip();

  tab.tolerate(RELAY_GONE, UNANSWERED, /WebSocket/, /MIME type/, /ServiceWorker/);
  front.conduct = "cut";
  const page = "<!doctype html><title>Sign in</title><p>Sign in to this network.";
  /** @type {[string, NonNullable<Front["intruder"]>][]} */
  const intruders = [
    ["a sign-in page", (answer) => answer.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(page)],
    ["a refusal", (answer) => answer.writeHead(403, { "content-type": "text/html; charset=utf-8" }).end(page)],
    ["a limit", (answer) => answer.writeHead(429).end("too many requests")],
    ["one that falls silent", (answer) => answer.writeHead(200, { "content-type": "text/html; charset=utf-8" }).write("<!doc")],
    ["one that says nothing", () => {}],
  ];
  for (const [name, intruder] of intruders) {
    front.intruder = intruder;
    await tab.reload();
    await untilEqual(`the chain is there behind ${name}`, () => tab.tip(), id);
    await untilEqual("the wallet is there", () => tab.address(), address);
  }
  front.intruder = undefined;
  front.conduct = "pass";
  await tab.reload();
  await tab.agreesWith(relay);
});

scenario("other rules under the same name are told, and the keys of the earlier ones stay", async (s) => {
  const [first, second] = [await s.relay({ network: "classroom" }), await ownRules(s)];
  const front = await Front.start(s, first);
  const tab = await (await s.browser()).tab(front.url);
  const address = await tab.newKey();
  const changed = () => tab.element("notice").filter({ hasText: "other rules for classroom" });
  assert.equal(await changed().count(), 0);

  tab.tolerate(RELAY_GONE, /WebSocket/);
  front.relay = second;
  await tab.reload();
  await changed().waitFor();
  assert.equal(await tab.address(), "", "another network, another wallet");
  await tab.reload();
  await changed().getByTestId("notice-dismiss").click();
  await tab.reload();
  assert.equal(await changed().count(), 0, "they are the network's now");

  front.relay = first;
  await tab.reload();
  await changed().waitFor();
  await untilEqual("the keys are back", () => tab.address(), address);
});

scenario("a worker that starts again after an upgrade has the files that its tab runs on", async (s) => {
  const page = await PageCopy.of(await s.relay(), s);
  const relay = await s.relay({ args: ["--page", page.folder] });
  const browser = await s.browser();
  const tab = await browser.blank();
  tab.tolerate(/crash on purpose/, /404/);
  await tab.page.addInitScript(rememberWorkers);
  await tab.open(relay.url);
  await kept(tab);
  await page.become("0123456789abcdef");
  await tab.page.evaluate(async () => void (await (await navigator.serviceWorker.ready).update()));
  await tab.element("new-version").waitFor();
  await page.forget();
  await tab.page.evaluate(crash);
  await untilEqual("another worker", () => tab.page.evaluate("window.workers.length"), 2);
  await tab.agreesWith(relay);
  assert.equal(await build(tab), page.build);
});

scenario("a tab whose files are gone after an upgrade says that there is a newer page", async (s) => {
  const page = await PageCopy.of(await s.relay(), s);
  const relay = await s.relay({ args: ["--page", page.folder] });
  // Without a service worker, as over plain http, and without what the browser has kept by itself.
  const browser = await s.browser({ context: { serviceWorkers: "block" } });
  await browser.context.route("**", (route) => route.continue());
  const tab = await browser.blank();
  tab.tolerate(/crash on purpose/, /404/, /was not loaded/, /Failed to load/);
  await tab.page.addInitScript(rememberWorkers);
  await tab.open(relay.url);
  await page.become("0123456789abcdef");
  await page.forget();
  await tab.page.evaluate(crash);
  await until("it says so", async () => /newer version .* Reload the page/.test(await tab.text("failure")));
  await tab.element("new-version").waitFor();
});

scenario("a newer page is announced, and used from the next load", async (s) => {
  const page = await PageCopy.of(await s.relay(), s);
  const relay = await s.relay({ args: ["--page", page.folder] });
  const browser = await s.browser();
  const tab = await browser.tab(relay.url);
  await kept(tab);
  assert.equal(await build(tab), page.build);

  await page.become("0123456789abcdef");
  await tab.page.evaluate(async () => void (await (await navigator.serviceWorker.ready).update()));
  await tab.element("new-version").waitFor();
  assert.equal(await build(tab), page.build, "nothing changes while the page is open");
  await tab.element("new-version").getByRole("button").click();
  await untilEqual("the newer page", () => build(tab), "0123456789abcdef");
  await tab.running();
  assert.equal(await tab.element("new-version").count(), 0);
});

/**
 * A relay with rules of its own under the name `classroom`.
 * @param {import("../lib/scenario.mjs").Scenario} s
 */
async function ownRules(s) {
  const file = join(await temporaryFolder(s), "classroom.toml");
  const rules = await readFile(join(ROOT, "docs/my-class.toml"), "utf8");
  await writeFile(file, rules.replace(/^name = .*$/m, 'name = "classroom"'));
  return s.relay({ chain: file });
}

/** @typedef {import("../lib/tab.mjs").Tab} Tab */

/**
 * Waits until the browser has cached the page and can answer in place of the relay.
 * @param {Tab} tab
 */
async function kept(tab) {
  await until("the page is cached", () => tab.page.evaluate(() => navigator.serviceWorker.controller?.state === "activated"));
}

/** @param {Tab} tab */
const build = (tab) => tab.page.evaluate(() => document.querySelector("meta[name=build]")?.getAttribute("content"));
