/**
 * Random tables, queries and changes (test/differential) on one slice and on four, each compared with PostgreSQL: any
 * queries, and queries full of subqueries. A difference is made small and reported as a script.
 */
import { systemClock } from '../../src/common/clock.ts';
import { campaign as compareRandom, type CampaignOptions, type Totals } from '../../test/differential/campaign.ts';
import { Engine, startPostgres } from '../../test/differential/engines.ts';
import { SubqueryGenerator } from '../../test/differential/subquery-generator.ts';
import { freePort } from '../../test/workloads/oracles.ts';
import type { Campaign } from './campaign.ts';

const QUERIES_PER_SEED = 50;
const SHOWN_MAX = 20;

export const campaign: Campaign = {
  about: 'random queries and changes give what PostgreSQL gives, on one slice and on four',
  unit: 'queries',
  trials: 30_000,
  report: 'QUERY-CAMPAIGN.md',
  title: 'Random queries against PostgreSQL',
  run: async ({ seed, trials, log }) => {
    const oracle = await startPostgres(await freePort());
    if (typeof oracle === 'string') return { good: false, report: `Not run: ${oracle}.` };
    const { startCluster } = (await import('../../dist/index.js' as string)) as typeof import('../../src/index.ts');
    const clusters = [
      await startCluster({ nodes: 1, slices: 1, memory: true }),
      await startCluster({ nodes: 2, slices: 2, memory: true }),
    ];
    const started = systemClock.monotonicMs();
    const engines = {
      oracle: new Engine('oracle', oracle.url),
      ours: clusters.map((c, i) => new Engine(i === 0 ? '1x1' : '2x2', c.url)),
    };
    const seeds = Math.max(1, Math.round(trials / QUERIES_PER_SEED / 2));
    const kinds: readonly Pick<CampaignOptions, 'generatorOf'>[] = [
      {},
      { generatorOf: (random, tables) => new SubqueryGenerator(random, tables) },
    ];
    const totals: Totals[] = [];
    try {
      for (const kind of kinds) {
        const options = { firstSeed: seed, seeds, queriesPerSeed: QUERIES_PER_SEED, shrink: true };
        const onFailure = (f: { readonly script: string }): void => log(f.script);
        totals.push(await compareRandom({ ...engines, ...options, ...kind, onFailure }));
      }
    } finally {
      for (const e of [engines.oracle, ...engines.ours]) await e.close();
      for (const c of clusters) await c.close();
      await oracle.stop();
    }
    const seconds = Math.round((systemClock.monotonicMs() - started) / 1000);
    const failures = totals.flatMap((t) => t.failures);
    const line = (what: string, of: (t: Totals) => number): string => `| ${what} | ${totals.map(of).join(' | ')} |`;
    const report = [
      `${seconds} s, ${seeds} seeds of ${QUERIES_PER_SEED} queries a kind; answers of two clusters are compared with one of PostgreSQL.`,
      '',
      '| | any queries and changes | full of subqueries |',
      '|---|---|---|',
      line('answers compared', (t) => t.compared),
      line('the same', (t) => t.same),
      line('refused on both sides', (t) => t.bothFailed),
      line('refused here as not supported', (t) => t.unsupported),
      line('refused or too slow there', (t) => t.oracleCannot),
      line('different', (t) => t.failures.length),
      ...failures.slice(0, SHOWN_MAX).map((f) => `\n\`\`\`\n${f.script.slice(0, 4000)}\n\`\`\``),
    ];
    return { good: failures.length === 0, report: report.join('\n') };
  },
};
