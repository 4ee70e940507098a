// Runs the page's own program in this worker, where it is the node. The page says first where its script is and hands
// over the module that the browser has compiled for it already.
"use strict";

onmessage = ({ data: [script, program] }) => {
  onmessage = null;
  // The page learns of an error by the worker's `error` event.
  import(script).then(({ default: start }) => start({ module_or_path: program })).catch(reportError);
};
