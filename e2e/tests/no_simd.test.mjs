// A browser without SIMD refuses the kernel's module, and still mines.

import assert from "node:assert/strict";
import { minerProgram } from "../lib/miner.mjs";
import { scenario } from "../lib/scenario.mjs";
import { until } from "../lib/wait.mjs";

/** Without this instruction set V8 has no SIMD and refuses a module that uses it, like browsers before SIMD. */
const NO_SIMD = "--js-flags=--no-enable-sse4-1";
/** A module with one function, which makes a vector and drops it. */
const SIMD = [0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 10, 9, 1, 7, 0, 65, 0, 253, 15, 26, 11];

const knowsSimd = (/** @type {number[]} */ module) => WebAssembly.validate(new Uint8Array(module));

/**
 * The kernels that the page's miner has in this tab.
 * @param {import("../lib/tab.mjs").Tab} tab
 */
async function kernels(tab) {
  return tab.page.evaluate(async (program) => {
    const { default: start, search } = await import(new URL(program, document.baseURI).href);
    await start();
    const header = new Uint8Array(88);
    header.set([0x1e, 0xff, 0xff, 0], 80);
    return ["scalar", "simd128"].filter((name) => search(name, header, 0, 0, 1)[0] === 256);
  }, await minerProgram(tab));
}

/**
 * Which of the programs of page and miner this browser accepts.
 * @param {import("../lib/tab.mjs").Tab} tab
 */
async function modules(tab) {
  return tab.page.evaluate(async (program) => {
    const get = (/** @type {string} */ name) => fetch(new URL(name, document.baseURI));
    const valid = async (/** @type {string} */ name) => {
      const file = await get(name);
      return file.ok && WebAssembly.validate(await file.arrayBuffer());
    };
    const module = (await (await get(program)).text()).match(/kernel-worker-[0-9a-f]+_bg\.wasm/)?.[0];
    const page = document.querySelector("link[rel=preload][as=fetch]")?.getAttribute("href");
    return { page: await valid(page ?? "missing"), miner: await valid(module ?? "missing") };
  }, await minerProgram(tab));
}

for (const [name, args, wanted] of /** @type {[string, string[], string[]][]} */ ([
  ["with SIMD a tab has both kernels, and mines", [], ["scalar", "simd128"]],
  ["without SIMD a tab has the scalar kernel, and mines", [NO_SIMD], ["scalar"]],
])) {
  scenario(name, async (s) => {
    // Its blocks may be empty.
    const relay = await s.relay({ network: "main" });
    const browser = await s.browser({ args });
    const tab = await browser.tab(relay.url);
    assert.equal(await tab.page.evaluate(knowsSimd, SIMD), args.length === 0);
    assert.deepEqual(await modules(tab), { page: true, miner: true }, "they have no vector instructions");
    await tab.newKey();
    await tab.mine({ policy: "always" });
    await until("the relay has the tab's block", async () => (await relay.tip()).height >= 1);
    assert.equal(await tab.attribute("worker", "data-state") === "silent", false);
    await tab.pause();
    await tab.agreesWith(relay);
    assert.deepEqual(await kernels(tab), wanted);
  });
}
