// A chain of thousands of blocks: the page keeps few of them in the document, and finds each.

import assert from "node:assert/strict";
import { GENESIS } from "../lib/keys.mjs";
import { scenario } from "../lib/scenario.mjs";
import { until, untilEqual } from "../lib/wait.mjs";

/** Blocks of the chain; some more come before the relay is stopped. */
const BLOCKS = 2_000;
/** Maximum number of rows in the list: the visible ones and a few more. */
const FEW = 40;

scenario("the list of a long chain has few rows, at the scroll position", async (s) => {
  const relay = await s.relay({ network: "regtest", key: GENESIS, args: ["--mine", "always", "--log", "warn"] });
  await until(`${BLOCKS} blocks`, async () => (await relay.tip()).height >= BLOCKS);
  await relay.stop();
  await relay.start({ network: "regtest" });
  const { height } = await relay.tip();
  const browser = await s.browser();
  const tab = await browser.tab(relay.url);
  await tab.agreesWith(relay);
  await tab.view("blocks");
  await lists(tab, relay, height, "the newest");

  await tab.element("blocks-oldest").click();
  await lists(tab, relay, 0, "the oldest");
  // As far as a scroll bar is dragged, wherever that is.
  // More places than are kept: 1,000 blocks, some 50 or 100 at each.
  for (let step = 19; step > 0; step -= 1) {
    const share = step / 20;
    await tab.element("blocks").evaluate((list, share) => void (list.scrollTop = list.scrollHeight * share), share);
    await lists(tab, relay, Math.round(height * (1 - share)) - 3, `${share} of the way down`);
  }
  for (const share of [0.5, 0.25, 0.75]) {
    await tab.element("blocks").evaluate((list, share) => void (list.scrollTop = list.scrollHeight * share), share);
    // A little below the upper edge of the visible part.
    await lists(tab, relay, Math.round(height * (1 - share)) - 3, `${share} of the way down`);
  }
  await tab.element("blocks").focus();
  await tab.page.keyboard.press("End");
  await lists(tab, relay, 0, "the oldest by keyboard");
  await tab.element("blocks-newest").click();
  await lists(tab, relay, height, "the newest again");
  await tab.element("blocks-newest").waitFor({ state: "detached" });

  // A row opens its block.
  await tab.element("blocks-oldest").click();
  await tab.page.locator('[data-testid="block"][data-height="3"] button').click();
  const { id } = await relay.get("blocks/3");
  await untilEqual("the block is shown", () => tab.attribute("block-details", "data-id"), id);
});

/**
 * Waits until a block is visible in the list, with its correct id, among its neighbours and few others.
 * @param {import("../lib/tab.mjs").Tab} tab
 * @param {import("../lib/relay.mjs").Relay} relay
 * @param {number} height
 * @param {string} what
 */
async function lists(tab, relay, height, what) {
  const { id } = await relay.get(`blocks/${height}`);
  const heights = await until(`the list shows block ${height}, ${what}`, async () => {
    const rows = await tab.element("blocks").evaluate((list) => {
      const box = list.getBoundingClientRect();
      return [...list.querySelectorAll("li")].map((row) => ({
        height: Number(row.getAttribute("data-height") ?? NaN),
        id: row.getAttribute("data-id"),
        seen: row.getBoundingClientRect().bottom > box.top && row.getBoundingClientRect().top < box.bottom,
      }));
    });
    assert.ok(rows.length > 0 && rows.length <= FEW, `${rows.length} rows`);
    const seen = rows.some((row) => row.seen && row.height === height && row.id === id);
    return seen && rows.every((row) => row.id) && rows.map((row) => row.height);
  });
  assert.deepEqual(heights, heights.map((_, i) => heights[0] - i), "consecutive heights");
}
