/**
 * `npm run campaign -- [--seed 1] [--seeds 200] [--queries 50] [--minutes 60]`: the random differential test against
 * PostgreSQL at length, on 1x1, 2x2 and 1x8 slices. Differences are printed as scripts as soon as they are found; ends
 * with the counts, and with exit code 1 when there was a difference.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { campaign } from '../test/differential/campaign.ts';
import { Engine, startPostgres } from '../test/differential/engines.ts';

interface RunningCluster {
  readonly url: string;
  close(): Promise<void>;
}
type StartCluster = (options: { readonly [name: string]: unknown }) => Promise<RunningCluster>;

const ORACLE_PORT = 15533;
const TOPOLOGIES = [[1, 1], [2, 2], [1, 8]] as const;

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' }, seeds: { type: 'string', default: '200' },
    queries: { type: 'string', default: '50' }, minutes: { type: 'string', default: '60' },
  },
});

async function main(): Promise<number> {
  const oracle = await startPostgres(ORACLE_PORT);
  if (typeof oracle === 'string') {
    process.stderr.write(`campaign: no oracle: ${oracle}\n`);
    return 2;
  }
  const { startCluster } = (await import(join(import.meta.dirname, '../dist/index.js'))) as { readonly startCluster: StartCluster };
  const clusters: RunningCluster[] = [];
  try {
    for (const [nodes, slices] of TOPOLOGIES) clusters.push(await startCluster({ nodes, slices, memory: true }));
    const end = performance.now() + Number(values.minutes) * 60_000;
    const totals = await campaign({
      oracle: new Engine('oracle', oracle.url),
      ours: clusters.map((c, i) => new Engine(TOPOLOGIES[i]!.join('x'), c.url)),
      firstSeed: Number(values.seed), seeds: Number(values.seeds), queriesPerSeed: Number(values.queries), shrink: true,
      onFailure: (f) => process.stdout.write(`${f.script}\n\n`), goOn: () => performance.now() < end,
    });
    const { compared, same, bothFailed, unsupported, oracleCannot, failures } = totals;
    process.stdout.write(`${compared} compared: ${same} same, ${bothFailed} failed in both, ${unsupported} refused by us, `
      + `${oracleCannot} refused by the oracle, ${failures.length} different\n`);
    for (const [message, n] of totals.refusals) process.stdout.write(`  ${n} x ${message}\n`);
    return failures.length > 0 ? 1 : 0;
  } finally {
    for (const c of clusters) await c.close();
    await oracle.stop();
  }
}

process.exit(await main());
