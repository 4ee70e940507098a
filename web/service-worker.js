// Caches one complete build of the page, so that the page starts without its relay. `web/bundle.mjs` prepends the names
// and SHA-256 digests of the build's files as `BUILD` and writes both to `sw.js`.
//
// Files with a digest in their name come from here, also those of the build before, on which open tabs may still run. All
// others come from the relay as long as it answers with them: a page that can be fetched is never an old one. What is not
// a file of the page, such as the API, is no business of this script.
"use strict";

const PREFIX = "fedcoin-page-";
const CACHE = PREFIX + BUILD.id;
/** Maximum wait for the relay before the cached file is used, in milliseconds. */
const PATIENCE = 4_000;
/** The names of files that never change, as the relay knows them. */
const DIGEST = /-[0-9a-f]{8,}(_bg)?\.[a-z]+$/;
/** Files that the page does not need to start; a content blocker may block them. */
const OPTIONAL = /^(kernel-worker|icon|favicon|manifest)/;
/** Bodies are kept as the browser has decoded them. */
const OF_THE_WIRE = ["content-encoding", "content-length"];

addEventListener("install", (event) => event.waitUntil(install()));
addEventListener("activate", (event) => event.waitUntil(replace()));
addEventListener("fetch", (event) => {
  const name = nameOf(event.request);
  if (name !== undefined) event.respondWith(answer(event.request, name));
});

async function install() {
  try {
    await keep();
  } catch (error) {
    // Nothing by halves.
    await caches.delete(CACHE);
    throw error;
  }
  await skipWaiting();
}

/** Fetches all files of this very build. If the relay has another one by now, none is kept. */
async function keep() {
  const cache = await caches.open(CACHE);
  await Promise.all(Object.keys(BUILD.files).map((name) => keepFile(cache, name)));
}

/** Fetches a file. An optional one that does not arrive is left out. */
async function keepFile(cache, name) {
  const response = await fetch(name, { cache: "no-cache" }).catch((error) => error);
  if (!response.ok && OPTIONAL.test(name)) return;
  if (!response.ok) throw new Error(`${name} does not arrive`);
  const body = await response.arrayBuffer();
  if ((await sha256(body)) !== BUILD.files[name]) throw new Error(`${name} is not of build ${BUILD.id}`);
  await cache.put(name, whole(response, body));
}

/** Deletes all builds but this one and the one before, and tells all tabs which one is kept now. */
async function replace() {
  // In the order in which they were kept.
  const old = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  await Promise.all(old.slice(0, -1).map((name) => caches.delete(name)));
  await clients.claim();
  for (const client of await clients.matchAll()) client.postMessage(BUILD.id);
}

/**
 * The page's file for a request, if there is one. As on the relay, a path of one word without an extension is the page.
 */
function nameOf(request) {
  const url = new URL(request.url);
  if (request.method !== "GET" || !url.href.startsWith(registration.scope)) return undefined;
  const path = url.pathname.slice(new URL(registration.scope).pathname.length);
  if (Object.hasOwn(BUILD.files, path) || DIGEST.test(path)) return path;
  const view = request.mode === "navigate" && !/[./]|^(api|ws|frames|healthz|metrics)$/i.test(path);
  return view ? "index.html" : undefined;
}

async function answer(request, name) {
  const cache = await caches.open(CACHE);
  const kept = (await cache.match(name)) ?? (DIGEST.test(name) ? await caches.match(name) : undefined);
  // Left out before: it may arrive now.
  if (!kept && Object.hasOwn(BUILD.files, name)) keepFile(cache, name).catch(() => undefined);
  if (!kept) return fetch(request);
  if (DIGEST.test(name)) return kept;
  const late = new Promise((done) => setTimeout(done, PATIENCE));
  return (await Promise.race([fromRelay(request, name, kept).catch(() => undefined), late])) ?? kept;
}

/**
 * The relay's file, all of it. `undefined` if something else answers: a proxy with an error, or the sign-in page of a
 * network, which may call itself a success.
 */
async function fromRelay(request, name, kept) {
  const response = await fetch(request);
  if (!response.ok || kind(response) !== kind(kept)) return undefined;
  const body = await response.arrayBuffer();
  if (name === "index.html" && !new TextDecoder().decode(body).includes('<meta name="build"')) return undefined;
  return whole(response, body);
}

/** The media type, without its parameters. */
function kind(response) {
  return response.headers.get("content-type")?.split(";", 1)[0];
}

/** A response with its whole body. */
function whole(response, body) {
  const headers = new Headers(response.headers);
  OF_THE_WIRE.forEach((header) => headers.delete(header));
  return new Response(body, { headers });
}

async function sha256(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
