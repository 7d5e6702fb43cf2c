/**
 * The test files of which `npm test` takes a drawn share of the cases, with all of them: options in pairs, types, encodings,
 * topologies, faults. A file is one that takes such a share from common/test-trials.ts.
 */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../src/common/clock.ts';
import type { Campaign } from './campaign.ts';

const root = join(import.meta.dirname, '../..');
const TEST_MS = 1_800_000;

interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly failures: readonly { readonly name: string; readonly message: string }[];
}

const files = ['src', 'test'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((f) => `${folder}/${f.replaceAll('\\', '/')}`)
    .filter((f) => f.endsWith('.test.ts') && !f.includes('node_modules'))
    .filter((f) => /import \{[^}]*\b(isWhole|sampled)\b/.test(readFileSync(join(root, f), 'utf8')))
    .sort(),
);
const nameOf = (file: string): string => file.replace(/\.test\.ts$/, '');

/** Ends with what the reporter of `npm test` counted. */
async function run(file: string): Promise<Counts | undefined> {
  const counts = (await import(join(root, 'tools/test-counts.mjs'))) as {
    readonly COUNTS: string;
    readCounts(): Counts | undefined;
  };
  rmSync(counts.COUNTS, { force: true });
  const child = spawn(
    process.execPath,
    [
      join(root, 'node_modules/vitest/vitest.mjs'),
      'run',
      '--reporter=dot',
      `--reporter=${join(root, 'tools/test-counts.mjs')}`,
      `--testTimeout=${TEST_MS}`,
      file,
    ],
    { cwd: root, stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, SLICEHOUSE_TRIAL_SHARE: 'all' } },
  );
  await new Promise((resolve) => child.on('close', resolve));
  return counts.readCounts();
}

export const campaign: Campaign = {
  about: 'every case of the test files of which npm test takes a drawn share',
  unit: 'rounds',
  trials: 1,
  report: 'MATRIX-CAMPAIGN.md',
  title: 'Matrices as a whole',
  parts: files.map(nameOf),
  run: async ({ trials, only, log }) => {
    const rows: string[] = [];
    const faults: string[] = [];
    for (const file of files) {
      if (only?.includes(nameOf(file)) === false) continue;
      for (let round = 0; round < trials; round++) {
        const started = systemClock.monotonicMs();
        const counts = await run(file);
        if (counts === undefined || counts.passed + counts.failed === 0) faults.push(`${file}: did not run`);
        faults.push(...(counts?.failures ?? []).map((f) => `${f.name}: ${f.message}`));
        const seconds = Math.round((systemClock.monotonicMs() - started) / 1000);
        rows.push(`| ${nameOf(file)} | ${counts?.passed} | ${counts?.skipped} | ${counts?.failed} | ${seconds} |`);
        log(rows.at(-1)!);
      }
    }
    const table = ['| file | passed | skipped | failed | seconds |', '|---|---|---|---|---|', ...rows].join('\n');
    return { good: faults.length === 0, report: `${table}\n${faults.map((f) => `\n- ${f}`).join('')}` };
  },
};
