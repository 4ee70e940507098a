// Asking others for money: links that open the page, names for addresses, and the wallet on a phone.

import assert from "node:assert/strict";
import { A, GENESIS } from "../lib/keys.mjs";
import { pictures } from "../lib/pictures.mjs";
import { scenario } from "../lib/scenario.mjs";
import { until, untilEqual } from "../lib/wait.mjs";

scenario("a link opens the page with the payment filled in, also in a wallet without a key", async (s) => {
  const relay = await s.relay();
  const browser = await s.browser();
  const payee = await browser.tab(relay.url);
  const address = await payee.newKey();
  await payee.element("receive").click();
  await payee.element("receive-amount").fill("2.5");
  await until("the link", async () => /amount=2\.5$/.test(await payee.text("payment-link")));
  const link = await payee.text("payment-link");

  const payer = await (await s.browser()).tab(link);
  await until("it says what is asked for", async () => /asked to send 2\.5 FED/.test(await payer.text("app")));
  await pictures(payer, "wallet/asked");
  await payer.importKey(GENESIS);
  await untilEqual("the recipient", () => payer.element("send-recipient").inputValue(), address);
  await untilEqual("the amount", () => payer.element("send-amount").inputValue(), "2.5");
  await untilEqual("once only", () => payer.page.evaluate(() => location.hash), "#/wallet");
  // The next link comes to a page that is open.
  await payer.page.evaluate((hash) => void (location.hash = hash), `#/pay/${address}?amount=3`);
  await untilEqual("another amount", () => payer.element("send-amount").inputValue(), "3");
  await payer.element("send-recipient").fill(link);
  await untilEqual("a pasted link is read too", () => payer.element("send-amount").inputValue(), "2.5");
  await until("it can be paid", () => payer.element("send-review").isEnabled());
});

scenario("an address gets a name, is paid by it, and keeps it in this browser", async (s) => {
  const relay = await s.relay();
  const tab = await (await s.browser()).tab(relay.url);
  await tab.importKey(GENESIS);
  await tab.element("send-recipient").fill(A.publicKey);
  await tab.element("contacts").click();
  await tab.element("contact-save").click();
  await until("a name is needed", async () => /name/.test(await tab.text("contact-problem")));
  await tab.element("contact-name").fill("Ann");
  await tab.element("contact-save").click();
  await untilEqual("it is in the list", () => tab.element("contact").count(), 1);
  await pictures(tab, "wallet/contacts");
  await tab.element("contact-pay").click();
  await tab.pay("ann", "2");
  await until("the history has the name", async () => /to Ann/.test(await tab.text("history-entry")));
  await tab.reload();
  await tab.view("wallet");
  await until("it is remembered", async () => /to Ann/.test(await tab.text("history-entry")));
  await tab.element("contacts").click();
  await tab.element("contact-remove").click();
  await untilEqual("it is gone", () => tab.element("contact").count(), 0);
  await tab.element("dialog-close").click();
  await until("and the address is back", async () => /to fed1/.test(await tab.text("history-entry")));
});

scenario("a phone shows one part of the wallet at a time, with room for fingers", async (s) => {
  const relay = await s.relay();
  const tab = await (await s.browser()).tab(relay.url);
  await tab.importKey(GENESIS);
  await tab.shows("spendable", 50);
  assert.equal(await tab.element("wallet-part").first().isVisible(), false, "a wide window shows all");
  await tab.page.setViewportSize({ width: 360, height: 740 });
  const parts = { receive: "address", pay: "send-recipient", history: "history" };
  for (const [part, own] of Object.entries(parts)) {
    await tab.page.locator(`[data-testid="wallet-part"][data-part="${part}"]`).click();
    for (const id of Object.values(parts)) assert.equal(await tab.element(id).isVisible(), id === own, `${id} in ${part}`);
    const low = await tab.page.locator('[data-view="wallet"] :is(button:not(.plain), select, input[type="text"]):visible').evaluateAll(
      (all) => all.filter((element) => element.getBoundingClientRect().height < 43.5).map((element) => element.outerHTML),
    );
    assert.deepEqual(low, [], "too low for a finger");
  }
  await tab.page.evaluate((hash) => void (location.hash = hash), `#/pay/${await tab.address()}?amount=3`);
  await until("a link opens paying", () => tab.element("send-recipient").isVisible());

  // A window that gets narrow keeps an open dialog, whatever part it shows.
  await tab.part("receive");
  await tab.page.setViewportSize({ width: 1280, height: 900 });
  await tab.element("contacts").click();
  await tab.page.setViewportSize({ width: 360, height: 740 });
  assert.ok(await tab.element("contact-name").isVisible(), "the dialog stays");
});
