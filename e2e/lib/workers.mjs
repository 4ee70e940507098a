// The workers of a page, in reach of a test.

/** Runs in the page: keeps its workers in reach. */
export function rememberWorkers() {
  /** @type {Worker[]} */
  const workers = [];
  Object.assign(window, {
    workers,
    Worker: class extends Worker {
      /** @param {string | URL} url @param {WorkerOptions} [options] */
      constructor(url, options) {
        super(url, options);
        workers.push(this);
      }
    },
  });
}

/** Runs in the page: ends the node's worker as a browser short of memory might, without a word. */
export function terminate() {
  /** @type {Worker[]} */ (Reflect.get(window, "workers")).at(-1)?.terminate();
}

/** Runs in the page: an error that nobody expected. */
export function crash() {
  const worker = /** @type {Worker[]} */ (Reflect.get(window, "workers")).at(-1);
  worker?.dispatchEvent(new ErrorEvent("error", { message: "crash on purpose" }));
}
