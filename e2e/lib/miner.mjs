// The miner's program, whose name has its digest.

/**
 * The name of the miner's script, beside the page.
 * @param {import("./tab.mjs").Tab} tab
 */
export function minerProgram(tab) {
  return tab.page.evaluate(async () => {
    const loader = document.querySelector("meta[name=kernel-worker]")?.getAttribute("content");
    const text = await (await fetch(new URL(loader ?? "missing", document.baseURI))).text();
    return text.match(/kernel-worker-[0-9a-f]+\.js/)?.[0] ?? "missing";
  });
}
