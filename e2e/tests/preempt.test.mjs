// Tabs mine at a hard target; a block found natively moves all their miners to the new tip.

import assert from "node:assert/strict";
import { join } from "node:path";
import { A } from "../lib/keys.mjs";
import { writeNetwork } from "../lib/network.mjs";
import { temporaryFolder } from "../lib/place.mjs";
import { scenario } from "../lib/scenario.mjs";
import { until, untilEqual } from "../lib/wait.mjs";

/** Hashes of a block on average: seconds for a native thread, longer for a worker in a tab. */
const HASHES = 400_000_000;

scenario("a block found natively preempts the tabs' miners", async (s) => {
  const folder = await temporaryFolder(s);
  // The owner of the genesis coins does not matter here; any address will do.
  const probe = await s.relay();
  const { address } = await probe.balance(A.publicKey);
  const chain = await writeNetwork(join(folder, "network.toml"), address, HASHES);
  const relay = await s.relay({ chain });
  const browser = await s.browser();
  const tabs = [await browser.tab(relay.url), await browser.tab(relay.url)];
  for (const tab of tabs) {
    await tab.newKey();
    await tab.mine({ policy: "always" });
    await tab.state("mining-state", "mining");
    await tab.state("worker", "searching");
  }
  const before = await Promise.all(tabs.map(searching));

  const miner = await s.relay({ chain, key: A, args: ["-n", relay.address, "--mine", "always", "--mine-threads", "1"] });
  const height = await until("the relay has a block found natively", () => nativeBlock(relay, address));
  await miner.kill();

  for (const [i, tab] of tabs.entries()) {
    await tab.agreesWith(relay);
    await until("the miners have moved to the new tip", async () => {
      const now = await searching(tab);
      return now.height > height && now.generation > before[i].generation;
    });
    await tab.state("mining-state", "mining");
    await tab.state("worker", "searching");
    await until("the pause was measured", async () => Number(await tab.attribute("preemption", "data-count")) >= 1);
  }

  // Every accepted block builds on the tip of its time: there are no stale side blocks.
  const status = await relay.get("status");
  assert.equal(status.side_blocks, 0);
  for (const tab of tabs) {
    await tab.view("blocks");
    const places = async () => [...new Set(await tab.attributes("block", "data-state"))];
    await untilEqual("all blocks are on the primary chain", places, ["primary"]);
    await tab.pause();
    await tab.state("mining-state", "off");
    await until("the miners are gone", async () => (await tab.element("worker").count()) === 0);
  }
});

/** @param {import("../lib/tab.mjs").Tab} tab */
async function searching(tab) {
  const [height, generation] = await Promise.all(
    ["data-height", "data-generation"].map((name) => tab.attribute("mining-state", name)),
  );
  return { height: Number(height ?? NaN), generation: Number(generation ?? NaN) };
}

/**
 * The height of the highest block mined by this address, or 0.
 * @param {import("../lib/relay.mjs").Relay} relay
 * @param {string} miner
 */
async function nativeBlock(relay, miner) {
  for (let height = (await relay.tip()).height; height > 0; height -= 1) {
    if ((await relay.get(`blocks/${height}`)).coinbase.output.recipient === miner) return height;
  }
  return 0;
}
