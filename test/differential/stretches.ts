/**
 * The long run: kinds in turn, a stretch of seeds each, beside clusters of configurations that are drawn anew for every
 * stretch. What a stretch does follows from its number alone, so a run may be repeated from any of them.
 */
import { Prng } from '../../src/common/prng.ts';
import { BesidePostgres } from './beside-postgres.ts';
import { campaign, noTotals, type Failure, type Totals } from './campaign.ts';
import { drawConfigurations, nameOf } from './configurations.ts';
import { startPostgres } from './engines.ts';
import type { Kind } from './kind.ts';

const SEEDS = 5;
const QUERIES = 40;
export const STRETCH_QUERIES = SEEDS * QUERIES;
const PATIENT_MS = 120_000;

export interface Stretches {
  readonly kinds: readonly Kind[];
  readonly seed: number;
  /** Of all kinds together. */
  readonly queries: number;
  log(line: string): void;
}
export interface StretchesResult {
  readonly totals: ReadonlyMap<string, Totals>;
  /** Names of configurations, and how many stretches took them. */
  readonly configurations: ReadonlyMap<string, number>;
  readonly bugs: readonly string[];
}

export async function runStretches({ kinds, seed, queries, log }: Stretches): Promise<StretchesResult | string> {
  const oracle = await startPostgres();
  if (typeof oracle === 'string') return oracle;
  const totals = new Map(kinds.map((k) => [k.name, noTotals()]));
  const configurations = new Map<string, number>();
  const bugs: string[] = [];
  const stretches = Math.max(kinds.length, Math.round(queries / STRETCH_QUERIES));
  try {
    for (let i = 0; i < stretches; i++) {
      const kind = kinds[i % kinds.length]!;
      const random = new Prng(seed * 1009 + i);
      const drawn = drawConfigurations(random);
      for (const c of drawn) configurations.set(nameOf(c), (configurations.get(nameOf(c)) ?? 0) + 1);
      const beside = new BesidePostgres(oracle, drawn);
      try {
        await beside.start();
        const onFailure = (f: Failure): void => log(f.script);
        const given = { kind, firstSeed: random.int(1, 1_000_000), seeds: SEEDS, queriesPerSeed: QUERIES };
        const sessions = await beside.sessions();
        await campaign({ ...sessions, ...given, patientMs: PATIENT_MS, onFailure }, totals.get(kind.name)!);
      } finally {
        bugs.push(...beside.bugs.map((b) => `${kind.name} on ${drawn.map(nameOf).join(', ')}: ${String(b)}`));
        await beside.stop();
      }
      log(`stretch ${i + 1} of ${stretches}: ${kind.name} on ${drawn.map(nameOf).join(' and ')}`);
    }
  } finally {
    await oracle.stop();
  }
  return { totals, configurations, bugs };
}
