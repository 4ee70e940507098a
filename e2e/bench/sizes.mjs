import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, gzip, constants } from "node:zlib";
import { ROOT } from "../lib/place.mjs";

/** Compresses as far as each format goes. */
const COMPRESSIONS = {
  gzip: (/** @type {Buffer} */ file) => promisify(gzip)(file, { level: 9 }),
  brotli: (/** @type {Buffer} */ file) =>
    promisify(brotliCompress)(file, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: file.length } }),
};

/**
 * The sizes of the page's files, in bytes.
 * @returns {Promise<{ rows: [string, unknown][], data: Record<string, { raw: number, gzip: number, brotli: number }> }>}
 */
export async function sizes() {
  const dist = join(ROOT, "dist");
  /** @type {Record<string, { raw: number, gzip: number, brotli: number }>} */
  const data = {};
  const total = { raw: 0, gzip: 0, brotli: 0 };
  for (const name of (await readdir(dist)).toSorted()) {
    const file = await readFile(join(dist, name));
    const [zipped, brotli] = await Promise.all([COMPRESSIONS.gzip(file), COMPRESSIONS.brotli(file)]);
    const size = { raw: file.length, gzip: zipped.length, brotli: brotli.length };
    for (const form of /** @type {const} */ (["raw", "gzip", "brotli"])) total[form] += size[form];
    if (name.endsWith(".wasm")) data[name.replace(/-[0-9a-f]{16}/, "")] = size;
  }
  data["whole page"] = total;
  const words = (/** @type {typeof total} */ size) =>
    `${kilobytes(size.raw)}, gzip ${kilobytes(size.gzip)}, brotli ${kilobytes(size.brotli)}`;
  return { rows: Object.entries(data).map(([name, size]) => [name, words(size)]), data };
}

/** @param {number} bytes */
const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;
