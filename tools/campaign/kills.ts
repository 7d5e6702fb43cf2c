/** kill -9 under load, in runs of ten on a fresh data directory each; every table is compared with a model afterwards. */
import { Prng } from '../../src/common/prng.ts';
import { systemClock } from '../../src/common/clock.ts';
import { killRounds, type KillReport } from '../../test/durability/kill9.ts';
import type { Campaign } from './campaign.ts';

const KILLS_PER_RUN = 10;

export const campaign: Campaign = {
  about: 'kill -9 of a server under three sessions, restart, every table compared with a model',
  unit: 'kills',
  trials: 100,
  report: 'KILL-CAMPAIGN.md',
  title: 'Kill campaign',
  run: async ({ seed, trials, log }) => {
    const random = new Prng(seed);
    const reports: KillReport[] = [];
    const failures: string[] = [];
    const started = systemClock.monotonicMs();
    for (let done = 0; done < trials; done += KILLS_PER_RUN) {
      const runSeed = random.u32();
      try {
        reports.push(await killRounds(runSeed, Math.min(KILLS_PER_RUN, trials - done), log));
      } catch (error) {
        failures.push(`seed ${runSeed}: ${error instanceof Error ? error.message : String(error)}`);
        log(`FAILED ${failures.at(-1)}`);
      }
    }
    const seconds = Math.round((systemClock.monotonicMs() - started) / 1000);
    return {
      good: failures.length === 0 && reports.length > 0,
      report: reportText(reports, failures, trials, seconds),
    };
  },
};

function reportText(
  reports: readonly KillReport[],
  failures: readonly string[],
  trials: number,
  seconds: number,
): string {
  const sum = (of: (r: KillReport) => number): number => reports.reduce((n, r) => n + of(r), 0);
  const statements: Record<string, number> = {};
  for (const r of reports)
    for (const [what, n] of Object.entries(r.statements)) statements[what] = (statements[what] ?? 0) + n;
  const restarts = reports.flatMap((r) => r.restartMillis.slice(1)).sort((a, b) => a - b);
  const counts = Object.entries(statements).map(([what, n]) => `${what} ${n}`);
  return `A server with 2 nodes of 2 slices on a data directory, three sessions at once, \`kill -9\` after 30 to 1,500 ms, restart,
every table compared with the model (test/durability/).

| | |
|---|---|
| kills survived | ${sum((r) => r.kills)} of ${trials} |
| transactions acknowledged and found again | ${sum((r) => r.acknowledged)} |
| kills a moment after the sessions stopped, while AUTO tables move | ${sum((r) => r.quietKills)} |
| moved tables found at the restarts | ${sum((r) => r.moved)} |
| statements | ${counts.join(', ')} |
| restart, median and slowest | ${restarts[restarts.length >> 1] ?? 0} ms, ${restarts.at(-1) ?? 0} ms |
| duration | ${seconds} s |
| failures | ${failures.length === 0 ? 'none' : failures.join('<br>')} |`;
}
