// Amounts as people type them: what could mean two is asked about, before anything is paid.

import assert from "node:assert/strict";
import { A, GENESIS } from "../lib/keys.mjs";
import { pictures } from "../lib/pictures.mjs";
import { scenario } from "../lib/scenario.mjs";
import { until, untilEqual } from "../lib/wait.mjs";

scenario("a separator that could be a decimal point is asked about in each language", async (s) => {
  const relay = await s.relay();
  const tab = await (await s.browser()).tab(relay.url);
  await tab.importKey(GENESIS);
  await tab.shows("spendable", 50);
  await tab.element("send-recipient").fill(A.publicKey);
  for (const [language, typed, small] of [["de", "1.500", "1,5"], ["en", "1,500", "1.5"]]) {
    await tab.page.locator(`[data-testid="language"][lang="${language}"]`).click();
    await tab.element("send-amount").fill(/** @type {string} */ (typed));
    await untilEqual("both are offered", () => tab.attributes("amount-meaning", "data-value"), ["1500", "1.5"]);
    assert.notEqual(await tab.text("send-amount-error"), "");
    assert.ok(await tab.element("send-review").isDisabled(), `${typed} is not paid`);
    if (language === "de") await pictures(tab, "wallet/two-meanings");
    await tab.page.locator(`[data-testid="language"][lang="${language}"]`).click();
    await tab.element("amount-meaning").first().click();
    await untilEqual("the large one", () => tab.element("send-amount").inputValue(), "1500");
    await until("it is too much", async () => /1[.,]500/.test(await tab.text("send-amount-error")));
    await tab.element("send-amount").fill(/** @type {string} */ (typed));
    await tab.element("amount-meaning").last().click();
    await untilEqual("the small one", () => tab.element("send-amount").inputValue(), small);
    await untilEqual("is asked about no more", () => tab.element("amount-meaning").count(), 0);
    await until("it can be paid", () => tab.element("send-review").isEnabled());
  }
  await tab.element("send-review").click();
  await tab.element("send-confirm").click();
  await untilEqual("one and a half are paid", async () => Number((await tab.attributes("history-entry", "data-value"))[0]), -1.5);
});
