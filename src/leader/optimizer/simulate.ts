/**
 * Runs plans over rows held in JavaScript, slice by slice, exactly as placed: what an 'all' scan reads twice is there
 * twice. Also answers relations directly, without a plan. Tests compare the two, so that a movement which loses or
 * repeats rows shows. Knows the expressions and aggregates that the tests use, nothing more. Imported by tests only.
 */
import { assert } from '../../common/assert.ts';
import type { ColId } from '../../common/ids.ts';
import type { BoundExpr } from '../../expressions/bound.ts';
import { columnsOf } from '../../expressions/relation.ts';
import type { JoinType, Rel } from '../../expressions/relation.ts';
import type { PrimitiveAggregate } from '../../functions/define.ts';
import type { TableObject } from '../catalog/objects.ts';
import type { PlanNode } from '../plan/plan.ts';

export type Value = number | null;
export type Row = ReadonlyMap<ColId, Value>;
type Rows = readonly Row[];
/** Rows of each table, in attnum order. */
export type Data = ReadonlyMap<number, readonly (readonly Value[])[]>;
export interface Cluster {
  readonly slices: number;
  readonly slicesPerNode: number;
  readonly data: Data;
  table(oid: number): TableObject;
}
/** Rows by place: slices first, the leader last. */
type Placed = readonly Rows[];

const bool = (v: boolean | null): Value => (v === null ? null : Number(v));

export function evaluate(e: BoundExpr, row: Row): Value {
  switch (e.kind) {
    case 'const':
      return typeof e.value === 'bigint' ? Number(e.value) : (e.value as Value);
    case 'column': {
      const v = row.get(e.id);
      assert(v !== undefined, `row has no column ${e.id}`);
      return v;
    }
    case 'cast':
      return evaluate(e.arg, row);
    case 'isnull':
      return bool((evaluate(e.arg, row) === null) !== e.negated);
    case 'coalesce':
      return e.args.map((a) => evaluate(a, row)).find((v) => v !== null) ?? null;
    case 'and': {
      const all = e.args.map((a) => evaluate(a, row));
      return all.includes(0) ? 0 : all.includes(null) ? null : 1;
    }
    case 'or': {
      const all = e.args.map((a) => evaluate(a, row));
      return all.includes(1) ? 1 : all.includes(null) ? null : 0;
    }
    case 'arith':
    case 'compare': {
      const [a, b] = [evaluate(e.left, row), evaluate(e.right, row)];
      if (a === null || b === null) return null;
      switch (e.op) {
        case '=':
          return bool(a === b);
        case '<>':
          return bool(a !== b);
        case '<':
          return bool(a < b);
        case '<=':
          return bool(a <= b);
        case '>':
          return bool(a > b);
        case '>=':
          return bool(a >= b);
        case '+':
          return a + b;
        case '-':
          return a - b;
        case '*':
          return a * b;
        case '/':
          return a / b;
        case '%':
          return a % b;
      }
    }
  }
  assert(false, `the simulation has no ${e.kind}`);
}

const merge = (a: Row, b: Row): Row => new Map([...a, ...b]);
const nulls = (ids: readonly ColId[]): Row => new Map(ids.map((id) => [id, null]));

function joined(
  type: Exclude<JoinType, 'cross' | 'right'>,
  left: Rows,
  right: Rows,
  leftIds: readonly ColId[],
  rightIds: readonly ColId[],
  test: (row: Row) => Value,
): Rows {
  const out: Row[] = [];
  const met = new Set<Row>();
  for (const l of left) {
    const answers = right.map((r) => [r, test(merge(l, r))] as const);
    const matches = answers.filter(([, v]) => v === 1).map(([r]) => r);
    matches.forEach((r) => met.add(r));
    if (type === 'semi') {
      if (matches.length > 0) out.push(l);
    } else if (type === 'anti') {
      if (matches.length === 0) out.push(l);
    } else if (type === 'anti-null-aware') {
      if (answers.every(([, v]) => v === 0)) out.push(l);
    } else if (matches.length > 0) out.push(...matches.map((r) => merge(l, r)));
    else if (type !== 'inner') out.push(merge(l, nulls(rightIds)));
  }
  if (type === 'full') out.push(...right.filter((r) => !met.has(r)).map((r) => merge(nulls(leftIds), r)));
  return out;
}

function accumulate(prim: PrimitiveAggregate, values: readonly Value[], distinct: boolean): Value {
  const present = values.filter((v): v is number => v !== null);
  const list = distinct ? [...new Set(present)] : present;
  if (prim === 'count_star') return values.length;
  if (prim === 'count') return list.length;
  if (list.length === 0) return null;
  if (prim === 'sum_i64') return list.reduce((a, b) => a + b, 0);
  if (prim === 'min' || prim === 'max') return Math[prim](...list);
  assert(false, `the simulation has no ${prim}`);
}

function grouped(
  rows: Rows,
  keys: readonly BoundExpr[],
): readonly { readonly key: readonly Value[]; readonly rows: Rows }[] {
  const groups = new Map<string, { key: readonly Value[]; rows: Row[] }>();
  for (const row of rows) {
    const key = keys.map((k) => evaluate(k, row));
    const found = groups.get(key.join()) ?? { key, rows: [] };
    found.rows.push(row);
    groups.set(key.join(), found);
  }
  return keys.length === 0 && groups.size === 0 ? [{ key: [], rows: [] }] : [...groups.values()];
}

// --------------------------------------------------------------------------------------------------- plan nodes

const hash = (values: readonly Value[], slices: number): number =>
  values.reduce<number>((h, v) => (h * 31 + (v === null ? 7 : v)) >>> 0, 17) % slices;

export function runPlan(cluster: Cluster, node: PlanNode): Placed {
  const placed = runNode(cluster, node);
  checkClaim(cluster, node, placed);
  return placed;
}

/** The node's distribution says the truth about its rows. */
function checkClaim(cluster: Cluster, node: PlanNode, placed: Placed): void {
  const { slices } = cluster;
  const d = node.distribution;
  placed.forEach((rows, place) => {
    if (d.kind === 'leader' ? place < slices : place === slices || (d.kind === 'single' && place > 0)) {
      assert(rows.length === 0, `${node.kind}: rows of a '${d.kind}' node at place ${place}`);
    }
    if (d.kind === 'key' && d.keys.every((k) => rows.every((r) => r.has(k)))) {
      for (const r of rows)
        assert(
          hash(
            d.keys.map((k) => r.get(k)!),
            slices,
          ) === place,
          `${node.kind}: row off its slice`,
        );
    }
    if (d.kind === 'all' && place < slices) assert(rows.length === placed[0]!.length, `${node.kind}: slices differ`);
  });
}

function runNode(cluster: Cluster, node: PlanNode): Placed {
  const each = (f: (rows: Rows, place: number) => Rows, input: PlanNode): Placed => runPlan(cluster, input).map(f);
  const onLeader = (rows: Rows): Placed =>
    Array.from({ length: cluster.slices + 1 }, (_, i) => (i === cluster.slices ? rows : []));
  switch (node.kind) {
    case 'scan':
      return scan(cluster, node);
    case 'values':
      return onLeader(
        node.exprs.map((row) => new Map(row.map((e, i) => [node.columns[i]!.id, evaluate(e, new Map())]))),
      );
    case 'virtual-scan':
      return onLeader(
        [1, 2, 3]
          .map((n): Row => new Map(node.columns.map((c) => [c.id, n])))
          .filter((r) => node.filter.every((f) => evaluate(f, r) === 1)),
      );
    case 'filter':
      return each((rows) => rows.filter((r) => node.condition.every((c) => evaluate(c, r) === 1)), node.input);
    case 'project':
      return each(
        (rows) => rows.map((r) => new Map(node.columns.map((c, i) => [c.id, evaluate(node.exprs[i]!, r)]))),
        node.input,
      );
    case 'unnest':
      return each((rows) => repeated(rows, node), node.input);
    case 'recursive-union':
    case 'working-scan':
      assert(false, 'no recursion in this simulation');
    case 'subquery-scan':
      return runPlan(cluster, node.input);
    case 'exchange':
      return exchange(cluster, node);
    case 'window':
      assert(false, 'no window functions in this simulation');
    case 'expand':
      return each(
        (rows) =>
          rows.flatMap((r) =>
            Array.from({ length: node.count }, (_, n): Row => new Map([...r, [node.number.id, n]])),
          ),
        node.input,
      );
    case 'aggregate':
      return each((rows, place) => aggregateRows(cluster, node, rows, place), node.input);
    case 'sort':
      return each((rows) => {
        const ordered = rows.toSorted((a, b) => order(a, b, node.keys));
        return node.limit === undefined ? ordered : ordered.slice(0, evaluate(node.limit, new Map())!);
      }, node.input);
    case 'merge':
      return onLeader(
        runPlan(cluster, node.input)
          .flat()
          .toSorted((a, b) => order(a, b, node.keys)),
      );
    case 'limit':
      return each((rows) => {
        const from = node.offset === undefined ? 0 : evaluate(node.offset, new Map())!;
        return rows.slice(from, node.limit === undefined ? undefined : from + evaluate(node.limit, new Map())!);
      }, node.input);
    case 'append': {
      const inputs = node.inputs.map((input) =>
        runPlan(cluster, input).map((rows) =>
          rows.map((r): Row => new Map(node.columns.map((c, i) => [c.id, r.get(input.columns[i]!.id)!]))),
        ),
      );
      return inputs[0]!.map((_, place) => inputs.flatMap((i) => i[place]!));
    }
    case 'hash-join':
    case 'merge-join':
    case 'nested-loop': {
      const [outer, inner] = [runPlan(cluster, node.outer), runPlan(cluster, node.inner)];
      const tests =
        node.kind === 'nested-loop'
          ? node.condition
          : [
              ...(node.kind === 'merge-join' ? [node.key] : node.keys).map((k): BoundExpr => ({
                kind: 'compare',
                op: '=',
                type: { name: 'bool' },
                left: k.outer,
                right: k.inner,
              })),
              ...node.residual,
            ];
      const all: BoundExpr = { kind: 'and', type: { name: 'bool' }, args: tests };
      const ids = (n: PlanNode): ColId[] => n.columns.map((c) => c.id);
      return outer.map((rows, place) =>
        joined(node.joinType as 'inner', rows, inner[place]!, ids(node.outer), ids(node.inner), (row) =>
          evaluate(all, row),
        ).map((r) => new Map([...r].filter(([id]) => node.columns.some((c) => c.id === id)))),
      );
    }
  }
}

function order(a: Row, b: Row, keys: readonly { readonly expr: BoundExpr; readonly descending: boolean }[]): number {
  for (const key of keys) {
    const [x, y] = [evaluate(key.expr, a) ?? Infinity, evaluate(key.expr, b) ?? Infinity];
    if (x !== y) return (x < y ? -1 : 1) * (key.descending ? -1 : 1);
  }
  return 0;
}

function scan(cluster: Cluster, node: Extract<PlanNode, { kind: 'scan' }>): Placed {
  const table = cluster.table(node.tableId);
  const { slices, slicesPerNode } = cluster;
  const at = (row: readonly Value[], n: number, place: number): boolean => {
    if (place === slices) return false;
    if (node.readOnce === true) return place === 0;
    if (node.allOwners === true) return place % slicesPerNode === 0;
    if (table.effectiveDiststyle === 'all') return true;
    return table.distkey === undefined ? n % slices === place : hash([row[table.distkey - 1]!], slices) === place;
  };
  return Array.from({ length: slices + 1 }, (_, place) =>
    cluster.data
      .get(node.tableId)!
      .filter((row, n) => at(row, n, place))
      .map(
        (row, n): Row =>
          new Map(
            node.columns.map((c, i) => [c.id, node.attnums[i]! < 0 ? place * 1000 + n : row[node.attnums[i]! - 1]!]),
          ),
      )
      .filter((r) => node.filter.every((f) => evaluate(f, r) === 1)),
  );
}

function exchange(cluster: Cluster, node: Extract<PlanNode, { kind: 'exchange' }>): Placed {
  const rows = runPlan(cluster, node.input).flat();
  const { slices } = cluster;
  return Array.from({ length: slices + 1 }, (_, place) =>
    rows.filter((r, n) => {
      switch (node.mode) {
        case 'leader':
          return place === slices;
        case 'single':
          return place === 0;
        case 'broadcast':
          return place < slices;
        case 'even':
          return n % slices === place;
        case 'hash':
          return (
            hash(
              node.keys.map((k) => evaluate(k, r)),
              slices,
            ) === place
          );
      }
    }),
  );
}

function aggregateRows(
  cluster: Cluster,
  node: Extract<PlanNode, { kind: 'aggregate' }>,
  rows: Rows,
  place: number,
): Rows {
  const idle = node.groups.length === 0 && node.phase !== 'partial' && rows.length === 0;
  const here = {
    leader: place === cluster.slices,
    single: place === 0,
    all: place < cluster.slices,
    even: false,
    key: false,
  };
  if (idle && !here[node.distribution.kind]) return [];
  if (node.phase === 'partial' && place === cluster.slices) return [];
  return grouped(
    rows,
    node.groups.map((g) => g.expr),
  ).map(
    ({ key, rows: members }): Row =>
      new Map([
        ...node.groups.map((g, i) => [g.id, key[i]!] as const),
        ...node.aggregates.map(
          (a) =>
            [
              a.id,
              accumulate(
                a.prim,
                members.map((m) => (a.arg === undefined ? 0 : evaluate(a.arg, m))),
                a.distinct,
              ),
            ] as const,
        ),
      ]),
  );
}

// ---------------------------------------------------------------------------------------------------- relations

/** A relation's rows by definition. */
export function answer(data: Data, rel: Rel): Rows {
  const sub = (r: Rel): Rows => answer(data, r);
  const ids = (r: Rel): ColId[] => columnsOf(r).map((c) => c.id);
  const test =
    (e: BoundExpr | undefined) =>
    (row: Row): Value =>
      e === undefined ? 1 : evaluate(e, row);
  switch (rel.kind) {
    case 'get':
      return data
        .get(rel.tableId)!
        .map((row) => new Map(rel.columns.map((c, i) => [c.id, row[rel.attnums[i]! - 1] ?? null])));
    case 'expand':
      throw assert(false, 'no grouping sets in these tests');
    case 'recursive':
    case 'working':
      assert(false, 'no recursion in this simulation');
    case 'virtual':
      return [1, 2, 3].map((n) => new Map(rel.columns.map((c) => [c.id, n])));
    case 'values':
      return rel.rows.map((row) => new Map(row.map((e, i) => [rel.columns[i]!.id, evaluate(e, new Map())])));
    case 'filter':
      return sub(rel.input).filter((r) => evaluate(rel.condition, r) === 1);
    case 'project':
      return sub(rel.input).map((r) => new Map(rel.columns.map((c, i) => [c.id, evaluate(rel.exprs[i]!, r)])));
    case 'join': {
      if (rel.type === 'right')
        return joined('left', sub(rel.right), sub(rel.left), ids(rel.right), ids(rel.left), test(rel.on));
      const type = rel.type === 'cross' ? 'inner' : rel.type;
      return joined(type, sub(rel.left), sub(rel.right), ids(rel.left), ids(rel.right), test(rel.on));
    }
    case 'window':
      assert(false, 'no window functions in this simulation');
    case 'aggregate':
      return grouped(
        sub(rel.input),
        rel.groups.map((g) => g.expr),
      ).map(
        ({ key, rows }): Row =>
          new Map([
            ...rel.groups.map((g, i) => [g.column.id, key[i]!] as const),
            ...rel.aggregates.map(
              (a) =>
                [
                  a.id,
                  sqlAggregate(
                    a.name,
                    rows.map((r) => (a.args[0] === undefined ? 0 : evaluate(a.args[0], r))),
                    a.distinct,
                  ),
                ] as const,
            ),
          ]),
      );
    case 'distinct': {
      const rows = sub(rel.input);
      return grouped(
        rows,
        columnsOf(rel.input).map((c) => ({ kind: 'column', id: c.id, type: c.type })),
      ).map((g) => g.rows[0]!);
    }
    case 'sort':
      return sub(rel.input).toSorted((a, b) => order(a, b, rel.keys));
    case 'limit': {
      const from = rel.offset === undefined ? 0 : evaluate(rel.offset, new Map())!;
      return sub(rel.input).slice(from, rel.limit === undefined ? undefined : from + evaluate(rel.limit, new Map())!);
    }
    case 'unnest':
      return repeated(sub(rel.input), rel);
    case 'subquery':
    case 'single-row':
      return sub(rel.input);
    case 'setop': {
      const list = (r: Rel): Value[][] => sub(r).map((row) => ids(r).map((id) => row.get(id)!));
      const [left, right] = [list(rel.left), list(rel.right)];
      const has = (l: Value[][], v: Value[]): boolean => l.some((x) => x.join() === v.join());
      const rows =
        rel.op === 'union' ? [...left, ...right] : left.filter((v) => has(right, v) === (rel.op === 'intersect'));
      const kept = rel.all ? rows : rows.filter((v, i) => !has(rows.slice(0, i), v));
      return kept.map((v) => new Map(rel.columns.map((c, i) => [c.id, v[i]!])));
    }
  }
}

function sqlAggregate(name: string, values: readonly Value[], distinct: boolean): Value {
  const prim = { count: 'count', sum: 'sum_i64', min: 'min', max: 'max', avg: 'sum_i64' } as const;
  const value = accumulate(prim[name as 'count'], values, distinct);
  if (name !== 'avg' || value === null) return value;
  return value / accumulate('count', values, distinct)!;
}

/** Rows as often as `count` says, numbered from 0. */
function repeated(
  rows: readonly Row[],
  { count, outer, on, ordinal }: Pick<Extract<Rel, { kind: 'unnest' }>, 'count' | 'outer' | 'on' | 'ordinal'>,
): Row[] {
  return rows.flatMap((r) => {
    const times = evaluate(count, r) ?? 0;
    const all = Array.from({ length: times }, (_, i): Row => new Map([...r, [ordinal.id, i]]));
    const those = on === undefined ? all : all.filter((row) => evaluate(on, row) === 1);
    return those.length === 0 && outer ? [new Map([...r, [ordinal.id, null]])] : those;
  });
}
