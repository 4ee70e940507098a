// A proxy in front of a relay. It forwards page and API, and treats peer connections as a test specifies.

import { createHash } from "node:crypto";
import { createServer, request } from "node:http";
import { connect } from "node:net";

/**
 * The treatment of a peer's connection: it is forwarded, closed, never answered, or `speak` answers it in place of the
 * relay, with one frame per call of `send`. Or only WebSockets are denied: by 403, by a redirect, by silence after the
 * request, or by silence after the handshake.
 * @typedef {"pass" | "cut" | "hold" | Denial | ((send: (data: Buffer | string) => void) => void)} Conduct
 * @typedef {"forbid" | "redirect" | "ignore" | "mute"} Denial
 */

/** @type {Record<string, string>} */
const DENIALS = {
  forbid: "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
  redirect: "HTTP/1.1 302 Found\r\nLocation: /blocked\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
};

/** The constant for answers to WebSocket handshakes (RFC 6455, section 1.3). */
const HANDSHAKE = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/** The relay as seen by tabs. */
export class Front {
  /** @type {Conduct} */
  #conduct = "pass";
  /**
   * What answers requests in the relay's place, if anything.
   * @type {((answer: import("node:http").ServerResponse) => void) | undefined}
   */
  intruder;
  /** @type {Set<import("node:stream").Duplex>} */
  #peers = new Set();
  /** @type {Set<import("node:http").ServerResponse>} */
  #streams = new Set();
  /** Number of peer connections so far. */
  connections = 0;
  /** Requests whose path is like this get no answer, as a block list would have it. @type {RegExp | undefined} */
  blocked;
  /** The path below which the relay is. */
  prefix = "";
  #server = createServer((asked, answer) => this.#pass(asked, answer));

  /** @param {import("./relay.mjs").Relay} relay */
  constructor(relay) {
    this.relay = relay;
    this.#server.on("upgrade", (asked, socket) => this.#upgrade(asked, socket));
  }

  /**
   * A server that ends with the test.
   * @param {import("./place.mjs").Scope} scope
   * @param {import("./relay.mjs").Relay} relay
   */
  static async start(scope, relay) {
    const front = new Front(relay);
    await new Promise((ready) => front.#server.listen(0, "127.0.0.1", () => ready(undefined)));
    scope.after(() => {
      front.conduct = "cut";
      front.#server.closeAllConnections();
      front.#server.close();
    });
    return front;
  }

  /** The page's address. */
  get url() {
    const { port } = /** @type {import("node:net").AddressInfo} */ (this.#server.address());
    return `http://localhost:${port}${this.prefix}/`;
  }

  /**
   * A path as the relay knows it; `undefined` for what is not the relay's.
   * @param {string} path
   */
  #inner(path) {
    return path.startsWith(`${this.prefix}/`) ? path.slice(this.prefix.length) : undefined;
  }

  /** From now on nothing is forwarded. Open connections seem to stay open; new ones are never answered. */
  hold() {
    this.#conduct = "hold";
    this.#peers.forEach((peer) => peer.emit("hold"));
    this.#streams.forEach((stream) => stream.destroy());
  }

  /** Changes the treatment of peers; open connections are cut. */
  set conduct(/** @type {Conduct} */ conduct) {
    this.#conduct = conduct;
    this.#peers.forEach((peer) => peer.destroy());
    this.#streams.forEach((stream) => stream.destroy());
  }

  /**
   * @param {import("node:http").IncomingMessage} asked
   * @param {import("node:http").ServerResponse} answer
   */
  #pass(asked, answer) {
    if (this.intruder) return this.intruder(answer);
    const { method, headers } = asked;
    const path = this.#inner(asked.url ?? "");
    if (path === undefined) return answer.writeHead(404).end();
    if (this.blocked?.test(path)) return answer.destroy();
    if (path.startsWith("/frames")) {
      if (this.#conduct === "hold") return undefined;
      if (this.#conduct === "cut" || typeof this.#conduct === "function") return answer.destroy();
      this.#streams.add(answer);
      answer.on("close", () => this.#streams.delete(answer));
    }
    const onward = request({ host: "127.0.0.1", port: this.relay.port, method, path, headers }, (response) => {
      answer.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(answer);
    });
    onward.on("error", () => answer.destroy());
    answer.on("close", () => onward.destroy());
    asked.pipe(onward);
    return undefined;
  }

  /**
   * @param {import("node:http").IncomingMessage} asked
   * @param {import("node:stream").Duplex} peer
   */
  #upgrade(asked, peer) {
    this.#peers.add(peer);
    this.connections += 1;
    peer.on("close", () => this.#peers.delete(peer));
    peer.on("error", () => peer.destroy());
    const conduct = this.#conduct;
    if (conduct === "cut") peer.destroy();
    else if (conduct === "pass") this.#join(asked, peer);
    else if (conduct === "mute") this.#speak(asked, peer, () => {});
    else if (typeof conduct === "function") this.#speak(asked, peer, conduct);
    else if (conduct in DENIALS) peer.end(DENIALS[conduct]);
  }

  /**
   * @param {import("node:http").IncomingMessage} asked
   * @param {import("node:stream").Duplex} peer
   */
  #join(asked, peer) {
    const relay = connect(this.relay.port, "127.0.0.1", () => {
      const headers = asked.rawHeaders.map((text, i) => (i % 2 ? `${text}\r\n` : `${text}: `)).join("");
      relay.write(`GET ${this.#inner(asked.url ?? "")} HTTP/1.1\r\n${headers}\r\n`);
      peer.pipe(relay).pipe(peer);
    });
    peer.on("hold", () => [peer.unpipe(relay), relay.unpipe(peer)].forEach((stream) => stream.pause()));
    relay.on("error", () => peer.destroy());
    relay.on("close", () => peer.destroy());
    peer.on("close", () => relay.destroy());
  }

  /**
   * @param {import("node:http").IncomingMessage} asked
   * @param {import("node:stream").Duplex} peer
   * @param {(send: (data: Buffer | string) => void) => void} speak
   */
  #speak(asked, peer, speak) {
    const accept = createHash("sha1").update(asked.headers["sec-websocket-key"] + HANDSHAKE).digest("base64");
    peer.write(
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
        `Sec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
    peer.resume();
    speak((data) => peer.write(frame(data)));
  }
}

/**
 * One unmasked WebSocket frame: text for a string, binary for bytes (RFC 6455, section 5.2).
 * @param {Buffer | string} data
 */
function frame(data) {
  const payload = Buffer.from(data);
  const head = Buffer.alloc(10);
  head[0] = 0x80 | (typeof data === "string" ? 1 : 2);
  head[1] = 127;
  head.writeBigUInt64BE(BigInt(payload.length), 2);
  const short = Buffer.from([head[0], payload.length]);
  const medium = Buffer.from([head[0], 126, payload.length >> 8, payload.length & 255]);
  const header = payload.length < 126 ? short : payload.length < 65_536 ? medium : head;
  return Buffer.concat([header, payload]);
}
