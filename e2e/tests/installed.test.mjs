// The page is kept by the browser: it starts without its relay, on the stored chain, and a newer one takes its place.

import assert from "node:assert/strict";
import { A, GENESIS } from "../lib/keys.mjs";
import { PageCopy } from "../lib/page_copy.mjs";
import { scenario } from "../lib/scenario.mjs";
import { RELAY_GONE } from "../lib/tab.mjs";
import { until, untilEqual } from "../lib/wait.mjs";

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
  assert.ok(names.includes("/index.html") && names.includes("/node-worker.js"), String(names));
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
