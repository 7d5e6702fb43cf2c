/**
 * The benchmark's figures as Markdown: one row a query with the best time of every engine and the others' ratios to ours,
 * each ratio with its spread over the rounds, then the geometric means. A ratio above 1 means that we are faster.
 */
import { geometricMean, median, ms } from './engine.ts';

/** One query on one engine in one round: its hot runs in milliseconds. */
export type Runs = readonly number[];
export interface QueryFigures {
  readonly query: string;
  /** Per engine name, per round. The first engine is ours. */
  readonly rounds: ReadonlyMap<string, readonly Runs[]>;
  /** Processor time of the timed runs in ms, per engine name, per round. */
  readonly cpu: ReadonlyMap<string, readonly number[]>;
  /** What compared equal: `same`, or which engine differs. */
  readonly verdict: string;
}

const best = (rounds: readonly Runs[]): number => Math.min(...rounds.flat());
/** Per round: the other's best time over ours. */
function ratios(figures: QueryFigures, ours: string, other: string): readonly number[] {
  const [a, b] = [figures.rounds.get(ours) ?? [], figures.rounds.get(other) ?? []];
  return a.map((runs, i) => Math.min(...(b[i] ?? [])) / Math.min(...runs));
}
const spread = (list: readonly number[], digits: number): string => {
  const at = (n: number): string => n.toFixed(digits);
  return list.length < 2
    ? at(list[0] ?? Number.NaN)
    : `${at(median(list))} (${at(Math.min(...list))} to ${at(Math.max(...list))})`;
};

export function queryTable(all: readonly QueryFigures[], engines: readonly string[]): readonly string[] {
  const [ours = '', ...others] = engines;
  const header = [
    'Q',
    `${ours} best ms`,
    `${ours} median ms`,
    ...others.flatMap((o) => [`${o} best ms`, `${o} / ours`, `CPU ${o} / ours`]),
    'result',
  ];
  const lines = [`| ${header.join(' | ')} |`, `|${header.map(() => '-').join('|')}|`];
  for (const f of all) {
    const rounds = f.rounds.get(ours) ?? [];
    const cells =
      rounds.length === 0
        ? ['failed', '', ...others.flatMap(() => ['', '', ''])]
        : [
            ms(best(rounds)),
            ms(median(rounds.flat())),
            ...others.flatMap((o) =>
              (f.rounds.get(o) ?? []).length === 0
                ? ['', '', '']
                : [ms(best(f.rounds.get(o)!)), spread(ratios(f, ours, o), 2), cpuRatio(f, ours, o)?.toFixed(2) ?? ''],
            ),
          ];
    lines.push(`| ${[f.query, ...cells, f.verdict].join(' | ')} |`);
  }
  lines.push('');
  for (const o of others) lines.push(meanLine(all, ours, o));
  return lines;
}

/** Processor time is moved less by a busy machine than time on the clock; its ticks are coarse, so rounds are added up. */
function cpuRatio(f: QueryFigures, ours: string, other: string): number | undefined {
  const total = (name: string): number => (f.cpu.get(name) ?? []).reduce((sum, x) => sum + x, 0);
  return total(ours) > 0 && total(other) > 0 ? total(other) / total(ours) : undefined;
}

export function meanLine(all: readonly QueryFigures[], ours: string, other: string): string {
  const complete = all.filter((f) => (f.rounds.get(ours) ?? []).length > 0 && (f.rounds.get(other) ?? []).length > 0);
  const count = Math.min(...complete.map((f) => f.rounds.get(ours)!.length));
  const means = Array.from({ length: complete.length === 0 ? 0 : count }, (_, round) =>
    geometricMean(complete.map((f) => ratios(f, ours, other)[round] as number)),
  );
  const cpu = complete.map((f) => cpuRatio(f, ours, other)).filter((r) => r !== undefined);
  const time = cpu.length === 0 ? '' : `; of processor time ${geometricMean(cpu).toFixed(2)}`;
  return `- geometric mean of ${other} / ours over ${complete.length} queries: ${spread(means, 2)}${time}`;
}

/** Queries that got slower than the other build in every round, and by more than `share` in the middle one. */
export function slower(all: readonly QueryFigures[], ours: string, other: string, share: number): readonly string[] {
  return all.flatMap((f) => {
    const list = ratios(f, ours, other);
    return list.length > 0 && list.every((r) => r < 1) && median(list) < 1 - share
      ? [`${/^\d/.test(f.query) ? `Q${Number(f.query)}` : f.query}: ${other} / ours ${spread(list, 2)}`]
      : [];
  });
}
