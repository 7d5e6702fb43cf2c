/**
 * `npm run check`: the quick gate before a change is handed in. Checks the format with prettier and the types with tsc (both keep
 * what they know in build/) beside the structure tests (folder dependencies, tidiness) and the unit tests of the sources,
 * whose random tests do a share of their trials. Stops at nothing: every part reports.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { installIfNeeded } from './install.mjs';

/** How much of its trials a random test does here; `npm test` does them all. */
const TRIAL_SHARE = '0.1';

if (process.argv.includes('--help') || process.argv.includes('-h')) {
  process.stdout.write(`Usage: npm run check

Format, types, structure tests and unit tests, with a tenth of the random trials. npm test runs everything.
`);
  process.exit(0);
}
await installIfNeeded();
const { buildAll, root } = await import('./build.mjs');
await buildAll();

/** Runs one part; its output comes whole, when it ends. @returns {Promise<boolean>} */
async function part(/** @type {string} */ name, /** @type {string} */ script, /** @type {readonly string[]} */ args) {
  const started = performance.now();
  const child = spawn(process.execPath, [join(root, 'node_modules', script), ...args], {
    cwd: root, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, SLICEHOUSE_TRIAL_SHARE: TRIAL_SHARE },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
  const code = await new Promise((resolve) => child.on('close', resolve));
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  process.stdout.write(`check: ${name}: ${code === 0 ? 'ok' : 'FAILED'} (${seconds} s)\n${code === 0 ? '' : output}`);
  return code === 0;
}
const sources = ['src/**/*.ts', 'test/**/*.ts', 'tools/**/*.ts'];
/** The types beside the tests, the format behind the types: two things at a time. */
const parts = await Promise.all([
  (async () => [
    await part('types', 'typescript/bin/tsc', ['-p', 'tsconfig.json']),
    await part('format', 'prettier/bin/prettier.cjs',
      ['--check', '--log-level', 'warn', '--cache', '--cache-location', 'build/prettier', ...sources]),
  ])(),
  (async () => [
    await part('structure and unit tests', 'vitest/vitest.mjs', ['run', '--reporter=dot', 'test/structure', 'src']),
  ])(),
]);
const failed = parts.flat().includes(false);
process.stdout.write(failed ? 'check: FAILED\n' : 'check: ok\n');
process.exitCode = failed ? 1 : 0;
