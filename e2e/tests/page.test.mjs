// The page itself: errors for bad input, the keyboard, languages, widths and colours.

import assert from "node:assert/strict";
import { A, GENESIS } from "../lib/keys.mjs";
import { pictures } from "../lib/pictures.mjs";
import { scenario } from "../lib/scenario.mjs";
import { until, untilEqual } from "../lib/wait.mjs";

scenario("each error in a form is named", async (s) => {
  const relay = await s.relay();
  const browser = await s.browser();
  const tab = await browser.tab(relay.url);

  await tab.view("wallet");
  await tab.element("key-import").click();
  const dialog = tab.page.locator("dialog[open]");
  for (const [text, problem] of [
    ["hello", /isn’t hex/],
    ["00ff", /isn’t a P-256 private key/],
    [A.publicKey, /Use the private key here/],
    [A.privateKey.slice(0, -2), /isn’t a P-256 private key/],
  ]) {
    await dialog.getByTestId("key-import-text").fill(/** @type {string} */ (text));
    await dialog.getByTestId("key-import-action").click();
    await tells(tab, () => dialog.getByTestId("key-problem").textContent(), /** @type {RegExp} */ (problem));
  }
  for (const [bytes, problem] of [[200_000, /isn’t hex/], [200_001, /too large/], [2_000_000, /too large/]]) {
    await dialog.getByTestId("key-import-text").fill("");
    await dialog.getByTestId("key-import-file").setInputFiles(file(/** @type {number} */ (bytes)));
    if (bytes === 200_000) {
      await untilEqual("it is read", async () => (await dialog.getByTestId("key-import-text").inputValue()).length, bytes);
      await dialog.getByTestId("key-import-action").click();
    }
    await tells(tab, () => dialog.getByTestId("key-problem").textContent(), /** @type {RegExp} */ (problem));
  }
  await tab.element("dialog-close").click();
  await tab.importKey(GENESIS);
  await tab.shows("spendable", 50);

  const address = await tab.address();
  const misspelt = address.slice(0, -1) + (address.endsWith("q") ? "p" : "q");
  for (const [text, problem] of [
    ["nobody", /isn’t an address/],
    [misspelt, /misspelt/],
    ["bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0", /begins with bc1/],
    [A.publicKey.slice(0, -2), /isn’t a P-256 public key/],
    [A.privateKey, /private key/],
  ]) await typed(tab, "send-recipient", /** @type {string} */ (text), /** @type {RegExp} */ (problem));
  await tab.element("send-recipient").fill(A.publicKey);

  for (const [text, problem] of [
    ["two", /isn’t an amount/],
    ["-1", /isn’t an amount/],
    ["0", /above zero/],
    ["1.123456789", /more than 8 decimals/],
    ["99999999999", /largest amount/],
    ["50.00000001", /you need 50\.00000001 FED\. 50 FED are available/],
  ]) await typed(tab, "send-amount", /** @type {string} */ (text), /** @type {RegExp} */ (problem));
  await tab.element("send-amount").fill("1");
  await tab.page.locator('[data-testid="fee-choice"][value="own"]').check();
  await typed(tab, "send-fee", "x", /isn’t an amount/);
  await typed(tab, "send-fee", "49.5", /^$/);
  await tells(tab, () => tab.text("send-amount-error"), /you need 50\.5 FED/);
  await tab.element("send-fee").fill("0");
  await until("the form can be sent", () => tab.element("send-review").isEnabled());

  await tab.element("find-text").fill("no such thing");
  await tab.element("find").click();
  await tells(tab, () => tab.text("find-answer"), /Nothing found/);
  assert.equal((await relay.get("mempool")).payments, 0, "nothing was paid");
});

/** A file of this size that is not a key. @param {number} bytes */
const file = (bytes) => ({ name: "some.key", mimeType: "text/plain", buffer: Buffer.alloc(bytes, "x") });

scenario("everything can be done with the keyboard", async (s) => {
  const relay = await s.relay();
  const browser = await s.browser();
  const tab = await browser.tab(relay.url);
  const { keyboard } = tab.page;

  await go(tab, "wallet");
  await focus(tab, "key-import");
  await keyboard.press("Enter");
  await focus(tab, "key-import-text");
  await keyboard.insertText(GENESIS.privateKey);
  await focus(tab, "key-import-action");
  await keyboard.press("Enter");
  await tab.shows("spendable", 50);

  await focus(tab, "send-recipient");
  await keyboard.insertText(A.publicKey);
  await focus(tab, "send-amount");
  await keyboard.type("2.5");
  await keyboard.press("Enter");
  await focus(tab, "send-confirm");
  await keyboard.press("Enter");
  await untilEqual("the payment waits", () => tab.value("mempool-count"), 1);

  await go(tab, "mining");
  await focus(tab, "mining-start");
  await keyboard.press("Space");
  await until("the payment is mined", async () => (await relay.tip()).height === 1);
  assert.equal((await relay.balance(A.publicKey)).confirmed, "2.5");
  await focus(tab, "mining-pause");
  await keyboard.press("Space");
  await tab.state("mining-state", "off");

  // Escape closes a dialog and returns the focus.
  await focus(tab, "find-text");
  await keyboard.type("1");
  await keyboard.press("Enter");
  await tab.element("block-details").waitFor();
  await keyboard.press("Escape");
  await tab.element("block-details").waitFor({ state: "detached" });
  assert.equal(await focused(tab), "find-text");
});

scenario("the page is complete in both languages, wide and narrow, light and dark", async (s) => {
  const relay = await s.relay();
  const browser = await s.browser();
  const tab = await browser.tab(relay.url);
  const { page } = tab;
  await pictures(tab, "page/empty");

  await tab.importKey(GENESIS);
  await tab.pay(A.publicKey, "2.5");
  await tab.mine();
  await until("a block", async () => (await relay.tip()).height === 1);
  await tab.pause();
  await tab.pay(A.publicKey, "1");
  await tab.pay(A.publicKey, "0.12345678");
  await tab.shows("mempool-count", 2);
  for (const view of /** @type {const} */ (["overview", "blocks", "wallet", "mining", "node"])) {
    await tab.view(view);
    await pictures(tab, `page/${view}`);
  }

  const close = () => tab.element("dialog-close").click();
  await tab.view("blocks");
  await page.locator('[data-testid="block"][data-height="1"] button').click();
  await tab.element("block-details").waitFor();
  await pictures(tab, "page/block", close);
  await tab.element("mempool-payment").first().getByRole("button").first().click();
  await tab.element("transaction-details").waitFor();
  await pictures(tab, "page/payment", close);
  await tab.view("wallet");
  await tab.element("receive").click();
  await pictures(tab, "page/receive", close);
  await tab.manageKeys();
  await tab.element("key-import").click();
  await tab.element("key-import-text").fill("hello");
  await tab.element("key-import-action").click();
  await pictures(tab, "page/import", close);
  await tab.element("key-export").click();
  await pictures(tab, "page/export", close);
  await tab.element("key-remove").click();
  await pictures(tab, "page/remove", close);
  await tab.element("send-recipient").fill(A.publicKey);
  await tab.element("send-amount").fill("3");
  await tab.element("send-review").click();
  await tab.element("send-confirm").waitFor();
  await pictures(tab, "page/confirm", () => tab.element("send-cancel").click());
  await tab.element("protect").click();
  await tab.element("passphrase-new").fill("correct horse battery staple");
  await tab.element("passphrase-again").fill("correct horse battery staple");
  await pictures(tab, "page/protect");
  await tab.element("protect-action").click();
  await tab.state("lock-state", "unlocked");
  await tab.element("lock").click();
  await tab.state("lock-state", "locked");
  await pictures(tab, "page/locked");
  await tab.page.goto(`${relay.url}#/overview/address/${await tab.address()}`);
  await tab.element("address-details").waitFor();
  await pictures(tab, "page/address", close);
});

/** @typedef {import("../lib/tab.mjs").Tab} Tab */

/**
 * Waits for an error text.
 * @param {Tab} tab
 * @param {() => Promise<string | null>} read
 * @param {RegExp} problem
 */
async function tells(tab, read, problem) {
  await until(`it says ${problem}`, async () => {
    const text = ((await read()) ?? "").trim();
    if (!problem.test(text)) throw new Error(`it says "${text}"`);
    return true;
  });
}

/**
 * Types a bad text into a field and waits for its error; nothing can be sent meanwhile.
 * @param {Tab} tab
 * @param {string} field
 * @param {string} text
 * @param {RegExp} problem
 */
async function typed(tab, field, text, problem) {
  await tab.element(field).fill(text);
  await tells(tab, () => tab.text(`${field}-error`), problem);
  assert.ok(await tab.element("send-review").isDisabled(), `${text} can be sent`);
}

/**
 * The `data-testid` of the element that has the focus.
 * @param {Tab} tab
 */
const focused = (tab) => tab.page.evaluate(() => document.activeElement?.getAttribute("data-testid"));

/**
 * Walks to an element with the Tab key alone.
 * @param {Tab} tab
 * @param {string} id
 */
async function focus(tab, id) {
  await until(`${id} can be used`, () => tab.element(id).isEnabled());
  for (let steps = 0; steps < 150; steps += 1) {
    if ((await focused(tab)) === id) return;
    await tab.page.keyboard.press("Tab");
  }
  assert.fail(`${id} is not reached with the Tab key`);
}

/**
 * Goes to a view with the keyboard alone.
 * @param {Tab} tab
 * @param {string} view
 */
async function go(tab, view) {
  const here = () => tab.page.evaluate(() => document.activeElement?.getAttribute("data-view"));
  for (let steps = 0; (await here()) !== view; steps += 1) {
    assert.ok(steps < 150, `the link to ${view} is not reached with the Tab key`);
    await tab.page.keyboard.press("Tab");
  }
  await tab.page.keyboard.press("Enter");
  await tab.page.locator(`[data-testid="view"][data-view="${view}"]`).waitFor();
}
