// Screenshots of the page in every language, width and colour scheme, for people to review.

import assert from "node:assert/strict";
import { artifact } from "./place.mjs";
import { untilEqual } from "./wait.mjs";

/**
 * Takes a screenshot in every language, width and colour scheme, and checks that nothing overflows or stays in the
 * other language.
 * @param {import("./tab.mjs").Tab} tab
 * @param {string} name
 * @param {() => Promise<void>} [then] leaves what was shown
 */
export async function pictures(tab, name, then) {
  const { page } = tab;
  const dialog = (await page.locator("dialog[open]").count()) > 0;
  const words = new Map();
  /** @type {string[]} */
  const mistakes = [];
  for (const language of ["de", "en"]) {
    // Not a real click, which an open dialog would block.
    await page.locator(`[data-testid="language"][lang="${language}"]`).dispatchEvent("click");
    await untilEqual("the language", () => page.evaluate(() => document.documentElement.lang), language);
    words.set(language, await tab.text("app"));
    mistakes.push(...(await page.locator('[role="alert"]').allTextContents()).filter((text) => text !== ""));
    for (const [width, height] of [[1280, 900], [360, 740]]) {
      await page.setViewportSize({ width, height });
      // As high as the page: elements fixed to the window's lower edge would hide others.
      const whole = await page.evaluate(() => document.documentElement.scrollHeight);
      if (!dialog) await page.setViewportSize({ width, height: Math.max(height, whole) });
      for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
        await page.emulateMedia({ colorScheme });
        const path = await artifact(`${name}-${width}-${colorScheme}-${language}.png`);
        await page.screenshot({ path, fullPage: !dialog, animations: "disabled" });
      }
      const overhang = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(overhang <= 0, `${name} at ${width} px in ${language} sticks out by ${overhang} px`);
    }
  }
  assert.equal(new Set(words.values()).size, words.size, "the languages differ");
  assert.equal(new Set(mistakes).size, mistakes.length, `an error is shown in one language only: ${mistakes}`);
  await page.setViewportSize({ width: 1280, height: 900 });
  await then?.();
}
