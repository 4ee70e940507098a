// Runs the page's own program in this worker, as the node. The first message from the page has the URL of its script
// and the module that the browser has already compiled.
"use strict";

onmessage = ({ data: [script, program] }) => {
  onmessage = null;
  // The worker's `error` event reports errors to the page.
  import(script).then(({ default: start }) => start({ module_or_path: program })).catch(reportError);
};
