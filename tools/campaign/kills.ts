/**
 * Everything that may go wrong, from seeds: servers on disk and in memory under three sessions, slices and nodes killed, traps,
 * full disks, kill -9, power cuts that tear and lose writes; every table is compared with a model after each blow. Runs
 * beside one another as cores allow.
 */
import { availableParallelism } from 'node:os';
import { Prng } from '../../src/common/prng.ts';
import { systemClock } from '../../src/common/clock.ts';
import { BLOWS, chaosRun, type ChaosReport } from '../../test/durability/chaos.ts';
import type { Campaign } from './campaign.ts';

/** Of the runs, so many are in memory. */
const MEMORY_SHARE = 0.4;

export const campaign: Campaign = {
  about:
    'slices, nodes and servers killed, traps, full disks, power cuts, under load; every table compared with a model',
  unit: 'runs',
  trials: 500,
  report: 'KILL-CAMPAIGN.md',
  title: 'Kill campaign',
  run: async ({ seed, trials, log }) => {
    const random = new Prng(seed);
    const reports: ChaosReport[] = [];
    const failures: string[] = [];
    const started = systemClock.monotonicMs();
    const wanted = Array.from({ length: trials }, () => ({
      seed: random.u32(),
      memory: random.float() < MEMORY_SHARE,
    }));
    const worker = async (): Promise<void> => {
      for (let next = wanted.shift(); next !== undefined; next = wanted.shift()) {
        try {
          const report = await chaosRun(next.seed, next.memory);
          reports.push(report);
          log(
            `${reports.length} of ${trials}: seed ${report.seed}, ${report.shape}${next.memory ? ' in memory' : ''}`,
          );
        } catch (error) {
          failures.push(error instanceof Error ? error.message : String(error));
          log(`FAILED ${failures.at(-1)}`);
        }
      }
    };
    await Promise.all(Array.from({ length: availableParallelism() }, worker));
    const seconds = Math.round((systemClock.monotonicMs() - started) / 1000);
    return {
      good: failures.length === 0 && reports.length > 0,
      report: reportText(reports, failures, trials, seconds),
    };
  },
};

/** How often each of these came, most frequent first. */
function counted(names: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts]
    .sort((a, b) => b[1] - a[1])
    .map(([name, n]) => `${name} ${n}`)
    .join(', ');
}

function reportText(
  reports: readonly ChaosReport[],
  failures: readonly string[],
  trials: number,
  seconds: number,
): string {
  const sum = (of: (r: ChaosReport) => number): number => reports.reduce((n, r) => n + of(r), 0);
  const down = reports.flatMap((r) => r.downMillis).sort((a, b) => a - b);
  const memory = reports.filter((r) => r.memory).length;
  const traps = reports.flatMap((r) => r.traps);
  const blows = BLOWS.map((b) => `${b} ${sum((r) => r.blows[b])}`).join(', ');
  return `Each run: a server of random shape, on a data directory or in memory, three sessions of a workload with a model each, a fourth with a temporary
table. Three to six blows while they run: a slice's thread is stopped, a node is stopped, a trap or assertion is armed somewhere, the disk is full for
a moment, the server is killed with \`kill -9\`, or killed with the power (writes that were not synced are lost, the last one is torn at a sector), or stopped.
After each every table is read and compared: acknowledged transactions are there, others are not, and every session that was there before a node went
down is there after it (test/durability/chaos.ts).

| | |
|---|---|
| runs without a difference | ${reports.length} of ${trials}, ${memory} of them in memory |
| shapes | ${counted(reports.map((r) => r.shape))} |
| blows | ${blows} |
| of them a moment after the sessions stopped, while AUTO tables move | ${sum((r) => r.quiet)} |
| traps that went off | ${traps.length}: ${counted(traps)} |
| nodes that came back | ${down.length}, after ${down[down.length >> 1] ?? 0} ms (median), ${down.at(-1) ?? 0} ms (slowest) |
| files whose last writes a power cut took | ${sum((r) => r.tornFiles)} |
| transactions acknowledged and found again | ${sum((r) => r.acknowledged)} |
| transactions ended by a node or a full disk, and found undone | ${sum((r) => r.refused)} |
| duration | ${seconds} s |
| failures | ${failures.length === 0 ? 'none' : failures.map((f) => f.replaceAll('\n', ' ')).join('<br>')} |`;
}
