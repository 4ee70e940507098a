// A relay as a real process with a data directory of its own.

import { execFile, spawn } from "node:child_process";
import { createServer } from "node:net";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { BINARY, temporaryFolder } from "./place.mjs";
import { until } from "./wait.mjs";

const execute = promisify(execFile);

/** The last lines of a relay's log that a failure shows. */
const LOG_LINES = 40;
/** The relay's environment: FEDCOIN_PAGE, if set, names a folder with another page. */
const ENVIRONMENT = process.env.FEDCOIN_PAGE ? { FEDCOIN_PAGE: process.env.FEDCOIN_PAGE } : {};

/**
 * Runs the program to its end and returns what it printed.
 * @param {...string} args
 */
export async function fedcoin(...args) {
  const { stdout } = await execute(BINARY, args, { timeout: 120_000 });
  return stdout;
}

/**
 * How a relay is started.
 * @typedef {object} RelayOptions
 * @property {import("./keys.mjs").Key} [key] who gets what it mines; without it, it does not mine
 * @property {string} [network] a built-in network; without it, `classroom`
 * @property {string} [chain] a network file, instead
 * @property {string} [dataDir] a data directory; without it, one that is deleted when the test ends
 * @property {string[]} [args] more arguments
 */

/** One relay. Its port and data directory stay when it is started again. */
export class Relay {
  /** @type {import("node:child_process").ChildProcess | undefined} */
  #process;
  /** @type {string[]} */
  #log = [];

  /** @param {string} folder @param {number} port */
  constructor(folder, port) {
    this.folder = folder;
    this.port = port;
  }

  /**
   * A running relay that is killed when the test ends.
   * @param {import("./place.mjs").Scope} scope
   * @param {RelayOptions} [options]
   */
  static async start(scope, options = {}) {
    const folder = options.dataDir ?? (await temporaryFolder(scope));
    const relay = new Relay(folder, await freePort());
    scope.after(() => relay.kill());
    await relay.start(options);
    return relay;
  }

  /** The page's address. */
  get url() {
    return `http://localhost:${this.port}/`;
  }

  /** `HOST:PORT` for other programs. */
  get address() {
    return `127.0.0.1:${this.port}`;
  }

  /** Its log since the first start. */
  get log() {
    return this.#log.join("");
  }

  /**
   * Starts the process and waits until it answers.
   * @param {RelayOptions} [options]
   */
  async start(options = {}) {
    const args = ["-p", `${this.port}`, "--data-dir", join(this.folder, "data"), ...(options.args ?? [])];
    if (options.chain) args.push("--chain", options.chain);
    else args.push("--network", options.network ?? "classroom");
    if (options.key) {
      const file = join(this.folder, "public_key.txt");
      await writeFile(file, options.key.publicKey);
      args.push("-pk", file);
    }
    // The folder has no public_key.txt, which would make the relay mine, and no FEDCOIN_ setting is inherited.
    const child = spawn(BINARY, args, { cwd: "/", env: ENVIRONMENT, stdio: ["ignore", "pipe", "pipe"] });
    this.#process = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (/** @type {Buffer} */ data) => {
        this.#log.push(data.toString());
        if (this.#log.length > 10_000) this.#log.shift();
      });
    }
    await until("the relay answers", async () => {
      if (child.exitCode !== null) throw new Error(`it ended:\n${this.lastLines()}`);
      return (await fetch(`http://${this.address}/healthz`)).ok;
    });
  }

  /** The end of its log. */
  lastLines() {
    return this.log.split("\n").slice(-LOG_LINES).join("\n");
  }

  /** Ends it with SIGKILL: no goodbye, no flush. */
  kill = () => this.#end("SIGKILL");

  /** Asks it to stop. */
  stop = () => this.#end("SIGTERM");

  /**
   * Sends the process a signal that does not end it.
   * @param {"SIGSTOP" | "SIGCONT"} signal
   */
  signal(signal) {
    this.#process?.kill(signal);
  }

  /** @param {NodeJS.Signals} signal */
  async #end(signal) {
    const child = this.#process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((done) => child.once("exit", done));
    child.kill(signal);
    await ended;
  }

  /**
   * `GET /api/v1/...`
   * @param {string} path
   * @returns {Promise<any>}
   */
  async get(path) {
    const response = await fetch(`http://${this.address}/api/v1/${path}`);
    if (!response.ok) throw new Error(`GET ${path}: ${response.status} ${await response.text()}`);
    return response.json();
  }

  /**
   * `POST /api/v1/...` with a JSON body.
   * @param {string} path
   * @param {unknown} body
   * @returns {Promise<any>}
   */
  async post(path, body) {
    const headers = { "content-type": "application/json" };
    const response = await fetch(`http://${this.address}/api/v1/${path}`, {
      method: "POST",
      headers,
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`POST ${path}: ${response.status} ${await response.text()}`);
    return response.json();
  }

  /** The chain's last block: `{ id, height, ... }`. */
  async tip() {
    return (await this.get("status")).tip;
  }

  /**
   * What an address holds, in FED: `{ confirmed, spendable, ... }`.
   * @param {string} address
   */
  balance(address) {
    return this.get(`addresses/${address}/balance`);
  }

  /**
   * Pays from the command line and returns the payment's id.
   * @param {import("./keys.mjs").Key} from
   * @param {string} recipient
   * @param {string} amount in FED
   * @param {...string} more further arguments
   */
  async pay(from, recipient, amount, ...more) {
    const file = join(this.folder, "payer.key");
    await writeFile(file, from.privateKey);
    const said = await fedcoin("wallet", "send", recipient, amount, "--key", file, "--node", this.address, ...more);
    const txid = /transaction ([0-9a-f]{64})/.exec(said);
    if (!txid) throw new Error(`\`fedcoin wallet send\` did not print the payment's id: ${said}`);
    return txid[1];
  }
}

/** A port that is free at the moment. */
export async function freePort() {
  const server = createServer();
  await new Promise((ready) => server.listen(0, "127.0.0.1", () => ready(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  await new Promise((closed) => server.close(closed));
  return port;
}
