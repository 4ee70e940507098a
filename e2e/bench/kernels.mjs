import { createServer } from "node:http";
import { readFile, readdir } from "node:fs/promises";
import { extname, join, normalize } from "node:path";
import { ROOT } from "../lib/place.mjs";
import { median, percentile } from "./statistics.mjs";

/** Measurements of each contestant. */
const ROUNDS = 40;
const KINDS = new Map([[".js", "text/javascript"], [".mjs", "text/javascript"], [".wasm", "application/wasm"]]);

/**
 * Measures hashes per second of the built page's kernels and of other implementations, alternating in one browser
 * worker. It runs in a separate page, because some compile generated source, which the node page's CSP forbids.
 * @param {import("../lib/scenario.mjs").Scenario} scenario
 */
export async function kernels(scenario) {
  const url = await serve(scenario);
  const { page } = await (await scenario.browser()).blank();
  await page.goto(url);
  const measured = await page.evaluate(run, ROUNDS);
  if (typeof measured === "string") throw new Error(measured);
  const [scalar, simd128, ...others] = measured;
  const best = (/** @type {RegExp} */ name) =>
    Math.max(...others.filter((other) => name.test(other.name)).map(({ rates }) => median(rates)));
  const millions = (/** @type {number} */ rate) => (rate / 1e6).toFixed(2);
  /** @type {[string, unknown][]} */
  const rows = [["million hashes per second in a tab's worker", "median, 90th percentile"]];
  for (const { name, rates } of measured) rows.push([name, `${millions(median(rates))}, ${millions(percentile(rates, 90))}`]);
  for (const [name, kind] of /** @type {[string, RegExp][]} */ ([["plain JavaScript", /^plain/], ["hash-wasm", /^hash/]])) {
    rows.push([`simd128 against ${name}`, `${(median(simd128.rates) / best(kind)).toFixed(2)} times`]);
  }
  rows.push(["simd128 against scalar", `${(median(simd128.rates) / median(scalar.rates)).toFixed(2)} times`]);
  const data = measured.map(({ name, rates }) => ({ name, median: median(rates), p90: percentile(rates, 90) }));
  return { rows, data };
}

/**
 * Runs in the page: returns the worker's answer.
 * @param {number} rounds
 * @returns {Promise<{ name: string, rates: number[] }[] | string>}
 */
function run(rounds) {
  return new Promise((answered) => {
    const worker = new Worker("/e2e/bench/kernels/worker.mjs", { type: "module" });
    // The miner in the worker reports readiness as bytes, as in a tab.
    worker.onmessage = ({ data }) => data instanceof Uint8Array || answered(data.measured ?? data.problem);
    worker.onerror = ({ message }) => answered(message ?? "the worker cannot be loaded");
    worker.postMessage(rounds);
  });
}

/**
 * The path of the built miner, whose name has its digest; any other path as it is.
 * @param {string} path
 */
async function named(path) {
  if (path !== "/dist/kernel-worker.js") return path;
  const built = (await readdir(join(ROOT, "dist"))).find((name) => /^kernel-worker-[0-9a-f]+\.js$/.test(name));
  return `/dist/${built}`;
}

/**
 * Serves this repository's files, and an empty page.
 * @param {import("../lib/place.mjs").Scope} scope
 */
async function serve(scope) {
  const server = createServer(async (asked, answer) => {
    const path = normalize(asked.url ?? "/");
    if (path === "/") return answer.writeHead(200, { "content-type": "text/html" }).end("<!doctype html>");
    const folder = path.startsWith("/node_modules/") ? join(ROOT, "e2e") : ROOT;
    const file = await readFile(join(folder, await named(path))).catch(() => null);
    const type = KINDS.get(extname(path));
    if (file && type) answer.writeHead(200, { "content-type": type }).end(file);
    else answer.writeHead(404).end();
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", () => ready(undefined)));
  scope.after(() => void server.close());
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return `http://127.0.0.1:${port}/`;
}
