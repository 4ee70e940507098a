// A browser with its own profile: Chromium with the flags of the wasm tests (webdriver.json), or Firefox where BROWSER says
// so.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { launchFirefox } from "./firefox.mjs";
import { CHROMIUM, ROOT, temporaryFolder } from "./place.mjs";
import { reportViolations, Tab } from "./tab.mjs";
import { until } from "./wait.mjs";

/**
 * @typedef {object} BrowserOptions
 * @property {string[]} [args] more flags
 * @property {import("playwright-core").BrowserContextOptions} [context] window, language, colours
 */

/** One profile with its tabs. */
export class Browser {
  /** @type {Tab[]} */
  tabs = [];

  /** @type {Set<string>} */
  #asked = new Set();

  /** @param {import("playwright-core").BrowserContext} context */
  constructor(context) {
    this.context = context;
    // Of pages, their workers and service workers.
    context.on("request", (request) => this.#asked.add(new URL(request.url()).origin));
  }

  /** Fails if a tab reported a problem, or if any host other than the tabs' own got a request. */
  assertClean() {
    this.tabs.forEach((tab) => tab.assertClean());
    const own = new Set(this.tabs.flatMap((tab) => [...tab.origins]));
    const strangers = [...this.#asked].filter((origin) => /^http/.test(origin) && !own.has(origin));
    assert.deepEqual(strangers, [], "third parties got requests");
  }

  /**
   * A new profile on disk, which is closed and deleted when the test ends.
   * @param {import("./place.mjs").Scope} scope
   * @param {BrowserOptions} [options]
   */
  static async start(scope, options = {}) {
    const profile = await temporaryFolder(scope);
    const firefox = process.env.BROWSER === "firefox";
    const context = firefox ? await launchFirefox(profile, options.context) : await launchChromium(profile, options);
    scope.after(() => context.close());
    await context.addInitScript(reportViolations);
    return new Browser(context);
  }

  /**
   * A new tab with the page open and its node running.
   * @param {string} url
   */
  async tab(url) {
    const tab = await this.blank();
    await tab.open(url);
    return tab;
  }

  /**
   * Stops (`SIGSTOP`) or continues (`SIGCONT`) the processes that run the tabs.
   * @param {"SIGSTOP" | "SIGCONT"} signal
   */
  async signalTabs(signal) {
    // A stopped process does not respond, so the list is read only once.
    this.#stopped = signal === "SIGSTOP" ? await this.renderers() : this.#stopped;
    for (const pid of this.#stopped) process.kill(pid, signal);
  }

  /** @type {number[]} */
  #stopped = [];

  /** The processes that run the tabs. */
  async renderers() {
    const browser = this.context.browser();
    if (!browser) throw new Error("this profile's browser is unknown");
    const session = await browser.newBrowserCDPSession();
    const { processInfo } = await session.send("SystemInfo.getProcessInfo");
    await session.detach();
    return processInfo.filter(({ type }) => type === "renderer").map(({ id }) => id);
  }

  /**
   * Hides a tab behind another one.
   * @param {Tab} tab
   */
  async hide(tab) {
    // The library makes every page believe that it is visible and focused; only the library itself can undo that.
    const { delegate } = /** @type {any} */ (tab.page)._connection.toImpl(tab.page);
    await delegate._mainFrameSession._client.send("Emulation.setFocusEmulationEnabled", { enabled: false });
    await (await this.context.newPage()).bringToFront();
    await until("the tab is hidden", () => tab.page.evaluate(() => document.hidden));
  }

  /**
   * Shows it again.
   * @param {Tab} tab
   */
  async show(tab) {
    await tab.page.bringToFront();
    await until("the tab is visible", () => tab.page.evaluate(() => !document.hidden));
  }

  /** A new tab with nothing in it. */
  async blank() {
    const tab = new Tab(await this.context.newPage());
    this.tabs.push(tab);
    return tab;
  }
}

/**
 * @param {string} profile
 * @param {BrowserOptions} options
 */
async function launchChromium(profile, options) {
  const args = [...(await flags()), ...(options.args ?? [])];
  return chromium.launchPersistentContext(profile, { executablePath: CHROMIUM, args, locale: "en-GB", ...options.context });
}

/** The flags of the wasm tests. The library chooses the headless mode itself. */
async function flags() {
  const settings = JSON.parse(await readFile(join(ROOT, "webdriver.json"), "utf8"));
  /** @type {string[]} */
  const args = settings["goog:chromeOptions"].args;
  return args.filter((flag) => !flag.startsWith("--headless"));
}
