// Runs the kernels alternately in one worker. Posts the name of each with its rates in hashes per second, or with the
// error.

import { EASY, HARD, others, ours } from "./contestants.mjs";
import { midstateSearch } from "./midstate.mjs";

/** Approximate duration of one measurement in milliseconds. */
const TURN_MS = 60;

/** Some header. */
const header = new Uint8Array(88).map((_, i) => i * 37 + 11);
new DataView(header.buffer).setUint32(80, EASY.target);

onmessage = ({ data }) =>
  measure(data).then((measured) => postMessage({ measured }), (error) => postMessage({ problem: `${error}` }));

async function measure(/** @type {number} */ rounds) {
  const all = await checked();
  const measured = all.map(({ name }) => ({ name, rates: /** @type {number[]} */ ([]) }));
  // Warm-up: lets the browser compile, and determines the number of nonces per measurement.
  const nonces = all.map(({ step }) => step);
  for (let round = -6; round < rounds; round++) {
    for (const [i, { name, step, salts, first }] of all.entries()) {
      const begun = performance.now();
      if ((await first(0, nonces[i], HARD.mask)) >= 0) throw new Error(`${name} finds a nonexistent nonce`);
      const took = performance.now() - begun;
      if (round >= 0) measured[i].rates.push((nonces[i] * salts * 1000) / took);
      else nonces[i] = Math.max(1, Math.round((nonces[i] * TURN_MS) / took / step)) * step;
    }
  }
  return measured;
}

/** All kernels, after a check that each finds the expected nonce. */
async function checked() {
  const reference = await others(header);
  // The page's kernels search 256 salts at once; the reference tries them one by one.
  const firsts = [...Array(256).keys()].map((place) => midstateSearch(withSalt(place))(0, 10_000, EASY.mask));
  const firstOfAll = Math.min(...firsts.filter((nonce) => nonce >= 0));
  const mine = await ours(header);
  for (const { name, first } of mine) expect(name, await first(0, 10_000, EASY.mask), firstOfAll);
  const wanted = await reference[0].first(0, 1_000_000, EASY.mask);
  for (const { name, first } of reference) expect(name, await first(0, 1_000_000, EASY.mask), wanted);
  return [...mine, ...reference];
}

function withSalt(/** @type {number} */ place) {
  const copy = header.slice();
  const view = new DataView(copy.buffer);
  view.setUint32(4, view.getUint32(4) + place);
  return copy;
}

function expect(/** @type {string} */ name, /** @type {number} */ found, /** @type {number} */ wanted) {
  if (found !== wanted) throw new Error(`${name} finds nonce ${found} instead of ${wanted}`);
}
