// A test whose relays and browsers end with it, and that leaves screenshots and logs when it fails.

import { writeFile } from "node:fs/promises";
import { test } from "node:test";
import { Browser } from "./browser.mjs";
import { artifact } from "./place.mjs";
import { Relay } from "./relay.mjs";

/** Everything that a test starts. It ends with the test, in reverse order. */
export class Scenario {
  /** @type {(() => void | Promise<void>)[]} */
  #endings = [];
  /** @type {Relay[]} */
  relays = [];
  /** @type {Browser[]} */
  browsers = [];

  /** @param {() => void | Promise<void>} work */
  after(work) {
    this.#endings.push(work);
  }

  /** @param {import("./relay.mjs").RelayOptions} [options] */
  async relay(options) {
    const relay = await Relay.start(this, options);
    this.relays.push(relay);
    return relay;
  }

  /** @param {import("./browser.mjs").BrowserOptions} [options] */
  async browser(options) {
    const browser = await Browser.start(this, options);
    this.browsers.push(browser);
    return browser;
  }

  get tabs() {
    return this.browsers.flatMap((browser) => browser.tabs);
  }

  /** Ends everything; a failure to end one thing does not stop the others. */
  async end() {
    for (const ending of this.#endings.reverse()) {
      await Promise.resolve(ending()).catch((error) => console.error(`while ending: ${error}`));
    }
  }

  /**
   * Saves screenshots and logs of a failed test, as far as they are still available.
   * @param {string} name
   */
  async keepTraces(name) {
    const stem = `failures/${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")}`;
    for (const [i, tab] of this.tabs.entries()) {
      const path = await artifact(`${stem}-tab-${i + 1}.png`);
      await tab.page.screenshot({ path, fullPage: true }).catch((error) => console.error(`no picture: ${error}`));
    }
    for (const [i, relay] of this.relays.entries()) {
      await writeFile(await artifact(`${stem}-relay-${i + 1}.log`), relay.log);
    }
    console.error(`pictures and logs of the failure: ${stem}-*`);
  }
}

/**
 * Declares a test. It fails if a tab has reported a problem, or if any host other than the relays got a request.
 * @param {string} name
 * @param {(scenario: Scenario) => Promise<void>} body
 */
export function scenario(name, body) {
  test(name, async () => {
    const scenario = new Scenario();
    try {
      await body(scenario);
      scenario.browsers.forEach((browser) => browser.assertClean());
    } catch (error) {
      await scenario.keepTraces(name);
      throw error;
    } finally {
      await scenario.end();
    }
  });
}
