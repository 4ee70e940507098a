// A browser's translator replaces the page's texts: what the page shows still changes, and it goes on.

import assert from "node:assert/strict";
import { GENESIS } from "../lib/keys.mjs";
import { scenario } from "../lib/scenario.mjs";
import { until, untilEqual } from "../lib/wait.mjs";

/**
 * Runs in the page: translates each text as translators do, into capitals in a `<font>` of a `<font>`. It heeds nothing
 * that asks not to be translated.
 * @param {"replace" | "swap" | "wrap"} how
 */
function translate(how) {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  /** @type {Text[]} */
  const texts = [];
  while (walker.nextNode()) texts.push(/** @type {Text} */ (walker.currentNode));
  for (const text of texts) {
    if (!text.data.trim() || text.parentElement?.closest("script, style, font")) continue;
    const font = document.createElement("font");
    const inner = font.appendChild(document.createElement("font"));
    if (how !== "wrap") inner.textContent = text.data.toUpperCase();
    if (how === "replace") text.replaceWith(font);
    else text.before(font);
    if (how === "swap") text.remove();
    if (how === "wrap") inner.append(text);
  }
}

for (const how of /** @type {const} */ (["replace", "swap", "wrap"])) {
  scenario(`a page whose texts a translator has taken goes on (${how})`, async (s) => {
    const relay = await s.relay({ key: GENESIS });
    const tab = await (await s.browser()).tab(relay.url);
    await tab.agreesWith(relay);
    const address = await tab.newKey();
    await tab.mine();
    const views = /** @type {const} */ (["overview", "blocks", "wallet", "mining", "node"]);
    for (const view of views) await tab.view(view);
    await tab.page.evaluate(translate, how);

    await relay.pay(GENESIS, address, "4", "--wait", "1");
    await tab.agreesWith(relay);
    const words = async (/** @type {string} */ id) => (await tab.text(id)).replaceAll(/\s/g, "").toLowerCase();
    await until("the height is seen", async () => (await words("height")) === `${(await relay.tip()).height}`);
    // Who mines the block gets its reward too, which may be this tab.
    const balance = async (/** @type {number} */ least) => {
      const value = await tab.value("spendable");
      return value >= least && (await words("spendable")).startsWith(`${value}`) && value;
    };
    const first = Number(await until("the balance is seen", () => balance(4)));
    await until("the state is seen", async () => (await words("node-state")).includes(`block${(await relay.tip()).height}`));

    // Again, as translators do with what is new.
    await tab.page.evaluate(translate, how);
    await tab.page.locator('[data-testid="language"][lang="de"]').click();
    await until("another language is seen", async () => /aktuell:/.test(await words("node-state")));
    const left = await tab.page.evaluate(() => document.body.innerText.match(/up to date/i)?.[0] ?? "nothing");
    assert.equal(left, "nothing", "left of the words before");
    for (const view of views) await tab.view(view);
    await tab.page.locator('[data-testid="language"][lang="en"]').click();
    await tab.pause();
    await tab.state("mining-state", "off");
    await relay.pay(GENESIS, address, "1.5", "--wait", "1");
    await until("the balance is seen", () => balance(first + 1.5));
    await untilEqual("so is the height", () => words("height"), `${(await relay.tip()).height}`);
  });
}
