import { execFile } from "node:child_process";
import { cpus, loadavg, release } from "node:os";
import { promisify } from "node:util";
import { BINARY, CHROMIUM } from "../lib/place.mjs";

const execute = promisify(execFile);

/** The machine on which the benchmark runs, and its load. */
export async function machine() {
  const version = async (/** @type {string} */ program) => (await execute(program, ["--version"])).stdout.trim();
  return {
    date: new Date().toISOString(),
    processor: cpus()[0].model.trim(),
    cores: cpus().length,
    kernel: release(),
    "load before": loadavg()[0].toFixed(2),
    program: await version(BINARY),
    browser: (await version(CHROMIUM)).split(" built on")[0],
    node: process.version,
  };
}
