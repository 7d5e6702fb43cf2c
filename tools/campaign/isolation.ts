/**
 * Random histories of concurrent sessions (test/isolation/history.ts), half in a SERIALIZABLE database and half under
 * SNAPSHOT, on several topologies, in memory and on a data directory.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../src/common/clock.ts';
import { Prng } from '../../src/common/prng.ts';
import { startTestCluster } from '../../test/isolation/cluster.ts';
import { makeHistoryDatabases, runHistory, type HistoryReport } from '../../test/isolation/history.ts';
import type { Campaign } from './campaign.ts';

const CLUSTERS = [
  { nodes: 2, slices: 2, durable: false },
  { nodes: 1, slices: 1, durable: false },
  { nodes: 2, slices: 1, durable: true },
] as const;
const LEVELS = ['serializable', 'snapshot'] as const;
/** Histories at the same time in one cluster, each on tables of its own. */
const AT_ONCE = 4;

interface Done {
  readonly reports: HistoryReport[];
  readonly failures: string[];
}

export const campaign: Campaign = {
  about: 'random transactions of concurrent sessions at both isolation levels, their order checked for circles',
  unit: 'histories',
  trials: 600,
  report: 'ISOLATION-CAMPAIGN.md',
  title: 'Isolation campaign',
  run: async ({ seed, trials, log }) => {
    const random = new Prng(seed);
    const plans = Array.from({ length: trials }, (_, i) => ({ level: LEVELS[i % 2]!, seed: random.u32() }));
    const done: Done = { reports: [], failures: [] };
    const started = systemClock.monotonicMs();
    const share = Math.ceil(trials / CLUSTERS.length);
    for (const [i, cluster] of CLUSTERS.entries())
      await onCluster(cluster, plans.slice(i * share, (i + 1) * share), done, log);
    const seconds = Math.round((systemClock.monotonicMs() - started) / 1000);
    const skews = done.reports.filter((r) => r.level === 'snapshot' && r.circle !== undefined).length;
    if (skews === 0) done.failures.push('no circle under SNAPSHOT: the judge sees nothing');
    return { good: done.failures.length === 0, report: reportText(done, seconds) };
  },
};

async function onCluster(
  { nodes, slices, durable }: (typeof CLUSTERS)[number],
  plans: { readonly level: HistoryReport['level']; readonly seed: number }[],
  { reports, failures }: Done,
  log: (line: string) => void,
): Promise<void> {
  const dataDir = durable ? mkdtempSync(join(tmpdir(), 'slicehouse-isolation-')) : undefined;
  const cluster = await startTestCluster({ nodes, slices, ...(dataDir === undefined ? {} : { dataDir }) });
  const fail = (what: string): void => {
    failures.push(what);
    log(`FAILED ${what}`);
  };
  const work = async (): Promise<void> => {
    for (let plan = plans.shift(); plan !== undefined; plan = plans.shift()) {
      const where = `seed ${plan.seed} at ${plan.level}, ${nodes} nodes of ${slices} slices`;
      try {
        const report = await runHistory(cluster.url, plan.level, plan.seed);
        reports.push(report);
        for (const finding of report.findings) fail(`${where}: ${finding}`);
        if (plan.level === 'serializable' && report.circle !== undefined)
          fail(`${where}: a circle\n  ${report.circle.join('\n  ')}`);
      } catch (error) {
        fail(`${where}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      }
      if (reports.length % 20 === 0) log(`${reports.length} histories`);
    }
  };
  try {
    await makeHistoryDatabases(cluster.url);
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    for (const bug of cluster.bugs) fail(`bug: ${bug instanceof Error ? bug.stack : String(bug)}`);
  } finally {
    await cluster.close();
    if (dataDir !== undefined) rmSync(dataDir, { recursive: true, force: true });
  }
}

function reportText({ reports, failures }: Done, seconds: number): string {
  const row = (title: string, of: (r: readonly HistoryReport[]) => string | number): string =>
    `| ${title} | ${LEVELS.map((level) => of(reports.filter((r) => r.level === level))).join(' | ')} |`;
  const sum = (rs: readonly HistoryReport[], of: (r: HistoryReport) => number): number =>
    rs.reduce((n, r) => n + of(r), 0);
  const ends = [...new Set(reports.flatMap((r) => Object.keys(r.ends)))].filter((e) => e !== 'commit').sort();
  const fewest = (rs: readonly HistoryReport[]): number =>
    Math.min(...rs.map((r) => Math.round((100 * r.committed) / r.transactions)));
  const topologies = CLUSTERS.map(
    (c) => `${c.nodes} × ${c.slices} ${c.durable ? 'on a data directory' : 'in memory'}`,
  );
  return `Three to six sessions at once over two to four tables of lists that only grow (test/isolation/history.ts): UPDATE, INSERT,
INSERT ... SELECT, DELETE with INSERT, reads of rows, tables, joins and unions, in blocks and alone; some rolled back, cancelled
or cut off, some beside VACUUM, ANALYZE and ALTER TABLE. From what the clients saw follows who must come before whom
(test/isolation/history-check.ts). Nodes × slices: ${topologies.join(', ')}.

| | SERIALIZABLE | SNAPSHOT |
|---|---|---|
${row('histories', (rs) => rs.length)}
${row('transactions', (rs) => sum(rs, (r) => r.transactions))}
${row('committed', (rs) => sum(rs, (r) => r.committed))}
${row('smallest share that committed in a history', (rs) => `${fewest(rs)} %`)}
${row('reads and writes judged', (rs) => sum(rs, (r) => r.accesses))}
${ends.map((end) => row(`ended by ${end}`, (rs) => sum(rs, (r) => r.ends[end] ?? 0))).join('\n')}
${row('histories without a serial order', (rs) => rs.filter((r) => r.circle !== undefined).length)}
${row('other findings', (rs) => sum(rs, (r) => r.findings.length))}

SNAPSHOT allows circles with two rw edges in a row (write skew); that they are found shows that the judge sees. Aborted, dirty
and intermediate reads, lost updates, read skew, stale snapshots, lost or torn commits would be other findings at both levels.
Duration: ${seconds} s.
${failures.map((f) => `\n\`\`\`\n${f.slice(0, 2000)}\n\`\`\`\n`).join('')}`;
}
