// The shortest way through a tab, in each browser that the tests have: it starts, keeps, pays and comes back.

import assert from "node:assert/strict";
import { GENESIS } from "../lib/keys.mjs";
import { scenario } from "../lib/scenario.mjs";
import { until, untilEqual } from "../lib/wait.mjs";

scenario("two tabs sync, pay each other and keep chain and keys over a reload", async (s) => {
  const relay = await s.relay({ key: GENESIS });
  const browser = await s.browser();
  const [payer, payee] = [await browser.tab(relay.url), await browser.tab(relay.url)];
  for (const tab of [payer, payee]) {
    await tab.agreesWith(relay);
    await tab.state("relay", "ready");
    await tab.state("storage", "opfs");
    assert.ok(await tab.page.evaluate(() => crossOriginIsolated));
  }
  const [own, theirs] = [await payer.newKey(), await payee.newKey()];
  assert.notEqual(own, theirs, "each tab has its own wallet");
  await relay.pay(GENESIS, own, "10", "--wait", "1");
  await payer.shows("spendable", 10);

  const txid = await payer.pay(theirs, "3.5");
  await until("it is mined", async () => (await relay.get(`transactions/${txid}`)).confirmations > 0);
  await payee.shows("spendable", 3.5);
  await payer.shows("spendable", 6.5);

  await payer.reload();
  await payer.agreesWith(relay);
  await untilEqual("the key is kept", () => payer.address(), own);
  await payer.shows("spendable", 6.5);
  await payer.state("storage", "opfs");
});
