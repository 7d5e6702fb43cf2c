/**
 * Tells on standard error that something long goes on: what it is when it starts, the seconds while it lasts (in place on a
 * terminal, a line now and then elsewhere), and how long it took. Only Node's own modules: it runs before anything is
 * installed. Used by install.mjs and build.mjs.
 */
const TICK_MS = 1000;
/** Without a terminal a line at most this often. */
const LINE_MS = 10_000;

/**
 * @template T
 * @param {string} label
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withProgress(label, work) {
  const started = performance.now();
  const terminal = process.stderr.isTTY === true;
  const seconds = () => ((performance.now() - started) / 1000).toFixed(0);
  process.stderr.write(terminal ? `${label} ...` : `${label} ...\n`);
  let last = started;
  const timer = setInterval(() => {
    if (terminal) process.stderr.write(`\r${label} ... ${seconds()} s`);
    else if (performance.now() - last >= LINE_MS) {
      last = performance.now();
      process.stderr.write(`${label} ... ${seconds()} s\n`);
    }
  }, TICK_MS);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    const took = `${label} (${((performance.now() - started) / 1000).toFixed(1)} s)`;
    process.stderr.write(terminal ? `\r${took}   \n` : `${took}\n`);
  }
}
