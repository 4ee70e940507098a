// The device loses its network, or only the relay is gone for long: the page shows which, since when, and what happens next.

import assert from "node:assert/strict";
import { GENESIS } from "../lib/keys.mjs";
import { scenario } from "../lib/scenario.mjs";
import { RELAY_GONE } from "../lib/tab.mjs";
import { until } from "../lib/wait.mjs";

scenario("offline and back", async (s) => {
  const relay = await s.relay({ key: GENESIS });
  const browser = await s.browser();
  const tab = await browser.tab(relay.url);
  const address = await tab.newKey();
  await relay.pay(GENESIS, address, "4", "--wait", "1");
  await tab.agreesWith(relay);
  await tab.view("overview");
  const notice = () => tab.element("notice").filter({ has: tab.element("try-now") }).textContent();

  // Sockets survive the simulated loss of the network, so the relay stops, too.
  tab.tolerate(RELAY_GONE, /ERR_INTERNET_DISCONNECTED/);
  await browser.context.setOffline(true);
  await relay.kill();
  await until("the page says it is offline", async () => /offline/.test((await notice()) ?? ""));

  // The network is back, the relay is not.
  await browser.context.setOffline(false);
  await until("the page misses the relay", async () => /No connection to the relay/.test((await notice()) ?? ""));
  await until("it counts down", async () => /Next try in \d+\u00a0s/.test((await notice()) ?? ""));
  assert.equal(await tab.value("spendable"), 4, "known values stay");

  await relay.start({ key: GENESIS });
  await tab.element("try-now").click().catch(() => undefined);
  await tab.state("relay", "ready");
  await tab.element("try-now").waitFor({ state: "detached" });
  await relay.pay(GENESIS, address, "1", "--wait", "1");
  await tab.agreesWith(relay);
  await tab.shows("spendable", 5);
});
