// Trunk runs this when all files of the page are complete: it writes the build's name into index.html, and sw.js, the
// service worker with each file's digest. Then it compresses each file with brotli and gzip; the relay serves
// NAME.br and NAME.gz for NAME.

import { createHash } from "node:crypto";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

const dist = process.env.TRUNK_STAGING_DIR;
const source = process.env.TRUNK_SOURCE_DIR;
if (!dist || !source) throw new Error("this is run by Trunk");

const names = readdirSync(dist).filter((name) => name !== "sw.js").sort();
const script = readFileSync(join(source, "service-worker.js"), "utf8");
const all = createHash("sha256").update(script);
for (const name of names) all.update(`${name}\0`).update(digest(name));
const id = all.digest("hex").slice(0, 16);

const index = join(dist, "index.html");
const placeholder = '<meta name="build" content="" />';
const html = readFileSync(index, "utf8");
if (!html.includes(placeholder)) throw new Error(`index.html lacks ${placeholder}`);
writeFileSync(index, html.replace(placeholder, `<meta name="build" content="${id}" />`));

const files = Object.fromEntries(names.map((name) => [name, digest(name)]));
writeFileSync(join(dist, "sw.js"), `const BUILD = ${JSON.stringify({ id, files }, null, 1)};\n${script}`);

await Promise.all([...names, "sw.js"].map(compress));

/**
 * Writes a file's compressed forms if they are smaller.
 * @param {string} name
 */
async function compress(name) {
  const file = readFileSync(join(dist, name));
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24, [constants.BROTLI_PARAM_SIZE_HINT]: file.length };
  const forms = { br: promisify(brotliCompress)(file, { params }), gz: promisify(gzip)(file, { level: 9 }) };
  for (const [ending, form] of Object.entries(forms)) {
    const bytes = await form;
    if (bytes.length < file.length) writeFileSync(join(dist, `${name}.${ending}`), bytes);
  }
}

/** @param {string} name */
function digest(name) {
  return createHash("sha256").update(readFileSync(join(dist, name))).digest("hex");
}
