/**
 * Every function and operator beside every other over thousands of rows, compared with each evaluated alone
 * (test/kernels). Rounds of new data and new expressions until enough different pairs have stood in one segment; rounds
 * alternate between the kernels that check their memory and the product's, with NULLs and without.
 */
import { systemClock } from '../../src/common/clock.ts';
import { Prng } from '../../src/common/prng.ts';
import { sources } from '../../test/kernels/expressions.ts';
import { besideEachOther, type BesideReport } from '../../test/kernels/beside.ts';
import type { Campaign } from './campaign.ts';

const ROUND = { rows: 2000, expressions: 480, width: 200, statements: 18 };
/** First scratch region: so small that every row grows it. */
const REGION_BYTES = '256';

async function round(
  seed: number,
  checked: boolean,
  nulls: boolean,
  log: (line: string) => void,
): Promise<BesideReport> {
  process.env['SLICEHOUSE_CHECKED_KERNELS'] = checked ? '1' : '0';
  const { startCluster } = (await import('../../dist/index.js' as string)) as typeof import('../../src/index.ts');
  const cluster = await startCluster({ nodes: 1, slices: 2 });
  try {
    return await besideEachOther({ ...ROUND, url: cluster.url, seed, nulls, log });
  } finally {
    await cluster.close();
  }
}

export const campaign: Campaign = {
  about: 'functions and operators beside each other in one segment, compared with each evaluated alone',
  unit: 'combinations',
  trials: 200_000,
  report: 'FUNCTION-CAMPAIGN.md',
  title: 'Function campaign',
  run: async ({ seed, trials, log }) => {
    const { buildCheckedKernels } = (await import('../build.mjs' as string)) as {
      buildCheckedKernels(): Promise<void>;
    };
    await buildCheckedKernels();
    process.env['SLICEHOUSE_REGION_BYTES'] = REGION_BYTES;
    process.env['SLICEHOUSE_SCRATCH_LEFT_BYTES'] = '0';
    const random = new Prng(seed);
    const reports: BesideReport[] = [];
    const started = systemClock.monotonicMs();
    const sum = (of: (r: BesideReport) => number): number => reports.reduce((n, r) => n + of(r), 0);
    while (sum((r) => r.combinations) < trials) {
      const [checked, nulls] = [reports.length % 2 === 0, reports.length % 4 === 0 || reports.length % 4 === 3];
      const report = await round(random.u32(), checked, nulls, log);
      reports.push(report);
      log(
        `round ${reports.length}: ${report.expressions} expressions, ${sum((r) => r.combinations)} combinations in all`,
      );
      if (report.combinations === 0) break;
    }
    const differences = reports.flatMap((r) => r.differences);
    const seconds = Math.round((systemClock.monotonicMs() - started) / 1000);
    return {
      good: differences.length === 0 && sum((r) => r.combinations) >= trials,
      report: reportText(reports, differences, seconds),
    };
  },
};

function reportText(reports: readonly BesideReport[], differences: readonly string[], seconds: number): string {
  const sum = (of: (r: BesideReport) => number): number => reports.reduce((n, r) => n + of(r), 0);
  const took = new Set(reports.flatMap((r) => [...r.functions]));
  const missing = [...new Set(sources().map((s) => s.of))].filter((name) => !took.has(name));
  const date = new Date(systemClock.nowMs()).toISOString().slice(0, 10);
  return `Every expression is evaluated alone over ${ROUND.rows} rows of short, long (up to 8,000 bytes), empty, multi-byte and, in half of the
rounds, NULL values. Then up to ${ROUND.width} stand in one statement: as a select list, under a WHERE of others, sorted, joined and
grouped by one of them, nested into one another; each must give what it gave alone. A combination is a pair of different
expressions in one segment. Rounds alternate between the kernels with canaries and poison and those of the product; scratch
starts with a region of ${REGION_BYTES} bytes.

| | |
|---|---|
| date | ${date} |
| combinations | ${sum((r) => r.combinations)} |
| differences | ${differences.length} |
| rounds, expressions, statements beside | ${reports.length}, ${sum((r) => r.expressions)}, ${sum((r) => r.statements)} |
| functions and operators that took part | ${took.size} |
| of them never possible on this data | ${missing.length === 0 ? 'none' : missing.map((m) => `\`${m}\``).join(', ')} |
| duration | ${seconds} s |
${differences
  .slice(0, 20)
  .map((d) => `\n\`\`\`\n${d.slice(0, 2000)}\n\`\`\`\n`)
  .join('')}`;
}
