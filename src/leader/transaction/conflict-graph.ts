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
 * commit, or it wrote nothing. What an old transaction keeps alive is bounded by SERIALIZABLE_ACCESSES_MAX; beyond it the
 * oldest running transaction is given up: its next access or commit is refused with 1023.
 */
import { assert } from '../../common/assert.ts';
import { serializableViolation } from '../../common/errors/catalogue.ts';
import type { TableId, Xid } from '../../common/ids.ts';
import { SERIALIZABLE_ACCESSES_MAX } from '../../common/limits.ts';

type Readers = Set<ConflictNode>;
interface Writer {
  readonly node: ConflictNode;
  /** Readers that saw the writers in front of this one and not this one. */
  readonly before: Readers;
}
interface TableConflicts {
  readonly writers: Writer[];
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
  constructor(
    readonly xid: Xid,
    readonly pid: number,
    /** Commits up to this number are seen. */
    readonly snapshotAt: number,
  ) {}
}

export class ConflictGraph {
  private readonly tables = new Map<TableId, TableConflicts>();
  private readonly running = new Set<ConflictNode>();
  private readonly finished = new Set<ConflictNode>();
  private commits = 0;
  /** Accesses of all nodes, and the nodes. */
  private accesses = 0;

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
    let at = table.writers.length;
    while (at > 0 && !sees(node, table.writers[at - 1]!.node)) at--;
    const readers = at < table.writers.length ? table.writers[at]!.before : table.last;
    readers.add(node);
    node.reads.set(tableId, readers);
    if (at > 0) this.order(table.writers[at - 1]!.node, node);
    if (at < table.writers.length) this.order(node, table.writers[at]!.node);
    this.refuseCircle(node, tableId);
  }

  /** With the lock that excludes other writers. */
  write(node: ConflictNode, tableId: TableId): void {
    this.refuseGivenUp(node);
    if (node.writes.has(tableId)) return;
    const last = this.table(tableId).writers.at(-1)?.node;
    assert(last === undefined || last.state === 'committed', `two writers of table ${tableId} at once`);
    if (last !== undefined && !sees(node, last)) throw violation(tableId, node, [node, last]);
    // Counted only when it is kept: what is refused is never given back.
    this.count(node);
    const table = this.table(tableId);
    const previous = table.writers.at(-1)?.node;
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
    this.sweep();
  }
  rolledBack(node: ConflictNode): void {
    this.remove(node);
    this.sweep();
  }

  private table(tableId: TableId): TableConflicts {
    let table = this.tables.get(tableId);
    if (table === undefined) this.tables.set(tableId, (table = { writers: [], last: new Set() }));
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
      let oldest = node;
      for (const other of this.running) {
        if (other.state === 'running' && other.snapshotAt < oldest.snapshotAt) oldest = other;
      }
      this.remove(oldest);
      oldest.state = 'given up';
      this.sweep();
      this.refuseGivenUp(node);
    }
    this.accesses++;
  }

  /** Takes out committed nodes that no circle can ever hold. */
  private sweep(): void {
    let oldest = Infinity;
    for (const node of this.running) oldest = Math.min(oldest, node.snapshotAt);
    const settled = (node: ConflictNode): boolean =>
      node.before.size === 0 && (node.writes.size === 0 || node.committedAt <= oldest);
    // In the order of commits, so that one pass removes most chains.
    for (let removed = true; removed;) {
      removed = false;
      for (const node of this.finished) {
        if (!settled(node)) continue;
        this.remove(node);
        removed = true;
      }
    }
  }

  private remove(node: ConflictNode): void {
    if (node.state === 'gone' || node.state === 'given up') return;
    const undone = node.state !== 'committed';
    this.running.delete(node);
    this.finished.delete(node);
    for (const other of node.before) other.after.delete(node);
    for (const other of node.after) other.before.delete(node);
    this.accesses -= 1 + node.reads.size + node.writes.size;
    for (const readers of node.reads.values()) readers.delete(node);
    for (const tableId of node.writes) this.removeWriter(node, tableId, undone);
    for (const tableId of [...node.reads.keys(), ...node.writes]) this.forget(tableId);
    node.state = 'gone';
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
