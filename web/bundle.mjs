// Run by Trunk when all files of the page are there: gives the workers' files names with their digests, which Trunk does
// not, names them and the build in index.html, and writes sw.js, the service worker, which knows each file's digest. Then
// compresses each file as far as brotli and gzip go; the relay serves NAME.br and NAME.gz for NAME.

import { createHash } from "node:crypto";
import { readFileSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

const dist = process.env.TRUNK_STAGING_DIR;
const source = process.env.TRUNK_SOURCE_DIR;
if (!dist || !source) throw new Error("this is run by Trunk");

// Each file names the next, so the last one is renamed first.
const miner = withDigest("kernel-worker_bg.wasm");
replace("kernel-worker.js", "kernel-worker_bg.wasm", miner);
replace("kernel-worker_loader.js", "kernel-worker.js", withDigest("kernel-worker.js"));
fillIn("kernel-worker", withDigest("kernel-worker_loader.js"));
fillIn("node-worker", withDigest("node-worker.js"));

const names = readdirSync(dist).filter((name) => name !== "sw.js").sort();
const script = readFileSync(join(source, "service-worker.js"), "utf8");
const all = createHash("sha256").update(script);
for (const name of names) all.update(`${name}\0`).update(digest(name));
const id = all.digest("hex").slice(0, 16);
fillIn("build", id);

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

/**
 * Puts a file's digest into its name, as Trunk does: `web-0123456789abcdef_bg.wasm`. Returns the new name.
 * @param {string} name
 */
function withDigest(name) {
  const next = name.replace(/(_bg)?\.[a-z]+$/, (ending) => `-${digest(name).slice(0, 16)}${ending}`);
  renameSync(join(dist, name), join(dist, next));
  return next;
}

/**
 * Says something in index.html, where there is a place for it.
 * @param {string} name
 * @param {string} content
 */
function fillIn(name, content) {
  replace("index.html", `<meta name="${name}" content="" />`, `<meta name="${name}" content="${content}" />`);
}

/**
 * Replaces a text of a file, which must be there.
 * @param {string} name
 * @param {string} text
 * @param {string} by
 */
function replace(name, text, by) {
  const path = join(dist, name);
  const before = readFileSync(path, "utf8");
  if (!before.includes(text)) throw new Error(`${name} lacks ${text}`);
  writeFileSync(path, before.replaceAll(text, by));
}
