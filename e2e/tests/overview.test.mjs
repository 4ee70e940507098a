// The overview: the block tree with a fork and a reorganisation, the blocks to come, charts, search, views.

import assert from "node:assert/strict";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { A, GENESIS } from "../lib/keys.mjs";
import { pictures } from "../lib/pictures.mjs";
import { temporaryFolder } from "../lib/place.mjs";
import { scenario } from "../lib/scenario.mjs";
import { RELAY_GONE } from "../lib/tab.mjs";
import { until, untilEqual } from "../lib/wait.mjs";

/** Number of blocks before the partition. */
const COMMON = 18;

scenario("the tree shows a fork and the reorganisation that ends it", async (s) => {
  // Two parts of a network that mine separate chains after a common start.
  const here = await s.relay({ key: GENESIS });
  await mineBlocks(here, COMMON);
  await here.stop();
  const dataDir = await temporaryFolder(s);
  await cp(join(here.folder, "data"), join(dataDir, "data"), { recursive: true });
  const there = await s.relay({ key: A, dataDir });
  await here.start({ key: GENESIS });
  await mineBlocks(here, 2);
  await mineBlocks(there, 3);
  const browser = await s.browser();
  const tab = await browser.tab(here.url);
  tab.tolerate(RELAY_GONE);
  await tab.agreesWith(here);
  const lost = await tab.tip();
  await untilEqual("the tree has one branch", () => treeBlocks(tab, "primary"), COMMON + 3);
  assert.equal(await treeBlocks(tab, "side"), 0);
  assert.equal(await tab.page.locator('[data-testid="tree-block"][data-tip="true"]').getAttribute("data-id"), lost);

  // The parts meet: the longer chain wins.
  await here.stop();
  await here.start({ args: ["--peer", there.address] });
  await until("the relays agree", async () => (await here.tip()).id === (await there.tip()).id);
  await tab.agreesWith(here);
  await untilEqual("the tree shows the new branch", () => treeBlocks(tab, "primary"), COMMON + 4);
  await untilEqual("the tree shows the old branch", () => treeBlocks(tab, "side"), 2);
  const block = (/** @type {string | null} */ id) => tab.page.locator(`[data-testid="tree-block"][data-id="${id}"]`);
  assert.equal(await block(lost).getAttribute("data-state"), "side");
  await untilEqual("the new branch lights up", () => tab.page.locator('[data-testid="tree-block"][data-lit="true"]').count(), 3);
  await until("it is reported", async () => /2 blocks removed.*3 blocks added/.test(await tab.text("reorganisation")));
  await pictures(tab, "overview/reorganisation");

  // Each block opens with one click, or with the keyboard.
  await block(lost).click();
  await tab.element("block-details").waitFor();
  await untilEqual("the lost block", () => tab.attribute("block-details", "data-id"), lost);
  await tab.page.goBack();
  await tab.element("block-details").waitFor({ state: "detached" });
  await block(await tab.tip()).focus();
  for (const key of ["ArrowLeft", "ArrowLeft", "ArrowDown", "Enter"]) await tab.page.keyboard.press(key);
  await tab.element("block-details").waitFor();
  const fork = await until("a block", () => tab.attribute("block-details", "data-id"));
  assert.equal(await block(fork).getAttribute("data-state"), "side");
  assert.equal(await block(fork).getAttribute("data-height"), `${COMMON + 1}`);
  await tab.page.keyboard.press("Escape");
  await tab.element("block-details").waitFor({ state: "detached" });

  // A reload keeps everything that is stored.
  await tab.reload();
  await untilEqual("the tree is back", () => treeBlocks(tab, "side"), 2);

  // Screenshots of the whole page. Nobody mines any more.
  await there.stop();
  await tab.importKey(GENESIS);
  for (let n = 0; n < 8; n += 1) await here.pay(GENESIS, A.publicKey, "0.5", "--fee-rate", `${5 * n ** 3}`);
  await tab.view("overview");
  await untilEqual("two coming blocks", () => tab.element("coming-block").count(), 2);
  await pictures(tab, "overview/lively");
});

scenario("the mempool is shown as the coming blocks", async (s) => {
  const relay = await s.relay();
  const browser = await s.browser();
  const tab = await browser.tab(relay.url);
  await tab.importKey(GENESIS);
  await tab.view("overview");
  const ids = [];
  for (let n = 0; n < 7; n += 1) ids.push(await relay.pay(GENESIS, A.publicKey, "1", "--fee", `0.000${n + 1}`));
  await untilEqual("all wait", () => tab.value("mempool-count"), 7);
  // A block of this network holds five payments.
  const boxes = async () => [await tab.attributes("coming-block", "data-height"), await tab.attributes("coming-block", "data-payments")];
  await untilEqual("two coming blocks", boxes, [["1", "2"], ["5", "2"]]);
  const coming = () => tab.attributes("coming-payment", "data-id");
  await untilEqual("all payments are in them", async () => (await coming()).sort(), [...ids].sort());
  const shown = await coming();
  await tab.element("coming-payment").first().click();
  await tab.element("transaction-details").waitFor();
  await untilEqual("the payment", () => tab.attribute("transaction-details", "data-id"), shown[0]);
  await tab.element("dialog-close").click();

  await tab.mine();
  await until("the first block", async () => (await relay.tip()).height >= 1);
  const block = await relay.get("blocks/1");
  assert.deepEqual(block.payments.map((/** @type {any} */ payment) => payment.txid).sort(), shown.slice(0, 5).sort());
});

scenario("search finds heights, ids, addresses and keys of any age", async (s) => {
  const relay = await s.relay({ key: GENESIS });
  const first = await relay.pay(GENESIS, A.publicKey, "2.5", "--wait", "1");
  await mineBlocks(relay, 60);
  const browser = await s.browser();
  const tab = await browser.tab(relay.url);
  await tab.agreesWith(relay);
  const { id } = await relay.get("blocks/1");
  const { address } = await relay.balance(A.publicKey);
  for (const [text, kind, found] of [
    ["1", "block", id],
    [id, "block", id],
    [first, "transaction", first],
    [A.publicKey, "address", address],
    [address, "address", address],
  ]) {
    await tab.element("find-text").fill(text);
    await tab.element("find").click();
    await untilEqual(`${text} is found`, () => tab.attribute(`${kind}-details`, "data-id"), found);
    assert.ok(new URL(tab.page.url()).hash.endsWith(`/${kind}/${found}`), "it has its own URL");
    if (text !== address) await tab.element("dialog-close").click();
  }
  // The address's oldest payment is on the second page, because each block has one.
  await tab.element("address-older").click();
  await until("the oldest payment is listed", async () => (await tab.attributes("address-transaction", "data-id")).includes(first));

  // The location is kept: the page opens there.
  await tab.reload();
  await untilEqual("the address is open", () => tab.attribute("address-details", "data-id"), address);
  await tab.element("dialog-close").click();

  const points = async () => (await tab.attributes("chart", "data-points")).map(Number);
  await untilEqual("three charts are drawn from the headers", points, [61, 61, 61]);
  await until("there is a hash rate", async () => (await tab.value("network-hash-rate")) > 0);
  await tab.element("chart-range").last().click();
  const chart = () => tab.element("chart").first().textContent();
  await until("the whole chain is drawn", async () => /Blocks 1 to 61/.test((await chart()) ?? ""));
});

scenario("views are reached by keyboard, by URL and by the back button", async (s) => {
  const relay = await s.relay();
  const browser = await s.browser();
  const tab = await browser.tab(relay.url);
  const shown = () => tab.page.locator('[data-testid="view"]:not([hidden])').getAttribute("data-view");
  assert.equal(await shown(), "overview");
  for (const view of /** @type {const} */ (["wallet", "mining", "node", "blocks"])) {
    await tab.page.locator(`[data-testid="view-link"][data-view="${view}"]`).focus();
    await tab.page.keyboard.press("Enter");
    await untilEqual("the view", shown, view);
    await untilEqual("the focus is in the view", () => tab.page.evaluate(() => document.activeElement?.id), "main");
    assert.equal(await tab.attribute("view-link", "aria-current"), null);
  }
  for (const view of ["node", "mining", "wallet", "overview"]) {
    await tab.page.goBack();
    await untilEqual("the view before", shown, view);
  }
  await tab.page.goForward();
  await untilEqual("the view after", shown, "wallet");
  await until("the title", async () => /^Wallet/.test(await tab.page.title()));
  // On a phone a view is higher than the window, but it still opens at its top.
  await tab.page.setViewportSize({ width: 360, height: 740 });
  for (const view of /** @type {const} */ (["mining", "blocks", "wallet", "overview"])) {
    await tab.page.evaluate(() => window.scrollTo(0, 300));
    await tab.view(view);
    await untilEqual("the focus is in the view", () => tab.page.evaluate(() => document.activeElement?.id), "main");
    await untilEqual("its top is seen", () => tab.page.evaluate(() => window.scrollY), 0);
  }
  await tab.page.setViewportSize({ width: 1280, height: 900 });
  // Without a key, the mining view links to the place where one can be created.
  await tab.view("mining");
  const link = tab.page.getByRole("link", { name: "Make a key in the wallet" });
  await link.click();
  await untilEqual("the wallet", shown, "wallet");
  await tab.element("key-new").click();
  await until("a key", () => tab.address());
  await untilEqual("the link is gone", () => link.count(), 0);
  await tab.page.goto(`${relay.url}#/nowhere`);
  await untilEqual("the overview", shown, "overview");
});

/** @typedef {import("../lib/tab.mjs").Tab} Tab */

/**
 * Number of blocks of the tree in this state.
 * @param {Tab} tab
 * @param {string} place
 */
function treeBlocks(tab, place) {
  return tab.page.locator(`[data-testid="tree-block"][data-state="${place}"]`).count();
}

/**
 * Makes a relay mine blocks one by one, each with a payment.
 * @param {import("../lib/relay.mjs").Relay} relay
 * @param {number} count
 */
async function mineBlocks(relay, count) {
  for (let n = 0; n < count; n += 1) await relay.pay(GENESIS, A.publicKey, "0.1", "--wait", "1");
}
