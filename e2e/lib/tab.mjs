// A tab with the page: its contents, user actions, and all problems that it reports.

import assert from "node:assert/strict";
import { until, untilEqual } from "./wait.mjs";

/** Network errors after the loss of a relay. Only tests that stop one tolerate them. */
export const RELAY_GONE =
  /WebSocket connection to|ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE|can’t establish a connection|was interrupted while the page was loading|NetworkError/;

/** Payments from own keys in the history. */
const SENT = '[data-testid="history-entry"]:is([data-kind="paid"], [data-kind="to-self"])';

/**
 * Runs in each page and each of its workers: turns violations of the content security policy into errors, also where
 * the browser only logs them.
 */
export function reportViolations() {
  addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => {
    console.error(`content security policy: ${violatedDirective} forbids ${blockedURI}`);
  });
}

/** One tab. It is read through the elements named in `web/src/ids.rs`. */
export class Tab {
  /** @type {string[]} */
  #problems = [];
  /** @type {RegExp[]} */
  #tolerated = [];

  /** @param {import("playwright-core").Page} page */
  constructor(page) {
    this.page = page;
    page.setDefaultTimeout(30_000);
    page.on("console", (message) => {
      if (message.type() === "error") this.#problem(`console: ${message.text()} (${message.location().url})`);
    });
    // A worker that ends at once cannot report anything.
    page.on("worker", (worker) => void worker.evaluate(reportViolations).catch(() => {}));
    page.on("pageerror", (error) => this.#problem(`exception: ${error.stack ?? error}`));
    page.on("crash", () => this.#problem("the tab crashed"));
    page.on("framenavigated", (frame) => {
      if (frame === page.mainFrame()) this.origins.add(new URL(frame.url()).origin);
    });
  }

  /** Where its pages came from. */
  origins = new Set();

  /** @param {string} text */
  #problem(text) {
    this.#problems.push(text);
  }

  /**
   * Tolerates problems that are part of the test.
   * @param {...RegExp} kinds
   */
  tolerate(...kinds) {
    this.#tolerated.push(...kinds);
  }

  /** Fails if the tab reported a problem: an exception, or a violation of the policy. */
  assertClean() {
    const problems = this.#problems.filter((text) => !this.#tolerated.some((kind) => kind.test(text)));
    assert.deepEqual(problems, [], "the tab complained");
  }

  /**
   * Opens the page and waits until its node runs.
   * @param {string} url
   */
  async open(url) {
    await this.page.goto(url);
    await this.running();
  }

  /** Reloads the page and waits until its node runs. */
  async reload() {
    await this.page.reload();
    await this.running();
  }

  /** Waits until the node runs. */
  async running() {
    await until("the node runs", async () => !["starting", null].includes(await this.attribute("node-state", "data-state")));
    assert.notEqual(await this.attribute("node-state", "data-state"), "failed", await this.text("failure"));
  }

  /**
   * An element by its `data-testid`.
   * @param {string} id
   */
  element(id) {
    return this.page.getByTestId(id);
  }

  /**
   * An attribute of the first element of that id; `null` without such an element.
   * @param {string} id
   * @param {string} name
   */
  attribute(id, name) {
    const read = (/** @type {string[]} */ [id, name]) =>
      document.querySelector(`[data-testid="${id}"]`)?.getAttribute(name) ?? null;
    return this.page.evaluate(read, [id, name]);
  }

  /**
   * An attribute of all elements of that id.
   * @param {string} id
   * @param {string} name
   * @returns {Promise<(string | null)[]>}
   */
  attributes(id, name) {
    return this.element(id).evaluateAll((all, name) => all.map((element) => element.getAttribute(name)), name);
  }

  /**
   * The text of the first element of that id, "" without one.
   * @param {string} id
   * @returns {Promise<string>}
   */
  text(id) {
    return this.page.evaluate((id) => document.querySelector(`[data-testid="${id}"]`)?.textContent ?? "", id);
  }

  /**
   * A number shown, from its `data-value`; `NaN` while it is not shown.
   * @param {string} id
   */
  async value(id) {
    return Number((await this.attribute(id, "data-value")) ?? NaN);
  }

  /** The last block's id. */
  tip() {
    return this.attribute("tip", "data-id");
  }

  /** The selected key's address. */
  address() {
    return this.text("address");
  }

  /**
   * Waits until the tab has the relay's tip.
   * @param {import("./relay.mjs").Relay} relay
   */
  async agreesWith(relay) {
    const seen = async () => [await this.attribute("node-state", "data-state"), await this.tip(), (await relay.tip()).id];
    await until("tab and relay agree on the tip", async () => {
      const [state, own, wanted] = await seen();
      if (state !== "synced" || own !== wanted) throw new Error(`the tab is ${state} at ${own}, the relay at ${wanted}`);
      return true;
    });
  }

  /**
   * Waits until a number is shown.
   * @param {string} id
   * @param {number} wanted
   */
  shows(id, wanted) {
    return untilEqual(`${id} is ${wanted}`, () => this.value(id), wanted);
  }

  /**
   * Waits until an element's `data-state` is one of these.
   * @param {string} id
   * @param {...string} wanted
   */
  async state(id, ...wanted) {
    await until(`${id} is ${wanted.join(" or ")}`, async () => {
      const state = await this.attribute(id, "data-state");
      if (!wanted.includes(state ?? "")) throw new Error(`it is ${state}`);
      return true;
    });
  }

  /**
   * Goes to a view by its link.
   * @param {"overview" | "blocks" | "wallet" | "mining" | "node" | "rules"} name
   */
  async view(name) {
    const view = this.page.locator(`[data-testid="view"][data-view="${name}"]`);
    if (!(await view.isVisible())) await this.page.locator(`[data-testid="view-link"][data-view="${name}"]`).click();
    await view.waitFor();
    if (name === "mining") await this.unfoldMining();
  }

  /** Unfolds the settings and figures of mining. */
  async unfoldMining() {
    const unfold = (/** @type {Element[]} */ all) => all.forEach((part) => part.setAttribute("open", ""));
    await this.page.locator('[data-view="mining"] details').evaluateAll(unfold);
  }

  /** Unfolds what is done with keys, where there is one. */
  async manageKeys() {
    await this.view("wallet");
    const keys = this.element("keys");
    if ((await keys.count()) > 0 && (await keys.getAttribute("open")) === null) await keys.locator("summary").first().click();
  }

  /**
   * Shows a part of the wallet where the window is too narrow for all.
   * @param {"receive" | "pay" | "history"} name
   */
  async part(name) {
    const choice = this.page.locator(`[data-testid="wallet-part"][data-part="${name}"]`);
    if (await choice.isVisible()) await choice.click();
  }

  /** Ids of the payments from own keys in the history. */
  sent() {
    return this.page.locator(SENT).evaluateAll((all) => all.map((entry) => entry.getAttribute("data-id")));
  }

  /** What became of them. */
  sentStates() {
    return this.page.locator(SENT).evaluateAll((all) => all.map((entry) => entry.getAttribute("data-state")));
  }

  /** Makes a key, uses it, and returns its address. */
  async newKey() {
    await this.manageKeys();
    const before = await this.address();
    const known = [before, ...(await this.#keys())];
    await this.element("key-new").click();
    if (before) {
      // A further key is not in use until it is chosen.
      const made = await until("there is a new key", async () => (await this.#keys()).find((key) => !known.includes(key)));
      await this.element("key-select").selectOption(made);
    }
    return this.#addressAfter(before);
  }

  /** The addresses among which a key can be chosen; none if there are not several. */
  #keys() {
    return this.page.locator('[data-testid="key-select"] option').evaluateAll((all) => all.map((option) => option.getAttribute("value")));
  }

  /**
   * Imports a private key that is not in the wallet yet; returns its address.
   * @param {import("./keys.mjs").Key} key
   */
  async importKey(key) {
    await this.manageKeys();
    const before = await this.address();
    await this.element("key-import").click();
    await this.element("key-import-text").fill(key.privateKey);
    await this.element("key-import-action").click();
    await this.element("key-import-text").waitFor({ state: "detached" });
    return this.#addressAfter(before);
  }

  /** @param {string} before */
  #addressAfter(before) {
    return until("there is a new address", async () => {
      const address = await this.address();
      return address !== before && address;
    });
  }

  /**
   * Pays; returns the payment's id.
   * @param {string} recipient
   * @param {string} amount in FED
   */
  async pay(recipient, amount) {
    await this.view("wallet");
    const earlier = await this.sent();
    await this.element("send-recipient").fill(recipient);
    await this.element("send-amount").fill(amount);
    await this.element("send-review").click();
    await this.element("send-confirm").click();
    return until("the payment is sent", async () => {
      const problem = await this.text("send-problem");
      if (problem) throw new Error(problem);
      return (await this.sent()).find((id) => !earlier.includes(id));
    });
  }

  /** Stops mining. */
  async pause() {
    await this.view("mining");
    await this.element("mining-pause").click();
  }

  /**
   * Starts mining.
   * @param {{ policy?: "on-demand" | "always", threads?: number }} [how]
   */
  async mine({ policy = "on-demand", threads = 1 } = {}) {
    await this.view("mining");
    // Firefox's driver appends to what a number field holds.
    await this.element("mining-threads").evaluate((field, threads) => {
      /** @type {HTMLInputElement} */ (field).value = `${threads}`;
      for (const kind of ["input", "change"]) field.dispatchEvent(new Event(kind, { bubbles: true }));
    }, threads);
    await this.element(`mining-${policy}`).check();
    await this.element("mining-start").click();
    await until("mining is on", async () => (await this.attribute("mining-state", "data-state")) !== "off");
  }
}
