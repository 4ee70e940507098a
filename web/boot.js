// Shows the reason if the page stays empty. The page itself removes #boot when it starts.
"use strict";
addEventListener("DOMContentLoaded", () => {
  const show = (id) => {
    for (const name of ["boot-loading", "boot-no-wasm", "boot-slow"]) {
      const message = document.getElementById(name);
      if (message) message.hidden = name !== id;
    }
  };
  if (typeof WebAssembly !== "object") return show("boot-no-wasm");
  show("boot-loading");
  setTimeout(() => show("boot-slow"), 20_000);
});
