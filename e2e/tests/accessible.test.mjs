// Checks every view with axe-core (WCAG 2.2 AA and good practice): names, roles, contrast, order.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { A, GENESIS } from "../lib/keys.mjs";
import { scenario } from "../lib/scenario.mjs";
import { until } from "../lib/wait.mjs";

const AXE = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const VIEWS = /** @type {const} */ (["overview", "blocks", "wallet", "mining", "node"]);

scenario("axe finds no problems, wide and narrow, light and dark", async (s) => {
  const relay = await s.relay({ key: GENESIS });
  const browser = await s.browser({ context: { reducedMotion: "reduce" } });
  const tab = await browser.tab(relay.url);
  const problems = /** @type {string[]} */ ([]);
  const look = async (/** @type {string} */ what) => problems.push(...(await everyWay(tab, what)));
  await look("overview of a new tab");
  await tab.view("wallet");
  await look("wallet without a key");

  const address = await tab.newKey();
  await relay.pay(GENESIS, address, "4", "--wait", "1");
  await tab.shows("spendable", 4);
  await tab.pay(A.publicKey, "1");
  await until("the payment is mined", async () => (await relay.tip()).height === 2);
  await tab.agreesWith(relay);
  for (const view of VIEWS) {
    await tab.view(view);
    await look(view);
  }
  await tab.view("blocks");
  await tab.page.locator('[data-testid="block"][data-height="2"] button').first().click();
  await tab.element("block-details").waitFor();
  await look("block");
  await tab.element("dialog-close").click();
  await tab.view("wallet");
  for (const dialog of ["key-import", "key-export", "key-remove"]) {
    await tab.element(dialog).click();
    await tab.page.locator("dialog[open]").waitFor();
    await look(dialog);
    await tab.element("dialog-close").click();
  }
  assert.deepEqual(problems, []);
});

scenario("nothing moves with reduced motion", async (s) => {
  const relay = await s.relay();
  const tab = await (await s.browser()).tab(relay.url);
  const moving = () =>
    tab.page.evaluate(() =>
      [...document.querySelectorAll("*")].filter((element) => {
        const { animationName, transitionDuration } = getComputedStyle(element);
        return animationName !== "none" || transitionDuration.split(", ").some((time) => time !== "0s");
      }).length,
    );
  await tab.page.emulateMedia({ reducedMotion: "no-preference" });
  assert.ok((await moving()) > 0, "else things move");
  await tab.page.emulateMedia({ reducedMotion: "reduce" });
  assert.equal(await moving(), 0);
});

/**
 * What axe says of the page as it is, in both widths and both colour schemes.
 * @param {import("../lib/tab.mjs").Tab} tab
 * @param {string} what
 */
async function everyWay(tab, what) {
  const problems = [];
  for (const [width, height] of [[1280, 900], [360, 740]]) {
    await tab.page.setViewportSize({ width, height });
    for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
      await tab.page.emulateMedia({ colorScheme });
      for (const problem of await axe(tab)) problems.push(`${what}, ${width} px, ${colorScheme}: ${problem}`);
    }
  }
  await tab.page.setViewportSize({ width: 1280, height: 900 });
  return problems;
}

/** @param {import("../lib/tab.mjs").Tab} tab */
async function axe(tab) {
  if (!(await tab.page.evaluate("'axe' in window"))) await tab.page.evaluate(AXE);
  return tab.page.evaluate(async () => {
    const { violations } = await Reflect.get(window, "axe").run(document, { resultTypes: ["violations"] });
    return violations.flatMap((/** @type {any} */ rule) =>
      rule.nodes.map((/** @type {any} */ node) => `${rule.id}: ${node.html.slice(0, 160)} ${node.failureSummary ?? ""}`),
    );
  });
}
