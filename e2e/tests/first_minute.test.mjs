// From an empty tab to a payment by the first steps alone; news; the network's rules; a second tab that takes the wallet.

import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { A, GENESIS } from "../lib/keys.mjs";
import { writeNetwork } from "../lib/network.mjs";
import { pictures } from "../lib/pictures.mjs";
import { temporaryFolder } from "../lib/place.mjs";
import { fedcoin } from "../lib/relay.mjs";
import { scenario } from "../lib/scenario.mjs";
import { until, untilEqual } from "../lib/wait.mjs";

/** Lets the test hide the tab, move its clock and count its sounds. */
function underControl() {
  let [hidden, ahead] = [false, 0];
  Object.defineProperty(document, "hidden", { get: () => hidden });
  const now = Date.now.bind(Date);
  Date.now = () => now() + ahead;
  const tones = { count: 0 };
  const Context = window.AudioContext;
  window.AudioContext = class extends Context {
    createOscillator() {
      tones.count += 1;
      return super.createOscillator();
    }
  };
  Reflect.set(window, "control", {
    tones,
    wait: (/** @type {number} */ ms) => void (ahead += ms),
    hide: (/** @type {boolean} */ now) => {
      hidden = now;
      document.dispatchEvent(new Event("visibilitychange"));
    },
  });
}

scenario("the first minute leads from an empty tab to a payment, and a second tab finds the wallet", async (s) => {
  const folder = await temporaryFolder(s);
  const file = join(folder, "genesis.txt");
  await writeFile(file, GENESIS.publicKey);
  const genesis = (await fedcoin("keys", "show", file)).match(/fed1\w+/)?.[0] ?? "";
  const relay = await s.relay({ chain: await writeNetwork(join(folder, "net.toml"), genesis, 4_000_000) });
  const browser = await s.browser({ context: { reducedMotion: "reduce" } });
  const tab = await browser.blank();
  const { page } = tab;
  await page.addInitScript(underControl);
  const control = (/** @type {string} */ what, /** @type {unknown} */ value) =>
    page.evaluate(([what, value]) => Reflect.get(Reflect.get(window, "control"), /** @type {string} */ (what))(value), [what, value]);
  const steps = () => tab.attributes("first-step", "data-state");
  const toast = (/** @type {string} */ kind) => page.locator(`[data-testid="toast"][data-kind="${kind}"]`).textContent();
  await tab.open(relay.url);

  // Three steps: a key, a block, a payment.
  await until("the steps", async () => (await steps()).length === 3);
  assert.deepEqual(await steps(), ["next", "later", "later"]);
  assert.match(await tab.text("first-steps"), /worth nothing/);
  await pictures(tab, "minute/empty");
  await tab.element("first-key").click();
  await untilEqual("a key", steps, ["done", "next", "later"]);
  await tab.element("first-mine").click();
  // Nothing is there to be mined: the cure is where one waits.
  await tab.element("mine-empty").first().waitFor();
  await pictures(tab, "minute/waiting");
  await tab.view("mining");
  await tab.element("mine-empty").waitFor();
  await tab.view("overview");
  await tab.element("mine-empty").first().click();
  await until("a block", async () => /You mined/.test((await toast("mined")) ?? ""));
  assert.equal(await page.evaluate(() => document.activeElement?.closest(".toasts") ?? null), null, "it takes no focus");
  await pictures(tab, "minute/mined");
  await untilEqual("a block is mined", steps, ["done", "done", "next"]);
  await tab.pause();
  await tab.pay(await tab.address(), "1");
  await tab.view("overview");
  await tab.shows("first-steps", 3);
  assert.match(await tab.text("first-steps"), /That’s all/);
  await pictures(tab, "minute/done");
  await tab.reload();
  await until("the wallet is there", () => tab.address());
  await untilEqual("it is over for good", () => tab.element("first-steps").count(), 0);

  // A payment that comes in is told once, counted in the title of a hidden tab, and heard by who wants that.
  await tab.view("node");
  assert.ok(!(await tab.element("sound").isChecked()), "no sound unless it is wished");
  await tab.element("sound").check();
  const tones = () => page.evaluate(() => Reflect.get(window, "control").tones.count);
  const heard = await tones();
  assert.ok(heard > 0, "it is played once to hear");
  await control("hide", true);
  await relay.pay(GENESIS, await tab.address(), "4");
  await untilEqual("it is told", () => toast("received"), "You received 4 FED");
  // While the pointer is on it, it stays.
  await page.locator('[data-testid="toast"][data-kind="received"]').hover();
  assert.match(await page.title(), /^\(1\) Node – FEDCoin$/);
  assert.ok((await tones()) > heard);
  await relay.pay(GENESIS, await tab.address(), "2");
  await untilEqual("both", () => toast("received"), "You received 2 payments: 6 FED together");
  await control("hide", false);
  await until("the title is as before", async () => /^Node – FEDCoin$/.test(await page.title()));
  await control("wait", 20_000);
  await new Promise((done) => setTimeout(done, 1_500));
  assert.notEqual(await toast("received"), "");
  await page.mouse.move(5, 5);
  await control("wait", 20_000);
  await untilEqual("it goes by itself", () => toast("received"), "");
  await tab.reload();
  await tab.view("node");
  assert.ok(await tab.element("sound").isChecked(), "the choice is remembered");
  await tab.element("sound").uncheck();

  // The rules have a view of their own.
  await tab.view("rules");
  assert.match(page.url(), /#\/rules$/);
  await untilEqual("its title", () => page.title(), "Rules – FEDCoin");
  const rules = await tab.text("rules");
  for (const rule of [/50 FED for block/, /every 1,000 blocks/, /blocks may be empty/, /4\.0.M hashes per block/]) assert.match(rules, rule);
  assert.ok(rules.includes((await tab.attribute("network", "data-id")) ?? "-"));
  assert.match(await tab.text("build"), /^[0-9a-f]{8}/);
  await pictures(tab, "minute/rules");

  await secondTab(tab, await browser.tab(relay.url));
});

/**
 * A second tab says that the first one has the wallet, and takes it.
 * @param {import("../lib/tab.mjs").Tab} first
 * @param {import("../lib/tab.mjs").Tab} second
 */
async function secondTab(first, second) {
  const address = await first.address();
  await until("it says who has the wallet", async () => /Another tab .* 1 key \(slot 0\)/.test(await second.text("other-tab")));
  await pictures(second, "minute/second-tab");
  await second.element("other-tab-take").click();
  await second.running();
  await untilEqual("the wallet", () => second.address(), address);
  await first.element("failure").waitFor();
  assert.match(await first.text("failure"), /in another tab/);
  await pictures(first, "minute/handed-over");
  await first.element("retry").click();
  await first.running();
  await until("now the first tab is the second", async () => /slot 0/.test(await first.text("other-tab")));
  assert.equal(await first.address(), "");
  assert.equal(await first.element("first-steps").count(), 0, "they are over for all tabs");
  // With a key of its own it is a node beside the other.
  await first.newKey();
  await untilEqual("the hint is gone", () => first.element("other-tab").count(), 0);
  // A further key does not seem to empty the wallet.
  await second.manageKeys();
  await second.element("key-new").click();
  await until("it is told", async () => /is your new key.*stays in use/.test(await second.text("key-made")));
  assert.equal(await second.address(), address);
  assert.ok((await second.value("spendable")) > 0);
  await second.part("pay");
  await second.pay(A.publicKey, "1");
}
