/**
 * `npm test`: installs and builds what is missing, runs every test file with vitest (arguments are passed on), and ends
 * with one line alone: `N passed, N failed, N skipped`. A test file that cannot be loaded counts as one failure. When it is
 * ended before (SIGTERM, SIGINT), it names what failed so far and the files under way, and counts what ran. Exits non-zero
 * when anything failed, nothing ran, or it was ended.
 */
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { installIfNeeded } from './install.mjs';
import { COUNTS, readCounts } from './test-counts.mjs';

const END_MS = 10_000;

if (process.argv.includes('--help') || process.argv.includes('-h')) {
  process.stdout.write(`Usage: npm test -- [NAME ...] [options of vitest]

Installs and builds what is missing and runs every test; a NAME narrows them to files whose path holds it.
SLT_FILE and SLT_CONFIG narrow the SQL scripts of test/slt down by a part of their names. Without SLT_CONFIG they run
under the default configuration, and some of them under two others that a seed draws; SLT_CONFIG=all takes every one. The
seed is printed: SLICEHOUSE_DRAW=N draws the same configurations, scripts and cases.

  -t PATTERN  only tests whose title matches
  --help      this text
`);
  process.exit(0);
}
await installIfNeeded();
const { buildAll, root } = await import('./build.mjs');
await buildAll();

rmSync(COUNTS, { force: true });
const child = spawn(
  process.execPath,
  [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--reporter=default', `--reporter=${join(root, 'tools/test-counts.mjs')}`, ...process.argv.slice(2)],
  { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] },
);
/** @type {string | undefined} */
let ended;
for (const signal of /** @type {const} */ (['SIGTERM', 'SIGINT'])) {
  process.on(signal, () => {
    ended = signal;
    child.kill(signal);
    // One that does not hear it shall not keep what is known from being told.
    setTimeout(() => child.kill('SIGKILL'), END_MS).unref();
  });
}
const code = await new Promise((resolve) => child.on('close', resolve));

const counts = readCounts() ?? { passed: 0, failed: 1, skipped: 0, failures: [], underWay: [] };
if (ended !== undefined) {
  const lines = [`ended by ${ended}; under way: ${counts.underWay.join(', ') || 'nothing'}`, ...counts.failures.map(({ name, message }) => `failed: ${name}: ${message}`)];
  process.stdout.write(`\n${lines.join('\n')}\n`);
}
process.stdout.write(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`);
process.exitCode = code === 0 && ended === undefined && counts.failed === 0 && counts.passed > 0 ? 0 : 1;
