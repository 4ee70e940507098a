// The network `main`, which a relay runs unless told otherwise: a tab mines it from its first block.

import assert from "node:assert/strict";
import { scenario } from "../lib/scenario.mjs";
import { until } from "../lib/wait.mjs";

const BLOCKS = 3;

scenario("a tab mines the first blocks of main", async (s) => {
  const relay = await s.relay({ network: "main" });
  const browser = await s.browser();
  const tab = await browser.tab(relay.url);
  await tab.agreesWith(relay);
  assert.match(await tab.text("network"), /main/);

  const own = await tab.newKey();
  await tab.mine({ policy: "always" });
  await until("the relay has the tab's blocks", async () => (await relay.tip()).height >= BLOCKS);
  await tab.agreesWith(relay);
  const { confirmed, spendable } = await relay.balance(own);
  assert.ok(Number(confirmed) >= 50 * BLOCKS, `${confirmed} FED for ${BLOCKS} blocks`);
  assert.equal(spendable, "0", "rewards mature first");

  const [first, second] = [await relay.get("blocks/1"), await relay.get("blocks/2")];
  assert.equal(first.header.target, "1e03ffff");
  assert.ok(Number(`0x${second.header.target}`) <= 0x1e03ffff, "never easier than the network's");
});
