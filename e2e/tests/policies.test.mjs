// A tab rests although mining is on: on battery and while hidden, as the user chose.

import assert from "node:assert/strict";
import { scenario } from "../lib/scenario.mjs";
import { until, untilEqual } from "../lib/wait.mjs";

/** Runs in the page: a battery and a visibility that a test sets through `window.circumstances`. */
function fakeCircumstances() {
  const battery = Object.assign(Object.create(BatteryManager.prototype), {});
  const events = new EventTarget();
  let charging = true;
  let hidden = false;
  Object.defineProperty(battery, "charging", { get: () => charging });
  battery.addEventListener = events.addEventListener.bind(events);
  Object.defineProperty(document, "hidden", { get: () => hidden });
  navigator.getBattery = async () => battery;
  window.circumstances = (now) => {
    ({ charging, hidden } = now);
    events.dispatchEvent(new Event("chargingchange"));
    document.dispatchEvent(new Event("visibilitychange"));
  };
}

scenario("a tab rests on battery and while hidden, as chosen, and shows the reason", async (s) => {
  const relay = await s.relay({ network: "main" });
  const tab = await (await s.browser()).blank();
  await tab.page.addInitScript(fakeCircumstances);
  await tab.open(relay.url);
  const circumstances = (/** @type {{ charging: boolean, hidden: boolean }} */ now) =>
    tab.page.evaluate((now) => /** @type {any} */ (window).circumstances(now), now);
  const mines = () => tab.state("mining-state", "mining", "checking");
  const rests = async (/** @type {string} */ why) => {
    await tab.state("mining-state", why);
    await until("there is no worker", async () => (await tab.element("worker").count()) === 0);
  };
  await tab.newKey();
  await tab.mine({ policy: "always" });
  await mines();

  await circumstances({ charging: false, hidden: false });
  await rests("on-battery");
  const { height } = await relay.tip();
  await until("it says why", async () => /battery/.test(await tab.text("mining-state")));
  await circumstances({ charging: true, hidden: false });
  await mines();
  await until("blocks go on", async () => (await relay.tip()).height > height);

  await circumstances({ charging: false, hidden: false });
  await rests("on-battery");
  await tab.element("mining-rest-on-battery").uncheck();
  await mines();

  await circumstances({ charging: false, hidden: true });
  await mines();
  await tab.element("mining-hidden-rest-at-once").check();
  await rests("hidden");
  await tab.element("mining-hidden-go-on").check();
  await mines();
  await tab.element("mining-hidden-rest-at-once").check();
  await rests("hidden");
  await circumstances({ charging: false, hidden: false });
  await mines();

  await tab.reload();
  const choices = () =>
    Promise.all(["mining-rest-on-battery", "mining-hidden-rest-at-once"].map((id) => tab.element(id).isChecked()));
  await untilEqual("choices are remembered", choices, [false, true]);
  await tab.state("mining-state", "off");
});

scenario("a tab without battery information says so, and mines", async (s) => {
  const relay = await s.relay({ network: "main" });
  const tab = await (await s.browser()).blank();
  await tab.page.addInitScript(() => delete (/** @type {any} */ (Navigator.prototype).getBattery));
  await tab.open(relay.url);
  await tab.view("mining");
  const words = () => tab.page.locator("label", { has: tab.element("mining-rest-on-battery") }).textContent();
  assert.match((await words()) ?? "", /doesn’t say/);
  await tab.newKey();
  await tab.mine({ policy: "always" });
  await until("the relay has the tab's block", async () => (await relay.tip()).height >= 1);
});
