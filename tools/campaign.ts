/**
 * `npm run campaign [-- --kills 100 --seed N]`: a hundred kill -9 under load, in runs of ten on a fresh data directory
 * each, from a seed that is printed. The result goes to docs/KILL-CAMPAIGN.md. Exits non-zero when anything was lost.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../src/common/clock.ts';
import { Prng } from '../src/common/prng.ts';
import { killRounds, type KillReport } from '../test/durability/kill9.ts';

const KILLS_PER_RUN = 10;
const option = (name: string, fallback: number): number => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? fallback : Number(process.argv[at + 1]);
};
const kills = option('kills', 100);
const seed = option('seed', systemClock.nowMs() % 1_000_000);
process.stdout.write(`campaign: ${kills} kills, seed ${seed}\n`);

const random = new Prng(seed);
const reports: KillReport[] = [];
const failures: string[] = [];
const started = systemClock.monotonicMs();
for (let done = 0; done < kills; done += KILLS_PER_RUN) {
  const runSeed = random.u32();
  try {
    const report = await killRounds(runSeed, Math.min(KILLS_PER_RUN, kills - done), (line) =>
      process.stdout.write(`${line}\n`),
    );
    reports.push(report);
  } catch (error) {
    failures.push(`seed ${runSeed}: ${error instanceof Error ? error.message : String(error)}`);
    process.stdout.write(`FAILED ${failures[failures.length - 1]}\n`);
  }
}
const sum = (of: (r: KillReport) => number): number => reports.reduce((n, r) => n + of(r), 0);
const statements: Record<string, number> = {};
for (const r of reports)
  for (const [what, n] of Object.entries(r.statements)) statements[what] = (statements[what] ?? 0) + n;
const restarts = reports.flatMap((r) => r.restartMillis.slice(1)).sort((a, b) => a - b);
const text = `# Kill campaign

Written by \`npm run campaign -- --kills ${kills} --seed ${seed}\`. A server with 2 nodes of 2 slices on a data directory, three
sessions at once, \`kill -9\` after 30 to 1,500 ms, restart, every table compared with the model (test/durability/).

| | |
|---|---|
| kills survived | ${sum((r) => r.kills)} of ${kills} |
| transactions acknowledged and found again | ${sum((r) => r.acknowledged)} |
| statements | ${Object.entries(statements)
  .map(([what, n]) => `${what} ${n}`)
  .join(', ')} |
| restart, median and slowest | ${restarts[restarts.length >> 1] ?? 0} ms, ${restarts[restarts.length - 1] ?? 0} ms |
| duration | ${Math.round((systemClock.monotonicMs() - started) / 1000)} s |
| failures | ${failures.length === 0 ? 'none' : failures.join('<br>')} |
`;
writeFileSync(join(import.meta.dirname, '../docs/KILL-CAMPAIGN.md'), text);
process.stdout.write(text);
process.exitCode = failures.length === 0 && reports.length > 0 ? 0 : 1;
