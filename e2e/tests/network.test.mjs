// One network of a native node and two tabs: a payment made in one tab, mined in the other, checked by all.

import assert from "node:assert/strict";
import { GENESIS } from "../lib/keys.mjs";
import { scenario } from "../lib/scenario.mjs";
import { RELAY_GONE } from "../lib/tab.mjs";
import { sleep, until, untilEqual } from "../lib/wait.mjs";

scenario("tabs sync, pay, mine and agree with the relay", async (s) => {
  const relay = await s.relay({ key: GENESIS });
  const browser = await s.browser();
  const payer = await browser.tab(relay.url);
  const miner = await browser.tab(relay.url);
  for (const tab of [payer, miner]) {
    await tab.agreesWith(relay);
    await tab.state("storage", "opfs");
    await tab.shows("supply", 50);
  }
  const network = (await relay.get("network")).id;
  assert.equal(await payer.attribute("network", "data-id"), network);

  // Paid from the command line; the native node mines it.
  const [payerAddress, minerAddress] = [await payer.newKey(), await miner.newKey()];
  assert.notEqual(payerAddress, minerAddress, "each tab has its own wallet");
  await relay.pay(GENESIS, payerAddress, "10", "--wait", "1");
  for (const tab of [payer, miner]) await tab.agreesWith(relay);
  await payer.shows("spendable", 10);
  await miner.shows("spendable", 0);

  // From here on there is no native mining.
  [payer, miner].forEach((tab) => tab.tolerate(RELAY_GONE));
  await relay.stop();
  await relay.start();
  for (const tab of [payer, miner]) await tab.state("relay", "ready");

  const txid = await payer.pay(minerAddress, "3.5");
  await untilEqual("the payment has reached the other tab", () => miner.attributes("mempool-payment", "data-id"), [txid]);
  await payer.shows("pending-out", 3.5);
  await miner.shows("pending-in", 3.5);
  await untilEqual("and the relay", async () => (await relay.get("mempool")).txids, [txid]);

  const height = (await relay.tip()).height;
  await miner.mine();
  await until("the relay has the block", async () => (await relay.tip()).height === height + 1);
  for (const tab of [payer, miner]) await tab.agreesWith(relay);
  const block = await relay.get(`blocks/${height + 1}`);
  assert.deepEqual(block.payments.map((/** @type {any} */ payment) => payment.txid), [txid]);
  assert.equal(block.coinbase.output.recipient, minerAddress);
  await miner.shows("blocks-found", 1);
  await miner.state("mining-state", "nothing");
  for (const tab of [miner, payer]) await tab.view("blocks");
  await untilEqual("the miner's own block", () => miner.attribute("block", "data-own"), "true");
  await untilEqual("somebody else's", () => payer.attribute("block", "data-own"), "false");
  await untilEqual("the payer sees it confirmed", () => payer.sentStates(), ["confirmed"]);

  await payer.shows("spendable", 6.5);
  await miner.shows("spendable", 53.5);
  for (const tab of [payer, miner]) await tab.shows("supply", 150);
  assert.equal((await relay.balance(payerAddress)).spendable, "6.5");
  assert.equal((await relay.balance(minerAddress)).spendable, "53.5");
  assert.equal((await relay.get("status")).supply, "150");
});

scenario("a tab connects to at most three relays", async (s) => {
  const others = await Promise.all(Array.from({ length: 4 }, () => s.relay({ network: "regtest" })));
  const peers = others.flatMap((other) => ["--peer", other.address]);
  const relay = await s.relay({ network: "regtest", args: peers });
  await until("the relay has its neighbours", async () => (await relay.get("status")).peers === 4);
  const tab = await (await s.browser()).tab(relay.url);
  await tab.view("node");
  const connections = () => tab.element("peers").locator("li").count();
  await untilEqual("three connections", connections, 3);
  // The tab would dial any further known relay at once.
  await sleep(2_000);
  assert.equal(await connections(), 3);
});
