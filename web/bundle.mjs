// Run by Trunk when all files of the page are there: names the build in index.html and writes sw.js, the service
// worker, which knows each file's digest.

import { createHash } from "node:crypto";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

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

/** @param {string} name */
function digest(name) {
  return createHash("sha256").update(readFileSync(join(dist, name))).digest("hex");
}
