// The relay is killed and restarted: tabs report it, reconnect by themselves and continue.

import assert from "node:assert/strict";
import { A, GENESIS } from "../lib/keys.mjs";
import { scenario } from "../lib/scenario.mjs";
import { RELAY_GONE } from "../lib/tab.mjs";
import { until } from "../lib/wait.mjs";

scenario("tabs survive the crash of a relay and reconnect", async (s) => {
  const relay = await s.relay({ key: GENESIS });
  const browser = await s.browser();
  const tabs = [await browser.tab(relay.url), await browser.tab(relay.url)];
  const [payer, other] = tabs;
  await payer.importKey(GENESIS);
  for (const tab of tabs) await tab.agreesWith(relay);
  await payer.pay(A.publicKey, "1");
  await until("the payment is mined", async () => (await relay.tip()).height === 1);
  for (const tab of tabs) await tab.agreesWith(relay);
  const before = await relay.tip();

  tabs.forEach((tab) => tab.tolerate(RELAY_GONE));
  await relay.kill();
  for (const tab of tabs) {
    await tab.state("relay", "waiting", "connecting");
    await tab.state("node-state", "waiting-for-peers");
    assert.equal(await tab.tip(), before.id);
  }
  // A payment made meanwhile waits in the tab.
  const txid = await payer.pay(A.publicKey, "2");

  await relay.start({ key: GENESIS });
  assert.ok((await relay.tip()).height >= before.height, "the relay kept its chain");
  for (const tab of tabs) await tab.state("relay", "ready");
  await until("the payment made meanwhile is mined", async () => {
    return (await relay.get(`transactions/${txid}`)).confirmations > 0;
  });
  for (const tab of tabs) await tab.agreesWith(relay);

  const next = await payer.pay(A.publicKey, "3");
  await until("a new payment is mined", async () => (await relay.get(`transactions/${next}`)).confirmations > 0);
  for (const tab of tabs) await tab.agreesWith(relay);
  assert.equal((await relay.balance(A.publicKey)).confirmed, "6");
  assert.equal(await other.value("height"), (await relay.tip()).height);
});
