// Every other test relies on this: violations of the content security policy and foreign requests are detected.

import assert from "node:assert/strict";
import { scenario } from "../lib/scenario.mjs";
import { until } from "../lib/wait.mjs";

scenario("inline scripts, foreign requests and eval are refused and detected", async (s) => {
  const relay = await s.relay();
  for (const [what, attempt] of /** @type {const} */ ([
    ["script-src", () => document.body.append(Object.assign(document.createElement("script"), { textContent: "0" }))],
    ["style-src", () => document.body.setAttribute("style", "color: red")],
    ["img-src", () => document.body.append(Object.assign(new Image(), { src: "http://third.example/pixel.png" }))],
    ["connect-src", () => void fetch("http://third.example/").catch(() => undefined)],
  ])) {
    const browser = await s.browser();
    const tab = await browser.tab(relay.url);
    browser.assertClean();
    await tab.page.evaluate(attempt);
    await until(`${what} is noticed`, () => {
      try {
        browser.assertClean();
        return false;
      } catch (error) {
        return String(error).includes(what);
      }
    });
    tab.origins.add("http://third.example");
    tab.tolerate(/content security policy/i, /Content Security Policy/, /third\.example/);
  }
});

scenario("refusals in a worker are detected", async (s) => {
  const relay = await s.relay({ network: "main" });
  for (const kind of ["node-worker", "kernel-worker"]) {
    const browser = await s.browser();
    const tab = await browser.tab(relay.url);
    await tab.newKey();
    await tab.mine({ policy: "always" });
    const worker = await until(kind, () => tab.page.workers().find((worker) => worker.url().includes(kind)));
    browser.assertClean();
    await worker.evaluate(() => void fetch("http://third.example/").catch(() => undefined));
    await until(`${kind} is noticed`, () => assert.throws(() => browser.assertClean(), /connect-src/) ?? true);
    tab.tolerate(/content security policy/);
  }
});

scenario("a request to any host but the relay is detected", async (s) => {
  const [relay, other] = [await s.relay(), await s.relay()];
  const browser = await s.browser();
  const tab = await browser.tab(relay.url);
  // From another page, because the policy of the node's page would not allow it.
  const stranger = await browser.context.newPage();
  await stranger.goto(other.url);
  assert.throws(() => browser.assertClean(), /third parties/);
  tab.origins.add(new URL(other.url).origin);
});

scenario("where a policy forbids WebAssembly the page says so", async (s) => {
  const relay = await s.relay();
  const browser = await s.browser();
  await browser.context.route(relay.url, async (route) => {
    const response = await route.fetch();
    const policy = response.headers()["content-security-policy"].replace("'wasm-unsafe-eval'", "");
    await route.fulfill({ response, headers: { ...response.headers(), "content-security-policy": policy } });
  });
  const tab = await browser.blank();
  tab.tolerate(/policy/i, /WebAssembly/);
  await tab.page.goto(relay.url);
  await tab.page.getByText("forbids this page to run WebAssembly").waitFor({ timeout: 10_000 });
});
