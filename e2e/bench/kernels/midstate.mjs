// The fastest search in plain JavaScript: it unrolls all rounds, precomputes everything that does not depend on the
// nonce, and skips the last rounds. It compiles generated source, which the page's CSP forbids and a benchmark may do.

import { blocks, compress, INITIAL, K, round, sigma0, sigma1 } from "./sha256.mjs";

/** The word of the second block that is the nonce. */
const NONCE = 5;
/** The last round that the hash's last word depends on. */
const LAST = 60;
/** The last round that needs the left half of the state: a round's `a` determines `e` four rounds later. */
const LAST_WHOLE = 56;

/** Whether a word of the schedule is the same for all nonces. */
const isKnown = (/** @type {number} */ t) => t < 20 && t !== NONCE;

/** The four terms of the schedule's word `t`: the earlier word, and the function applied to it. */
const terms = (/** @type {number} */ t) => [
  { of: t - 2, sigma: sigma1, text: (/** @type {string} */ x) => small(x, 17, 19, 10) },
  { of: t - 7, sigma: (/** @type {number} */ x) => x, text: (/** @type {string} */ x) => x },
  { of: t - 15, sigma: sigma0, text: (/** @type {string} */ x) => small(x, 7, 18, 3) },
  { of: t - 16, sigma: (/** @type {number} */ x) => x, text: (/** @type {string} */ x) => x },
];

const rotated = (/** @type {string} */ x, /** @type {number} */ by) => `(${x} >>> ${by} | ${x} << ${32 - by})`;
const small = (/** @type {string} */ x, /** @type {number} */ i, /** @type {number} */ j, /** @type {number} */ shift) =>
  `(${rotated(x, i)} ^ ${rotated(x, j)} ^ ${x} >>> ${shift})`;
const large = (/** @type {string} */ x, /** @type {number} */ i, /** @type {number} */ j, /** @type {number} */ k) =>
  `(${rotated(x, i)} ^ ${rotated(x, j)} ^ ${rotated(x, k)})`;

/**
 * Returns a search for one header: `(start, end, mask)` returns the first nonce whose hash's last word has no bit of
 * the mask, or -1.
 * @param {Uint8Array} header
 * @returns {(start: number, end: number, mask: number) => number}
 */
export function midstateSearch(header) {
  const [first, second] = blocks(header);
  const midstate = compress(INITIAL, first);
  const words = [...second];
  words[NONCE] = 0;
  /** The known part of each word of the schedule: the whole word, or the sum of some of its terms. */
  for (let t = 16; t <= LAST; t++) {
    const known = terms(t).filter(({ of }) => isKnown(of));
    words[t] = known.reduce((sum, { of, sigma }) => (sum + sigma(words[of])) | 0, 0);
  }
  let state = midstate;
  for (let t = 0; t <= NONCE; t++) state = round(state, (K[t] + words[t]) | 0);
  return /** @type {any} */ (new Function("start", "end", "mask", source(state, words, midstate[7])));
}

/**
 * @param {number[]} start the state after the nonce's round, were the nonce 0
 * @param {number[]} words
 * @param {number} last
 */
function source(start, words, last) {
  let names = ["a", "b", "c", "d", "e", "f", "g", "h"];
  const lines = names.map((name, i) => `${name} = ${start[i]}${i % 4 === 0 ? " + nonce" : ""} | 0;`);
  lines.push("bc = b ^ c;");
  for (let t = NONCE + 1; t <= LAST; t++) {
    const [a, b, , d, e, f, g, h] = names;
    const word = isKnown(t) ? `${(K[t] + words[t]) | 0}` : `${K[t] | 0} + w${t % 16}`;
    if (!isKnown(t)) lines.push(`w${t % 16} = ${schedule(t, words[t])} | 0;`);
    lines.push(`t1 = ${h} + ${word} + (${g} ^ ${e} & (${f} ^ ${g})) + ${large(e, 6, 11, 25)} | 0;`);
    lines.push(`${d} = ${d} + t1 | 0;`);
    if (t <= LAST_WHOLE) {
      lines.push(`ab = ${a} ^ ${b};`, `${h} = t1 + (${b} ^ ab & bc) + ${large(a, 2, 13, 22)} | 0;`, "bc = ab;");
    }
    names = [h, ...names.slice(0, 7)];
  }
  const w = Array.from({ length: 16 }, (_, i) => `w${i} = 0`);
  return `let a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0, t1 = 0, ab = 0, bc = 0, ${w};
for (let nonce = start | 0, left = end - start | 0; left > 0; left = left - 1 | 0, nonce = nonce + 1 | 0) {
${lines.join("\n")}
if (((${names[4]} + ${last}) & mask) === 0) return nonce >>> 0;
}
return -1;`;
}

/**
 * The source of the schedule's word `t`; `known` is the sum of its known terms.
 * @param {number} t
 * @param {number} known
 */
function schedule(t, known) {
  const unknown = terms(t).filter(({ of }) => !isKnown(of));
  const text = unknown.map(({ of, text }) => text(of === NONCE ? "nonce" : `w${of % 16}`));
  return [...text, ...(known ? [known] : [])].join(" + ");
}
