import { get } from "node:http";
import { Relay } from "../lib/relay.mjs";

/** Accepted encodings of a browser. */
const FORMS = /** @type {const} */ ({ raw: "identity", gzip: "gzip", brotli: "br, gzip" });

/**
 * @typedef {Record<keyof typeof FORMS, number>} Size in bytes
 */

/**
 * The sizes of the page's files as a relay serves them.
 * @param {import("../lib/place.mjs").Scope} scope
 * @returns {Promise<{ rows: [string, unknown][], data: Record<string, Size> }>}
 */
export async function sizes(scope) {
  const relay = await Relay.start(scope);
  const worker = (await served(relay.url, "sw.js", FORMS.raw)).toString();
  const { files } = JSON.parse(/** @type {string} */ (worker.match(/^const BUILD = ([^;]*);/)?.[1]));
  /** @type {Record<string, Size>} */
  const data = {};
  const total = { raw: 0, gzip: 0, brotli: 0 };
  for (const name of [...Object.keys(files), "sw.js"].toSorted()) {
    const size = { ...total };
    for (const form of /** @type {(keyof typeof FORMS)[]} */ (Object.keys(FORMS))) {
      size[form] = (await served(relay.url, name, FORMS[form])).length;
      total[form] += size[form];
    }
    if (name.endsWith(".wasm")) data[name.replace(/-[0-9a-f]{16}/, "")] = size;
  }
  data["whole page"] = total;
  const words = (/** @type {Size} */ size) =>
    `${kilobytes(size.raw)}, gzip ${kilobytes(size.gzip)}, brotli ${kilobytes(size.brotli)}`;
  return { rows: Object.entries(data).map(([name, size]) => [name, words(size)]), data };
}

/**
 * A file's bytes as sent, compressed or not.
 * @param {string} url
 * @param {string} name
 * @param {string} codings
 * @returns {Promise<Buffer>}
 */
function served(url, name, codings) {
  return new Promise((done, failed) => {
    const request = get(url + name, { headers: { "accept-encoding": codings } }, async (response) => {
      if (response.statusCode !== 200) return failed(new Error(`${name}: ${response.statusCode}`));
      done(Buffer.concat(await response.toArray()));
    });
    request.on("error", failed);
  });
}

/** @param {number} bytes */
const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;
