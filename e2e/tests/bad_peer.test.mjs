// A relay that sends invalid data: the tab reports it, loses nothing, and continues when an honest one returns.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { Front } from "../lib/front.mjs";
import { GENESIS } from "../lib/keys.mjs";
import { scenario } from "../lib/scenario.mjs";
import { RELAY_GONE } from "../lib/tab.mjs";
import { until } from "../lib/wait.mjs";

/** @type {[string, Buffer | string][]} */
const RUBBISH = [
  ["random bytes", randomBytes(200)],
  ["nothing in a frame", Buffer.alloc(0)],
  ["an unknown message", Buffer.from([255])],
  ["a frame far too large", Buffer.alloc(3_000_000)],
  ["text", "hello"],
];

scenario("a tab survives invalid data from a relay", async (s) => {
  const relay = await s.relay({ key: GENESIS });
  const front = await Front.start(s, relay);
  const browser = await s.browser();
  const tab = await browser.tab(front.url);
  tab.tolerate(RELAY_GONE);
  const address = await tab.newKey();
  await relay.pay(GENESIS, address, "2", "--wait", "1");
  await tab.agreesWith(relay);
  await tab.shows("spendable", 2);
  await tab.view("node");

  for (const [name, rubbish] of RUBBISH) {
    let dialled = 0;
    front.conduct = (send) => {
      dialled += 1;
      send(rubbish);
    };
    await until(`the tab dials and hears ${name}`, async () => {
      if (dialled === 0 && (await tab.attribute("relay", "data-state")) === "waiting") await tab.element("reconnect").click();
      return dialled > 0;
    });
    await until(`the tab gives up the relay that sends ${name}`, async () => {
      return (await tab.attribute("relay", "data-state")) === "waiting" && (await tab.element("notice").count()) > 0;
    });
    assert.equal(await tab.value("height"), 1);
    assert.equal(await tab.value("spendable"), 2);
  }

  front.conduct = "pass";
  await relay.pay(GENESIS, address, "3", "--wait", "1");
  await tab.agreesWith(relay);
  await tab.shows("spendable", 5);
});
