// The browser's storage fails during use: the node reports it and continues, and no key is lost.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { GENESIS } from "../lib/keys.mjs";
import { PageCopy } from "../lib/page_copy.mjs";
import { pictures } from "../lib/pictures.mjs";
import { ROOT } from "../lib/place.mjs";
import { scenario } from "../lib/scenario.mjs";
import { RELAY_GONE } from "../lib/tab.mjs";
import { until, untilEqual } from "../lib/wait.mjs";

/** This many blocks need more space than the tab's quota. */
const BLOCKS = 1_500;
const ROOM = 1_000_000;
/** Longer than the page waits for a silent worker, at a third of its usual patience. */
const SLOW_MS = 12_000;

scenario("with its storage full a tab continues in memory and says so", async (s) => {
  const relay = await s.relay({ network: "regtest", key: GENESIS, args: ["--mine", "always", "--log", "warn"] });
  await until(`${BLOCKS} blocks`, async () => (await relay.tip()).height >= BLOCKS);
  await relay.stop();
  await relay.start({ network: "regtest" });
  // The page's own files would use the same quota.
  const browser = await s.browser({ context: { serviceWorkers: "block" } });
  const tab = await browser.blank();
  const devtools = await browser.context.newCDPSession(tab.page);
  const origin = new URL(relay.url).origin;
  await devtools.send("Storage.overrideQuotaForOrigin", { origin, quotaSize: ROOM });
  await tab.open(relay.url);
  const address = await tab.newKey();
  await tab.view("overview");
  await tab.state("storage", "memory");
  await tab.agreesWith(relay);
  await until("it says so", async () => /storage for this page is full/.test(await notices(tab)));
  await untilEqual("the wallet is there", () => tab.address(), address);

  // When there is space again, the next load uses the chain on disk.
  await devtools.send("Storage.overrideQuotaForOrigin", { origin });
  await tab.reload();
  await tab.state("storage", "opfs");
  await tab.agreesWith(relay);
  await untilEqual("the wallet is there again", () => tab.address(), address);
});

scenario("storage that becomes full during use is reported as full", async (s) => {
  const relay = await s.relay({ network: "regtest" });
  const browser = await s.browser({ context: { serviceWorkers: "block" } });
  const tab = await browser.tab(relay.url);
  tab.tolerate(RELAY_GONE);
  const address = await tab.newKey();
  await tab.agreesWith(relay);
  await tab.state("storage", "opfs");

  const devtools = await browser.context.newCDPSession(tab.page);
  const quotaSize = 100_000;
  await devtools.send("Storage.overrideQuotaForOrigin", { origin: new URL(relay.url).origin, quotaSize });
  await relay.stop();
  await relay.start({ network: "regtest", key: GENESIS, args: ["--mine", "always", "--log", "warn"] });
  await tab.state("storage", "memory");
  await until("it failed while it was used", async () => /storage is full/.test(await tab.text("log")));
  await until("it says why", async () => /storage for this page is full/.test(await notices(tab)));
  await untilEqual("the wallet is there", () => tab.address(), address);
  await relay.stop();
  await relay.start({ network: "regtest" });
  await tab.agreesWith(relay);
});

scenario("tabs whose data is deleted during use keep their keys, also after a reload", async (s) => {
  const relay = await s.relay({ key: GENESIS });
  const browser = await s.browser();
  const tab = await browser.tab(relay.url);
  const other = await browser.tab(relay.url);
  const address = await tab.newKey();
  const others = await other.newKey();
  await relay.pay(GENESIS, address, "4", "--wait", "1");
  await tab.agreesWith(relay);

  const devtools = await browser.context.newCDPSession(tab.page);
  const origin = new URL(relay.url).origin;
  let deleted = false;
  const wanted = { origin, storageTypes: "file_systems,indexeddb" };
  devtools.send("Storage.clearDataForOrigin", wanted).then(() => (deleted = true), () => undefined);
  await until("the browser has deleted it", () => deleted);
  await relay.pay(GENESIS, address, "2", "--wait", "1");
  await tab.agreesWith(relay);
  await tab.shows("spendable", 6);
  await tab.state("storage", "opfs", "memory");
  await untilEqual("the wallet is there", () => tab.address(), address);

  // The keys are stored again, not only remembered.
  await until("records of the keys", async () => (await tab.page.evaluate(keyRecords)) === 2);

  // Chromium treats the deleted files as open until it ends: the tabs keep their slots, with new files.
  for (let again = 0; again < 2; again += 1) {
    await Promise.all([tab.reload(), other.reload()]);
    await untilEqual("the wallet is there", () => tab.address(), address);
    await untilEqual("the other tab's is there", () => other.address(), others);
    await tab.shows("spendable", 6);
    for (const each of [tab, other]) {
      await each.agreesWith(relay);
      await each.state("storage", "opfs");
      assert.equal(await each.element("notice").filter({ hasText: "Slot" }).count(), 0, "no slot is missed");
    }
  }

  // The next tab finds the data of an earlier one.
  await tab.page.close();
  const next = await browser.tab(relay.url);
  await untilEqual("the wallet is found", () => next.address(), address);
});

scenario("a chain file of an older version is set aside and reported, and the keys stay", async (s) => {
  const relay = await s.relay({ key: GENESIS });
  const tab = await (await s.browser()).tab(relay.url);
  const address = await tab.newKey();
  await relay.pay(GENESIS, address, "4", "--wait", "1");
  await tab.agreesWith(relay);

  // A page of the same origin without a node and without an icon.
  tab.tolerate(/favicon\.ico/);
  const old = gunzipSync(await readFile(join(ROOT, "e2e/fixtures/chain-format-1.redb.gz")));
  await tab.page.goto(`${relay.url}healthz`);
  const { id } = await relay.get("network");
  await until("the tab has closed its file", () => tab.page.evaluate(putChain, { id, old: old.toString("base64") }));
  await tab.open(relay.url);
  await until("it says so", async () =>
    /set it aside as slot-0\/chain-0\.redb \(.*format 1.*keys are safe/.test(await notices(tab)),
  );
  await untilEqual("the wallet is there", () => tab.address(), address);
  await tab.agreesWith(relay);
  await tab.shows("spendable", 4);
  await tab.state("storage", "opfs");
  await pictures(tab, "page/older-chain");

  await tab.reload();
  await tab.agreesWith(relay);
  await tab.state("storage", "opfs");
  assert.doesNotMatch(await notices(tab), /set it aside/, "it is said once");
});

scenario("a damaged chain file is set aside and reported, and chain and keys return", async (s) => {
  const relay = await s.relay({ key: GENESIS });
  const tab = await (await s.browser()).tab(relay.url);
  const address = await tab.newKey();
  await relay.pay(GENESIS, address, "4", "--wait", "1");
  await tab.agreesWith(relay);

  // A page of the same origin without a node and without an icon.
  tab.tolerate(/favicon\.ico/);
  await tab.page.goto(`${relay.url}healthz`);
  const { id } = await relay.get("network");
  await until("the tab has closed its file", () => tab.page.evaluate(damageChain, { id }));
  await tab.open(relay.url);
  await until("it says so", async () =>
    /set it aside as slot-0\/chain-0\.redb \(.*damaged.*keys are safe/.test(await notices(tab)),
  );
  await untilEqual("the wallet is there", () => tab.address(), address);
  await tab.agreesWith(relay);
  await tab.shows("spendable", 4);
  await tab.state("storage", "opfs");
});

scenario("the page waits for a slow check of a chain file, and shows its progress", async (s) => {
  const page = await PageCopy.of(await s.relay(), s);
  const relay = await s.relay({ key: GENESIS, args: ["--page", page.folder] });
  const browser = await s.browser({ context: { serviceWorkers: "block" } });
  const tab = await browser.tab(relay.url);
  const address = await tab.newKey();
  await relay.pay(GENESIS, address, "4", "--wait", "1");
  await tab.agreesWith(relay);

  // Reading is as slow as for a large file, and the page gives up three times as fast.
  await page.change("node-worker.js", (text) => `(${readSlowly})(${SLOW_MS});\n${text}`);
  await tab.page.addInitScript(loseThePatience);
  await tab.view("overview");
  await tab.page.reload();
  await until("it says how far it is", async () => /Checking the stored chain: .* of /.test(await tab.text("node-state")));
  const bar = tab.element("sync-progress");
  await until("the bar shows it", async () => Number(await bar.getAttribute("value")) > 0);
  await pictures(tab, "page/opening");
  await tab.running();
  assert.doesNotMatch(await tab.text("log"), /was restarted/);
  await tab.agreesWith(relay);
  await tab.state("storage", "opfs");
  await untilEqual("the wallet is there", () => tab.address(), address);
  await tab.shows("spendable", 4);
});

scenario("an unresponsive key database is reported, and the node runs", async (s) => {
  const page = await PageCopy.of(await s.relay(), s);
  await page.change("node-worker.js", (text) => `indexedDB.open = () => ({});\n${text}`);
  const relay = await s.relay({ args: ["--page", page.folder] });
  const tab = await (await s.browser({ context: { serviceWorkers: "block" } })).blank();
  await tab.page.addInitScript(loseThePatience);
  await tab.open(relay.url);
  await until("it is reported", async () => /keys are in memory only.*does not respond/.test(await notices(tab)));
  await tab.agreesWith(relay);
});

scenario("a database of keys that answers no more is told, and the worker is not given up for it", async (s) => {
  const page = await PageCopy.of(await s.relay(), s);
  await page.change("node-worker.js", (text) => `(${neverCommit})();\n${text}`);
  const relay = await s.relay({ args: ["--page", page.folder] });
  const tab = await (await s.browser({ context: { serviceWorkers: "block" } })).tab(relay.url);
  await tab.view("wallet");
  await tab.element("key-new").click();
  // Two attempts of ten seconds each: longer than the page waits for a silent worker.
  await until("it is told", async () => /does not respond/.test(await tab.text("key-problem")));
  assert.equal(await tab.address(), "", "no key that a reload would lose");
  assert.doesNotMatch(await tab.text("log"), /restarted/);
  await tab.agreesWith(relay);
});

scenario("once there is a key, the browser is asked to keep it, and its answer is shown", async (s) => {
  const relay = await s.relay();
  for (const granted of [true, false]) {
    const tab = await (await s.browser()).blank();
    await tab.page.addInitScript((granted) => {
      const answers = { asked: 0, kept: false };
      navigator.storage.persisted = async () => answers.kept;
      navigator.storage.persist = async () => {
        answers.asked += 1;
        return (answers.kept = granted);
      };
      Reflect.set(window, "answers", answers);
    }, granted);
    await tab.open(relay.url);
    const asked = () => tab.page.evaluate(() => Reflect.get(window, "answers").asked);
    assert.equal(await asked(), 0, "there is nothing to keep yet");
    await tab.newKey();
    await untilEqual("it is asked", asked, 1);
    if (granted) {
      await until("that is said", async () => /keeps it until you delete it/.test(await tab.text("storage")));
    } else {
      await until("that is said", async () => /may delete this page’s data/.test(await notices(tab)));
    }
    await untilEqual("of two things one is said", () => said(tab), { kept: granted, mayBeCleared: !granted });
    await tab.newKey();
    assert.equal(await asked(), 1, "users are not asked for every key");
  }
});

scenario("a private window that stores nothing works in memory and says so in every view", async (s) => {
  const page = await PageCopy.of(await s.relay(), s);
  await page.change("node-worker.js", (text) => `(${refuse})();\n${text}`);
  const relay = await s.relay({ key: GENESIS, args: ["--page", page.folder] });
  const browser = await s.browser({ context: { serviceWorkers: "block" } });
  const tab = await browser.tab(relay.url);
  await tab.state("storage", "memory");
  const address = await tab.newKey();
  await relay.pay(GENESIS, address, "4", "--wait", "1");
  await tab.agreesWith(relay);
  await tab.shows("spendable", 4);
  for (const view of /** @type {const} */ (["overview", "blocks", "wallet", "mining", "node"])) {
    await tab.view(view);
    for (const words of [/let this page store files.*not in private/s, /keys are in memory only/]) {
      await until(`${view} says ${words}`, async () => words.test(await notices(tab)));
    }
    await until(`they are seen in ${view}`, () => tab.element("notice").first().isVisible());
  }

  // Dismissed notices are gone from all views, the others stay.
  await tab.element("notice").filter({ hasText: "store files" }).getByTestId("notice-dismiss").click();
  await tab.view("wallet");
  await until("it is gone", async () => !/let this page store files/.test(await notices(tab)));
  assert.match(await notices(tab), /keys are in memory only/);
});

/** Runs in the worker: what is to be written waits for ever. */
function neverCommit() {
  const get = IDBObjectStore.prototype.get;
  IDBObjectStore.prototype.get = function (/** @type {IDBValidKey} */ key) {
    return this.transaction.mode === "readwrite" ? /** @type {any} */ (new EventTarget()) : get.call(this, key);
  };
}

/** Runs in the page: how many slots have keys in the browser's database. */
async function keyRecords() {
  const known = await indexedDB.databases();
  if (!known.some(({ name }) => name === "fedcoin-keys")) return 0;
  const result = (/** @type {IDBRequest} */ request) =>
    new Promise((done, fail) => {
      request.onsuccess = () => done(request.result);
      request.onerror = () => fail(request.error);
    });
  const database = await result(indexedDB.open("fedcoin-keys"));
  const records = await result(database.transaction("slots").objectStore("slots").getAllKeys());
  database.close();
  return records.length;
}

/**
 * Runs in the page: replaces the first tab's chain file; returns whether it could.
 * @param {{ id: string, old: string }} what the network's id and the file, in base64
 */
async function putChain({ id, old }) {
  let folder = await navigator.storage.getDirectory();
  for (const name of ["fedcoin", id, "slot-0"]) folder = await folder.getDirectoryHandle(name);
  const file = await folder.getFileHandle("chain-0.redb");
  const writable = await file.createWritable();
  await writable.write(Uint8Array.from(atob(old), (letter) => letter.charCodeAt(0)));
  await writable.close();
  return true;
}

/**
 * Runs in the page: flips a bit in each page of the first tab's chain file except the first; returns whether it could.
 * @param {{ id: string }} what the network's id
 */
async function damageChain({ id }) {
  let folder = await navigator.storage.getDirectory();
  for (const name of ["fedcoin", id, "slot-0"]) folder = await folder.getDirectoryHandle(name);
  const file = await folder.getFileHandle("chain-0.redb");
  const bytes = new Uint8Array(await (await file.getFile()).arrayBuffer());
  for (let at = 4096 + 100; at < bytes.length; at += 4096) bytes[at] ^= 1;
  const writable = await file.createWritable();
  await writable.write(bytes);
  await writable.close();
  return true;
}

/** Runs in the page: makes it give up a silent worker after a third of the usual time. */
function loseThePatience() {
  const wait = setTimeout;
  const hurry = (/** @type {TimerHandler} */ work, /** @type {number | undefined} */ ms, /** @type {any[]} */ ...rest) =>
    wait(work, ms === 3_000 ? 1_000 : ms, ...rest);
  Object.assign(window, { setTimeout: hurry });
}

/**
 * Runs in the node's worker: makes reading a whole file take this long.
 * @param {number} wholeMs
 */
function readSlowly(wholeMs) {
  const handle = Reflect.get(self, "FileSystemSyncAccessHandle").prototype;
  const read = handle.read;
  handle.read = function (/** @type {Uint8Array} */ buffer, /** @type {unknown} */ options) {
    const size = this.getSize();
    const end = performance.now() + (size > 10_000 ? (wholeMs * buffer.byteLength) / size : 0);
    while (performance.now() < end);
    return read.call(this, buffer, options);
  };
}

/** Runs in the node's worker: simulates storage in some browsers' private windows. */
function refuse() {
  navigator.storage.getDirectory = () => Promise.reject(new DOMException("not in private", "SecurityError"));
  indexedDB.open = () => {
    throw new DOMException("not in private", "InvalidStateError");
  };
}

/**
 * The notice about the browser's promise to keep data.
 * @param {import("../lib/tab.mjs").Tab} tab
 */
const said = async (tab) => ({
  kept: /keeps it until you delete it/.test(await tab.text("storage")),
  mayBeCleared: /may delete this page’s data/.test(await notices(tab)),
});

/** @param {import("../lib/tab.mjs").Tab} tab */
const notices = async (tab) => (await tab.element("notice").allTextContents()).join("\n");
