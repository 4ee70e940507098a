import { until } from "../lib/wait.mjs";
import { miningTab, network } from "./mining_tab.mjs";

/** Number of competing tabs, each with one worker. */
const TABS = 3;
/** Mean number of hashes per block. */
const HASHES = 60_000_000;
/** Maximum time for the blocks, in milliseconds. */
const PATIENCE = 600_000;

/**
 * Measures the share of the tabs' hashes spent on outdated blocks.
 * @param {import("../lib/scenario.mjs").Scenario} scenario
 * @param {number} blocks
 */
export async function stale(scenario, blocks) {
  const relay = await scenario.relay({ chain: await network(scenario, HASHES) });
  const tabs = [];
  for (let i = 0; i < TABS; i += 1) tabs.push((await miningTab(scenario, relay, {})).tab);
  const first = (await relay.tip()).height;
  const begun = performance.now();
  const height = async () => (await relay.tip()).height - first;
  await until(`${blocks} blocks`, async () => (await height()) >= blocks, PATIENCE);
  const seconds = (performance.now() - begun) / 1000;
  const sum = async (/** @type {string} */ id) => {
    return (await Promise.all(tabs.map((tab) => tab.value(id)))).reduce((all, one) => all + one, 0);
  };
  const [staleHashes, hashes] = [await sum("stale-hashes"), await sum("hashes")];
  const share = (100 * staleHashes) / hashes;
  const data = { blocks: await height(), seconds, hashes, stale_hashes: staleHashes, share_percent: share };
  /** @type {[string, unknown][]} */
  const rows = [[`hashes on outdated blocks, ${TABS} tabs, ${data.blocks} blocks in ${seconds.toFixed(0)} s`, `${share.toFixed(2)} %`]];
  return { rows, data };
}
