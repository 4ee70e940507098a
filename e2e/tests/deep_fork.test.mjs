// A tab finds that others have mined another chain for long: it moves to the one with more work, however deep the fork.

import assert from "node:assert/strict";
import { A, GENESIS } from "../lib/keys.mjs";
import { scenario } from "../lib/scenario.mjs";
import { RELAY_GONE } from "../lib/tab.mjs";
import { until } from "../lib/wait.mjs";

/** More blocks than two download windows, and than two moves of the primary chain. */
const DEPTH = 700;

scenario("a tab moves to a chain that forks hundreds of blocks below its tip, and reports one reorganisation", async (s) => {
  const [relay, other] = [await s.relay({ network: "regtest" }), await s.relay({ network: "regtest" })];
  const { height } = await grown(relay, GENESIS, DEPTH);
  const heavier = await grown(other, A, height + 50);
  const browser = await s.browser();
  const tab = await browser.tab(relay.url);
  await tab.agreesWith(relay);

  tab.tolerate(RELAY_GONE);
  await relay.stop();
  await other.stop();
  relay.folder = other.folder;
  await relay.start({ network: "regtest" });
  await tab.agreesWith(relay);
  assert.equal(await tab.tip(), heavier.id);
  await until("it is reported", async () => (await tab.element("reorganisation").count()) > 0);
  const told = (await tab.element("reorganisation").allTextContents()).join("\n");
  assert.match(told, new RegExp(`^Reorganisation after block 0: ${grouped(height)} blocks removed.*, [\\d,]+ blocks added[^\n]*$`));
  await tab.view("node");
  const logged = (await tab.text("log")).match(/Reorganisation/g);
  assert.equal(logged?.length, 1, "the log reports it once");

  // The chain is in the tab's own file, too.
  await tab.page.reload();
  await tab.agreesWith(relay);
});

/** As the page shows it. @param {number} number */
const grouped = (number) => number.toLocaleString("en-GB");

/**
 * Makes a relay mine this many blocks and then rest.
 * @param {import("../lib/relay.mjs").Relay} relay
 * @param {import("../lib/keys.mjs").Key} key
 * @param {number} blocks
 */
async function grown(relay, key, blocks) {
  await relay.stop();
  await relay.start({ network: "regtest", key, args: ["--mine", "always", "--log", "warn"] });
  await until(`${blocks} blocks`, async () => (await relay.tip()).height >= blocks);
  await relay.stop();
  await relay.start({ network: "regtest" });
  return relay.tip();
}
