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

  // Without a relay the blocks stay, where they are.
  const tip = block(await tab.tip());
  assert.match((await tip.locator("title").textContent()) ?? "", /^Block \d+, on the primary chain, 1 payment, .*fed1.*ago, \d+.% full$/);
  const [count, place] = [await treeBlocks(tab, "primary"), await tip.boundingBox()];
  await here.stop();
  await until("the loss is told", async () => /No connection to the relay/.test((await tab.element("notice").allTextContents()).join()));
  await tab.page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
  assert.equal(await treeBlocks(tab, "primary"), count);
  assert.equal((await tip.boundingBox())?.y, place?.y);
});

scenario("the mempool is shown as the coming blocks", async (s) => {
  const relay = await s.relay();
  const browser = await s.browser();
  const tab = await browser.tab(relay.url);
  await tab.importKey(GENESIS);
  await tab.view("overview");
  assert.match((await tab.page.locator(".map-empty").textContent()) ?? "", /would be empty/);
  const ids = [];
  for (let n = 0; n < 7; n += 1) ids.push(await relay.pay(GENESIS, A.publicKey, "1", "--fee", `0.000${n + 1}`));
  await untilEqual("all wait", () => tab.value("mempool-count"), 7);
  // A block of this network holds five payments.
  const boxes = async () => [await tab.attributes("coming-block", "data-height"), await tab.attributes("coming-block", "data-payments")];
  await untilEqual("two coming blocks", boxes, [["1", "2"], ["5", "2"]]);
  const coming = () => tab.attributes("coming-payment", "data-id");
  await untilEqual("the next block is drawn", async () => (await coming()).length, 5);
  const shown = await coming();
  assert.ok(shown.every((id) => ids.includes(id ?? "")), "its payments wait");
  assert.deepEqual(new Set(await tab.attributes("coming-payment", "data-own")), new Set(["true"]), "own ones are marked");
  // One stop of the Tab key, arrow keys between payments; the one reached is told.
  assert.deepEqual((await tab.attributes("coming-payment", "tabindex")).sort(), ["-1", "-1", "-1", "-1", "0"]);
  await tab.element("coming-payment").first().focus();
  await tab.page.keyboard.press("ArrowRight");
  await untilEqual("the next one has the focus", () => tab.page.evaluate(() => document.activeElement?.getAttribute("data-id")), shown[1]);
  await until("its amount and fee are told", async () => /1 FED to fed1.*fee .*FED\/kB/.test((await tab.page.locator(".map-words").textContent()) ?? ""));
  await tab.element("coming-payment").first().click();
  await tab.element("transaction-details").waitFor();
  await untilEqual("the payment", () => tab.attribute("transaction-details", "data-id"), shown[0]);
  await tab.element("dialog-close").click();

  // The table of all waiting payments is sorted by fee, and by what is clicked.
  await tab.view("blocks");
  const rows = () => tab.attributes("mempool-payment", "data-id");
  await untilEqual("highest fee first", rows, [...ids].reverse());
  await tab.element("mempool-sort").nth(1).click();
  await untilEqual("lowest fee first", rows, ids);
  assert.equal(await tab.page.locator("th[aria-sort=ascending]").count(), 1);

  await tab.mine();
  await until("the first block", async () => (await relay.tip()).height >= 1);
  const block = await relay.get("blocks/1");
  assert.deepEqual(block.payments.map((/** @type {any} */ payment) => payment.txid).sort(), [...shown].sort());
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
  const genesis = (await relay.get("blocks/0")).id;
  const short = (/** @type {string} */ name) => `${name.slice(0, 10)}…\u2060${name.slice(-4)}`;
  for (const [text, kind, found] of [
    ["1", "block", id],
    [" Block #1 ", "block", id],
    ["genesis", "block", genesis],
    [short(id), "block", id],
    [`${id.slice(0, 24).toUpperCase()}`, "block", id],
    [first.slice(0, 11), "transaction", first],
    [short(address), "address", address],
    [`fedcoin:${address}?amount=1`, "address", address],
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
    await tab.element(`${kind}-details`).waitFor({ state: text === address ? "visible" : "detached" });
  }
  // The address's oldest payment is on the second page, because each block has one.
  await tab.element("address-older").click();
  await until("the oldest payment is listed", async () => (await tab.attributes("address-transaction", "data-id")).includes(first));

  // The location is kept: the page opens there.
  await tab.reload();
  await untilEqual("the address is open", () => tab.attribute("address-details", "data-id"), address);
  await tab.element("dialog-close").click();

  // What nothing fits leads to what is nearest.
  const unknown = `${first.slice(0, -1)}${first.endsWith("0") ? 1 : 0}`;
  for (const [text, words, kind, found] of [
    ["1,000,000", /Nearest: Block 61$/, "block", (await relay.get("blocks/61")).id],
    [unknown, /Nearest: /, "transaction", first],
    [`${address.slice(0, -1)}${address.endsWith("q") ? "p" : "q"}`, /Nearest: fed1/, "address", address],
  ]) {
    await tab.element("find-text").fill(text);
    await tab.element("find").click();
    await until(`${text} has a neighbour`, async () => words.test(await tab.text("find-answer")));
    await tab.element("find-nearest").click();
    await untilEqual("it opens", () => tab.attribute(`${kind}-details`, "data-id"), found);
    await tab.element("dialog-close").click();
  }
  await tab.element("find-text").fill(id.slice(0, 4));
  await tab.element("find").click();
  await until("several are told", async () => /^Several begin like that. The newest: /.test(await tab.text("find-answer")));

  // Links answer, also those that name nothing; buttons and arrow keys lead on.
  for (const [place, words] of /** @type {const} */ ([
    [`block/${"ab".repeat(32)}`, /doesn’t have this block/],
    [`transaction/${"ab".repeat(32)}`, /doesn’t know this transaction/],
    ["transaction/0000…12", /names no block, transaction or address/],
  ])) {
    await tab.page.goto(`${relay.url}#/blocks/${place}`);
    await until(`${place} is answered`, async () => words.test((await tab.page.locator("dialog[open]").textContent()) ?? ""));
  }
  await tab.page.goto(`${relay.url}#/blocks/block/12`);
  const at = (/** @type {number} */ height) => until(`block ${height}`, async () => (await tab.page.title()).startsWith(`Block ${height} `));
  await at(12);
  await untilEqual("its id", () => tab.attribute("block-details", "data-id"), (await relay.get("blocks/12")).id);
  await tab.page.keyboard.press("ArrowRight");
  await at(13);
  await tab.element("previous").click();
  await at(12);
  await tab.page.keyboard.press("ArrowLeft");
  await at(11);
  await tab.page.goto(`${relay.url}#/blocks/transaction/${first}`);
  await untilEqual("the payment", () => tab.attribute("transaction-details", "data-id"), first);
  await tab.element("previous").click();
  await until("the reward before it", async () => /^Mining reward/.test(await tab.page.title()));
  await tab.element("dialog-close").click();
  await tab.view("overview");

  const points = async () => (await tab.attributes("chart", "data-points")).map(Number);
  await untilEqual("three charts are drawn from the headers", points, [61, 61, 61]);
  await until("there is a hash rate", async () => (await tab.value("network-hash-rate")) > 0);
  // Nobody mines any more: it decays.
  const rate = await tab.value("network-hash-rate");
  await until("the hash rate decays", async () => (await tab.value("network-hash-rate")) < rate);
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
