// Runs the page's own program in this worker, where it is the node. The page says first where its script is and hands
// over the module that the browser has compiled for it already. It learns of errors by the worker's `error` event, and of
// what they mean by their words (`Failure::of_error`).
"use strict";

/** What a program may need at once, in pages of 64 KiB: the most is for a passphrase. */
const ROOM = 512;

onmessage = ({ data: [script, program] }) => {
  onmessage = null;
  const loaded = import(script).catch((error) => {
    throw new Error(`the program was not loaded: ${error.message}`);
  });
  loaded.then(({ default: start }) => start({ module_or_path: program })).then(watch).catch(reportError);
};

/** A program that gets no more memory stops at an `unreachable`. This says why, in its place. */
function watch({ memory }) {
  addEventListener("error", (event) => {
    if (hasRoom(memory)) return;
    event.preventDefault();
    setTimeout(() => reportError(new RangeError("out of memory")));
  }, { once: true });
}

function hasRoom(memory) {
  try {
    return memory.grow(ROOM) > 0;
  } catch {
    return false;
  }
}
