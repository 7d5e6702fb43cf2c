/**
 * A cluster in a process of its own, for configurations that set environment variables: its sizes are read when its code is
 * loaded. Started with the options as JSON; what the parent sends is done and answered by its name: `reset` goes back to the
 * state after the start, `close` ends. Internal errors are told as they come.
 */
import { join } from 'node:path';

const { startCluster } = await import(join(import.meta.dirname, '../../dist/index.js'));
const cluster = await startCluster({
  ...JSON.parse(process.argv[2]),
  onBug: (/** @type {any} */ e) => void process.send?.({ bug: String(e?.stack ?? e) }),
});
process.on('message', async (word) => {
  if (word === 'reset') await cluster.reset();
  else await cluster.close();
  process.send?.({ done: word });
  if (word === 'close') process.disconnect();
});
process.send?.({ url: cluster.url, s3Root: cluster.s3Root });
