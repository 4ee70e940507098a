/**
 * The percentile by nearest rank; `percent` is between 0 and 100.
 * @param {number[]} values
 * @param {number} percent
 */
export function percentile(values, percent) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)];
}

/** @param {number[]} values */
export const median = (values) => percentile(values, 50);

/** @param {number[]} values in milliseconds */
export function seconds(values) {
  const text = (/** @type {number} */ ms) => (ms / 1000).toFixed(2);
  return `${text(median(values))} s (${values.length} runs: ${text(Math.min(...values))} to ${text(Math.max(...values))})`;
}
