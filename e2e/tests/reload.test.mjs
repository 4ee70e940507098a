// A reload keeps a tab's chain and wallet; tabs of one profile keep theirs separate.

import assert from "node:assert/strict";
import { Front } from "../lib/front.mjs";
import { GENESIS } from "../lib/keys.mjs";
import { scenario } from "../lib/scenario.mjs";
import { RELAY_GONE } from "../lib/tab.mjs";
import { until, untilEqual } from "../lib/wait.mjs";

scenario("a reload keeps chain and wallet, each tab its own", async (s) => {
  const relay = await s.relay({ key: GENESIS });
  const front = await Front.start(s, relay);
  const browser = await s.browser();
  const tabs = [await browser.tab(front.url), await browser.tab(front.url)];
  const addresses = [await tabs[0].newKey(), await tabs[1].newKey()];
  await relay.pay(GENESIS, addresses[0], "4", "--wait", "1");
  await relay.pay(GENESIS, addresses[1], "7", "--wait", "1");
  for (const tab of tabs) await tab.agreesWith(relay);

  // With a running relay: both tabs reload at the same time and find their own data.
  await Promise.all(tabs.map((tab) => tab.reload()));
  for (const [i, tab] of tabs.entries()) {
    await untilEqual(`tab ${i + 1} has its wallet`, () => tab.address(), addresses[i]);
    await tab.shows("spendable", [4, 7][i]);
    await tab.agreesWith(relay);
  }

  // Without a peer there is no chain to download: everything shown comes from the tab's own file.
  const { id, height } = await relay.tip();
  assert.equal(height, 2);
  tabs.forEach((tab) => tab.tolerate(RELAY_GONE));
  front.conduct = "cut";
  await Promise.all(tabs.map((tab) => tab.reload()));
  for (const [i, tab] of tabs.entries()) {
    await tab.state("relay", "waiting", "connecting");
    await tab.shows("height", height);
    await untilEqual("its tip", () => tab.tip(), id);
    await untilEqual("its wallet", () => tab.address(), addresses[i]);
    await tab.shows("spendable", [4, 7][i]);
    await tab.state("storage", "opfs");
  }
});

scenario("a duplicated tab has its own wallet, and names the slot of the first one", async (s) => {
  const relay = await s.relay();
  const browser = await s.browser();
  const first = await browser.tab(relay.url);
  const address = await first.newKey();
  assert.doesNotMatch((await first.element("notice").allTextContents()).join(), /slot 0/);

  // Browsers copy a tab's session storage when they duplicate it.
  const copy = await browser.blank();
  await copy.page.addInitScript(() => sessionStorage.setItem("fedcoin-slot", "0"));
  await copy.open(relay.url);
  await until("it says so", async () =>
    /Another tab now uses slot 0, which this tab had/.test(
      (await copy.element("notice").allTextContents()).join()
    )
  );
  assert.notEqual(await copy.newKey(), address);

  await copy.page.close();
  await first.reload();
  await untilEqual("nothing of the first is lost", () => first.address(), address);
});

/** Long enough that a tab needs a while to sync. */
const BLOCKS = 4_000;
/** A store writes after at most 256 changes, so some of this many blocks are on disk. */
const STORED = 600;

scenario("a tab reloaded during its first sync continues where it was", async (s) => {
  const relay = await s.relay({ network: "regtest", key: GENESIS, args: ["--mine", "always", "--log", "warn"] });
  await until(`${BLOCKS} blocks`, async () => (await relay.tip()).height >= BLOCKS);
  await relay.stop();
  await relay.start({ network: "regtest" });
  const { height } = await relay.tip();
  const front = await Front.start(s, relay);
  const browser = await s.browser();
  const tab = await browser.blank();
  tab.tolerate(RELAY_GONE);
  await tab.page.goto(front.url);
  const reached = await until("some blocks", async () => {
    const value = await tab.value("height");
    return value >= STORED && value;
  });
  assert.ok(reached < height, "it is in the middle");

  // Without peers, everything it has comes from its file.
  front.conduct = "cut";
  await tab.reload();
  await until("a part of the chain", async () => (await tab.value("height")) > 0);
  const kept = await tab.value("height");
  assert.ok(kept < height, `${kept} of ${height}`);
  front.conduct = "pass";
  await tab.agreesWith(relay);
  await tab.state("storage", "opfs");
});
