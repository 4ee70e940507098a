// Waits for conditions, with a generous limit: on a busy machine everything takes longer.

/** Time in milliseconds after which a wait fails. */
export const PATIENCE = 90_000;
/** Polling interval in milliseconds. */
const INTERVAL = 100;

/**
 * Polls until the answer is truthy, and returns it. A poll that throws is repeated.
 * @template T
 * @param {string} what the condition, for the error message
 * @param {() => T | Promise<T>} ask
 * @param {number} [patience] in milliseconds
 * @returns {Promise<NonNullable<T>>}
 */
export async function until(what, ask, patience = PATIENCE) {
  const end = Date.now() + patience;
  let last;
  do {
    try {
      last = await ask();
      if (last) return last;
    } catch (error) {
      last = error;
    }
    await sleep(INTERVAL);
  } while (Date.now() < end);
  const seen = last instanceof Error ? last.message : JSON.stringify(last);
  throw new Error(`waited ${patience / 1000} s for: ${what} (last seen: ${seen})`);
}

/**
 * Polls until the answer equals `wanted`.
 * @template T
 * @param {string} what
 * @param {() => T | Promise<T>} ask
 * @param {T} wanted
 * @param {number} [patience] in milliseconds
 */
export async function untilEqual(what, ask, wanted, patience = PATIENCE) {
  let got;
  const equal = async () => JSON.stringify((got = await ask())) === JSON.stringify(wanted);
  await until(what, equal, patience).catch((error) => {
    throw new Error(`${error.message}: got ${JSON.stringify(got)}, expected ${JSON.stringify(wanted)}`);
  });
}

/** @param {number} ms */
export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
