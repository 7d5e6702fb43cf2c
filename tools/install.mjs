/**
 * Installs the packages of package-lock.json when node_modules is missing or older than the lock. Plain JavaScript and
 * only Node's own modules, because it runs before anything is installed. Called by start.mjs and test.mjs.
 */
import { existsSync, lstatSync, statSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withProgress } from './progress.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const timeOf = (/** @type {string} */ path) => statSync(join(root, path), { throwIfNoEntry: false })?.mtimeMs ?? 0;

/** A link to another tree's packages is that tree's: `npm ci` would empty it. */
const isLinked = () => lstatSync(join(root, 'node_modules'), { throwIfNoEntry: false })?.isSymbolicLink() === true;

export const installed = () =>
  isLinked() || timeOf('node_modules/.package-lock.json') >= timeOf('package-lock.json');

/** What npm runs with: a signal stops it as well as this process. */
export async function installIfNeeded() {
  if (installed()) return;
  await withProgress('install: packages of package-lock.json (once)', install);
}

async function install() {
  const npmScript = process.env['npm_execpath'];
  const [command, args] = npmScript?.endsWith('.js') ? [process.execPath, [npmScript, 'ci']] : ['npm', ['ci']];
  const child = spawn(command, [...args, '--no-audit', '--no-fund', '--loglevel', 'error'], {
    cwd: root, stdio: ['ignore', 2, 2], shell: command === 'npm' && process.platform === 'win32',
  });
  const stop = (/** @type {NodeJS.Signals} */ signal) => {
    child.kill(signal);
    process.exit(1);
  };
  process.on('SIGTERM', stop).on('SIGINT', stop);
  const code = await new Promise((resolve) => child.on('error', () => resolve(-1)).on('close', resolve));
  process.off('SIGTERM', stop).off('SIGINT', stop);
  if (code !== 0 || !existsSync(join(root, 'node_modules'))) {
    process.stderr.write(`install: npm ci ended with ${code}\n`);
    process.exit(1);
  }
}
