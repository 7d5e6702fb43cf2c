/**
 * Statements that end in the middle, from seeds: sessions that change rows of their own in shared tables meet divisions by
 * zero, bad lines, cancels, full disks and slices that go; whatever was undone, the rows are exact and nobody conflicts.
 */
import { Prng } from '../../src/common/prng.ts';
import { systemClock } from '../../src/common/clock.ts';
import { undoneRun, type UndoneReport } from '../../test/durability/undone.ts';
import type { Campaign } from './campaign.ts';

export const campaign: Campaign = {
  about:
    'statements that fail, are cancelled or lose their slice in the middle, beside others; rows and conflicts checked',
  unit: 'runs',
  trials: 100,
  report: 'UNDONE-CAMPAIGN.md',
  title: 'Campaign of undone statements',
  run: async ({ seed, trials, log }) => {
    const random = new Prng(seed);
    const reports: UndoneReport[] = [];
    const failures: string[] = [];
    const started = systemClock.monotonicMs();
    for (let n = 0; n < trials; n++) {
      const own = random.u32();
      try {
        const report = await undoneRun(own);
        reports.push(report);
        log(`${n + 1} of ${trials}: seed ${own}, ${report.shape}, ${JSON.stringify(report.undone)}`);
      } catch (error) {
        failures.push(error instanceof Error ? error.message : String(error));
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
  reports: readonly UndoneReport[],
  failures: readonly string[],
  trials: number,
  seconds: number,
): string {
  const undone: Record<string, number> = {};
  for (const r of reports)
    for (const [state, n] of Object.entries(r.undone)) undone[state] = (undone[state] ?? 0) + n;
  const causes = Object.entries(undone).sort((a, b) => b[1] - a[1]);
  return `Each run: four sessions change rows of their own in three tables that all of them write to, a fifth reads them twice under one snapshot, and
row groups merge under them. Statements meet a division by zero or a bad line, are cancelled, find the disk full or lose a slice; their transactions
are undone, and at once and at the end every session finds its rows exactly as it was told they are. As nobody changes another's rows, a
serializable isolation violation (1023) is a failure (test/durability/undone.ts).

| | |
|---|---|
| runs without a difference | ${reports.length} of ${trials} |
| transactions acknowledged | ${reports.reduce((n, r) => n + r.acknowledged, 0)} |
| transactions undone, by SQLSTATE | ${causes.map(([state, n]) => `${state} ${n}`).join(', ')} |
| snapshots that saw the same twice | ${reports.reduce((n, r) => n + r.snapshots, 0)} |
| duration | ${seconds} s |
| failures | ${failures.length === 0 ? 'none' : failures.join('; ')} |
`;
}
