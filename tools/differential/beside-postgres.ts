/** Campaigns of random queries beside PostgreSQL: how they run, and their report. */
import { systemClock } from '../../src/common/clock.ts';
import type { Totals } from '../../test/differential/campaign.ts';
import type { Kind } from '../../test/differential/kind.ts';
import { runStretches, STRETCH_QUERIES } from '../../test/differential/stretches.ts';
import type { Campaign } from '../campaign/campaign.ts';

interface Given extends Omit<Campaign, 'run' | 'unit'> {
  readonly kinds: readonly Kind[];
}
const SHOWN_MAX = 20;

export const besidePostgres = ({ kinds: all, ...given }: Given): Campaign => ({
  ...given,
  parts: all.map((k) => k.name),
  unit: 'queries',
  run: async ({ seed, trials, only, log }) => {
    const kinds = all.filter((k) => only?.includes(k.name) !== false);
    const started = systemClock.monotonicMs();
    const result = await runStretches({ kinds, seed, queries: trials, log });
    if (typeof result === 'string') return { good: false, report: `Not run: ${result}.` };
    const seconds = Math.round((systemClock.monotonicMs() - started) / 1000);
    const { totals, configurations, bugs } = result;
    const failures = [...totals.values()].flatMap((t) => t.failures);
    const row = (name: string, of: (t: Totals) => number): string =>
      `| ${name} | ${kinds.map((k) => of(totals.get(k.name)!)).reduce((a, b) => a + b, 0)} |`;
    const line = (k: Kind): string => {
      const t = totals.get(k.name)!;
      const counts = [t.queries, t.compared, t.same, t.bothFailed, t.unsupported, t.oracleCannot, t.failures.length];
      return `| ${k.about} | ${counts.join(' | ')} |`;
    };
    const refusals = [...totals.values()].flatMap((t) => [...t.refusals]).sort((a, b) => b[1] - a[1]);
    return {
      good: failures.length === 0 && bugs.length === 0,
      report: [
        `Stretches of ${STRETCH_QUERIES} queries or changes of one kind, each beside two clusters of drawn configurations (1 to 32 slices, distribution`,
        'styles and sort keys by seed, spills, encodings, row groups, variants of the code, tiny batches), in one of which every row spills. Behind each',
        'change the changed table is compared.',
        '',
        '| | |',
        '|---|---|',
        `| configurations | ${configurations.size} |`,
        row('queries and changes', (t) => t.queries),
        row('answers compared', (t) => t.compared),
        row('differences', (t) => t.failures.length),
        `| internal errors | ${bugs.length} |`,
        `| duration | ${seconds} s |`,
        '',
        '| kind | queries | answers | the same | refused on both sides | not supported here | too slow there | different |',
        '|---|---|---|---|---|---|---|---|',
        ...kinds.map(line),
        '',
        ...(refusals.length === 0 ? [] : ['What was not supported here:', '']),
        ...refusals.slice(0, SHOWN_MAX).map(([why, times]) => `- ${why} (${times})`),
        ...bugs.slice(0, SHOWN_MAX).map((b) => `\n- ${b.slice(0, 500)}`),
        ...failures.slice(0, SHOWN_MAX).map((f) => `\n\`\`\`\n${f.script.slice(0, 4000)}\n\`\`\``),
      ].join('\n'),
    };
  },
});
