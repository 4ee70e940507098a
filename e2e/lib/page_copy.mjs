// A modifiable copy of a relay's page in a folder, for `--page`.

import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { temporaryFolder } from "./place.mjs";

/** The files of one build of the page. */
export class PageCopy {
  /**
   * @param {string} folder
   * @param {string} worker the service worker's text
   * @param {{ id: string, files: Record<string, string> }} build what it says of its build
   */
  constructor(folder, worker, build) {
    this.folder = folder;
    this.worker = worker;
    this.build = build.id;
    this.files = build.files;
  }

  /**
   * The page of a relay.
   * @param {import("./relay.mjs").Relay} relay
   * @param {import("./place.mjs").Scope} scope
   */
  static async of(relay, scope) {
    const folder = join(await temporaryFolder(scope), "page");
    await mkdir(folder);
    const get = async (/** @type {string} */ name) => Buffer.from(await (await fetch(relay.url + name)).arrayBuffer());
    const worker = (await get("sw.js")).toString();
    const copy = new PageCopy(folder, worker, JSON.parse(/** @type {string} */ (worker.match(/^const BUILD = ([^;]*);/)?.[1])));
    for (const name of Object.keys(copy.files)) await writeFile(join(folder, name), await get(name));
    await writeFile(join(folder, "sw.js"), worker);
    return copy;
  }

  /**
   * A file's name with its digest, where it has one.
   * @param {string} name
   */
  named(name) {
    const [, stem, ending] = /** @type {RegExpExecArray} */ (/^(.*?)((?:_bg)?\.\w+)$/.exec(name));
    const isNamed = (/** @type {string} */ file) => file === name || (file.startsWith(`${stem}-`) && file.endsWith(ending));
    const found = Object.keys(this.files).find(isNamed);
    if (!found) throw new Error(`the page has no ${name}`);
    return found;
  }

  /**
   * Changes a file's text. A file with a digest in its name gets another name, as browsers keep such files.
   * @param {string} name without its digest
   * @param {(text: string) => string} change
   */
  async change(name, change) {
    const before = this.named(name);
    const text = change(await readFile(join(this.folder, before), "utf8"));
    const after = before === name ? name : before.replace(/[0-9a-f]{16}/, (await sha256(text)).slice(0, 16));
    await writeFile(join(this.folder, after), text);
    if (after === before) return;
    delete this.files[before];
    this.files[after] = "";
    await this.change("index.html", (index) => index.replaceAll(before, after));
  }

  /** Deletes the files that have their digests in their names, as a relay with another build does not have them. */
  async forget() {
    const digested = Object.keys(this.files).filter((name) => /-[0-9a-f]{8,}(_bg)?\./.test(name));
    await Promise.all(digested.map((name) => rm(join(this.folder, name))));
  }

  /**
   * Turns the copy into a build with this name.
   * @param {string} next
   */
  async become(next) {
    await this.change("index.html", (text) => text.replace(this.build, next));
    const digest = await sha256(await readFile(join(this.folder, "index.html"), "utf8"));
    const worker = this.worker.replace(this.build, next).replace(this.files["index.html"], digest);
    await writeFile(join(this.folder, "sw.js"), worker);
  }
}

/** @param {string} text */
async function sha256(text) {
  return Buffer.from(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text))).toString("hex");
}
