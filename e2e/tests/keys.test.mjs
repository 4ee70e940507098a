// Several keys in one wallet, and how keys come into it.

import assert from "node:assert/strict";
import { A, GENESIS } from "../lib/keys.mjs";
import { pictures } from "../lib/pictures.mjs";
import { scenario } from "../lib/scenario.mjs";
import { until, untilEqual } from "../lib/wait.mjs";

scenario("a new key does not seem to empty the wallet, and the key is chosen at the balance", async (s) => {
  const relay = await s.relay();
  const tab = await (await s.browser()).tab(relay.url);
  const genesis = await tab.importKey(GENESIS);
  await tab.shows("spendable", 50);
  const second = await tab.newKey();
  assert.equal(await tab.value("spendable"), 50, "all keys together");
  assert.equal(await tab.value("confirmed"), 50);
  assert.equal(await tab.element("history-entry").count(), 1, "the history stays too");
  const offered = await tab.page.locator('[data-testid="key-select"] option').allTextContents();
  assert.ok(/· 50 FED/.test(offered[0] ?? "") && /· 0 FED/.test(offered[1] ?? ""), `${offered}`);
  await tab.element("send-recipient").fill(A.publicKey);
  await tab.element("send-amount").fill("1");
  await until("the empty key cannot pay", async () => / 0 FED/.test(await tab.text("send-amount-error")));
  await tab.element("key-select").selectOption(genesis);
  await until("the other can", () => tab.element("send-review").isEnabled());
  await pictures(tab, "wallet/two-keys");
  await tab.element("send-recipient").fill(second);
  await tab.element("send-amount").fill("20");
  await tab.element("send-review").click();
  await tab.element("send-confirm").click();
  await untilEqual("moved between one's own keys", () => tab.attribute("history-entry", "data-kind"), "to-self");
  assert.equal(await tab.attribute("history-entry", "data-value"), "0", "which costs nothing but the fee");
});

scenario("what can lose keys is folded away", async (s) => {
  const relay = await s.relay();
  const tab = await (await s.browser()).tab(relay.url);
  await tab.importKey(GENESIS);
  await tab.shows("spendable", 50);
  for (const id of ["key-remove", "key-export", "key-new", "protect"]) {
    assert.equal(await tab.element(id).isVisible(), false, `${id} is not beside paying`);
  }
  await tab.element("backup-reminder").getByRole("button").click();
  await tab.element("backup-save").waitFor();
  await tab.element("dialog-close").click();
  await tab.manageKeys();
  await tab.element("key-remove").waitFor();
});

scenario("a key is written down as words and comes back from them", async (s) => {
  const relay = await s.relay();
  const tab = await (await s.browser()).tab(relay.url);
  const address = await tab.importKey(GENESIS);
  await tab.manageKeys();
  await tab.element("key-export").click();
  await tab.element("key-export-show").click();
  await tab.element("key-words-show").click();
  await until("24 words", async () => (await tab.element("key-words").locator("li").count()) === 24);
  await pictures(tab, "wallet/words");
  const words = await tab.element("key-words").locator("li").allTextContents();

  const other = await (await s.browser()).tab(relay.url);
  await other.view("wallet");
  await other.element("key-import").click();
  const attempt = async (/** @type {string[]} */ words) => {
    await other.element("key-import-text").fill(words.join("\n"));
    await other.element("key-import-action").click();
  };
  const said = (/** @type {RegExp} */ what) =>
    until(`${what}`, async () => what.test((await other.element("key-problem").allTextContents()).join()));
  await attempt(words.slice(1));
  await said(/24 words; here are 23/);
  await attempt(["fedcoin", ...words.slice(1)]);
  await said(/Word 1, “fedcoin”/);
  await attempt([.../** @type {string[]} */ ([words[1], words[0]]), ...words.slice(2)]);
  await said(/fit together/);
  await attempt(words.map((word, i) => ` ${i + 1}. ${word.slice(0, 4).toUpperCase()} `));
  await untilEqual("the same key", () => other.address(), address);
});

scenario("a key file is dropped on the import", async (s) => {
  const relay = await s.relay();
  const tab = await (await s.browser()).tab(relay.url);
  await tab.view("wallet");
  await tab.element("key-import").click();
  await pictures(tab, "wallet/import");
  const data = await tab.page.evaluateHandle((key) => {
    const data = new DataTransfer();
    data.items.add(new File([key], "my.key"));
    return data;
  }, GENESIS.privateKey);
  await tab.element("key-drop").dispatchEvent("dragover", { dataTransfer: data });
  await tab.element("key-drop").dispatchEvent("drop", { dataTransfer: data });
  await untilEqual("it is read", () => tab.element("key-import-text").inputValue(), GENESIS.privateKey);
  await tab.element("key-import-action").click();
  await tab.shows("spendable", 50);
});
