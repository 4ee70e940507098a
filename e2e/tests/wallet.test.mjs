// The wallet: passphrase, backups, fees, requests, history. Faults here lose money.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { A, GENESIS } from "../lib/keys.mjs";
import { pictures } from "../lib/pictures.mjs";
import { artifact, temporaryFolder } from "../lib/place.mjs";
import { fedcoin } from "../lib/relay.mjs";
import { scenario } from "../lib/scenario.mjs";
import { RELAY_GONE } from "../lib/tab.mjs";
import { until, untilEqual } from "../lib/wait.mjs";

const PASSPHRASE = "correct horse battery staple";
/** Number of payments in a history of several pages. */
const PAYMENTS = 40;
/** The secret part of the genesis key. */
const SECRET = "12bbcc17335fa7345f7be65b01a5d6dca706d8f2ba99691f314697f288d678c0";

scenario("a confirmed payment undone for good is reported with the reason", async (s) => {
  // Two parts of a network; each pays the same coins to another address.
  const here = await s.relay({ key: A });
  const there = await s.relay({ key: A });
  const browser = await s.browser();
  const tab = await browser.tab(here.url);
  tab.tolerate(RELAY_GONE);
  await tab.importKey(GENESIS);
  await tab.shows("confirmed", 50);
  // More than are listed one by one.
  for (let n = 0; n < 6; n += 1) await tab.pay(A.publicKey, "1");
  await tab.shows("confirmed", 44);
  await untilEqual("all are listed", async () => (await tab.sent()).length, 6);
  await untilEqual("all are in the history", () => tab.element("history-entry").count(), 7);
  const blocks = (await here.tip()).height + 1;
  for (let n = 0; n < blocks; n += 1) await there.pay(GENESIS, A.publicKey, "2", "--wait", "1");
  await here.stop();
  await here.start({ args: ["--peer", there.address] });
  await until("the relays agree", async () => (await here.tip()).id === (await there.tip()).id);
  await tab.agreesWith(here);
  await untilEqual("five of those that are undone", () => tab.element("undone-payment").count(), 5);
  // The coins of the first are spent; the others descend from its change.
  for (const reason of await tab.attributes("undone-payment", "data-reason")) assert.match(`${reason}`, /^(conflict|parent_dropped)$/);
  await until("the sixth is not concealed", async () => /and 1 more/.test(await tab.text("undone-payments")));
  await pictures(tab, "wallet/undone");
  await tab.view("wallet");
  assert.ok(await tab.element("undone-payments").isVisible(), "each view has them");
  const dropped = async () => (await tab.sentStates()).filter((state) => state === "dropped").length;
  await untilEqual("the list keeps them", dropped, 6);
  await tab.shows("confirmed", 50 - 2 * blocks);
  await tab.reload();
  await untilEqual("also after a reload", dropped, 6);
  assert.match(await tab.text("history"), /spent the same coins/, "with the reason");
});

scenario("a passphrase protects the keys across reloads, while the wallet receives and mines", async (s) => {
  const relay = await s.relay();
  const browser = await s.browser();
  const tab = await browser.tab(relay.url);
  await tab.importKey(GENESIS);
  await until("without a passphrase the key stands there", async () => (await stored(tab)).includes(SECRET));

  await tab.manageKeys();
  await tab.element("protect").click();
  for (const [first, again, words] of [["short", "short", /at least 8/], ["long enough", "long enouhg", /don’t match/]]) {
    await choose(tab, /** @type {string} */ (first), /** @type {string} */ (again));
    await tab.element("protect-action").click();
    await says(tab, "protect-problem", /** @type {RegExp} */ (words));
  }
  await choose(tab, PASSPHRASE);
  await tab.element("protect-action").click();
  await tab.state("lock-state", "unlocked");
  await until("now it does not", async () => !(await stored(tab)).includes(SECRET));

  await tab.reload();
  await tab.view("wallet");
  await tab.state("lock-state", "locked");
  await tab.shows("confirmed", 50);
  await relay.pay(GENESIS, A.publicKey, "1");
  await tab.mine();
  await until("it is paid for a block while locked", async () => (await relay.tip()).height === 1);
  await tab.pause();

  await tab.view("wallet");
  await tab.shows("spendable", 99);
  await tab.element("send-recipient").fill(A.publicKey);
  await tab.element("send-amount").fill("2");
  await tab.element("send-review").click();
  assert.ok(await tab.element("send-confirm").isDisabled(), "nothing is paid without the passphrase");
  await tab.element("passphrase").fill("wrong horse");
  await tab.element("send-confirm").click();
  await says(tab, "send-problem", /Wrong passphrase/);
  await tab.element("passphrase").fill(PASSPHRASE);
  await tab.element("send-confirm").click();
  await until("the payment is sent", async () => (await tab.sent()).length === 2);
  await tab.state("lock-state", "locked");

  await tab.manageKeys();
  await tab.element("unlock-passphrase").fill("wrong horse");
  await tab.element("unlock").click();
  await says(tab, "unlock-problem", /Wrong passphrase/);
  await tab.element("unlock-passphrase").fill(PASSPHRASE);
  await tab.element("unlock").click();
  await tab.state("lock-state", "unlocked");
  await tab.element("lock").click();
  await tab.state("lock-state", "locked");

  await tab.element("protect").click();
  await tab.element("passphrase-current").fill("wrong horse");
  await choose(tab, "another passphrase");
  await tab.element("protect-action").click();
  await says(tab, "protect-problem", /Wrong passphrase/);
  await tab.element("passphrase-current").fill(PASSPHRASE);
  await tab.element("protect-remove").click();
  await tab.state("lock-state", "none");
  await until("the key stands there again", async () => (await stored(tab)).includes(SECRET));
});

scenario("an unlocked wallet locks itself when nobody uses the page", async (s) => {
  const relay = await s.relay();
  const tab = await (await s.browser()).blank();
  await tab.page.addInitScript(() => {
    const now = Date.now;
    Reflect.set(window, "minutesAhead", 0);
    Date.now = () => now() + Reflect.get(window, "minutesAhead") * 60_000;
  });
  await tab.open(relay.url);
  await tab.importKey(GENESIS);
  await tab.manageKeys();
  await tab.element("protect").click();
  await choose(tab, PASSPHRASE);
  await tab.element("protect-action").click();
  await tab.state("lock-state", "unlocked");
  const pass = (/** @type {number} */ minutes) =>
    tab.page.evaluate(async (minutes) => {
      Reflect.set(window, "minutesAhead", Reflect.get(window, "minutesAhead") + minutes);
      // The page's clock ticks each second.
      await new Promise((done) => setTimeout(done, 2_500));
    }, minutes);
  const unlock = async () => {
    await tab.element("unlock-passphrase").fill(PASSPHRASE);
    await tab.element("unlock").click();
    await tab.state("lock-state", "unlocked");
  };

  await pass(9);
  assert.equal(await tab.attribute("lock-state", "data-state"), "unlocked", "10 minutes have not passed");
  await tab.page.keyboard.press("Shift");
  await pass(0);
  await pass(9);
  assert.equal(await tab.attribute("lock-state", "data-state"), "unlocked", "a key was pressed meanwhile");
  await pass(2);
  await tab.state("lock-state", "locked");

  await tab.element("lock-after").selectOption("0");
  await unlock();
  await pass(600);
  assert.equal(await tab.attribute("lock-state", "data-state"), "unlocked", "it never locks itself");
  await tab.reload();
  await tab.manageKeys();
  await untilEqual("the choice is remembered", () => tab.element("lock-after").inputValue(), "0");
  await tab.element("lock-after").selectOption("1");
  await unlock();
  await pass(2);
  await tab.state("lock-state", "locked");
});

scenario("a backup restores keys and names in a new profile and on the command line", async (s) => {
  const relay = await s.relay();
  const tab = await (await s.browser()).tab(relay.url);
  const address = await tab.importKey(GENESIS);
  await name(tab, "Savings");
  const second = await tab.newKey();
  await name(tab, "Spending");
  await untilEqual("only this browser has the money", () => tab.element("backup-reminder").count(), 1);
  await says(tab, "backup-reminder", /may delete them/);
  const notices = () => tab.element("notice").filter({ hasText: "may delete" }).count();
  await untilEqual("that is said once", notices, 0);
  await tab.view("overview");
  await untilEqual("where the reminder is not, a notice says it", notices, 1);
  await tab.manageKeys();

  await tab.element("backup").click();
  await choose(tab, PASSPHRASE);
  const file = join(await temporaryFolder(s), "backup.json");
  const download = tab.page.waitForEvent("download");
  await tab.element("backup-save").click();
  await (await download).saveAs(file);
  assert.match((await download).suggestedFilename(), /^fedcoin-keys-\d{4}-\d\d-\d\d\.json$/);
  assert.equal(await tab.element("backup-reminder").count(), 1, "no browser says whether the file was kept");
  await tab.element("backup-have").click();
  await untilEqual("no reminder any more", () => tab.element("backup-reminder").count(), 0);
  const text = await readFile(file, "utf8");
  assert.doesNotMatch(text, new RegExp(SECRET));
  assert.equal(JSON.parse(text).kdf.name, "argon2id");

  const other = await (await s.browser()).tab(relay.url);
  await other.view("wallet");
  await other.element("key-import").click();
  await other.element("key-import-file").setInputFiles(file);
  await other.element("key-import-passphrase").fill("wrong horse");
  await other.element("key-import-action").click();
  await says(other, "key-problem", /Wrong passphrase/);
  await other.element("key-import-passphrase").fill(PASSPHRASE);
  await other.element("key-import-action").click();
  await untilEqual("the first key is in use", () => other.address(), address);
  await untilEqual("it has its name", () => other.element("key-name").inputValue(), "Savings");
  await other.element("key-select").selectOption(second);
  await untilEqual("so has the other", () => other.element("key-name").inputValue(), "Spending");
  await other.reload();
  await other.view("wallet");
  await untilEqual("it is kept", () => other.address(), second);

  process.env.FEDCOIN_PASSPHRASE = PASSPHRASE;
  s.after(() => void delete process.env.FEDCOIN_PASSPHRASE);
  const key = `${file}.key`;
  await fedcoin("wallet", "import", "--from", file, "--which", "Savings", "--key", key);
  assert.equal((await readFile(key, "utf8")).trim(), GENESIS.privateKey);
  await fedcoin("wallet", "export", "--key", key, "--backup", `${file}.2`, "--name", "From the shell");
  const third = await (await s.browser()).tab(relay.url);
  await third.view("wallet");
  await third.element("key-import").click();
  await third.element("key-import-file").setInputFiles(`${file}.2`);
  await third.element("key-import-passphrase").fill(PASSPHRASE);
  await third.element("key-import-action").click();
  await untilEqual("the page reads it", () => third.address(), address);
  await untilEqual("with its name", () => third.element("key-name").inputValue(), "From the shell");
});

scenario("the fee follows the urgency, a waiting payment's fee can be raised, and everything can be paid", async (s) => {
  const { relay, tab } = await behindAFullBlock(s);

  await tab.element("send-recipient").fill(A.publicKey);
  await tab.element("send-amount").fill("1");
  const quoted = async (/** @type {string} */ haste) => {
    await tab.page.locator(`[data-testid="fee-choice"][value="${haste}"]`).check();
    const blocks = haste === "urgent" ? "1" : "3";
    await untilEqual(`the wait of ${haste}`, () => tab.attribute("fee-quote", "data-blocks"), blocks);
    return tab.value("fee-quote");
  };
  assert.equal(await quoted("economic"), 0);
  assert.ok((await quoted("urgent")) > 0.01, "more than what fills the next block");
  assert.equal(await quoted("usual"), 0);

  const first = await tab.pay(A.publicKey, "1");
  const entry = tab.page.locator(`[data-testid="history-entry"][data-id="${first}"]`);
  await untilEqual("it is in the history, once", () => entry.count(), 1);
  await entry.getByTestId("bump").click();
  await tab.element("bump-fee").fill("0.25");
  await untilEqual("the new fee", () => bumpQuote(tab), "0.25");
  // A quarter of the amount: it must be typed again.
  await tab.element("bump-fee-again").fill("0.2");
  assert.ok(await tab.element("bump-confirm").isDisabled(), "another fee is no answer");
  await tab.element("bump-fee-again").fill("0.25");
  await tab.element("bump-confirm").click();
  const second = await until("another takes its place", async () => {
    const ids = await tab.sent();
    return !ids.includes(first) && ids[0];
  });
  await tab.shows("mempool-count", 6);
  const waiting = async () => (await relay.get("mempool")).txids;
  await until("the relay has the new one", async () => (await waiting()).includes(second));
  assert.ok(!(await waiting()).includes(first), "and not the old one");
  await untilEqual("the history has the new one", () => tab.attribute("history-entry", "data-id"), second);
  assert.equal(await entry.count(), 0, "and no longer the old one");
  await pictures(tab, "wallet/raised");

  await tab.element("send-recipient").fill(A.publicKey);
  await tab.element("send-amount").fill("1");
  await tab.page.locator('[data-testid="fee-choice"][value="own"]').check();
  await tab.element("send-fee").fill("20");
  await tab.element("send-review").click();
  await tab.element("send-fee-again").waitFor();
  assert.ok(await tab.element("send-confirm").isDisabled(), "20 FED for 1 FED are not paid without a question");
  await pictures(tab, "wallet/high-fee");
  await tab.element("send-cancel").click();
  await tab.element("send-all").click();
  await tab.element("send-fee").fill("0.5");
  // 50 minus five of 0.51 and one of 1.25, minus the fee.
  await untilEqual("all but the fee", () => tab.element("send-amount").inputValue(), "45.7");
  await tab.element("send-review").click();
  await tab.element("send-confirm").click();
  await tab.shows("spendable", 0);
  await tab.shows("mempool-count", 7);

  await tab.mine();
  await until("it is confirmed", async () => (await tab.sentStates()).every((x) => x === "confirmed"));
  await untilEqual("the raised one is", async () => (await relay.get(`transactions/${second}`)).state, "confirmed");
  await tab.shows("pending-out", 0);
});

scenario("a quote that no longer holds is quoted again, and nothing else is paid", async (s) => {
  const { relay, tab } = await behindAFullBlock(s);
  await tab.element("send-recipient").fill(A.publicKey);
  await tab.element("send-amount").fill("30");
  await tab.page.locator('[data-testid="fee-choice"][value="urgent"]').check();
  await tab.element("send-review").click();
  const quoted = () => tab.page.locator('dialog [data-testid="fee-quote"]').getAttribute("data-value");
  const first = await until("the fee to be confirmed", async () => Number(await quoted()));

  // One coin was enough. Now there are two of half its size, and a payment of both is larger.
  await relay.pay(GENESIS, GENESIS.publicKey, "23", "--fee", "0.01");
  await tab.shows("mempool-count", 6);
  await tab.element("send-confirm").click();
  await says(tab, "send-problem", /have changed/);
  const second = await until("a higher fee", async () => Number(await quoted()) > first && Number(await quoted()));
  assert.equal(await tab.text("sent"), "", "nothing is sent");
  assert.equal((await relay.get("mempool")).txids.length, 6);
  await pictures(tab, "wallet/quote-changed");

  const before = await tab.value("spendable");
  await tab.element("send-confirm").click();
  await says(tab, "sent", /30 FED/);
  const paid = async () => before - (await tab.value("spendable"));
  await until("for the fee confirmed", async () => Math.abs((await paid()) - 30 - second) < 1e-9);
});

scenario("a QR code requests a payment, and its picture can be read", async (s) => {
  const relay = await s.relay();
  const browser = await s.browser();
  await giveDetector(browser.context);
  const tab = await browser.tab(relay.url);
  const address = await tab.newKey();
  await tab.element("receive").click();
  await untilEqual("the bare request", () => tab.text("payment-uri"), `fedcoin:${address}`);
  await tab.element("receive-amount").fill("2.5");
  const uri = `fedcoin:${address}?amount=2.5`;
  await untilEqual("the request", () => tab.text("payment-uri"), uri);
  const link = `${relay.url}#/pay/${address}?amount=2.5`;
  await untilEqual("the same as a link", () => tab.text("payment-link"), link);
  await untilEqual("the code's text", () => tab.attribute("qr-code", "data-value"), link);
  const picture = await artifact("wallet/qr-code.png");
  for (const colorScheme of /** @type {const} */ (["dark", "light"])) {
    await tab.page.emulateMedia({ colorScheme });
    await tab.element("qr-code").screenshot({ path: picture });
    const payer = await browser.tab(relay.url);
    await payer.newKey();
    await payer.element("scan").click();
    await until("there is no camera", async () => /can’t use a camera/.test(await payer.text("scan-problem")));
    const nothing = join(await temporaryFolder(s), "nothing.png");
    await payer.page.screenshot({ path: nothing, clip: { x: 0, y: 0, width: 60, height: 60 } });
    await payer.element("scan-image").setInputFiles(nothing);
    await says(payer, "scan-problem", /No QR code/);
    await payer.element("scan-image").setInputFiles(picture);
    await untilEqual("the recipient", () => payer.element("send-recipient").inputValue(), address);
    await untilEqual("the amount", () => payer.element("send-amount").inputValue(), "2.5");
    await untilEqual("the dialog closed", () => payer.element("scan-video").count(), 0);
  }
  // A request can also be pasted from the clipboard.
  await tab.element("dialog-close").click();
  await tab.element("send-recipient").fill(`fedcoin:${address.toUpperCase()}?amount=0.25`);
  await untilEqual("the pasted amount", () => tab.element("send-amount").inputValue(), "0.25");
  await untilEqual("the pasted recipient", () => tab.element("send-recipient").inputValue(), address);
});

scenario("the camera is released, and without a QR code reader scanning is not offered", async (s) => {
  const relay = await s.relay();
  const camera = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"];
  const browser = await s.browser({ args: camera });
  const plain = await browser.tab(relay.url);
  await plain.newKey();
  assert.equal(await plain.element("scan").count(), 0, "this browser reads no codes");

  await giveDetector(browser.context);
  await browser.context.addInitScript(() => {
    const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getUserMedia = async (wish) => (globalThis.seen = await ask(wish));
  });
  const tab = await browser.tab(relay.url);
  await tab.newKey();
  await tab.element("scan").click();
  const states = () => tab.page.evaluate(() => globalThis.seen?.getTracks().map((/** @type {any} */ t) => t.readyState));
  await untilEqual("the camera is on", states, ["live"]);
  await tab.element("dialog-close").click();
  await untilEqual("the camera is off", states, ["ended"]);
});

scenario("the history has pages and can be exported as a table", async (s) => {
  const relay = await s.relay({ key: GENESIS });
  for (let n = 0; n < PAYMENTS; n += 1) await relay.pay(GENESIS, A.publicKey, "0.5");
  await untilEqual("all are mined", async () => (await relay.get("mempool")).payments, 0);
  // From now on it does not mine.
  await relay.stop();
  await relay.start();
  // Each block's reward, each payment, and what the genesis block paid.
  const mined = (await relay.tip()).height + PAYMENTS + 1;
  const tab = await (await s.browser()).tab(relay.url);
  await tab.importKey(GENESIS);
  await tab.agreesWith(relay);
  await tab.pay(A.publicKey, "1.00000001");

  await tab.view("wallet");
  await untilEqual("a page, and what waits", () => tab.element("history-entry").count(), 51);
  const first = await tab.attributes("history-entry", "data-id");
  const seen = new Set(first);
  let pages = 1;
  while ((await tab.element("history-older").count()) > 0) {
    const before = await tab.attributes("history-entry", "data-id");
    await tab.element("history-older").click();
    const shown = async () => {
      const now = await tab.attributes("history-entry", "data-id");
      return now[0] !== before[0] && now;
    };
    for (const id of await until("another page", shown)) seen.add(id);
    pages += 1;
  }
  assert.ok(pages > 1 && seen.size === mined + 1, `each entry once: ${seen.size} of ${mined + 1}`);
  while (pages > 1) {
    await tab.element("history-newer").click();
    pages -= 1;
  }
  await untilEqual("the first page again", () => tab.attributes("history-entry", "data-id"), first);

  const download = tab.page.waitForEvent("download");
  await tab.element("history-csv").click();
  const file = join(await temporaryFolder(s), "history.csv");
  await (await download).saveAs(file);
  const lines = (await readFile(file, "utf8")).trimEnd().split("\r\n");
  assert.equal(lines[0], "time,height,block,transaction,kind,amount_fed,fee_fed,change_fed,own_address,other_address");
  assert.equal(lines.length, mined + 2);
  assert.match(lines[1] ?? "", /^,,,[0-9a-f]{64},paid,-1\.00000001,0,-1\.00000001,fed1\w+,fed1/);
  assert.match(lines[2] ?? "", /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z,\d+,[0-9a-f]{64},[0-9a-f]{64},paid,-0\.5,0,-0\.5,fed1\w+,fed1/);
  assert.match(lines.at(-1) ?? "", /,0,[0-9a-f]{64},[0-9a-f]{64},mined,50,0,50,fed1\w+,$/);
});

scenario("keys are not lost by accident", async (s) => {
  const relay = await s.relay();
  const browser = await s.browser();
  const tab = await browser.tab(relay.url);
  const address = await tab.importKey(GENESIS);
  await tab.shows("confirmed", 50);
  await tab.manageKeys();
  await tab.element("key-remove").click();
  await tab.element("key-remove-understood").check();
  assert.ok(await tab.element("key-remove-action").isDisabled(), "a tick is not enough");
  await tab.element("key-remove-typed").fill("fed1xx");
  assert.ok(await tab.element("key-remove-action").isDisabled());
  await tab.element("key-remove-typed").fill(address.slice(-6));
  await tab.element("key-remove-action").click();
  await untilEqual("it is gone", () => tab.address(), "");

  // Without a database the keys are in memory: the browser asks before leaving the page, until there is a copy.
  await browser.context.route(/node-worker-/, async (route) => {
    const response = await route.fetch();
    const body = `Object.defineProperty(self, "indexedDB", { value: undefined });\n${await response.text()}`;
    await route.fulfill({ response, body });
  });
  const other = await browser.tab(relay.url);
  await other.importKey(GENESIS);
  let asked = 0;
  other.page.on("dialog", async (dialog) => {
    asked += 1;
    await dialog.dismiss();
  });
  await other.page.evaluate(() => void setTimeout(() => location.reload()));
  await until("the browser asks", () => asked === 1);
  await other.manageKeys();
  await other.element("key-export").click();
  await other.element("key-export-show").click();
  await other.element("private-key").waitFor();
  await other.element("dialog-close").click();
  await untilEqual("the copy is noted", () => other.element("backup-reminder").count(), 0);
  await other.reload();
  assert.equal(asked, 1, "with a copy it does not");
  await browser.context.unrouteAll({ behavior: "wait" });
});

scenario("the wallet is complete in both languages, wide and narrow, light and dark", async (s) => {
  const relay = await s.relay();
  const browser = await s.browser();
  await giveDetector(browser.context);
  const tab = await browser.tab(relay.url);
  await tab.importKey(GENESIS);
  await name(tab, "Savings");
  await pictures(tab, "wallet/reminder");
  await tab.manageKeys();
  await tab.element("protect").click();
  await pictures(tab, "wallet/passphrase");
  await choose(tab, PASSPHRASE);
  await tab.element("protect-action").click();
  await tab.state("lock-state", "unlocked");
  await tab.pay(A.publicKey, "2.5");
  await tab.mine();
  await until("a block", async () => (await relay.tip()).height === 1);
  await tab.pause();
  await tab.pay(A.publicKey, "1");
  await tab.manageKeys();
  await tab.element("lock").click();
  await tab.state("lock-state", "locked");
  await tab.element("send-recipient").fill(A.publicKey);
  await tab.element("send-amount").fill("3");
  await untilEqual("a quote", () => tab.attribute("fee-quote", "data-blocks"), "1");
  await pictures(tab, "wallet/locked");
  await tab.element("send-review").click();
  await tab.element("passphrase").waitFor();
  await pictures(tab, "wallet/confirm");
  await tab.element("send-cancel").click();
  for (const dialog of ["receive", "backup", "key-export", "key-remove", "key-import", "scan"]) {
    await tab.element(dialog).click();
    await tab.element("dialog-close").waitFor();
    await pictures(tab, `wallet/${dialog}`);
    await tab.element("dialog-close").click();
  }
  await tab.element("bump").first().click();
  await pictures(tab, "wallet/bump");
});

/** @typedef {import("../lib/tab.mjs").Tab} Tab */

/**
 * A relay, and a tab with the genesis key, while payments fill the next block: a block takes five.
 * @param {import("../lib/scenario.mjs").Scenario} s
 */
async function behindAFullBlock(s) {
  const relay = await s.relay();
  const tab = await (await s.browser()).tab(relay.url);
  await tab.importKey(GENESIS);
  await tab.shows("spendable", 50);
  for (let n = 0; n < 5; n += 1) await relay.pay(GENESIS, A.publicKey, "0.5", "--fee", "0.01");
  await tab.shows("mempool-count", 5);
  return { relay, tab };
}

/**
 * All key data in the page's databases, as text.
 * @param {Tab} tab
 */
const stored = (tab) =>
  tab.page.evaluate(
    () =>
      new Promise((done, fail) => {
        const opening = indexedDB.open("fedcoin-keys");
        opening.onerror = () => fail(opening.error);
        opening.onsuccess = () => {
          const reading = opening.result.transaction("slots").objectStore("slots").getAll();
          reading.onsuccess = () => {
            opening.result.close();
            done(JSON.stringify(reading.result));
          };
        };
      }),
  );

/**
 * Types a new passphrase twice.
 * @param {Tab} tab
 * @param {string} first
 * @param {string} [again]
 */
async function choose(tab, first, again = first) {
  await tab.element("passphrase-new").fill(first);
  await tab.element("passphrase-again").fill(again);
}

/**
 * Names the key in use.
 * @param {Tab} tab
 * @param {string} text
 */
async function name(tab, text) {
  await tab.manageKeys();
  await tab.element("key-name").fill(text);
  await tab.element("key-name").blur();
}

/**
 * Waits until an element has a matching text.
 * @param {Tab} tab
 * @param {string} id
 * @param {RegExp} words
 */
const says = (tab, id, words) => until(`${id} says ${words}`, async () => words.test((await texts(tab, id)).join("\n")));

/** @param {Tab} tab @param {string} id */
const texts = async (tab, id) => (await tab.element(id).allTextContents()).map((text) => text.trim());

/** @param {Tab} tab */
const bumpQuote = (tab) => tab.page.locator("dialog[open]").getByTestId("fee-quote").getAttribute("data-value");

/**
 * Gives pages a QR code reader, because Chromium has none on Linux.
 * @param {import("playwright-core").BrowserContext} context
 */
async function giveDetector(context) {
  const decoder = await readFile(createRequire(import.meta.url).resolve("jsqr"), "utf8");
  await context.addInitScript(`(() => {
    const module = { exports: {} };
    ((module, exports) => { ${decoder} })(module, module.exports);
    const decode = module.exports.default ?? module.exports;
    globalThis.BarcodeDetector = class {
      async detect(image) {
        const [width, height] = [image.videoWidth ?? image.width, image.videoHeight ?? image.height];
        if (!width || !height) return [];
        const context = new OffscreenCanvas(width, height).getContext("2d");
        context.drawImage(image, 0, 0);
        const found = decode(context.getImageData(0, 0, width, height).data, width, height);
        return found ? [{ rawValue: found.data }] : [];
      }
    };
  })();`);
}
