import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { ROOT } from "../lib/place.mjs";
import { median, percentile } from "./statistics.mjs";

/** Measurements of each contestant. */
const ROUNDS = 15;
/** Aimed length of a measurement in milliseconds. */
const TURN_MS = 100;
const MODULE = "target/wasm32-unknown-unknown/page/examples/rates.wasm";
/** Time to build the module, in milliseconds. */
const PATIENCE = 600_000;

/**
 * Measures signature checks per second of `fedcoin-p256`, `p256` and the browser's WebCrypto, alternating in one worker.
 * @param {import("../lib/scenario.mjs").Scenario} scenario
 */
export async function signatures(scenario) {
  console.log("\nbuilding the module ...");
  const build = "build --locked --profile page --target wasm32-unknown-unknown -p fedcoin-p256 --example rates";
  await promisify(execFile)("cargo", build.split(" "), { cwd: ROOT, timeout: PATIENCE });
  const module = await readFile(join(ROOT, MODULE));
  // Any page of this origin will do. WebCrypto needs a secure context, and a relay's page forbids workers from blobs.
  const { page } = await (await scenario.browser()).blank();
  await page.route("http://localhost/**", (route) => {
    const asked = route.request().url();
    if (asked.endsWith(".wasm")) return route.fulfill({ contentType: "application/wasm", body: module });
    if (asked.endsWith(".mjs")) return route.fulfill({ contentType: "text/javascript", body: `(${worker})(${ROUNDS}, ${TURN_MS})` });
    return route.fulfill({ contentType: "text/html", body: "<!doctype html>" });
  });
  await page.goto("http://localhost/");
  const measured = await page.evaluate(run);
  if (typeof measured === "string") throw new Error(measured);
  const rate = (/** @type {string} */ name) => median(measured.find((one) => one.name === name)?.rates ?? []);
  const times = (/** @type {string} */ a, /** @type {string} */ b) => `${(rate(a) / rate(b)).toFixed(2)} times`;
  /** @type {[string, unknown][]} */
  const rows = [["signature checks per second in one worker", "median, 90th percentile"]];
  for (const { name, rates } of measured) rows.push([name, `${Math.round(median(rates))}, ${Math.round(percentile(rates, 90))}`]);
  rows.push(["prepared keys against p256 with decoded keys", times("fedcoin-p256, prepared keys, 64 at once", "p256, decoded keys")]);
  rows.push(["33-byte keys against p256 with 33-byte keys", times("fedcoin-p256, 33-byte keys, 64 at once", "p256, 33-byte keys")]);
  const data = measured.map(({ name, rates }) => ({ name, median: median(rates), p90: percentile(rates, 90) }));
  return { rows, data };
}

/**
 * Runs in the page: returns the worker's answer.
 * @returns {Promise<{ name: string, rates: number[] }[] | string>}
 */
function run() {
  return new Promise((answered) => {
    const worker = new Worker("/worker.mjs", { type: "module" });
    worker.onmessage = ({ data }) => answered(data);
    worker.onerror = ({ message }) => answered(message ?? "the worker cannot be loaded");
  });
}

/**
 * Runs in a worker: measures each contestant in turns of about `turn` milliseconds.
 * @param {number} rounds
 * @param {number} turn
 */
async function worker(rounds, turn) {
  const { instance } = await WebAssembly.instantiateStreaming(fetch("/rates.wasm"));
  const wasm = /** @type {Record<string, (...of: number[]) => number>} */ (/** @type {unknown} */ (instance.exports));
  wasm.prepare();
  const curve = { name: "ECDSA", namedCurve: "P-256" };
  const scheme = { name: "ECDSA", hash: "SHA-256" };
  const { privateKey, publicKey } = await crypto.subtle.generateKey(curve, false, ["sign", "verify"]);
  const message = crypto.getRandomValues(new Uint8Array(80));
  const signature = await crypto.subtle.sign(scheme, privateKey, message);
  const webCrypto = async (/** @type {number} */ count) => {
    let valid = 0;
    for (let done = 0; done < count; done += 64) {
      const some = Array.from({ length: Math.min(64, count - done) }, () => crypto.subtle.verify(scheme, publicKey, signature, message));
      valid += (await Promise.all(some)).filter(Boolean).length;
    }
    return valid;
  };
  const contestants = [
    { name: "p256, 33-byte keys", check: (/** @type {number} */ n) => wasm.p256_from_bytes(n) },
    { name: "p256, decoded keys", check: (/** @type {number} */ n) => wasm.p256_decoded(n) },
    { name: "fedcoin-p256, 33-byte keys, 1 at once", check: (/** @type {number} */ n) => wasm.from_bytes(n, 1) },
    { name: "fedcoin-p256, 33-byte keys, 64 at once", check: (/** @type {number} */ n) => wasm.from_bytes(n, 64) },
    { name: "fedcoin-p256, prepared keys, 1 at once", check: (/** @type {number} */ n) => wasm.prepared(n, 1) },
    { name: "fedcoin-p256, prepared keys, 64 at once", check: (/** @type {number} */ n) => wasm.prepared(n, 64) },
    { name: "WebCrypto, imported keys, 64 at once", check: webCrypto },
  ].map((one) => ({ ...one, count: 64, rates: /** @type {number[]} */ ([]) }));
  // The first two rounds warm up, and choose how many checks make a turn.
  for (let round = -2; round < rounds; round += 1) {
    for (const one of contestants) {
      const begun = performance.now();
      const valid = await one.check(one.count);
      const took = performance.now() - begun;
      if (valid !== one.count) return postMessage(`${one.name}: ${valid} of ${one.count} signatures are valid`);
      if (round < 0) one.count = Math.max(64, Math.round((one.count * turn) / took / 64) * 64);
      else one.rates.push((one.count / took) * 1000);
    }
  }
  postMessage(contestants.map(({ name, rates }) => ({ name, rates })));
}
