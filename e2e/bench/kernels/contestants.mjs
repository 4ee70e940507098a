// The compared kernels. `first` returns the range's first nonce whose hash's last word has no bit of the mask, or -1.

import { sha256 as noble } from "/node_modules/@noble/hashes/sha2.js";
import { createSHA256 } from "/node_modules/hash-wasm/dist/index.esm.js";
import start, { search } from "/dist/kernel-worker.js";
import { midstateSearch } from "./midstate.mjs";

/**
 * @typedef {object} Contestant
 * @property {string} name
 * @property {number} step how many nonces at once, at least
 * @property {number} salts hashes for each nonce
 * @property {(from: number, to: number, mask: number) => number | Promise<number>} first
 */

/** A header's salt, target and nonce. */
const SALT = 4;
const TARGET = 80;
const NONCE = 84;
/** Number of concurrent WebCrypto digests; more are not faster. */
const BATCH = 64;
/** Targets for 16 leading zero bits and for all but 16, each with the mask of the last word's bits that must be 0. */
export const EASY = { target: 0x1effff00, mask: 0xffff };
export const HARD = { target: 0x03010000, mask: ~0 };

/** The page's own kernels, for the header with any target. */
export async function ours(/** @type {Uint8Array} */ header) {
  await start();
  const salts = 256;
  return ["scalar", "simd128"].map((name) => ({
    name: `FEDCoin ${name}`,
    step: 512,
    salts,
    first: (/** @type {number} */ from, /** @type {number} */ to, /** @type {number} */ mask) => {
      const copy = header.slice();
      const view = new DataView(copy.buffer);
      view.setUint32(TARGET, mask === EASY.mask ? EASY.target : HARD.target);
      return search(name, copy, view.getUint32(SALT), from, to - from).at(2) ?? -1;
    },
  }));
}

/**
 * The kernels to compare with.
 * @param {Uint8Array} header
 * @returns {Promise<Contestant[]>}
 */
export async function others(header) {
  const bytes = header.slice();
  const [head, tail] = [bytes.slice(0, 64), bytes.subarray(64)];
  const sha256 = await createSHA256();
  const saved = sha256.init().update(head).save();
  const midstate = noble.create().update(head);
  const clone = noble.create();
  const out = new Uint8Array(32);
  return [
    { name: "plain JavaScript from the midstate", step: 50_000, salts: 1, first: midstateSearch(header) },
    loop("hash-wasm, whole header", bytes, () => sha256.init().update(bytes).digest("binary")),
    loop("hash-wasm from the midstate", bytes, () => sha256.load(saved).update(tail).digest("binary")),
    loop("@noble/hashes, whole header", bytes, () => noble(bytes)),
    loop("@noble/hashes from the midstate", bytes, () => {
      midstate._cloneInto(clone).update(tail).digestInto(out);
      return out;
    }),
    webCrypto(header),
  ];
}

/** The last word of a hash. */
const lastWord = (/** @type {Uint8Array} */ hash) => (hash[28] << 24) | (hash[29] << 16) | (hash[30] << 8) | hash[31];

/**
 * Tries one nonce after the other.
 * @param {string} name
 * @param {Uint8Array} bytes the header, whose nonce this changes
 * @param {() => Uint8Array} hash
 * @returns {Contestant}
 */
function loop(name, bytes, hash) {
  const view = new DataView(bytes.buffer);
  const first = (/** @type {number} */ from, /** @type {number} */ to, /** @type {number} */ mask) => {
    for (let nonce = from; nonce < to; nonce++) {
      view.setUint32(NONCE, nonce);
      if ((lastWord(hash()) & mask) === 0) return nonce;
    }
    return -1;
  };
  return { name, step: 10_000, salts: 1, first };
}

/**
 * Searches with WebCrypto, which is asynchronous, so with many digests at once.
 * @param {Uint8Array} header
 * @returns {Contestant}
 */
function webCrypto(header) {
  const copies = Array.from({ length: BATCH }, () => header.slice());
  const views = copies.map((copy) => new DataView(copy.buffer));
  const first = async (/** @type {number} */ from, /** @type {number} */ to, /** @type {number} */ mask) => {
    for (let nonce = from; nonce < to; nonce += BATCH) {
      views.forEach((view, i) => view.setUint32(NONCE, nonce + i));
      const hashes = await Promise.all(copies.map((copy) => crypto.subtle.digest("SHA-256", copy)));
      const at = hashes.findIndex((hash) => (lastWord(new Uint8Array(hash)) & mask) === 0);
      if (at >= 0) return nonce + at;
    }
    return -1;
  };
  return { name: "WebCrypto, whole header", step: 50 * BATCH, salts: 1, first };
}
