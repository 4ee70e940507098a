// Says why the page stays empty, where it would. The page itself removes #boot when it starts.
"use strict";
addEventListener("DOMContentLoaded", () => {
  const show = (id) => {
    const message = document.getElementById(id);
    if (!message) return;
    message.hidden = false;
    document.getElementById("boot-loading").hidden = true;
  };
  if (typeof WebAssembly !== "object") show("boot-no-wasm");
  else setTimeout(() => show("boot-slow"), 20_000);
});
