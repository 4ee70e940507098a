// The node's worker ends between a payment and its answer: the page does not know whether the payment went, finds out,
// and only then offers to send it again.

import assert from "node:assert/strict";
import { A, GENESIS } from "../lib/keys.mjs";
import { PageCopy } from "../lib/page_copy.mjs";
import { scenario } from "../lib/scenario.mjs";
import { until, untilEqual } from "../lib/wait.mjs";
import { crash, rememberWorkers } from "../lib/workers.mjs";

/** The first byte of the worker's messages: what it is about to submit, and what became of it. */
const [SENDING, SENT] = [6, 7];

scenario("a payment that went although its answer is lost is found", async (s) => {
  const { tab, relay } = await replaced(s, `(${swallow})(${SENT});`);
  await untilEqual("the dialog is done", () => tab.element("send-confirm").isVisible(), false);
  const [id] = await until("it is listed", async () => (await tab.sent()).length === 1 && (await tab.sent()));
  await until("the relay has it", async () => (await relay.get(`transactions/${id}`)) !== undefined);
});

scenario("a payment that did not go is offered again", async (s) => {
  const { tab } = await replaced(s, `(${hangAfter})(${SENDING});`);
  await until("it was looked for", async () => /wasn’t sent/.test(await tab.text("send-problem")));
  assert.deepEqual(await tab.sent(), []);
  await tab.element("send-confirm").click();
  await untilEqual("it is sent", async () => (await tab.sent()).length, 1);
});

/**
 * A tab that pays and gets no answer. Its worker is then replaced.
 * @param {import("../lib/scenario.mjs").Scenario} s
 * @param {string} fault runs in the worker
 */
async function replaced(s, fault) {
  const page = await PageCopy.of(await s.relay(), s);
  await page.change("node-worker.js", (text) => `${fault}\n${text}`);
  const relay = await s.relay({ args: ["--page", page.folder] });
  const browser = await s.browser();
  const tab = await browser.blank();
  tab.tolerate(/crash on purpose/);
  await tab.page.addInitScript(rememberWorkers);
  await tab.open(relay.url);
  await tab.importKey(GENESIS);
  await tab.shows("spendable", 50);
  await tab.element("send-recipient").fill(A.publicKey);
  await tab.element("send-amount").fill("5");
  await tab.element("send-review").click();
  await tab.element("send-confirm").waitFor();
  await tab.page.evaluate(() => {
    const channel = new BroadcastChannel("test");
    channel.onmessage = () => Reflect.set(window, "fails", true);
    channel.postMessage("fail");
  });
  await tab.element("send-confirm").click();
  await until("it fails", () => tab.page.evaluate("window.fails"));
  await tab.page.evaluate(crash);
  await until("that is not known", async () => /may have been sent/.test(await tab.text("send-problem")));
  assert.ok(await tab.element("send-confirm").isDisabled(), "not again, for now");
  return { tab, relay };
}

/**
 * Runs in the worker: once the test says so, it hangs right after a message of this kind.
 * @param {number} kind
 */
function hangAfter(kind) {
  const channel = new BroadcastChannel("test");
  const post = self.postMessage.bind(self);
  channel.onmessage = () => {
    self.postMessage = (/** @type {Uint8Array} */ message) => {
      post(message);
      if (message[0] !== kind) return;
      channel.postMessage("it fails");
      for (;;);
    };
  };
}

/**
 * Runs in the worker: once the test says so, a message of this kind is lost; all else goes on for a while.
 * @param {number} kind
 */
function swallow(kind) {
  const channel = new BroadcastChannel("test");
  const post = self.postMessage.bind(self);
  channel.onmessage = () => {
    self.postMessage = (/** @type {Uint8Array} */ message) => {
      if (message[0] === kind) setTimeout(() => channel.postMessage("it fails"), 2_000);
      else post(message);
    };
  };
}
