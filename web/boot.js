// Shows the reason if the page stays empty. The page itself removes #boot when it starts.
"use strict";
addEventListener("DOMContentLoaded", () => {
  const show = (id) => {
    for (const name of ["boot-loading", "boot-no-wasm", "boot-wasm-forbidden", "boot-slow"]) {
      const message = document.getElementById(name);
      if (message) message.hidden = name !== id;
    }
  };
  if (typeof WebAssembly !== "object") return show("boot-no-wasm");
  try {
    // The smallest module. A policy that forbids to compile forbids this one too.
    new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0));
  } catch {
    return show("boot-wasm-forbidden");
  }
  show("boot-loading");
  setTimeout(() => show("boot-slow"), 8_000);
});
