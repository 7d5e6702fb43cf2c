/**
 * Rounds of: start the server, verify what the last kill left, run three sessions at once, kill -9 at a random moment: while
 * they run, or shortly after they stopped, when tables of DISTSTYLE AUTO that have grown move in the background.
 * The last round stops cleanly and verifies once more. Everything follows from the seed but for the timing.
 */
import { rmSync } from 'node:fs';
import type pg from 'pg';
import { Prng } from '../../src/common/prng.ts';
import { newDirectory, startServer } from './server.ts';
import { copyWorks, createProbe, Workload } from './workload.ts';

export interface KillReport {
  readonly seed: number;
  readonly kills: number;
  /** Transactions the server acknowledged. */
  readonly acknowledged: number;
  readonly statements: Readonly<Record<string, number>>;
  readonly restartMillis: readonly number[];
  /** Kills a moment after the sessions had stopped, when tables move from ALL to their key or EVEN. */
  readonly quietKills: number;
  /** Tables of DISTSTYLE AUTO found moved after a kill, before anything else happened. */
  readonly moved: number;
}

const SESSIONS = ['a', 'b', 'c'];
const KILL_AFTER_MS_MAX = 1500;
/** Transactions of a round that are acknowledged before its kill. */
const ACKNOWLEDGED_MIN = 3;
/** Low enough for the workload's tables to grow beyond it. */
const AUTO_ALL_ROWS_MAX = 400;
/** A move begins 100 ms after the last commit and takes some tens. */
const QUIET_MS = [60, 450] as const;

const acknowledgedBy = (workloads: readonly Workload[]): number => workloads.reduce((n, w) => n + w.acknowledged, 0);
async function acknowledgedSince(
  workloads: readonly Workload[],
  before: number,
  ended: () => boolean,
): Promise<void> {
  while (!ended() && acknowledgedBy(workloads) < before + ACKNOWLEDGED_MIN)
    await new Promise((resolve) => setTimeout(resolve, 10));
}

/** Newly moved ones, or found so before: the statements under way are the workload's. */
async function movedTables(client: pg.Client): Promise<number> {
  const { rows } = await client.query(
    "select count(*) as n from svv_table_info where diststyle like 'AUTO(%' and diststyle not like 'AUTO(ALL)%'",
  );
  return Number((rows[0] as { n: string }).n);
}

export async function killRounds(
  seed: number,
  kills: number,
  log: (line: string) => void = () => undefined,
): Promise<KillReport> {
  const random = new Prng(seed);
  const dataDir = newDirectory();
  let workloads: Workload[] | undefined;
  const restartMillis: number[] = [];
  let quietKills = 0;
  let moved = 0;
  try {
    for (let round = 0; round <= kills; round++) {
      const started = performance.now();
      const server = await startServer({ dataDir, autoAllRowsMax: AUTO_ALL_ROWS_MAX });
      restartMillis.push(Math.round(performance.now() - started));
      try {
        const checker = await server.connect();
        if (workloads !== undefined) moved += await movedTables(checker);
        await createProbe(checker);
        if (workloads === undefined) {
          const s3 = (await copyWorks(checker, server)) ? server.s3Root : undefined;
          workloads = SESSIONS.map((name) => new Workload(name, new Prng(random.u32()), s3));
        } else for (const w of workloads) await w.verify(checker);
        if (round === kills) {
          await checker.end();
          if ((await server.stop()) !== 0) throw new Error(`SIGTERM: ${server.stderr()}`);
          break;
        }
        const clients = await Promise.all(workloads.map(() => server.connect()));
        const running = Promise.all(workloads.map((w, i) => w.run(clients[i]!)));
        let ended = false;
        void running.then(() => (ended = true));
        const acknowledgedBefore = acknowledgedBy(workloads);
        const delay = random.int(30, KILL_AFTER_MS_MAX);
        await Promise.race([running, new Promise((resolve) => setTimeout(resolve, delay))]);
        // A slow machine gets the time to commit something worth losing.
        await acknowledgedSince(workloads, acknowledgedBefore, () => ended);
        const quiet = random.int(0, 1) === 0;
        if (quiet) {
          for (const w of workloads) w.stopSoon();
          await running;
          await new Promise((resolve) => setTimeout(resolve, random.int(...QUIET_MS)));
          quietKills++;
        }
        await server.kill();
        await running;
        log(`seed ${seed}: kill ${round + 1} after ${delay} ms${quiet ? ', quiet' : ''}`);
      } finally {
        if (server.child.exitCode === null && server.child.signalCode === null) await server.kill();
      }
    }
    const after = await startServer({ dataDir });
    try {
      const checker = await after.connect();
      for (const w of workloads!) await w.verify(checker);
    } finally {
      await after.kill();
    }
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
  const statements: Record<string, number> = {};
  for (const w of workloads!)
    for (const [what, n] of Object.entries(w.counts)) statements[what] = (statements[what] ?? 0) + n;
  return { seed, kills, acknowledged: acknowledgedBy(workloads!), statements, restartMillis, quietKills, moved };
}
