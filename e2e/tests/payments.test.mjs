// The wallet's list of payments: fees, what adds up, what matures, what waits.

import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { A, GENESIS } from "../lib/keys.mjs";
import { writeNetwork } from "../lib/network.mjs";
import { pictures } from "../lib/pictures.mjs";
import { temporaryFolder } from "../lib/place.mjs";
import { scenario } from "../lib/scenario.mjs";
import { until, untilEqual } from "../lib/wait.mjs";

scenario("history and table add up to the balance of all keys, fees included", async (s) => {
  const relay = await s.relay();
  const tab = await (await s.browser()).tab(relay.url);
  const genesis = await tab.importKey(GENESIS);
  const second = await tab.newKey();
  await tab.element("key-select").selectOption(genesis);
  await tab.shows("spendable", 50);
  await pay(tab, A.publicKey, "2", "0.1");
  await pay(tab, second, "5", "0.01");
  await addsUp(tab, 47.89);
  await untilEqual("both wait, in one list", () => tab.sentStates(), ["waiting", "waiting"]);
  await tab.mine();
  await until("they are mined", async () => (await relay.tip()).height === 1);
  await tab.pause();
  await relay.pay(A, second, "1", "--fee", "0.05");
  await tab.shows("mempool-count", 1);
  await tab.view("wallet");
  // The reward is 50 and the fees.
  await addsUp(tab, 47.89 + 50.11 + 1);
  const fees = await tab.element("history-entry").filter({ hasText: /fee 0\.1 FED/ }).count();
  assert.equal(fees, 1, "a fee is named beside its payment, and only the payer's");
  await pictures(tab, "wallet/history");

  const download = tab.page.waitForEvent("download");
  await tab.element("history-csv").click();
  const file = join(await temporaryFolder(s), "history.csv");
  await (await download).saveAs(file);
  const rows = (await readFile(file, "utf8")).trimEnd().split("\r\n").map((line) => line.split(","));
  const place = rows[0]?.indexOf("change_fed") ?? -1;
  const sum = rows.slice(1).reduce((sum, row) => sum + Number(row[place]), 0);
  assert.ok(Math.abs(sum - 99) < 1e-9, `the table adds up to ${sum}`);
});

scenario("a reward says when it can be spent", async (s) => {
  // Whose the genesis coins are does not matter here.
  const { address } = await (await s.relay()).balance(A.publicKey);
  const chain = await writeNetwork(join(await temporaryFolder(s), "network.toml"), address, 10_000_000);
  await writeFile(chain, (await readFile(chain, "utf8")).replace("coinbase_maturity = 0", "coinbase_maturity = 3"));
  const relay = await s.relay({ chain });
  const tab = await (await s.browser()).tab(relay.url);
  await tab.newKey();
  await tab.mine({ policy: "always" });
  await until("a block of its own", async () => (await relay.tip()).height >= 1);
  await tab.view("wallet");
  await until("it matures", async () => /available (in \d blocks|after the next block)/.test(await tab.text("matures")));
  await until("it is mature", async () => (await tab.value("spendable")) >= 50);
  await tab.pause();
  await tab.view("wallet");
  await untilEqual("the last two are not", () => tab.element("matures").count(), 2);
});

scenario("a raised fee is checked while it is typed", async (s) => {
  const relay = await s.relay();
  const tab = await (await s.browser()).tab(relay.url);
  await tab.importKey(GENESIS);
  await pay(tab, A.publicKey, "2", "0.1");
  await tab.element("bump").click();
  await untilEqual("the fee now", () => tab.value("bump-now"), 0.1);
  const confirm = tab.element("bump-confirm");
  await until("the least is offered", () => confirm.isEnabled());
  for (const [typed, problem] of [
    ["0", /At least 0\.10000198 FED\. It pays 0\.1 FED now/],
    ["0.1", /At least 0\.10000198 FED/],
    ["0.10000197", /At least/],
    ["abc", /isn’t an amount/],
    ["1,500", /two amounts/],
  ]) {
    await tab.element("bump-fee").fill(/** @type {string} */ (typed));
    await until(`${typed} is refused`, async () => /** @type {RegExp} */ (problem).test(await tab.text("bump-fee-error")));
    assert.ok(await confirm.isDisabled(), `${typed} cannot be paid`);
  }
  await tab.element("bump-fee").fill("0.10000198");
  await untilEqual("enough", () => tab.text("bump-fee-error"), "");
  await until("it can be paid", () => confirm.isEnabled());
  await confirm.click();
  await untilEqual("one payment waits, with the new fee", () => tab.attributes("history-entry", "data-value"), ["-2.10000198", "50"]);
});

scenario("no wait is promised while nobody mines, nor while the relay is gone", async (s) => {
  const relay = await s.relay();
  const tab = await (await s.browser()).tab(relay.url);
  tab.tolerate(/WebSocket connection to|ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE/);
  await tab.importKey(GENESIS);
  await tab.shows("spendable", 50);
  await tab.element("send-amount").fill("1");
  await until("nobody mines", async () => /No block has come yet: perhaps nobody is mining/.test(await tab.text("fee-quote")));
  await tab.mine();
  await tab.view("wallet");
  await until("now this tab does", async () => /in the next block/.test(await tab.text("fee-quote")));
  await relay.stop();
  await until("the relay is gone", async () => /isn’t connected/.test(await tab.text("fee-quote")));
});

/** @typedef {import("../lib/tab.mjs").Tab} Tab */

/**
 * Pays with a fee of its own.
 * @param {Tab} tab
 * @param {string} recipient
 * @param {string} amount
 * @param {string} fee
 */
async function pay(tab, recipient, amount, fee) {
  await tab.page.locator('[data-testid="fee-choice"][value="own"]').check();
  await tab.element("send-fee").fill(fee);
  await tab.pay(recipient, amount);
}

/**
 * Waits until the history's changes make up what all keys have.
 * @param {Tab} tab
 * @param {number} wanted
 */
const addsUp = (tab, wanted) =>
  until(`the history adds up to ${wanted}`, async () => {
    const changes = (await tab.attributes("history-entry", "data-value")).map(Number);
    const history = changes.reduce((sum, change) => sum + change, 0);
    const [confirmed, inward, outward] = await Promise.all(["confirmed", "pending-in", "pending-out"].map((id) => tab.value(id)));
    const balance = (confirmed ?? NaN) + (inward ?? NaN) - (outward ?? NaN);
    if ([history, balance].some((sum) => !(Math.abs(sum - wanted) < 1e-9))) {
      throw new Error(`the history adds up to ${history}, the balance is ${balance}`);
    }
    return true;
  });
