/**
 * Nodes that go down and come back, with slices that this test plays: who ends, who waits, who hears a cancel meanwhile, and
 * that a commit reaches the node once, from the log or by itself.
 */
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { afterEach, expect, test } from 'vitest';
import { NodeDown } from '../../common/errors/fault.ts';
import { NODE_RESTARTS_MAX } from '../../common/limits.ts';
import type { FromSlice, SliceRequest, ToSlice } from '../../execution/messages.ts';
import { Health } from '../../interconnect/health.ts';
import { Doorbells } from '../../interconnect/ring.ts';
import { RowCounts } from '../row-counts.ts';
import { ClusterSlicePort } from '../slice-port.ts';
import { Cluster, type NodeRecovery } from './cluster.ts';

/** One slice's thread, as far as its port shows. */
class FakeSlice {
  readonly asked: SliceRequest[] = [];
  terminated = false;
  private readonly open: number[] = [];
  /** Answers requests at once; otherwise they stay open. */
  answers = true;
  private readonly port: MessagePort;
  constructor(
    readonly slice: number,
    readonly ours: MessagePort,
    theirs: MessagePort,
    private readonly end: (why: string) => void,
  ) {
    this.port = theirs;
    theirs.on('message', (m: ToSlice) => {
      if (m.kind !== 'request') return;
      this.asked.push(m.request);
      this.open.push(m.id);
      if (this.answers) this.release();
    });
  }
  /** Answers what is open. */
  release(): void {
    for (const id of this.open.splice(0)) this.send({ kind: 'reply', id });
  }
  send(m: FromSlice): void {
    this.port.postMessage(m);
  }
  ready(checkpointLsn = 0): void {
    this.send({ kind: 'ready', slice: this.slice, checkpointLsn, notes: [] });
  }
  die(): void {
    this.end('died');
  }
  async terminate(): Promise<void> {
    this.terminated = true;
    this.port.close();
    this.end('terminated');
  }
}

class Fake {
  /** By node, all threads ever started. */
  readonly started: FakeSlice[][] = [[], []];
  readonly cluster: Cluster;
  readonly health = Health.create(2);
  autoReady = true;
  readonly replays: number[] = [];
  lsn = 0;
  readonly port: ClusterSlicePort;

  constructor() {
    this.cluster = new Cluster({
      nodes: 2,
      slicesPerNode: 1,
      doorbells: Doorbells.create(3),
      health: this.health,
      start: (node) => {
        const { port1, port2 } = new MessageChannel();
        let end: (why: string) => void = () => undefined;
        const ended = new Promise<string>((resolve) => (end = resolve));
        const slice = new FakeSlice(node as number, port1, port2, end);
        this.started[node]!.push(slice);
        if (this.autoReady) slice.ready(7);
        return [{ slice: slice.slice, port: port1, terminate: () => slice.terminate(), ended }];
      },
      startObjectIo: () => ({
        connect: () => undefined,
        terminate: () => Promise.resolve(),
        ended: new Promise(() => undefined),
      }),
      dataIsLost: false,
    });
    this.port = new ClusterSlicePort(this.cluster, new RowCounts(() => 1), {
      changed: () => undefined,
      failed: () => undefined,
    });
    const recovery: NodeRecovery = {
      down: () => undefined,
      bringUp: async (node, opened) => {
        this.replays.push(opened[0]!.checkpointLsn);
        await this.port.nodeRecovered(node, this.lsn);
      },
      up: () => undefined,
    };
    this.cluster.recoverWith(recovery);
  }
  newest(node: number): FakeSlice {
    return this.started[node]!.at(-1)!;
  }
}
const open: Fake[] = [];
afterEach(async () => {
  for (const fake of open.splice(0)) await fake.cluster.close();
});
async function up(): Promise<Fake> {
  const fake = new Fake();
  open.push(fake);
  await fake.cluster.ready();
  return fake;
}
const never = new AbortController().signal;
const until = async (is: () => boolean): Promise<void> => {
  while (!is()) await new Promise((resolve) => setTimeout(resolve, 2));
};
const failure = async (work: Promise<unknown> | undefined): Promise<Error> =>
  (work ?? Promise.resolve()).then(
    () => Promise.reject(new Error('no error came')),
    (error: Error) => error,
  );

test('requests and queries end with one error, the node comes back, and waiters go on', async () => {
  const fake = await up();
  const { cluster } = fake;
  fake.newest(1).answers = false;
  const asked = failure(cluster.request(1, { kind: 'tables' }));
  const heard = new Promise((resolve) => cluster.listen(5, resolve));
  fake.newest(1).send({ kind: 'fault', slice: 1, message: 'trap' });
  expect(await asked).toBeInstanceOf(NodeDown);
  expect(await heard).toMatchObject({ kind: 'query-failed', query: 5, error: { sqlstate: '57P02' } });
  expect(cluster.nodes[1]!.state).toBe('recovering');
  const waiting = cluster.serving(never);
  expect(waiting).toBeDefined();
  await waiting;
  expect(cluster.serving(never)).toBeUndefined();
  expect(cluster.nodes.map((n) => [n.state, n.starts])).toEqual([
    ['up', 1],
    ['up', 2],
  ]);
  expect(fake.started[1]![0]!.terminated).toBe(true);
  expect(fake.started[0]!.length).toBe(1);
  expect(fake.replays).toEqual([7]);
  expect(await cluster.request(1, { kind: 'tables' })).toBeUndefined();
});

test('a node that died without a word comes back too', async () => {
  const fake = await up();
  fake.newest(0).die();
  await until(() => fake.cluster.nodes[0]!.starts === 2 && fake.cluster.isUp(0));
  expect(fake.cluster.outage).toBeUndefined();
});

test('whoever waits for a node hears a cancel at once', async () => {
  const fake = await up();
  fake.autoReady = false;
  fake.cluster.killNode(1);
  const controller = new AbortController();
  const waiting = failure(fake.cluster.serving(controller.signal));
  await until(() => fake.started[1]!.length === 2);
  controller.abort();
  expect((await waiting).message).toContain('cancelled');
  expect(fake.cluster.nodes[1]!.state).toBe('recovering');
  const patient = fake.cluster.serving(never);
  fake.newest(1).ready();
  await patient;
});

test('a condemned node serves nobody, before anybody was told why', async () => {
  const fake = await up();
  fake.health.condemn(1);
  const waiting = fake.cluster.serving(never);
  expect(waiting).toBeDefined();
  expect(fake.port.outageOf([{ slice: 1 } as never])).toBeInstanceOf(NodeDown);
  expect(fake.port.outageOf([{ slice: 0 } as never])).toBeUndefined();
  fake.newest(1).send({ kind: 'fault', slice: 1, message: 'trap' });
  await waiting;
});

test('a commit on a node that is down waits for it, and is not applied twice', async () => {
  const fake = await up();
  const commits = (slice: FakeSlice): number[] => slice.asked.flatMap((r) => (r.kind === 'commit' ? [r.lsn] : []));
  fake.newest(1).answers = false;
  const under = fake.port.applyCommit(1, 10, [], [99]);
  await until(() => commits(fake.newest(1)).length === 1);
  fake.autoReady = false;
  fake.lsn = 10;
  fake.cluster.killSlice(1);
  const later = fake.port.applyCommit(2, 11, [], [99]);
  await until(() => fake.started[1]!.length === 2);
  fake.newest(1).ready();
  await Promise.all([under, later]);
  expect(commits(fake.newest(1))).toEqual([11]);
  expect(commits(fake.newest(0))).toEqual([10, 11]);
});

test('a rollback does not wait for a node that is down, and a request to all is whole or fails', async () => {
  const fake = await up();
  fake.newest(0).answers = false;
  const all = failure(fake.cluster.requestAll({ kind: 'tables' }));
  await until(() => fake.newest(1).asked.length === 1);
  fake.autoReady = false;
  fake.cluster.killNode(1);
  await until(() => fake.started[1]!.length === 2);
  fake.newest(1).ready();
  await fake.cluster.serving(never);
  fake.newest(0).release();
  expect(await all).toBeInstanceOf(NodeDown);
  fake.newest(0).answers = true;
  fake.cluster.killNode(1);
  await fake.port.rollback(5);
  expect(fake.newest(0).asked.filter((r) => r.kind === 'rollback').length).toBe(1);
  await until(() => fake.started[1]!.length === 3);
  fake.newest(1).ready();
  await fake.cluster.serving(never);
});

test('a node that fails again and again is lost, one that is stopped on request is not', async () => {
  const fake = await up();
  let lost = '';
  fake.cluster.onOutage((error) => (lost = error.message));
  for (let n = 0; n < 2 * NODE_RESTARTS_MAX; n++) {
    fake.cluster.killNode(1);
    await fake.cluster.serving(never);
  }
  for (let n = 0; n < NODE_RESTARTS_MAX; n++) {
    fake.newest(1).send({ kind: 'fault', slice: 1, message: 'trap' });
    await until(() => fake.cluster.nodes[1]!.starts === 2 * NODE_RESTARTS_MAX + n + 2);
    await fake.cluster.serving(never);
  }
  expect(lost).toBe('');
  fake.newest(1).send({ kind: 'fault', slice: 1, message: 'trap' });
  await until(() => lost !== '');
  expect(lost).toContain('compute node 1 is out of service');
  expect((await failure(fake.cluster.serving(never))).message).toBe(lost);
  expect((await failure(fake.cluster.request(0, { kind: 'tables' }))).message).toBe(lost);
});

test('a node that cannot start is tried again, and lost in the end', async () => {
  const fake = await up();
  fake.autoReady = false;
  fake.cluster.killNode(0);
  const waiting = failure(fake.cluster.serving(never));
  for (let n = 2; n <= NODE_RESTARTS_MAX + 2; n++) {
    await until(() => fake.started[0]!.length === n);
    fake.newest(0).send({ kind: 'fatal', slice: 0, message: 'no disk' });
  }
  expect((await waiting).message).toContain('compute node 0 is out of service');
});
