// A clock that is wrong by minutes separates a node from its network: the page reports it.

import assert from "node:assert/strict";
import { A, GENESIS } from "../lib/keys.mjs";
import { PageCopy } from "../lib/page_copy.mjs";
import { scenario } from "../lib/scenario.mjs";
import { until } from "../lib/wait.mjs";

scenario("a wrong clock is reported, a right one is not", async (s) => {
  const page = await PageCopy.of(await s.relay(), s);
  const relay = await s.relay({ args: ["--page", page.folder] });
  for (const [minutes, words] of /** @type {const} */ ([[0, undefined], [10, /10 minutes ahead/], [-5, /5 minutes behind/]])) {
    // The node's worker has its own clock.
    const clock = `const clock${minutes + 5} = Date.now; Date.now = () => clock${minutes + 5}() + ${minutes * 60_000};`;
    await page.change("node-worker.js", (text) => `${clock}\n${text.replace(/^const clock.*\n/, "")}`);
    const browser = await s.browser({ context: { serviceWorkers: "block" } });
    const tab = await browser.tab(relay.url);
    await tab.agreesWith(relay);
    const notices = async () => (await tab.element("notice").allTextContents()).join("\n");
    if (words) await until("it is reported", async () => words.test(await notices()));
    else assert.doesNotMatch(await notices(), /clock/);
  }
});

scenario("a tab whose clock is behind is not in sync and does not mine", async (s) => {
  const page = await PageCopy.of(await s.relay(), s);
  const relay = await s.relay({ key: A, args: ["--page", page.folder] });
  await relay.pay(GENESIS, A.publicKey, "1");
  await until("the relay has mined a block", async () => (await relay.tip()).height === 1);
  await page.change("node-worker.js", (text) => `const clock = Date.now; Date.now = () => clock() - 300_000;\n${text}`);
  const browser = await s.browser({ context: { serviceWorkers: "block" } });
  const tab = await browser.tab(relay.url);
  await tab.state("node-state", "early-headers");
  await tab.newKey();
  await tab.view("mining");
  await tab.mine({ policy: "always" });
  await tab.state("mining-state", "clock-behind");
  assert.equal((await relay.tip()).height, 1);
});
