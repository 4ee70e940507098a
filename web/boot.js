// Says why the page stays empty, where it would. The page itself removes #boot when it starts.
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
