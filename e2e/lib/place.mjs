// The paths of the built program, the browser and the artifacts.

import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository. */
export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
/** The built program with the page inside. */
export const BINARY = process.env.FEDCOIN_BIN ?? join(ROOT, "target/release/fedcoin");
/** The browser. */
export const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
/** nginx. */
export const NGINX = process.env.NGINX ?? "/usr/sbin/nginx";
/** Where screenshots and figures go. */
export const ARTIFACTS = process.env.ARTIFACTS ?? join(ROOT, "artifacts");

/**
 * Registers clean-up work, such as ending a process: `after` of a test.
 * @typedef {{ after: (work: () => void | Promise<void>) => void }} Scope
 */

/**
 * A folder that is deleted when the test ends.
 * @param {Scope} scope
 */
export async function temporaryFolder(scope) {
  const folder = await mkdtemp(join(tmpdir(), "fedcoin-e2e-"));
  scope.after(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

/**
 * The path of a file to write among the artifacts.
 * @param {string} name
 */
export async function artifact(name) {
  const path = join(ARTIFACTS, name);
  await mkdir(dirname(path), { recursive: true });
  return path;
}
