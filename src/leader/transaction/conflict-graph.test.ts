/** The conflict graph: circles of two and three, readers in them, what a rollback undoes, what is forgotten, the limit. */
import { describe, expect, it } from 'vitest';
import { Prng } from '../../common/prng.ts';
import { ConflictGraph, type ConflictNode } from './conflict-graph.ts';

const [A, B, C] = [1, 2, 3];
const refused = (work: () => void): void => expect(work).toThrowError(expect.objectContaining({ message: '1023' }));

describe('conflict graph', () => {
  it('refuses write skew, names the circle and lets the first go on', () => {
    const graph = new ConflictGraph();
    const [one, two] = [graph.begin(10, 1), graph.begin(11, 2)];
    for (const t of [one, two]) for (const table of [A, B]) graph.read(t, table);
    graph.write(one, A);
    expect(() => graph.write(two, B)).toThrowError(
      expect.objectContaining({
        detail: 'Serializable isolation violation on table - 2, transactions forming the cycle are: 11, 10 (pid:2)',
      }),
    );
    graph.rolledBack(two);
    graph.committing(one);
    graph.committed(one);
    expect(graph.size).toBe(0);
  });

  it('counts committed transactions and readers', () => {
    const graph = new ConflictGraph();
    const withdrawal = graph.begin(10, 1);
    graph.read(withdrawal, A);
    graph.read(withdrawal, B);
    const deposit = graph.begin(11, 2);
    graph.write(deposit, B);
    graph.committed(deposit);
    const report = graph.begin(12, 3);
    graph.read(report, A);
    graph.read(report, B);
    graph.committed(report);
    refused(() => graph.write(withdrawal, A));
  });

  it('a rollback reopens the gap that its write closed', () => {
    const graph = new ConflictGraph();
    const [reader, undone, writer] = [graph.begin(10, 1), graph.begin(11, 2), graph.begin(12, 3)];
    graph.read(reader, A);
    graph.read(writer, B);
    graph.write(undone, A);
    graph.rolledBack(undone);
    graph.write(writer, A);
    graph.committed(writer);
    refused(() => graph.write(reader, B));
  });

  it('a write over one that the snapshot did not see is refused; another order is not', () => {
    const graph = new ConflictGraph();
    const [one, two, three] = [graph.begin(10, 1), graph.begin(11, 2), graph.begin(12, 3)];
    graph.write(one, A);
    graph.committed(one);
    refused(() => graph.write(two, A));
    graph.rolledBack(two);
    graph.write(three, C);
    graph.committed(three);
    expect(graph.size).toBe(0);
  });

  it('a refused write is not counted: conflicts alone never reach the limit', () => {
    const graph = new ConflictGraph(20);
    for (let n = 0; n < 100; n++) {
      const late = graph.begin(100 + 2 * n, 1);
      graph.read(late, B);
      const first = graph.begin(101 + 2 * n, 2);
      graph.write(first, A);
      graph.committed(first);
      refused(() => graph.write(late, A));
      graph.rolledBack(late);
    }
    const plain = graph.begin(1000, 3);
    graph.read(plain, A);
    graph.write(plain, B);
    graph.committed(plain);
  });

  it('beyond its limit gives up the oldest transaction, not one that commits, and forgets what that one held', () => {
    const graph = new ConflictGraph(20);
    const committing = graph.begin(9, 9);
    graph.committing(committing);
    const old = graph.begin(10, 1);
    graph.read(old, A);
    for (let xid = 11; xid < 40; xid++) {
      const t = graph.begin(xid, 2);
      graph.read(t, B);
      graph.write(t, B);
      graph.committed(t);
      if (xid === 12) graph.committed(committing);
    }
    refused(() => graph.read(old, B));
    refused(() => graph.committing(old));
    graph.rolledBack(old);
    expect(graph.size).toBe(0);
  });

  it('what an idle reader keeps costs later transactions nothing: 50,000 of them look at a bounded number each', () => {
    for (const tables of [1, 100]) {
      const graph = new ConflictGraph(1_000_000);
      const idle = graph.begin(1, 1);
      graph.read(idle, A);
      const count = 50_000;
      for (let n = 0; n < count; n++) {
        const t = graph.begin(2 + n, 2);
        const table = 1 + (n % tables);
        graph.read(t, table);
        graph.write(t, table);
        graph.committing(t);
        graph.committed(t);
      }
      expect(graph.size).toBe(count + 1);
      // Two for the commit, and the halving search for its place among a table's writers.
      expect(graph.looks / count).toBeLessThan(20);
      refused(() => graph.write(idle, A));
      graph.rolledBack(idle);
      expect(graph.size).toBe(0);
      expect(graph.looks / count).toBeLessThan(25);
    }
  });

  it('from 200 seeds: whatever commits has a serial order with the same reads, and nothing is left behind', () => {
    for (let seed = 1; seed <= 200; seed++) {
      const random = new Prng(seed);
      const graph = new ConflictGraph();
      const log = runAtRandom(graph, random);
      expect(hasSerialOrder(log), `seed ${seed}`).toBe(true);
      expect(graph.size, `seed ${seed}`).toBe(0);
    }
  });
});

interface Done {
  readonly reads: Map<number, number>;
  readonly writes: Map<number, number>;
}
interface Running extends Done {
  readonly node: ConflictNode;
  readonly snapshot: ReadonlyMap<number, number>;
}

/** Transactions over three tables whose contents are version numbers; writers hold their table to the end. */
function runAtRandom(graph: ConflictGraph, random: Prng): readonly Done[] {
  const versions = new Map([A, B, C].map((t) => [t, 0]));
  const holders = new Map<number, Running>();
  const done: Done[] = [];
  let running: Running[] = [];
  const end = (t: Running): void => {
    running = running.filter((r) => r !== t);
    for (const [table, holder] of holders) if (holder === t) holders.delete(table);
  };
  let version = 0;
  for (let step = 0; step < 120 || running.length > 0; step++) {
    if (step < 120 && running.length < 4 && random.int(0, 2) === 0) {
      const node = graph.begin(step, running.length);
      running.push({ node, snapshot: new Map(versions), reads: new Map(), writes: new Map() });
      continue;
    }
    if (running.length === 0) continue;
    const t = random.pick(running);
    const table = random.int(A, C);
    try {
      const what = step >= 120 ? 5 : random.int(0, 5);
      if (what <= 2 && !t.writes.has(table)) {
        graph.read(t.node, table);
        t.reads.set(table, t.snapshot.get(table)!);
      } else if (what === 3 && (holders.get(table) ?? t) === t) {
        graph.write(t.node, table);
        holders.set(table, t);
        t.writes.set(table, ++version);
      } else if (what === 5 && random.int(0, 4) > 0) {
        graph.committing(t.node);
        for (const [written, v] of t.writes) versions.set(written, v);
        graph.committed(t.node);
        done.push(t);
        end(t);
      } else if (what === 5) {
        graph.rolledBack(t.node);
        end(t);
      }
    } catch {
      graph.rolledBack(t.node);
      end(t);
    }
  }
  return done;
}

/** Direct serialization graph of the finished transactions, from their versions alone: no circle. */
function hasSerialOrder(log: readonly Done[]): boolean {
  const after = new Map<Done, Set<Done>>(log.map((t) => [t, new Set()]));
  for (const table of [A, B, C]) {
    const writers = log
      .filter((t) => t.writes.has(table))
      .sort((a, b) => a.writes.get(table)! - b.writes.get(table)!);
    writers.forEach((w, i) => i > 0 && after.get(writers[i - 1]!)!.add(w));
    for (const reader of log) {
      const seen = reader.reads.get(table);
      if (seen === undefined) continue;
      for (const w of writers) {
        if (w === reader) continue;
        if (w.writes.get(table)! <= seen) after.get(w)!.add(reader);
        else after.get(reader)!.add(w);
      }
    }
  }
  const open = new Set(log);
  for (let found = true; found;) {
    found = false;
    for (const t of open) {
      if ([...open].some((o) => after.get(o)!.has(t))) continue;
      open.delete(t);
      found = true;
    }
  }
  return open.size === 0;
}
