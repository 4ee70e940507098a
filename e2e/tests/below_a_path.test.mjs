// The page behind a proxy that serves it below a path of a larger site.

import assert from "node:assert/strict";
import { Front } from "../lib/front.mjs";
import { A, GENESIS } from "../lib/keys.mjs";
import { startNginx } from "../lib/nginx.mjs";
import { scenario } from "../lib/scenario.mjs";
import { RELAY_GONE } from "../lib/tab.mjs";
import { until, untilEqual } from "../lib/wait.mjs";

scenario("below a path the page is whole: workers, peers, API, links, and the copy that the browser keeps", async (s) => {
  const relay = await s.relay({ key: GENESIS });
  const front = await Front.start(s, relay);
  front.prefix = "/class/fedcoin";
  const browser = await s.browser();
  const tab = await browser.tab(front.url);
  await tab.state("relay", "ready");
  const address = await tab.newKey();
  await relay.pay(GENESIS, address, "4", "--wait", "1");
  await tab.agreesWith(relay);
  await tab.shows("spendable", 4);
  await tab.mine();
  await relay.pay(GENESIS, A.publicKey, "1", "--wait", "1");
  await tab.agreesWith(relay);
  await tab.pause();

  const strays = await tab.page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => name));
  assert.deepEqual(strays.filter((name) => !name.startsWith(front.url)), []);
  const other = await browser.blank();
  // The browser asks the site itself for the icon of a document that names none.
  other.tolerate(/favicon\.ico/);
  await other.open(`${front.url}some/old/link#/wallet`);
  assert.equal(other.page.url(), `${front.url}#/wallet`);
  await other.page.goto(`${front.url}api/v1/docs`);
  await other.page.getByRole("link", { name: "/status", exact: true }).click();
  await until("the API's own links work", () => other.page.url() === `${front.url}api/v1/status`);

  await until("the page is kept", () => tab.page.evaluate(() => navigator.serviceWorker.controller?.state === "activated"));
  const { id } = await relay.tip();
  tab.tolerate(RELAY_GONE, /Failed to load resource|Failed to fetch|ERR_FAILED/);
  await relay.kill();
  await tab.reload();
  await untilEqual("the chain is there", () => tab.tip(), id);
  await untilEqual("the wallet is there", () => tab.address(), address);
});

scenario("through a real nginx, with and without WebSockets, tabs are peers", async (s) => {
  const relay = await s.relay({ key: GENESIS });
  const { whole, plain } = await startNginx(s, relay);
  const browser = await s.browser();
  const [first, second] = [await browser.tab(whole), await browser.blank()];
  second.tolerate(RELAY_GONE);
  await second.open(plain);
  for (const tab of [first, second]) await tab.state("relay", "ready");
  const carriers = () => Promise.all([first, second].map((tab) => tab.attribute("relay", "data-carrier")));
  assert.deepEqual(await carriers(), ["websocket", "http"]);
  const address = await second.newKey();
  await relay.pay(GENESIS, address, "4", "--wait", "1");
  for (const tab of [first, second]) await tab.agreesWith(relay);
  await second.shows("spendable", 4);
  const txid = await second.pay(await first.newKey(), "1.5");
  await until("it is mined", async () => (await relay.get(`transactions/${txid}`)).confirmations > 0);
  await first.shows("spendable", 1.5);
});
