/**
 * `npm test`: installs and builds what is missing, runs every test file with vitest (arguments are passed on), and ends
 * with one line alone: `N passed, N failed, N skipped`. A test file that cannot be loaded counts as one failure. Exits
 * non-zero when anything failed or nothing ran.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { installIfNeeded } from './install.mjs';

if (process.argv.includes('--help') || process.argv.includes('-h')) {
  process.stdout.write(`Usage: npm test -- [NAME ...] [options of vitest]

Installs and builds what is missing and runs every test; a NAME narrows them to files whose path holds it.
SLT_FILE and SLT_CONFIG narrow the SQL scripts of test/slt down by a part of their names. Without SLT_CONFIG they run
under the default configuration and two that SLT_SEED draws (the seed is printed); SLT_CONFIG=all takes every one.

  -t PATTERN  only tests whose title matches
  --help      this text
`);
  process.exit(0);
}
await installIfNeeded();
const { buildAll, root } = await import('./build.mjs');
await buildAll();

const report = join(root, 'build/vitest.json');
mkdirSync(join(root, 'build'), { recursive: true });
rmSync(report, { force: true });
const child = spawn(
  process.execPath,
  [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...process.argv.slice(2)],
  { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] },
);
for (const signal of /** @type {const} */ (['SIGTERM', 'SIGINT'])) process.on(signal, () => child.kill(signal));
const code = await new Promise((resolve) => child.on('close', resolve));

const counts = { passed: 0, failed: 0, skipped: 0 };
try {
  for (const file of JSON.parse(readFileSync(report, 'utf8')).testResults) {
    if (file.status === 'failed' && file.assertionResults.every((/** @type {any} */ t) => t.status !== 'failed')) counts.failed += 1;
    for (const test of file.assertionResults) {
      if (test.status === 'passed') counts.passed += 1;
      else if (test.status === 'failed') counts.failed += 1;
      else counts.skipped += 1;
    }
  }
} catch {
  counts.failed += 1;
}
process.stdout.write(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`);
process.exitCode = code === 0 && counts.failed === 0 && counts.passed > 0 ? 0 : 1;
