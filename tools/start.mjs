/**
 * `npm start`: installs and builds what is missing, then becomes the server (dist/main.js in this very process). The
 * script says `exec node`, so no shell stays between npm and this process and a signal to npm reaches it; when npm dies
 * without a signal the parent changes, and the server stops instead of living on alone. Arguments after `--` are the
 * server's. On Windows, whose shell knows no exec: node tools/start.mjs [options].
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
