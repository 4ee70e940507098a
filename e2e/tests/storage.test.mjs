// The browser's storage fails under the node: it says what happened and goes on, and no key is lost.

import assert from "node:assert/strict";
import { GENESIS } from "../lib/keys.mjs";
import { scenario } from "../lib/scenario.mjs";
import { until, untilEqual } from "../lib/wait.mjs";

/** So many blocks need more room than the tab is given. */
const BLOCKS = 1_500;
const ROOM = 1_000_000;

scenario("with its storage full a tab goes on in memory and says so", async (s) => {
  const relay = await s.relay({ network: "regtest", key: GENESIS, args: ["--mine", "always", "--log", "warn"] });
  await until(`${BLOCKS} blocks`, async () => (await relay.tip()).height >= BLOCKS);
  await relay.stop();
  await relay.start({ network: "regtest" });
  // The page's own files would be kept in the same room.
  const browser = await s.browser({ context: { serviceWorkers: "block" } });
  const tab = await browser.blank();
  const devtools = await browser.context.newCDPSession(tab.page);
  const origin = new URL(relay.url).origin;
  await devtools.send("Storage.overrideQuotaForOrigin", { origin, quotaSize: ROOM });
  await tab.open(relay.url);
  const address = await tab.newKey();
  await tab.view("overview");
  await tab.state("storage", "memory");
  await tab.agreesWith(relay);
  assert.match((await tab.element("notice").allTextContents()).join("\n"), /storage for this page is full/);
  await untilEqual("the wallet is there", () => tab.address(), address);

  // When there is room again, the next load takes up the chain on disk.
  await devtools.send("Storage.overrideQuotaForOrigin", { origin });
  await tab.reload();
  await tab.state("storage", "opfs");
  await tab.agreesWith(relay);
  assert.equal(await tab.address(), address);
});

scenario("a tab whose data is deleted under it goes on in a new file, keys and all", async (s) => {
  const relay = await s.relay({ key: GENESIS });
  const browser = await s.browser();
  const tab = await browser.tab(relay.url);
  const address = await tab.newKey();
  await relay.pay(GENESIS, address, "4", "--wait", "1");
  await tab.agreesWith(relay);

  const devtools = await browser.context.newCDPSession(tab.page);
  const origin = new URL(relay.url).origin;
  await devtools.send("Storage.clearDataForOrigin", { origin, storageTypes: "file_systems,indexeddb" });
  await relay.pay(GENESIS, address, "2", "--wait", "1");
  await tab.agreesWith(relay);
  await tab.shows("spendable", 6);
  await tab.state("storage", "opfs", "memory");
  assert.equal(await tab.address(), address);
});
