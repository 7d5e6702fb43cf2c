/**
 * Expressions that no sane client would write (test/fuzz): every function, cast and operator over values of every type, in
 * every clause. None may be an internal error or take the server down, and constants give what columns give.
 */
import { systemClock } from '../../src/common/clock.ts';
import { fuzzExpressions, type FuzzReport } from '../../test/fuzz/run.ts';
import type { Campaign } from './campaign.ts';

/** Expressions between two lines of progress. */
const PROGRESS = 2000;

export const campaign: Campaign = {
  about: 'fuzzed expressions: no internal error, and constants give what columns give',
  unit: 'expressions',
  trials: 20_000,
  report: 'EXPRESSION-CAMPAIGN.md',
  title: 'Expression campaign',
  run: async ({ seed, trials, log }) => {
    const { startCluster } = (await import('../../dist/index.js' as string)) as typeof import('../../src/index.ts');
    // Most statements end in an error; where in the source it was made is not asked for.
    process.setSourceMapsEnabled(false);
    const started = systemClock.monotonicMs();
    let asked = 0;
    const report = await fuzzExpressions({
      seed,
      expressions: trials,
      start: () => startCluster({ nodes: 1, slices: 2, memory: true }),
      enough: () => {
        if (++asked % PROGRESS === 0) log(`${asked} expressions`);
        return false;
      },
      log,
    });
    const seconds = Math.round((systemClock.monotonicMs() - started) / 1000);
    return { good: report.findings.length === 0, report: reportText(report, seconds) };
  },
};

function reportText(report: FuzzReport, seconds: number): string {
  const date = new Date(systemClock.nowMs()).toISOString().slice(0, 10);
  return `Functions and aggregates of the registry, documented examples with their literals replaced, casts between every pair of
types with odd modifiers, operators and clauses between odd types, wrong arities, windows and aggregates where they may not
stand; over the extreme values of every type, as constants (which the leader folds) and as columns (which a slice computes);
in the select list, WHERE, GROUP BY, ORDER BY, HAVING, IN, set operations, INSERT, UPDATE and with binary results. A finding is
SQLSTATE XX000 or 57P02, a statement that does not end, a lost connection, or a constant expression that answers otherwise
than the same over columns (by value text or SQLSTATE; which of several errors of a nested expression comes first is open).

| | |
|---|---|
| date | ${date} |
| expressions, statements | ${report.expressions}, ${report.statements} |
| statements that gave rows | ${report.answered} |
| constants compared with columns | ${report.compared} |
| functions, casts and operators that took part | ${report.forms.size} |
| findings | ${report.findings.length} |
| duration | ${seconds} s |
${report.findings
  .slice(0, 20)
  .map((f) => `\n\`\`\`\n${f.slice(0, 2000)}\n\`\`\`\n`)
  .join('')}`;
}
