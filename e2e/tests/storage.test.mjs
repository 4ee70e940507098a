// The browser's storage fails under the node: it says what happened and goes on, and no key is lost.

import assert from "node:assert/strict";
import { GENESIS } from "../lib/keys.mjs";
import { PageCopy } from "../lib/page_copy.mjs";
import { scenario } from "../lib/scenario.mjs";
import { until, untilEqual } from "../lib/wait.mjs";

/** So many blocks need more room than the tab is given. */
const BLOCKS = 1_500;
const ROOM = 1_000_000;

scenario("with its storage full a tab goes on in memory and says so", async (s) => {
  const relay = await s.relay({ network: "regtest", key: GENESIS, args: ["--mine", "always", "--log", "warn"] });
  await until(`${BLOCKS} blocks`, async () => (await relay.tip()).height >= BLOCKS);
  await relay.stop();
  await relay.start({ network: "regtest" });
  // The page's own files would be kept in the same room.
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

  // When there is room again, the next load takes up the chain on disk.
  await devtools.send("Storage.overrideQuotaForOrigin", { origin });
  await tab.reload();
  await tab.state("storage", "opfs");
  await tab.agreesWith(relay);
  await untilEqual("the wallet is there again", () => tab.address(), address);
});

scenario("a tab whose data is deleted under it goes on in a new file, keys and all", async (s) => {
  const relay = await s.relay({ key: GENESIS });
  const browser = await s.browser();
  const tab = await browser.tab(relay.url);
  const address = await tab.newKey();
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
  await until("a record of the keys", async () => (await tab.page.evaluate(keyRecords)) === 1);
});

scenario("once there is a key the browser is asked to keep it, and its answer is told", async (s) => {
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
      await until("that is said", async () => /does not promise to keep/.test(await notices(tab)));
    }
    assert.equal(/does not promise to keep/.test(await notices(tab)), !granted);
    assert.equal(/keeps it until you delete it/.test(await tab.text("storage")), granted);
    await tab.newKey();
    assert.equal(await asked(), 1, "users are not asked for every key");
  }
});

scenario("a private window that stores nothing works in memory and says so in every view", async (s) => {
  const page = await PageCopy.of(await s.relay(), s);
  await page.change("node-worker_loader.js", (text) => `(${refuse})();\n${text}`);
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
    for (const words of [/refused file storage.*not in private/s, /Keys are kept in memory only/]) {
      await until(`${view} says ${words}`, async () => words.test(await notices(tab)));
    }
    await until(`they are seen in ${view}`, () => tab.element("notice").first().isVisible());
  }

  // What the user has taken note of is gone from all views, the rest is not.
  await tab.element("notice").filter({ hasText: "file storage" }).getByTestId("notice-dismiss").click();
  await tab.view("wallet");
  await until("it is gone", async () => !/refused file storage/.test(await notices(tab)));
  assert.match(await notices(tab), /Keys are kept in memory only/);
});

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

/** Runs in the node's worker: storage as some browsers' private windows have it. */
function refuse() {
  navigator.storage.getDirectory = () => Promise.reject(new DOMException("not in private", "SecurityError"));
  indexedDB.open = () => {
    throw new DOMException("not in private", "InvalidStateError");
  };
}

/** @param {import("../lib/tab.mjs").Tab} tab */
const notices = async (tab) => (await tab.element("notice").allTextContents()).join("\n");
