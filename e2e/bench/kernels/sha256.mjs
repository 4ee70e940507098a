// The parts of SHA-256 (FIPS 180-4), for the kernels in plain JavaScript.

/** The initial hash value (section 5.3.3). */
// prettier-ignore
export const INITIAL = [
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
];

/** The rounds' constants (section 4.2.2). */
// prettier-ignore
export const K = [
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
];

const rotate = (/** @type {number} */ x, /** @type {number} */ by) => (x >>> by) | (x << (32 - by));

/** The schedule's small sigmas (section 4.1.2). */
export const sigma0 = (/** @type {number} */ x) => rotate(x, 7) ^ rotate(x, 18) ^ (x >>> 3);
export const sigma1 = (/** @type {number} */ x) => rotate(x, 17) ^ rotate(x, 19) ^ (x >>> 10);

/**
 * The state a to h after one round (section 6.2.2, step 3).
 * @param {number[]} state
 * @param {number} word the schedule's word and the round's constant
 */
export function round([a, b, c, d, e, f, g, h], word) {
  const first = h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + ((e & f) ^ (~e & g)) + word;
  const second = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
  return [(first + second) | 0, a, b, c, (d + first) | 0, e, f, g];
}

/**
 * The state after one more block of 16 words.
 * @param {number[]} state
 * @param {number[]} block
 */
export function compress(state, block) {
  const w = [...block];
  for (let t = 16; t < 64; t++) w[t] = (sigma1(w[t - 2]) + w[t - 7] + sigma0(w[t - 15]) + w[t - 16]) | 0;
  const end = w.reduce((state, word, t) => round(state, (word + K[t]) | 0), state);
  return end.map((word, i) => (word + state[i]) | 0);
}

/**
 * Pads a header of 88 bytes to two blocks of 16 words.
 * @param {Uint8Array} header
 */
export function blocks(header) {
  const padded = new DataView(new ArrayBuffer(128));
  header.forEach((byte, i) => padded.setUint8(i, byte));
  padded.setUint8(header.length, 0x80);
  padded.setUint32(124, header.length * 8);
  const words = Array.from({ length: 32 }, (_, i) => padded.getInt32(4 * i));
  return [words.slice(0, 16), words.slice(16)];
}
