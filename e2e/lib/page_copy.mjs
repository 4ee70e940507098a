// A modifiable copy of a relay's page in a folder, for `--page`.

import { mkdir, readFile, writeFile } from "node:fs/promises";
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
   * Changes a file's text.
   * @param {string} name
   * @param {(text: string) => string} change
   */
  async change(name, change) {
    const path = join(this.folder, name);
    await writeFile(path, change(await readFile(path, "utf8")));
  }

  /**
   * Turns the copy into a build with this name.
   * @param {string} next
   */
  async become(next) {
    await this.change("index.html", (text) => text.replace(this.build, next));
    const index = await readFile(join(this.folder, "index.html"));
    const digest = Buffer.from(await crypto.subtle.digest("SHA-256", index)).toString("hex");
    const worker = this.worker.replace(this.build, next).replace(this.files["index.html"], digest);
    await writeFile(join(this.folder, "sw.js"), worker);
  }
}
