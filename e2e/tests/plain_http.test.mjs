// Plain http from another machine is not a secure context: no file storage, no WebCrypto. The node still runs.

import assert from "node:assert/strict";
import { GENESIS } from "../lib/keys.mjs";
import { PageCopy } from "../lib/page_copy.mjs";
import { scenario } from "../lib/scenario.mjs";
import { until, untilEqual } from "../lib/wait.mjs";

/** The browser's message about headers that only work over https. */
const NOT_TRUSTWORTHY = /Cross-Origin-Opener-Policy header has been ignored/;

scenario("over plain http a tab works in memory and shows the reason", async (s) => {
  const relay = await s.relay();
  const browser = await s.browser({ args: ["--host-resolver-rules=MAP class.local 127.0.0.1"] });
  const url = relay.url.replace("localhost", "class.local");
  const tab = await browser.blank();
  tab.tolerate(NOT_TRUSTWORTHY);
  await tab.open(url);
  assert.equal(await tab.page.evaluate(() => isSecureContext), false);
  await tab.agreesWith(relay);
  await tab.state("storage", "memory");
  const notices = async () => (await tab.element("notice").allTextContents()).join("\n");
  await until("it says why the chain is kept in memory", async () => /plain http/.test(await notices()));
  assert.doesNotMatch(await notices(), /signature check/, "signatures are checked as fast as over https");

  // Pays, mines, and so checks a signature without WebCrypto.
  const genesis = await tab.importKey(GENESIS);
  const own = await tab.newKey();
  await tab.element("key-select").selectOption(genesis);
  await tab.shows("spendable", 50);
  await tab.pay(own, "5");
  await tab.mine();
  await until("the relay has the tab's block", async () => (await relay.tip()).height === 1);
  await tab.agreesWith(relay);
  await untilEqual("it pays", async () => (await relay.balance(own)).confirmed, "5");

  // Another tab's payment: its signature comes from outside.
  await relay.pay(GENESIS, own, "1");
  await until("that is mined too", async () => (await relay.tip()).height === 2);

  await tab.reload();
  await untilEqual("the wallet is back", () => tab.address(), genesis);
  await tab.agreesWith(relay);
  await tab.shows("height", 2);
  await tab.view("wallet");
  await tab.element("key-select").selectOption(own);
  const chosen = async () => (await tab.page.locator('[data-testid="key-select"] option:checked').textContent()) ?? "";
  await until("it has what was paid to it", async () => /· 6 FED/.test(await chosen()));
});

scenario("two tabs that do not hear each other have one wallet, and lose no key", async (s) => {
  const page = await PageCopy.of(await s.relay(), s);
  // As of a tab that is frozen: nobody objects.
  await page.change("node-worker.js", (text) => `BroadcastChannel = class {\n  postMessage() {}\n  close() {}\n};\n${text}`);
  const relay = await s.relay({ args: ["--page", page.folder] });
  const browser = await s.browser({ args: ["--host-resolver-rules=MAP class.local 127.0.0.1"] });
  const tabs = [];
  for (let i = 0; i < 2; i += 1) {
    const tab = await browser.blank();
    tab.tolerate(NOT_TRUSTWORTHY);
    await tab.open(relay.url.replace("localhost", "class.local"));
    tabs.push(tab);
  }
  const [one, two] = tabs;
  const keys = [await one.newKey(), await two.newKey()];
  // Each tab reads the other's key when it writes its own.
  await one.newKey();
  await two.newKey();
  await one.reload();
  await one.view("wallet");
  const held = () => one.element("key-select").locator("option").evaluateAll((all) => all.map((key) => key.value));
  await untilEqual("all keys are there", async () => new Set(await held()).size, 4);
  for (const key of keys) assert.ok((await held()).includes(key), key);
});
