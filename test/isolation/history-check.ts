/**
 * Judges a history of concurrent transactions from what its clients saw alone; knows nothing of the engine.
 *
 * Every row of every table is a list that only grows: each write appends an element `value:seen` whose value no other write
 * has, so the final list of a row is the order of its versions, and whatever was read must be the beginning of it. `seen` is
 * the value of another row that the same statement read, 0 for none. From that the direct serialization graph follows:
 *
 *   ww  wrote the next version      wr  read the version      rw  read the version before      rt  ended before the other began
 *
 * At both levels: no aborted, intermediate or dirty read, no lost or torn transaction, own writes are seen, and no circle
 * that snapshot isolation forbids (every circle must have two rw edges in a row, with rt edges counted as dependencies).
 * SERIALIZABLE: no circle of ww, wr and rw at all.
 */
export interface Row {
  readonly id: number;
  /** Elements in order. */
  readonly list: readonly Element[];
}
export interface Element {
  readonly value: number;
  readonly seen: number;
}
/** The rows of one table with an id in the range, as a statement read them: ids not among the rows had none. */
export interface Read {
  readonly kind: 'read';
  readonly table: string;
  readonly from: number;
  readonly to: number;
  readonly rows: readonly Row[];
}
/** One element appended to each of `count` rows, or as many rows made; the one with value v is in row base + v - block. */
export interface Write {
  readonly kind: 'write';
  readonly table: string;
  readonly block: number;
  readonly base: number;
  /** Undefined when the answer did not come. */
  readonly count: number | undefined;
  /** Set when every row that the statement saw in the range was written or copied: row id gave value block + id. */
  readonly all: { readonly table: string; readonly from: number; readonly to: number } | undefined;
}
/** `at` is when the statement's answer came, by the clock that counts the history's events. */
export type Access = (Read | Write) & { readonly at: number };

export interface Transaction {
  readonly name: string;
  readonly accesses: readonly Access[];
  readonly outcome: 'committed' | 'aborted' | 'unknown';
  /** When its first statement was sent, COMMIT was sent (or the only statement), and the answer came. */
  readonly began: number;
  readonly commitSent: number;
  readonly ended: number;
}
export interface History {
  readonly transactions: readonly Transaction[];
  /** What a transaction after all others read, for each table the whole of it. */
  readonly final: ReadonlyMap<string, readonly Row[]>;
}
export interface Verdict {
  /** What no level allows. */
  readonly findings: readonly string[];
  /** The shortest circle of the serialization graph, one edge a line; only SNAPSHOT may have one. */
  readonly circle: readonly string[] | undefined;
  readonly committed: number;
}

/** Values of one write lie below this distance from its block. */
export const BLOCK = 10_000;

type EdgeKind = 'ww' | 'wr' | 'rw' | 'rt';
interface Edge {
  readonly to: number;
  readonly kind: EdgeKind;
  readonly why: string;
}
interface Version {
  readonly key: string;
  readonly position: number;
  readonly writer: number;
}
interface Owner {
  readonly transaction: number;
  readonly access: number;
  readonly write: Write;
}

const keyOf = (table: string, id: number): string => `${table}[${id}]`;
const blockOf = (value: number): number => value - (value % BLOCK);
const text = (list: readonly Element[]): string => `(${list.map((e) => e.value).join(' ')})`;

export function judge(history: History): Verdict {
  return new Judge(history).verdict();
}

class Judge {
  private readonly transactions: readonly Transaction[];
  private readonly findings: string[] = [];
  private readonly owners = new Map<number, Owner>();
  private readonly final = new Map<string, readonly Element[]>();
  private readonly keys = new Map<string, Set<number>>();
  private readonly versions = new Map<number, Version>();
  /** Elements of the final lists, by block. */
  private readonly kept = new Map<number, number>();
  private readonly committed: boolean[];
  private readonly edges: Edge[][];

  constructor(history: History) {
    this.transactions = history.transactions;
    this.edges = this.transactions.map(() => []);
    this.transactions.forEach((t, transaction) =>
      t.accesses.forEach((a, access) => {
        if (a.kind === 'write') this.owners.set(a.block, { transaction, access, write: a });
      }),
    );
    for (const [table, rows] of history.final) this.settle(table, rows);
    this.committed = this.transactions.map((t) => this.outcome(t));
  }

  verdict(): Verdict {
    this.transactions.forEach((t, i) => {
      t.accesses.forEach((a, at) => (a.kind === 'read' ? this.read(i, at, a) : this.wrote(i, a)));
    });
    this.orderVersions();
    this.orderTime();
    const circle = shortestCircle(this.edges.map((out) => out.filter((e) => e.kind !== 'rt').map((e) => [e])));
    const forbidden = shortestCircle(this.snapshotSteps());
    if (forbidden !== undefined) {
      this.find(`a circle that snapshot isolation forbids:\n  ${this.told(forbidden).join('\n  ')}`);
    }
    return {
      findings: [...new Set(this.findings)],
      circle: circle === undefined ? undefined : this.told(circle),
      committed: this.committed.filter((c) => c).length,
    };
  }

  private find(what: string): void {
    this.findings.push(what);
  }
  private name(transaction: number): string {
    return this.transactions[transaction]!.name;
  }
  private told(circle: Circle): readonly string[] {
    return circle.map(
      (step) => `${this.name(step.from)} -${step.edge.kind}-> ${this.name(step.edge.to)}: ${step.edge.why}`,
    );
  }

  // ---- what is there in the end ----

  private settle(table: string, rows: readonly Row[]): void {
    const ids = new Set<number>();
    this.keys.set(table, ids);
    for (const { id, list } of rows) {
      const key = keyOf(table, id);
      if (ids.has(id)) this.find(`${key} is there twice in the end`);
      ids.add(id);
      this.final.set(key, list);
      list.forEach(({ value }, position) => {
        const owner = this.owners.get(blockOf(value));
        if (owner === undefined) return this.find(`${key} holds ${value}, which nobody wrote`);
        if (this.versions.has(value)) this.find(`${value} stands twice, in ${key} too`);
        this.placed(value, owner.write, table, id);
        this.versions.set(value, { key, position, writer: owner.transaction });
        this.kept.set(owner.write.block, (this.kept.get(owner.write.block) ?? 0) + 1);
      });
    }
  }

  /** A value lies in the row it was written to. */
  private placed(value: number, write: Write, table: string, id: number): void {
    if (write.table === table && write.base + (value - write.block) === id) return;
    this.find(
      `${value} was written to ${keyOf(write.table, write.base + value - write.block)}, not ${keyOf(table, id)}`,
    );
  }

  /** True when committed. Whatever came of it came of all of it. */
  private outcome(t: Transaction): boolean {
    const writes = t.accesses.filter((a) => a.kind === 'write');
    const kept = writes.filter((w) => this.kept.has(w.block));
    if (t.outcome === 'aborted') {
      for (const w of kept) this.find(`${t.name} was refused or rolled back, and its ${w.block} is there in the end`);
      return false;
    }
    if (t.outcome === 'unknown' && kept.length === 0) return false;
    for (const w of writes) {
      const count = this.kept.get(w.block) ?? 0;
      if (w.count !== undefined && count !== w.count)
        this.find(`${t.name} committed ${w.count} rows with ${w.block}; ${count} are there in the end`);
    }
    return true;
  }

  // ---- what each transaction saw ----

  private read(reader: number, at: number, read: Read & { readonly at: number }): void {
    const seen = new Set<number>();
    for (const { id, list } of read.rows) {
      const key = keyOf(read.table, id);
      if (seen.has(id)) this.find(`${this.name(reader)} read ${key} twice in one statement`);
      seen.add(id);
      this.ownWritesLast(reader, at, key, list);
      const foreign = list.filter((e) => this.owners.get(blockOf(e.value))?.transaction !== reader);
      for (const e of foreign) this.notDirty(reader, read.at, key, e.value);
      this.sawPrefix(reader, key, list, foreign);
    }
    this.sawNone(reader, read, seen);
    this.ownWritesSeen(reader, at, read);
  }

  /** Own elements follow those of others, in the order of the statements, and none comes from the future. */
  private ownWritesLast(reader: number, at: number, key: string, list: readonly Element[]): void {
    let last = -1;
    for (const { value } of list) {
      const owner = this.owners.get(blockOf(value));
      const mine = owner?.transaction === reader ? owner.access : undefined;
      if (mine === undefined ? last >= 0 : mine <= last || mine > at)
        return this.find(`${this.name(reader)} read ${key} = ${text(list)}: ${value} is out of order`);
      if (mine !== undefined) last = mine;
    }
  }

  private ownWritesSeen(reader: number, at: number, read: Read): void {
    const holding = (block: number): number =>
      read.rows.filter((r) => r.list.some((e) => blockOf(e.value) === block)).length;
    this.transactions[reader]!.accesses.slice(0, at).forEach((w) => {
      if (w.kind !== 'write' || w.table !== read.table || w.count === undefined) return;
      const whole = read.from <= 0 && read.to >= BLOCK;
      const single = w.all === undefined && w.base >= read.from && w.base <= read.to;
      if ((whole || single) && holding(w.block) !== w.count)
        this.find(
          `${this.name(reader)} wrote ${w.block} to ${w.count} rows of ${w.table} and then saw ${holding(w.block)}`,
        );
    });
  }

  private notDirty(reader: number, at: number, key: string, value: number): void {
    const owner = this.owners.get(blockOf(value));
    const by = owner === undefined ? undefined : this.transactions[owner.transaction]!;
    if (owner === undefined) this.find(`${this.name(reader)} read ${value} in ${key}, which nobody wrote`);
    else if (by!.outcome === 'aborted' || !this.committed[owner.transaction])
      this.find(
        `aborted read (G1a): ${this.name(reader)} read ${value} in ${key} by ${by!.name}, which did not commit`,
      );
    else if (by!.commitSent > at)
      this.find(`dirty read: ${this.name(reader)} read ${value} in ${key} by ${by!.name} before that one committed`);
  }

  private sawPrefix(reader: number, key: string, list: readonly Element[], foreign: readonly Element[]): void {
    const final = this.final.get(key) ?? [];
    if (foreign.some((e, i) => final[i]?.value !== e.value))
      return this.find(
        `lost update: ${this.name(reader)} read ${key} = ${text(list)}, which ended as ${text(final)}`,
      );
    const [last, next] = [foreign.at(-1), final[foreign.length]];
    const [writer, nextWriter] = [this.writerOf(last), this.writerOf(next)];
    if (writer !== undefined && writer === nextWriter)
      this.find(
        `intermediate read (G1b): ${this.name(reader)} read ${key} = ${text(list)}, ${next!.value} is missing`,
      );
    this.readVersion(reader, key, foreign.length);
  }
  private writerOf(element: Element | undefined): number | undefined {
    return element === undefined ? undefined : this.owners.get(blockOf(element.value))?.transaction;
  }

  private sawNone(
    reader: number,
    range: { readonly table: string; readonly from: number; readonly to: number },
    seen: ReadonlySet<number>,
  ): void {
    for (const id of this.keys.get(range.table) ?? [])
      if (id >= range.from && id <= range.to && !seen.has(id)) this.readVersion(reader, keyOf(range.table, id), 0);
  }

  /** What a write read: the rows it did not meet, and in each element the value of another row. */
  private wrote(writer: number, write: Write): void {
    if (!this.committed[writer]) return;
    const written = [...this.versions].filter(([value]) => blockOf(value) === write.block);
    if (write.all !== undefined)
      this.sawNone(writer, write.all, new Set(written.map(([value]) => value - write.block)));
    for (const [, { key, position }] of written) {
      const { seen } = this.final.get(key)![position]!;
      if (seen === 0) continue;
      const version = this.versions.get(seen);
      if (version === undefined)
        this.find(`aborted read (G1a): ${this.name(writer)} copied ${seen}, which is nowhere in the end`);
      else if (version.writer !== writer) this.readVersion(writer, version.key, version.position + 1);
    }
  }

  // ---- the graph ----

  private edge(from: number, to: number, kind: EdgeKind, why: string): void {
    if (from !== to && this.committed[from]! && this.committed[to]!) this.edges[from]!.push({ to, kind, why });
  }

  /** The reader saw the first `length` versions of the row. */
  private readVersion(reader: number, key: string, length: number): void {
    const final = this.final.get(key) ?? [];
    const [last, next] = [final[length - 1], final[length]];
    if (last !== undefined) this.edge(this.writerOf(last)!, reader, 'wr', `${key} ${last.value} was read`);
    if (next !== undefined) this.edge(reader, this.writerOf(next)!, 'rw', `${key} was read without ${next.value}`);
  }

  private orderVersions(): void {
    for (const [key, list] of this.final)
      list.slice(1).forEach((next, i) => {
        const [before, after] = [this.writerOf(list[i]), this.writerOf(next)];
        if (before === undefined || after === undefined) return;
        this.edge(before, after, 'ww', `${key} ${next.value} follows ${list[i]!.value}`);
      });
  }

  private orderTime(): void {
    this.transactions.forEach((first, from) =>
      this.transactions.forEach((second, to) => {
        if (first.outcome === 'committed' && first.ended < second.began)
          this.edge(from, to, 'rt', `had its answer before the other began`);
      }),
    );
  }

  /** Steps of which snapshot isolation allows no circle: a dependency, alone or with one rw edge behind it. */
  private snapshotSteps(): readonly (readonly (readonly Edge[])[])[] {
    return this.edges.map((out) =>
      out
        .filter((e) => e.kind !== 'rw')
        .flatMap((e) => [[e], ...this.edges[e.to]!.filter((f) => f.kind === 'rw').map((f) => [e, f])]),
    );
  }
}

type Circle = readonly { readonly from: number; readonly edge: Edge }[];

/** The shortest circle over steps of one or two edges; undefined when there is none. */
export function shortestCircle(steps: readonly (readonly (readonly Edge[])[])[]): Circle | undefined {
  let best: Circle | undefined;
  for (let start = 0; start < steps.length; start++) {
    const cameBy = new Map<number, { readonly from: number; readonly step: readonly Edge[] }>();
    const open = [start];
    for (const node of open) {
      if (cameBy.has(start)) break;
      for (const step of steps[node]!) {
        const { to } = step.at(-1)!;
        if (cameBy.has(to)) continue;
        cameBy.set(to, { from: node, step });
        open.push(to);
      }
    }
    if (!cameBy.has(start)) continue;
    const circle: { readonly from: number; readonly edge: Edge }[] = [];
    let at = start;
    do {
      const { from, step } = cameBy.get(at)!;
      circle.unshift(...step.map((edge, i) => ({ from: i === 0 ? from : step[i - 1]!.to, edge })));
      at = from;
    } while (at !== start);
    if (best === undefined || circle.length < best.length) best = circle;
  }
  return best;
}
