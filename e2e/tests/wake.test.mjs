// A tab that stood still for some seconds, as browsers freeze tabs that nobody sees and as machines sleep, mines
// nothing on the tip that it knew before: first a relay has to tell what has happened meanwhile.

import assert from "node:assert/strict";
import { join } from "node:path";
import { Front } from "../lib/front.mjs";
import { A } from "../lib/keys.mjs";
import { writeNetwork } from "../lib/network.mjs";
import { temporaryFolder } from "../lib/place.mjs";
import { scenario } from "../lib/scenario.mjs";
import { RELAY_GONE } from "../lib/tab.mjs";
import { sleep, until } from "../lib/wait.mjs";

/** Hashes of a block on average: a tab that mines finds one within a second or two. */
const HASHES = 20_000_000;
/** How long the tab stands still, in milliseconds: longer than the node worker finds usual. */
const ASLEEP = 6_000;
/** How long is watched that nothing is mined, in milliseconds. */
const WATCHED = 6_000;
/** Blocks that the network finds meanwhile. */
const MEANWHILE = 3;

scenario("a tab that stood still mines again only when a relay has told it the chain", async (s) => {
  const folder = await temporaryFolder(s);
  const { address } = await (await s.relay()).balance(A.publicKey);
  const chain = await writeNetwork(join(folder, "network.toml"), address, HASHES);
  const relay = await s.relay({ chain });
  const front = await Front.start(s, relay);
  const browser = await s.browser();
  const tab = await browser.tab(front.url);
  tab.tolerate(RELAY_GONE);
  await tab.newKey();
  await tab.mine({ policy: "always" });
  await until("the tab mines", async () => (await tab.value("blocks-found")) > 0);

  // The relay's connection stays open and silent, so that nothing but the clock tells what has happened.
  front.hold();
  await browser.signalTabs("SIGSTOP");
  s.after(() => browser.signalTabs("SIGCONT").catch(() => {}));
  const before = await relay.tip();
  const native = await s.relay({ chain, key: A, args: ["-n", relay.address, "--mine", "always", "--mine-threads", "1"] });
  await Promise.all([
    sleep(ASLEEP),
    until("the network goes on", async () => (await relay.tip()).height >= before.height + MEANWHILE),
  ]);
  await native.kill();
  await browser.signalTabs("SIGCONT");

  await until("the tab notices", async () => /slept for/.test(await tab.text("log")));
  const found = await tab.value("blocks-found");
  for (const end = Date.now() + WATCHED; Date.now() < end; await sleep(100)) {
    assert.equal(await tab.attribute("mining-state", "data-state"), "syncing");
    assert.equal(await tab.value("blocks-found"), found);
  }
  assert.ok(!/restarted/.test((await tab.element("worker").allTextContents()).join()), "miners are not to blame");

  const { height } = await relay.tip();
  front.conduct = "pass";
  await until("the tab mines on the network's chain", async () => (await relay.tip()).height > height + 1);
  await tab.pause();
  await tab.agreesWith(relay);
  for (const block of await blocks(relay, before.height + 2, height)) {
    assert.equal(block.coinbase.output.recipient, address, "nothing of the tab's is among what it slept through");
  }
});

scenario("a tab that the browser lets go on dials its relay anew", async (s) => {
  const front = await Front.start(s, await s.relay());
  const tab = await (await s.browser()).tab(front.url);
  await tab.state("node-state", "synced");
  const before = front.connections;
  await tab.page.evaluate(() => document.dispatchEvent(new Event("resume")));
  await until("there is another connection", async () => front.connections > before);
  await tab.state("node-state", "synced");
});

/**
 * @param {import("../lib/relay.mjs").Relay} relay
 * @param {number} from
 * @param {number} to
 */
function blocks(relay, from, to) {
  const heights = Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);
  return Promise.all(heights.map((height) => relay.get(`blocks/${height}`)));
}
