/**
 * Who must come before whom, among the transactions of SERIALIZABLE databases. Nodes are transactions, running ones and
 * those committed that may still matter; tables are the unit of conflict. An edge A -> B says that in every serial order
 * with the same results A comes before B:
 *
 *   writer -> reader   the reader's snapshot saw the write        reader -> writer   it did not
 *   writer -> writer   in the order of their locks
 *
 * A circle has no serial order: the transaction whose access would close it is refused with 1023, whether the others have
 * committed yet or not, and whether or not they write anything. Edges appear with accesses only, so a commit needs no test.
 *
 * Per table the writers stand in their order, and each reader in the gap it read: in front of the first writer it did not
 * see. Edges to the neighbours of the gap say everything, as the writers are a chain. A writer that no other running
 * transaction has seen is always the last (writers hold the table's lock), so a rollback reopens its gap.
 *
 * A committed node goes when nothing stands before it and nothing ever will: no running transaction is older than its
 * commit, or it wrote nothing. Both are noticed where they happen, once for each node, so what an old transaction keeps costs
 * later ones nothing. What it keeps is bounded by SERIALIZABLE_ACCESSES_MAX; beyond it the oldest running transaction is
 * given up: its next access or commit is refused with 1023.
 */
import { assert } from '../../common/assert.ts';
import { serializableViolation } from '../../common/errors/recorded-errors.ts';
import type { TableId, Xid } from '../../common/ids.ts';
import { SERIALIZABLE_ACCESSES_MAX } from '../../common/limits.ts';
import { ShiftingList } from './shifting-list.ts';

type Readers = Set<ConflictNode>;
interface Writer {
  readonly node: ConflictNode;
  /** Readers that saw the writers in front of this one and not this one. */
  readonly before: Readers;
}
interface TableConflicts {
  readonly writers: ShiftingList<Writer>;
  /** Readers that saw every writer. */
  last: Readers;
}

/** A transaction in the graph. Only the graph changes it. */
export class ConflictNode {
  readonly before = new Set<ConflictNode>();
  readonly after = new Set<ConflictNode>();
  readonly reads = new Map<TableId, Readers>();
  readonly writes = new Set<TableId>();
  state: 'running' | 'committing' | 'given up' | 'committed' | 'gone' = 'running';
  /** Number of the commit in the order of commits. */
  committedAt = Infinity;
  /** It committed, and every running transaction sees it. */
  isSeenByAll = false;
  constructor(
    readonly xid: Xid,
    readonly pid: number,
    /** Commits up to this number are seen. */
    readonly snapshotAt: number,
  ) {}
}

export class ConflictGraph {
  private readonly tables = new Map<TableId, TableConflicts>();
  /** In the order of their snapshots. */
  private readonly running = new Set<ConflictNode>();
  private readonly finished = new Set<ConflictNode>();
  /** Committed writers that a running transaction may not see, in the order of commits. */
  private readonly unseen = new ShiftingList<ConflictNode>();
  private commits = 0;
  /** Accesses of all nodes, and the nodes. */
  private accesses = 0;
  /** Nodes and writers looked at to find room and places, for tests. */
  looks = 0;

  constructor(private readonly accessesMax = SERIALIZABLE_ACCESSES_MAX) {}

  /** Nodes kept, for tests and limits. */
  get size(): number {
    return this.running.size + this.finished.size;
  }

  /** A transaction takes its snapshot now. */
  begin(xid: Xid, pid: number): ConflictNode {
    const node = new ConflictNode(xid, pid, this.commits);
    this.running.add(node);
    this.accesses++;
    return node;
  }

  read(node: ConflictNode, tableId: TableId): void {
    this.refuseGivenUp(node);
    if (node.reads.has(tableId)) return;
    this.count(node);
    const table = this.table(tableId);
    const at = this.gapOf(node, table.writers);
    const previous = at > 0 ? table.writers.at(at - 1).node : undefined;
    const next = at < table.writers.length ? table.writers.at(at) : undefined;
    const readers = next?.before ?? table.last;
    readers.add(node);
    node.reads.set(tableId, readers);
    if (previous !== undefined) this.order(previous, node);
    if (next !== undefined) this.order(node, next.node);
    this.refuseCircle(node, tableId);
  }

  /** With the lock that excludes other writers. */
  write(node: ConflictNode, tableId: TableId): void {
    this.refuseGivenUp(node);
    if (node.writes.has(tableId)) return;
    const last = this.table(tableId).writers.last?.node;
    assert(last === undefined || last.state === 'committed', `two writers of table ${tableId} at once`);
    if (last !== undefined && !sees(node, last)) throw violation(tableId, node, [node, last]);
    // Counted only when it is kept: what is refused is never given back.
    this.count(node);
    const table = this.table(tableId);
    const previous = table.writers.last?.node;
    if (previous !== undefined) this.order(previous, node);
    for (const reader of table.last) this.order(reader, node);
    table.writers.push({ node, before: table.last });
    table.last = new Set();
    node.writes.add(tableId);
    this.refuseCircle(node, tableId);
  }

  /** From here to its end the node cannot be given up. */
  committing(node: ConflictNode): void {
    this.refuseGivenUp(node);
    node.state = 'committing';
  }
  /** The changes become visible now. */
  committed(node: ConflictNode): void {
    this.running.delete(node);
    node.state = 'committed';
    node.committedAt = ++this.commits;
    this.finished.add(node);
    if (node.writes.size > 0) this.unseen.push(node);
    this.sweep([node]);
  }
  rolledBack(node: ConflictNode): void {
    this.sweep(this.remove(node));
  }

  private table(tableId: TableId): TableConflicts {
    let table = this.tables.get(tableId);
    if (table === undefined) this.tables.set(tableId, (table = { writers: new ShiftingList(), last: new Set() }));
    return table;
  }

  private order(first: ConflictNode, second: ConflictNode): void {
    if (first === second) return;
    first.after.add(second);
    second.before.add(first);
  }

  private refuseCircle(node: ConflictNode, tableId: TableId): void {
    const circle = circleThrough(node);
    if (circle !== undefined) throw violation(tableId, node, circle);
  }

  private refuseGivenUp(node: ConflictNode): void {
    if (node.state !== 'given up') return;
    throw serializableViolation(
      `Serializable isolation violation: transaction ${node.xid} (pid:${node.pid}) kept more than ` +
        `${this.accessesMax} accesses of later transactions to be checked against`,
    );
  }

  /** Makes room for one more access. */
  private count(node: ConflictNode): void {
    while (this.accesses >= this.accessesMax) {
      const oldest = this.oldestBefore(node);
      const freed = this.remove(oldest);
      oldest.state = 'given up';
      this.sweep(freed);
      this.refuseGivenUp(node);
    }
    this.accesses++;
  }

  /** The oldest running transaction that can be given up; `node` when none is older. */
  private oldestBefore(node: ConflictNode): ConflictNode {
    for (const other of this.running) {
      if (other.snapshotAt >= node.snapshotAt) break;
      if (other.state === 'running') return other;
    }
    return node;
  }

  /** How many of the writers a reader sees: those in front, as they stand in the order of their commits. */
  private gapOf(node: ConflictNode, writers: ShiftingList<Writer>): number {
    let [low, high] = [0, writers.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      this.looks++;
      if (sees(node, writers.at(middle).node)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /**
   * Takes out committed nodes that no circle can ever hold. `loosened`: nodes in front of which less stands than before. A
   * writer becomes seen by all once, when the oldest running transaction ends.
   */
  private sweep(loosened: ConflictNode[]): void {
    const [oldest] = this.running;
    for (;;) {
      this.looks++;
      const writer = this.unseen.first;
      if (writer === undefined || writer.committedAt > (oldest?.snapshotAt ?? Infinity)) break;
      writer.isSeenByAll = true;
      loosened.push(this.unseen.shift()!);
    }
    for (let node = loosened.pop(); node !== undefined; node = loosened.pop()) {
      this.looks++;
      const settled = node.before.size === 0 && (node.writes.size === 0 || node.isSeenByAll);
      if (node.state !== 'committed' || !settled) continue;
      for (const freed of this.remove(node)) loosened.push(freed);
    }
  }

  /** Gives back the nodes behind it in front of which nothing stands now. */
  private remove(node: ConflictNode): ConflictNode[] {
    if (node.state === 'gone' || node.state === 'given up') return [];
    const undone = node.state !== 'committed';
    this.running.delete(node);
    this.finished.delete(node);
    for (const other of node.before) other.after.delete(node);
    const freed: ConflictNode[] = [];
    for (const other of node.after) {
      other.before.delete(node);
      if (other.before.size === 0) freed.push(other);
    }
    this.accesses -= 1 + node.reads.size + node.writes.size;
    for (const readers of node.reads.values()) readers.delete(node);
    for (const tableId of node.writes) this.removeWriter(node, tableId, undone);
    for (const tableId of [...node.reads.keys(), ...node.writes]) this.forget(tableId);
    node.state = 'gone';
    return freed;
  }

  private removeWriter(node: ConflictNode, tableId: TableId, undone: boolean): void {
    const table = this.tables.get(tableId)!;
    if (!undone) {
      const first = table.writers.shift()!;
      assert(first.node === node && first.before.size === 0, `writers of table ${tableId} leave out of order`);
      return;
    }
    const newest = table.writers.pop()!;
    assert(newest.node === node && table.last.size === 0, `table ${tableId} was written behind a running writer`);
    // Who did not see the undone write may yet have to come before the next one.
    table.last = newest.before;
  }

  private forget(tableId: TableId): void {
    const table = this.tables.get(tableId);
    if (table !== undefined && table.writers.length === 0 && table.last.size === 0) this.tables.delete(tableId);
  }
}

const sees = (reader: ConflictNode, writer: ConflictNode): boolean =>
  reader === writer || writer.committedAt <= reader.snapshotAt;

/** The nodes of a circle through `start`, from it on; undefined when there is none. */
function circleThrough(start: ConflictNode): readonly ConflictNode[] | undefined {
  const cameFrom = new Map<ConflictNode, ConflictNode>();
  const open: ConflictNode[] = [start];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    for (const next of node.after) {
      if (next === start) {
        const circle: ConflictNode[] = [];
        for (let at: ConflictNode | undefined = node; at !== undefined; at = cameFrom.get(at)) circle.unshift(at);
        return circle;
      }
      if (cameFrom.has(next)) continue;
      cameFrom.set(next, node);
      open.push(next);
    }
  }
  return undefined;
}

function violation(tableId: TableId, node: ConflictNode, circle: readonly ConflictNode[]): Error {
  return serializableViolation(
    `Serializable isolation violation on table - ${tableId}, transactions forming the cycle are: ` +
      `${circle.map((n) => n.xid).join(', ')} (pid:${node.pid})`,
  );
}
