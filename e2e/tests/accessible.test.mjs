// Checks every view with axe-core (WCAG 2.2 AA and good practice): names, roles, contrast, order. Also checks where the
// focus goes, what is announced, titles, small and large windows, forced colours.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { A, GENESIS } from "../lib/keys.mjs";
import { artifact } from "../lib/place.mjs";
import { scenario } from "../lib/scenario.mjs";
import { until, untilEqual } from "../lib/wait.mjs";

const AXE = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const VIEWS = /** @type {const} */ (["overview", "blocks", "wallet", "mining", "node", "rules"]);

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
  await tab.manageKeys();
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

scenario("the focus goes where the user goes on", async (s) => {
  const relay = await s.relay({ key: GENESIS });
  const tab = await (await s.browser()).tab(relay.url);
  await relay.pay(GENESIS, await tab.newKey(), "4", "--wait", "1");
  await tab.shows("spendable", 4);

  await tab.manageKeys();
  // A dialog begins with its first field, or with its heading, and gives the focus back.
  for (const [button, first] of [
    ["key-import", "key-import-text"],
    ["protect", "passphrase-new"],
    ["backup", "passphrase-new"],
    ["receive", "receive-amount"],
    ["key-remove", "key-remove-understood"],
    ["key-export", "H2"],
  ]) {
    await tab.element(/** @type {string} */ (button)).click();
    await untilEqual(`the focus of ${button}`, () => focused(tab), /** @type {string} */ (first));
    await tab.page.keyboard.press("Escape");
    await untilEqual(`the focus after ${button}`, () => focused(tab), /** @type {string} */ (button));
  }

  // What is reached from a dialog takes its place there.
  await tab.view("blocks");
  await tab.page.locator('[data-testid="block"][data-height="1"] button').click();
  await untilEqual("the focus of a block", () => focused(tab), "H2");
  await tab.element("previous").click();
  await until("the block before", async () => /^Block 0 /.test(await tab.page.title()));
  await untilEqual("the focus of the block before", () => focused(tab), "previous");
  await tab.page.keyboard.press("Escape");
  await tab.page.locator("dialog[open]").waitFor({ state: "detached" });

  // A payment leaves an empty form behind: its button does nothing any more.
  await tab.view("wallet");
  await tab.pay(A.publicKey, "1");
  await untilEqual("the focus after a payment", () => focusedPlace(tab), "send-title");
  // So does a key that is gone, and a mining button that does the opposite now.
  await tab.view("mining");
  for (const name of ["mining-start", "mining-pause", "mining-start"]) {
    await tab.element(name).focus();
    await tab.page.keyboard.press("Enter");
    await tab.element(name === "mining-start" ? "mining-pause" : "mining-start").waitFor();
    assert.match(await focused(tab), /^mining-/);
  }
  await tab.manageKeys();
  await tab.element("key-remove").click();
  await tab.element("key-remove-understood").check();
  await tab.element("key-remove-typed").fill((await tab.address()).slice(-6));
  await tab.element("key-remove-action").click();
  await tab.element("key-remove").waitFor({ state: "detached" });
  await until("the focus stays in the wallet", async () => (await focusedPlace(tab)) === "keys-title");
});

scenario("the title and the address name what is open", async (s) => {
  const relay = await s.relay({ key: GENESIS });
  const tab = await (await s.browser()).tab(relay.url);
  await relay.pay(GENESIS, A.publicKey, "4", "--wait", "1");
  await tab.agreesWith(relay);
  const called = (/** @type {RegExp} */ title, /** @type {RegExp} */ address) =>
    until(`${title} at ${address}`, async () => title.test(await tab.page.title()) && address.test(tab.page.url()));
  await tab.view("blocks");
  await called(/^Blocks – FEDCoin$/, /#\/blocks$/);
  await tab.page.locator('[data-testid="block"][data-height="1"] button').click();
  await called(/^Block 1 – FEDCoin$/, /#\/blocks\/block\/[0-9a-f]{64}$/);
  await tab.page.locator(".block-payment").last().getByRole("button").first().click();
  await called(/^Payment – FEDCoin$/, /#\/blocks\/transaction\/[0-9a-f]{64}$/);
  await tab.element("transaction-details").locator(".address button").last().click();
  await called(/^Address – FEDCoin$/, /#\/blocks\/address\/fed1/);
  await tab.page.goBack();
  await tab.page.goBack();
  await called(/^Block 1 – FEDCoin$/, /#\/blocks\/block/);
  await tab.page.keyboard.press("Escape");
  await called(/^Blocks – FEDCoin$/, /#\/blocks$/);
});

scenario("what changes is told to those who listen", async (s) => {
  const relay = await s.relay();
  const browser = await s.browser({ context: { permissions: ["clipboard-read", "clipboard-write"] } });
  const tab = await browser.tab(relay.url);
  const told = () => tab.page.locator('[role="status"], [role="alert"], [aria-live="polite"]').allTextContents();
  const tells = (/** @type {RegExp} */ words) => until(`${words} is told`, async () => (await told()).some((text) => words.test(text)));
  await tab.newKey();
  await tab.page.locator(".copy button").first().click();
  await tells(/^Copied$/);
  await tab.mine();
  await tells(/^Waiting for a payment to mine$/);
  await tab.pause();
  await tells(/^Off$/);
});

scenario("the page works at 320 px, at twice the size, and in forced colours", async (s) => {
  const relay = await s.relay({ key: GENESIS });
  const tab = await (await s.browser({ context: { reducedMotion: "reduce" } })).tab(relay.url);
  const { page } = tab;
  await relay.pay(GENESIS, await tab.newKey(), "4", "--wait", "1");
  await tab.shows("spendable", 4);
  // 640 by 450 is what a window of 1280 by 900 has at 200 %.
  for (const [width, height] of [[320, 640], [640, 450]]) {
    await page.setViewportSize({ width, height });
    for (const view of VIEWS) {
      await tab.view(view);
      const overhang = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(overhang <= 0, `${view} at ${width} px sticks out by ${overhang} px`);
      await page.screenshot({ path: await artifact(`access/${view}-${width}.png`), fullPage: true, animations: "disabled" });
    }
  }

  await tab.view("wallet");
  await tab.part("pay");
  await tab.element("send-recipient").fill(A.publicKey);
  await tab.element("send-amount").fill("0.5");
  await page.locator('[data-testid="fee-choice"][value="own"]').check();
  await tab.element("send-fee").fill("2");
  for (const [width, height] of [[360, 740], [320, 568], [640, 450]]) {
    await page.setViewportSize({ width, height });
    await tab.element("send-review").click();
    await tab.element("send-fee-again").waitFor();
    await page.screenshot({ path: await artifact(`access/high-fee-${width}.png`), animations: "disabled" });
    for (const name of ["send-confirm", "send-cancel", "dialog-close"]) {
      assert.ok(await inSight(tab, name), `${name} is in sight at ${width} by ${height} without scrolling`);
    }
    await tab.element("send-cancel").click();
  }

  await page.setViewportSize({ width: 1280, height: 900 });
  for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
    await page.emulateMedia({ forcedColors: "active", colorScheme });
    for (const view of VIEWS) {
      await tab.view(view);
      await page.screenshot({ path: await artifact(`access/${view}-forced-${colorScheme}.png`), fullPage: true, animations: "disabled" });
      assert.deepEqual(await vanished(tab), [], `in forced colours, ${colorScheme}`);
    }
  }
});

/**
 * What has the focus: its `data-testid`, id or name.
 * @param {import("../lib/tab.mjs").Tab} tab
 * @returns {Promise<string>}
 */
const focused = (tab) =>
  tab.page.evaluate(() => {
    const element = document.activeElement;
    return element?.getAttribute("data-testid") ?? (element?.tagName === "INPUT" ? element.id : element?.tagName) ?? "";
  });

/**
 * The panel in which the focus is, by its heading.
 * @param {import("../lib/tab.mjs").Tab} tab
 */
const focusedPlace = (tab) =>
  tab.page.evaluate(() => document.activeElement?.closest("section, main, body")?.getAttribute("aria-labelledby") ?? "");

/**
 * Whether an element can be seen and clicked where it is.
 * @param {import("../lib/tab.mjs").Tab} tab
 * @param {string} id
 */
const inSight = (tab, id) =>
  tab.page.evaluate((id) => {
    const element = [...document.querySelectorAll(`dialog[open] [data-testid="${id}"]`)][0];
    const { left, top, width, height } = element.getBoundingClientRect();
    const there = document.elementFromPoint(left + width / 2, top + height / 2);
    return there !== null && element.contains(there);
  }, id);

/**
 * The chosen and the dots that look like their surroundings.
 * @param {import("../lib/tab.mjs").Tab} tab
 */
const vanished = (tab) =>
  tab.page.evaluate(() => {
    const ground = (/** @type {Element} */ element) => getComputedStyle(element).backgroundColor;
    const pairs = [
      [".navigation-link[aria-current]", ".navigation-link:not([aria-current])"],
      ['.language[aria-pressed="true"]', '.language[aria-pressed="false"]'],
      ['.segment[aria-pressed="true"]', '.segment[aria-pressed="false"]'],
    ];
    const same = pairs.filter(([chosen, other]) => {
      const [a, b] = [chosen, other].map((what) => document.querySelector(what));
      return a && b && ground(a) === ground(b);
    });
    const shown = [...document.querySelectorAll(".dot, progress")].filter((element) => element.getClientRects().length > 0);
    const bare = shown.filter((element) => getComputedStyle(element).borderTopStyle === "none");
    return [...same.map(([chosen]) => chosen), ...bare.map((element) => `${element.tagName}.${element.className}`)];
  });

/**
 * What axe says of the page as it is, in both widths and both colour schemes.
 * @param {import("../lib/tab.mjs").Tab} tab
 * @param {string} what
 */
async function everyWay(tab, what) {
  const problems = [];
  for (const [width, height] of [[1280, 900], [320, 640]]) {
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
