/**
 * `npm start`: installs and builds what is missing, then becomes the server (dist/main.js in this very process), so that a
 * signal reaches it and its exit code is ours. Some shells stay between npm and this process; when they are killed the
 * parent changes, and the server stops instead of living on alone. Arguments after `--` are the server's.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { installIfNeeded } from './install.mjs';

const PARENT_CHECK_MS = 500;

await installIfNeeded();
const { buildAll, root } = await import('./build.mjs');
await buildAll();

if (process.env['npm_lifecycle_event'] === 'start') {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.kill(process.pid, 'SIGTERM');
  }, PARENT_CHECK_MS).unref();
}
const main = join(root, 'dist/main.js');
process.argv[1] = main;
await import(pathToFileURL(main).href);
