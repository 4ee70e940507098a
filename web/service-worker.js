// Caches one complete build of the page, so that the page starts without its relay. `web/bundle.mjs` prepends the names
// and SHA-256 digests of the build's files as `BUILD` and writes both to `sw.js`.
//
// Files with a digest in their name come from the cache. All others come from the relay while it responds, so a page
// that can be downloaded is never an old one. Requests for other things, such as the API, pass through.
"use strict";

const PREFIX = "fedcoin-page-";
const CACHE = PREFIX + BUILD.id;
/** Maximum wait for the relay before the cached file is used, in milliseconds. */
const PATIENCE = 4_000;
/** Bodies are cached after the browser has decoded them. */
const OF_THE_WIRE = ["content-encoding", "content-length"];

addEventListener("install", (event) => event.waitUntil(keep().then(() => skipWaiting())));
addEventListener("activate", (event) => event.waitUntil(replace()));
addEventListener("fetch", (event) => {
  const name = nameOf(event.request);
  if (name !== undefined) event.respondWith(answer(event.request, name));
});

/** Downloads all files of exactly this build. If the relay has another one by now, none is cached. */
async function keep() {
  const cache = await caches.open(CACHE);
  await Promise.all(Object.entries(BUILD.files).map(async ([name, digest]) => {
    const response = await fetch(name, { cache: "no-cache" });
    const body = await response.arrayBuffer();
    if (!response.ok || (await sha256(body)) !== digest) throw new Error(`${name} is not of build ${BUILD.id}`);
    const headers = new Headers(response.headers);
    OF_THE_WIRE.forEach((header) => headers.delete(header));
    await cache.put(name, new Response(body, { headers }));
  }));
}

/** Deletes older builds and reports the cached one to all tabs. */
async function replace() {
  const old = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  await clients.claim();
  for (const client of await clients.matchAll()) client.postMessage(BUILD.id);
}

/**
 * The page's file for a request, if there is one. As on the relay, a path without an extension is a view of the page.
 */
function nameOf(request) {
  const url = new URL(request.url);
  if (request.method !== "GET" || !url.href.startsWith(registration.scope)) return undefined;
  const path = url.pathname.slice(new URL(registration.scope).pathname.length);
  if (Object.hasOwn(BUILD.files, path)) return path;
  const view = request.mode === "navigate" && !path.includes(".") && !/^(api|ws|healthz|metrics)(\/|$)/i.test(path);
  return view ? "index.html" : undefined;
}

async function answer(request, name) {
  const kept = await (await caches.open(CACHE)).match(name);
  if (!kept) return fetch(request);
  if (/-[0-9a-f]{8,}(_bg)?\.[a-z]+$/.test(name)) return kept;
  const late = new Promise((done) => setTimeout(done, PATIENCE));
  const response = await Promise.race([fetch(request).catch(() => undefined), late]);
  // A proxy whose relay is gone answers with 502 or the like.
  return response && response.status < 500 ? response : kept;
}

async function sha256(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
