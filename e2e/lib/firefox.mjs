// Stock Firefox, through Playwright's own channel for WebDriver BiDi. Not every version knows each command of it.

import { firefox } from "playwright-core";

/** Commands that the library sends unasked and this Firefox may lack: they succeed without effect. */
const UNKNOWN = new Set(["emulation.setMediaFeaturesOverride"]);

/** Firefox's program. */
const FIREFOX = process.env.FIREFOX ?? "/usr/bin/firefox-esr";
/** Names other than `localhost` that lead to this machine, as the tests of plain http need them. */
const PREFERENCES = { "network.dns.localDomains": "class.local" };

/**
 * A profile of Firefox's.
 * @param {string} profile
 * @param {import("playwright-core").BrowserContextOptions} [context]
 */
export function launchFirefox(profile, context) {
  heedVersion();
  const own = /** @type {any} */ ({ channel: "moz-firefox", firefoxUserPrefs: PREFERENCES });
  return firefox.launchPersistentContext(profile, { executablePath: FIREFOX, locale: "en-GB", ...own, ...context });
}

let heeded = false;

/** Answers commands that this Firefox lacks in its place. */
function heedVersion() {
  if (heeded) return;
  heeded = true;
  const launcher = /** @type {any} */ (firefox)._connection.toImpl(firefox)._bidiFirefox;
  const connect = launcher.connectToTransport.bind(launcher);
  launcher.connectToTransport = (/** @type {any} */ transport, /** @type {any} */ options) => {
    const send = transport.send.bind(transport);
    transport.send = (/** @type {any} */ message) => {
      if (!UNKNOWN.has(message.method)) return send(message);
      queueMicrotask(() => transport.onmessage?.({ type: "success", id: message.id, result: {} }));
    };
    return connect(transport, options);
  };
}
