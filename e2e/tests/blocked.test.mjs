// What is on the way or in the browser denies something: WebSockets, or files whose names a block list has.

import assert from "node:assert/strict";
import { Front } from "../lib/front.mjs";
import { A, GENESIS } from "../lib/keys.mjs";
import { PageCopy } from "../lib/page_copy.mjs";
import { scenario } from "../lib/scenario.mjs";
import { RELAY_GONE } from "../lib/tab.mjs";
import { until, untilEqual } from "../lib/wait.mjs";

/** What a browser says of requests that are cut off. */
const CUT = /Failed to load resource|Failed to fetch|ERR_FAILED/;
/** Parts of addresses that public block lists forbid. */
const LISTED = /miner|mining|coin|crypto|hash/i;

/** @param {import("../lib/tab.mjs").Tab} tab */
const carrier = (tab) => tab.attribute("relay", "data-carrier");

scenario("a tab whose WebSockets are denied connects by plain requests, and goes back", async (s) => {
  const relay = await s.relay({ key: GENESIS });
  const front = await Front.start(s, relay);
  front.conduct = "forbid";
  const tab = await (await s.browser()).blank();
  tab.tolerate(RELAY_GONE, CUT);
  await tab.open(front.url);
  await tab.state("relay", "ready");
  assert.equal(await carrier(tab), "http");
  await until("the page says why", async () => /blocks WebSockets/.test((await tab.element("notice").allTextContents()).join()));

  const address = await tab.newKey();
  await relay.pay(GENESIS, address, "4", "--wait", "1");
  await tab.agreesWith(relay);
  await tab.shows("spendable", 4);
  const txid = await tab.pay((await relay.balance(A.publicKey)).address, "1.5");
  await until("it is mined", async () => (await relay.get(`transactions/${txid}`)).confirmations > 0);
  await tab.agreesWith(relay);

  // The relay restarts: requests are still the way.
  await relay.stop();
  await relay.start({ key: GENESIS });
  await untilEqual("it is back", () => carrier(tab), "http");
  await tab.state("relay", "ready");
  await tab.agreesWith(relay);

  front.conduct = "pass";
  await untilEqual("WebSockets work", () => carrier(tab), "websocket");
  await tab.state("relay", "ready");
  await relay.pay(GENESIS, address, "1", "--wait", "1");
  await tab.agreesWith(relay);
  await tab.shows("spendable", 3.5);
});

scenario("WebSockets that are redirected, never answered or carry nothing are denied too", async (s) => {
  const relay = await s.relay({ key: GENESIS });
  const front = await Front.start(s, relay);
  const browser = await s.browser();
  for (const denial of /** @type {const} */ (["redirect", "ignore", "mute"])) {
    front.conduct = denial;
    const tab = await browser.blank();
    tab.tolerate(RELAY_GONE, CUT);
    await tab.open(front.url);
    await untilEqual(`${denial}: it connects`, () => carrier(tab), "http");
    await tab.state("relay", "ready");
    await tab.agreesWith(relay);
    await tab.page.close();
  }
});

scenario("no file has a name that block lists forbid", async (s) => {
  const relay = await s.relay({ network: "main" });
  const page = await PageCopy.of(relay, s);
  assert.deepEqual(Object.keys(page.files).filter((name) => LISTED.test(name)), []);
  const front = await Front.start(s, relay);
  front.blocked = LISTED;
  const tab = await (await s.browser()).tab(front.url);
  await tab.newKey();
  await tab.mine({ policy: "always" });
  await until("the tab finds blocks", async () => (await tab.value("blocks-found")) > 0);
});

scenario("a mining worker that is blocked says so, and the page still starts without its relay", async (s) => {
  const relay = await s.relay({ network: "main" });
  const front = await Front.start(s, relay);
  front.blocked = /kernel-worker/;
  const tab = await (await s.browser()).blank();
  tab.tolerate(RELAY_GONE, CUT);
  await tab.open(front.url);
  await tab.newKey();
  await tab.mine({ policy: "always" });
  await tab.state("worker", "blocked");
  assert.match((await tab.element("worker").textContent()) ?? "", /content blocker/);
  await tab.pause();

  await tab.page.evaluate(() => navigator.serviceWorker.ready);
  await relay.kill();
  await tab.reload();
  await untilEqual("the chain is there", () => tab.value("height"), 0);
});
