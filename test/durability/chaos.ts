/**
 * One seeded run of everything that may go wrong: a server of random shape, on disk or in memory, under three sessions of the
 * workload, while slices and nodes are killed, traps go off, the disk is full for a while, and the server is killed with or
 * without the power. After each blow all tables are compared with the sessions' models, also by sessions that were there
 * before: none of them may end with a node. Everything follows from the seed but for the timing. Used by chaos.test.ts and
 * tools/campaign/kills.ts.
 */
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import { Prng } from '../../src/common/prng.ts';
import { ChaosServer, pause } from './chaos-process.ts';
import { cutPower } from './power.ts';
import { createProbe, prepareCopy, Workload } from './workload.ts';

export const BLOWS = ['slice', 'node', 'trap', 'full disk', 'kill -9', 'power cut', 'stop'] as const;
export type Blow = (typeof BLOWS)[number];
export interface ChaosReport {
  readonly seed: number;
  readonly memory: boolean;
  readonly shape: string;
  readonly blows: Readonly<Record<Blow, number>>;
  /** Traps that went off, and where. */
  readonly traps: readonly string[];
  readonly acknowledged: number;
  /** Transactions that a node took along, and that a full disk refused. */
  readonly refused: number;
  readonly downMillis: readonly number[];
  /** Files whose last writes a power cut took back. */
  readonly tornFiles: number;
  /** Blows a moment after the sessions had stopped. */
  readonly quiet: number;
}

const SHAPES = [
  [1, 1],
  [2, 2],
  [2, 4],
  [3, 1],
] as const;
const CHECKPOINT_BYTES = [undefined, 1_000_000, 50_000] as const;
const TRAP_POINTS = [
  'scan',
  'insert',
  'delete',
  'parse',
  'return',
  'aggr',
  'hjoin',
  'commit',
  'rollback',
  'stage',
  'vacuum',
  'checkpoint',
  'reclaim',
] as const;
const TRAP_KINDS = ['trap', 'bounds', 'assert', 'range', 'type'] as const;
const BLOWS_PER_RUN = [3, 6] as const;
const UNDER_LOAD_MS = [30, 700] as const;
/** Some blows come when the sessions have stopped, when tables of DISTSTYLE AUTO that have grown move to their key or EVEN. */
const QUIET_MS = [60, 450] as const;
/** A trap that nobody meets is taken back. */
const TRAP_WAIT_MS = 1000;
const FULL_MS = 250;
/** So that a node is not lost: fewer than NODE_RESTARTS_MAX. */
const TRAPS_MAX = 4;
const SESSIONS = ['a', 'b', 'c'];
const AUTO_ALL_ROWS_MAX = 400;

/** A session that does nothing but keep a temporary table, and must outlive every node. */
class Keeper {
  private readonly rows: number;
  constructor(
    private readonly client: pg.Client,
    random: Prng,
  ) {
    this.rows = random.pick([1, 50, 3000]);
  }
  async begin(): Promise<void> {
    await this.client.query('create temp table kept (x int, s varchar(40)) diststyle even');
    const values = Array.from({ length: this.rows }, (_, x) => `(${x},'kept ${x}')`).join(',');
    await this.client.query(`insert into kept values ${values}`);
  }
  async check(): Promise<void> {
    const { rows } = await this.client.query('select count(*) as n, sum(x) as s, count(distinct s) as d from kept');
    const sum = (this.rows * (this.rows - 1)) / 2;
    const found = Object.values(rows[0] as Record<string, string>).map(Number);
    if (found.join() !== [this.rows, sum, this.rows].join()) {
      throw new Error(`the temporary table of ${this.rows} rows gives ${found.join()}`);
    }
  }
}

class Run {
  readonly server: ChaosServer;
  private readonly random: Prng;
  private workloads: readonly Workload[] = [];
  private clients: readonly pg.Client[] = [];
  private keeper: Keeper | undefined;
  private checker!: pg.Client;
  private traps = 0;
  readonly report = {
    blows: Object.fromEntries(BLOWS.map((b) => [b, 0])) as Record<Blow, number>,
    traps: [] as string[],
    downMillis: [] as number[],
    tornFiles: 0,
    quiet: 0,
  };

  constructor(seed: number, memory: boolean) {
    this.random = new Prng(seed);
    const [nodes, slices] = this.random.pick(SHAPES);
    this.server = new ChaosServer(memory, nodes, slices, this.random.pick(CHECKPOINT_BYTES), AUTO_ALL_ROWS_MAX);
  }
  get totals(): { readonly acknowledged: number; readonly refused: number } {
    const sum = (of: (w: Workload) => number): number => this.workloads.reduce((n, w) => n + of(w), 0);
    return { acknowledged: sum((w) => w.acknowledged), refused: sum((w) => w.refused) };
  }

  async all(): Promise<void> {
    await this.open();
    const blows = this.random.int(...BLOWS_PER_RUN);
    for (let n = 0; n < blows; n++)
      await this.round(this.random.pick(this.server.memory ? BLOWS.slice(0, 3) : BLOWS));
    if (this.server.memory) return;
    // Whatever nodes went through, a new start finds the same.
    await this.strike(this.random.pick(['kill -9', 'power cut', 'stop'] as const));
    await this.open();
  }
  /** Starts the server, or finds it running again: sessions connect, and what is there is verified. */
  private async open(): Promise<void> {
    await this.server.start();
    this.traps = 0;
    this.checker = await this.server.connect();
    await createProbe(this.checker);
    if (this.workloads.length === 0) {
      await prepareCopy(this.server.s3Root);
      this.workloads = SESSIONS.map(
        (name) => new Workload(name, new Prng(this.random.u32()), this.server.s3Root, true),
      );
    }
    this.clients = await Promise.all(this.workloads.map(() => this.server.connect()));
    this.keeper = new Keeper(await this.server.connect(), this.random);
    await this.keeper.begin();
    await this.verify();
  }
  private async verify(): Promise<void> {
    await this.keeper?.check();
    for (const w of this.workloads) await w.verify(this.checker);
  }

  private async round(blow: Blow): Promise<void> {
    const running = Promise.all(this.workloads.map((w, i) => w.run(this.clients[i]!)));
    let failed: unknown;
    running.catch((error: unknown) => (failed = error));
    await pause(this.random.int(...UNDER_LOAD_MS));
    if (this.random.int(0, 3) === 0) {
      for (const w of this.workloads) w.stopSoon();
      await running;
      await pause(this.random.int(...QUIET_MS));
      this.report.quiet++;
    }
    const ends = await this.strike(blow);
    if (!ends) await pause(this.random.int(0, 200));
    for (const w of this.workloads) w.stopSoon();
    await running;
    if (failed !== undefined) throw failed as Error;
    if (ends) return this.open();
    if (this.server.exit !== undefined)
      throw new Error(`the server ended with ${this.server.exit}: ${this.server.stderr}`);
    await this.verify();
    this.report.downMillis.push(...this.server.newlyBack());
  }

  /** True when the server is gone. */
  private async strike(blow: Blow): Promise<boolean> {
    const { server, random } = this;
    if (blow !== 'trap' || this.traps < TRAPS_MAX) this.report.blows[blow]++;
    switch (blow) {
      case 'slice':
        await this.checker.query(`select slicehouse_kill_slice(${random.int(0, server.nodes * server.slices - 1)})`);
        return false;
      case 'node':
        await this.checker.query(`select slicehouse_kill_node(${random.int(0, server.nodes - 1)})`);
        return false;
      case 'trap':
        await this.trap();
        return false;
      case 'full disk':
        await server.fill(FULL_MS);
        return false;
      case 'kill -9':
        await server.end('SIGKILL');
        for (const name of readdirSync(server.journals)) rmSync(join(server.journals, name));
        return true;
      case 'power cut':
        await server.end('SIGKILL');
        this.report.tornFiles += cutPower(server.journals, random);
        return true;
      case 'stop':
        for (const w of this.workloads) w.stopSoon();
        await server.end('SIGTERM');
        for (const name of readdirSync(server.journals)) rmSync(join(server.journals, name));
        return true;
    }
  }
  private async trap(): Promise<void> {
    if (this.traps++ >= TRAPS_MAX) return;
    const { server, random } = this;
    const at = random.pick(TRAP_POINTS);
    const participant = random.int(0, server.nodes * server.slices - 1);
    const before = server.stderr.length;
    await server.tell({ arm: { participant, at, kind: random.pick(TRAP_KINDS), after: random.int(0, 3) } });
    for (let waited = 0; waited < TRAP_WAIT_MS; waited += 20) {
      if (server.stderr.slice(before).includes('out of service')) {
        this.report.traps.push(at);
        break;
      }
      await pause(20);
    }
    await server.tell({ disarm: true });
  }
}

export async function chaosRun(seed: number, memory: boolean): Promise<ChaosReport> {
  const run = new Run(seed, memory);
  const { server, report } = run;
  try {
    await run.all();
    return {
      seed,
      memory,
      shape: `${server.nodes}x${server.slices}`,
      ...report,
      ...run.totals,
    };
  } catch (error) {
    const { detail = '' } = error as { readonly detail?: string };
    const what = `${error instanceof Error ? error.message : String(error)} ${detail}`;
    throw new Error(
      `seed ${seed}, ${server.nodes}x${server.slices}, ${JSON.stringify(report)}: ${what}\n${server.stderr}`,
      {
        cause: error,
      },
    );
  } finally {
    await server.remove();
  }
}
