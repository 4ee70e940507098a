// The mining workers: they share memory with the node's worker, one that dies is replaced and reported, and each can
// be measured.

import assert from "node:assert/strict";
import { availableParallelism } from "node:os";
import { scenario } from "../lib/scenario.mjs";
import { until, untilEqual } from "../lib/wait.mjs";

const kind = (/** @type {string} */ name) => (/** @type {import("playwright-core").Worker} */ worker) =>
  worker.url().includes(name);

scenario("workers share memory, and one that dies is replaced and reported", async (s) => {
  // Its blocks may be empty.
  const relay = await s.relay({ network: "main" });
  const tab = await (await s.browser()).tab(relay.url);
  await tab.newKey();
  await tab.mine({ policy: "always", threads: 2 });
  await until("the tab finds blocks", async () => (await tab.value("blocks-found")) > 0);
  const miners = tab.page.workers().filter(kind("kernel-worker"));
  assert.equal(miners.length, 2);
  for (const worker of [...miners, ...tab.page.workers().filter(kind("node-worker"))]) {
    assert.equal(await worker.evaluate(() => crossOriginIsolated), true, worker.url());
  }
  // Measured once both workers have searched while a block arrived.
  await untilEqual("memory is shared", () => tab.attribute("preemption", "data-flag"), "true");
  await untilEqual("the kernels", () => tab.element("worker-kernel").allTextContents(), ["simd128", "simd128"]);

  await miners[1].evaluate(() => close()).catch(() => {});
  await until("the log says so", async () => /worker [12] didn’t answer and was replaced/.test(await tab.text("log")));
  await until("the list says so", async () => /restarted once/.test(await listed(tab)));
  const found = await tab.value("blocks-found");
  await until("the tab goes on", async () => (await tab.value("blocks-found")) > found);
  await until("both search again", async () => {
    const states = await tab.attributes("worker", "data-state");
    return states.length === 2 && states.every((state) => state === "searching" || state === "idle");
  });
});

scenario("threads that bring nothing are not used, and the page answers", async (s) => {
  const relay = await s.relay({ network: "main" });
  const tab = await (await s.browser()).blank();
  // The threads of a machine of which a container has few.
  await tab.page.addInitScript(() => Object.defineProperty(navigator, "hardwareConcurrency", { get: () => 48 }));
  await tab.open(relay.url);
  await tab.newKey();
  await tab.mine({ policy: "always", threads: 48 });
  await until("it stops at few", async () => /uses \d+\./.test(await tab.text("mining-enough")));
  const workers = await tab.element("worker").count();
  assert.ok(workers <= 2 * availableParallelism(), `${workers} workers`);
  const begun = performance.now();
  await tab.pause();
  await tab.state("mining-state", "off");
  assert.ok(performance.now() - begun < 5_000, "the page answers");
});

scenario("a machine is measured while mining rests, and a measurement can be cancelled", async (s) => {
  const relay = await s.relay({ network: "main" });
  const tab = await (await s.browser()).tab(relay.url);
  await tab.newKey();
  await tab.mine({ policy: "always" });
  await until("the tab finds blocks", async () => (await tab.value("blocks-found")) > 0);

  await tab.element("measure").click();
  await tab.state("measurement-state", "running");
  await tab.state("mining-state", "measuring");
  await tab.element("measure-cancel").click();
  await tab.state("measurement-state", "idle");
  await tab.state("mining-state", "mining", "checking");

  await tab.element("measure").click();
  await tab.state("mining-state", "measuring");
  await untilEqual("no worker mines", () => tab.element("worker").count(), 0);
  const { height } = await relay.tip();
  await tab.state("measurement-state", "done");
  assert.deepEqual(await tab.attributes("measured-kernel", "data-name"), ["scalar", "simd128"]);
  const rates = (await tab.attributes("measured-kernel", "data-value")).map(Number);
  assert.ok(rates.every((rate) => rate > 0), `${rates} hashes per second`);
  assert.ok(Number(await tab.attribute("measured-pauses", "data-p99")) >= 0);
  await until("mining goes on", async () => (await relay.tip()).height > height);
});

/** @param {import("../lib/tab.mjs").Tab} tab */
const listed = async (tab) => (await tab.element("worker").allTextContents()).join("\n");
