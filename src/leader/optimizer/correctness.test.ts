/**
 * Plans give the same rows as the relations they came from, whatever the tables' distribution: random statements over
 * small tables with NULLs run on simulated slices, and every node's claim about its distribution is checked.
 */
import { expect, test } from 'vitest';
import { columnsOf } from '../../expressions/relation.ts';
import type { JoinType, Rel } from '../../expressions/relation.ts';
import { and, cmp, col, eq, int, join, limited, Schema, shape, sorted, where } from './fixture.ts';
import type { TableSpec } from './fixture.ts';
import { answer, runPlan } from './simulate.ts';
import type { Cluster, Value } from './simulate.ts';
import type { BoundExpr } from '../../expressions/bound.ts';
import { BOOL } from '../../types/sql-type.ts';
import { trials } from '../../common/test-trials.ts';

const SLICES = 4;
/** A small generator of its own, so that a failing seed can be run again. */
function randomOf(seed: number): (n: number) => number {
  let state = (seed * 2654435761) >>> 0;
  return (n) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 4294967296) * n);
  };
}
const DISTS = ['even', 'all', 'x', 'y'] as const;

function randomSchema(random: (n: number) => number): { readonly schema: Schema; readonly cluster: Cluster } {
  const specs: Record<string, TableSpec> = {};
  for (const name of ['a', 'b', 'c', 'd']) {
    const rows = 10 ** random(7);
    specs[name] = {
      rows,
      dist: DISTS[random(4)]!,
      columns: { x: { distinct: 1 + random(rows) }, y: { distinct: 5 }, z: {} },
    };
  }
  const schema = new Schema(specs, SLICES);
  const data = new Map(
    Object.keys(specs).map((name) => {
      const count = random(9);
      const value = (): Value => (random(6) === 0 ? null : random(5));
      return [schema.table(name).oid as number, Array.from({ length: count }, () => [value(), value(), value()])];
    }),
  );
  const byOid = new Map(Object.keys(specs).map((n) => [schema.table(n).oid as number, schema.table(n)]));
  return { schema, cluster: { slices: SLICES, slicesPerNode: 2, data, table: (oid) => byOid.get(oid)! } };
}

class Generator {
  private readonly random: (n: number) => number;
  private readonly schema: Schema;
  constructor(random: (n: number) => number, schema: Schema) {
    this.random = random;
    this.schema = schema;
  }
  column(rel: Rel): BoundExpr {
    const columns = columnsOf(rel);
    const c = columns[this.random(columns.length)]!;
    return { kind: 'column', id: c.id, type: c.type };
  }
  condition(left: Rel, right: Rel): BoundExpr {
    const [a, b] = [this.column(left), this.column(right)];
    const nothing = (arg: BoundExpr): BoundExpr => ({ kind: 'isnull', type: BOOL, arg, negated: false });
    switch (this.random(6)) {
      case 0:
        return and(eq(a, b), cmp('<', this.column(left), this.column(right)));
      case 1:
        return { kind: 'or', type: BOOL, args: [eq(a, b), and(nothing(a), nothing(b))] };
      case 2:
        return and(eq(a, b), eq(this.column(left), this.column(right)));
      case 3:
        return and(eq(a, b), cmp('>', this.column(right), int(1)));
      default:
        return eq(a, b);
    }
  }
  rel(depth: number): Rel {
    const kind = depth <= 0 ? 0 : this.random(16);
    if (kind < 2)
      return this.random(12) === 0
        ? this.schema.virtual('v', ['x', 'y', 'z'])
        : this.schema.get('abcd'[this.random(4)]!);
    if (kind < 9) return this.joins(depth);
    const input = this.rel(depth - 1);
    if (kind === 9) return where(input, cmp('>=', this.column(input), int(this.random(3))));
    if (kind === 10)
      return this.three(this.schema.aggregate(input, [this.column(input)], [['sum', this.column(input)], ['count']]));
    if (kind === 11) return this.aggregated(input);
    if (kind === 12) return { kind: 'distinct', input: this.three(input) };
    if (kind === 13) return { kind: 'subquery', input: this.three(input), alias: 's' };
    const op = (['union', 'union', 'intersect', 'except'] as const)[this.random(4)]!;
    return this.schema.setop(
      op,
      op === 'union' && this.random(2) === 0,
      this.three(input),
      this.three(this.rel(depth - 1)),
    );
  }
  private joins(depth: number): Rel {
    const types: readonly JoinType[] = [
      'inner',
      'inner',
      'inner',
      'inner',
      'left',
      'right',
      'full',
      'semi',
      'anti',
      'anti-null-aware',
      'cross',
    ];
    const type = types[this.random(types.length)]!;
    const [left, right] = [this.rel(depth - 1), this.rel(depth - 2)];
    if (type === 'cross') return join('cross', left, limited(sorted(right, this.column(right)), 2));
    const on =
      type === 'full' || type === 'anti-null-aware'
        ? eq(this.column(left), this.column(right))
        : this.condition(left, right);
    return join(type, left, right, on);
  }
  private aggregated(input: Rel): Rel {
    const [p, q] = [this.column(input), this.column(input)];
    const groups = this.random(3) === 0 ? [] : [this.column(input)];
    const calls =
      this.random(2) === 0
        ? ([
            ['count', p, true],
            ['sum', q],
            ['count', q],
          ] as const)
        : ([
            ['count', p, true],
            ['sum', q, true],
            ['avg', q],
          ] as const);
    return this.schema.aggregate(input, groups, calls);
  }
  three(input: Rel): Rel {
    return this.schema.project(input, { x: this.column(input), y: this.column(input), z: this.column(input) });
  }
}

const text = (rows: readonly ReadonlyMap<number, Value>[], rel: Rel): readonly string[] =>
  rows.map((r) =>
    columnsOf(rel)
      .map((c) => r.get(c.id) ?? 'NULL')
      .join(),
  );

/** limited(sorted) inside is only comparable when ties cannot change the answer: all columns are compared as sets of sizes. */
function hasLimit(rel: Rel): boolean {
  if (rel.kind === 'limit') return true;
  if (rel.kind === 'join' || rel.kind === 'setop') return hasLimit(rel.left) || hasLimit(rel.right);
  return 'input' in rel && hasLimit(rel.input);
}

test('random statements give the rows of their relations on every mix of distributions', () => {
  let compared = 0;
  for (let seed = 1; seed <= trials(1500); seed++) {
    const random = randomOf(seed);
    const { schema, cluster } = randomSchema(random);
    const rel = new Generator(random, schema).rel(3);
    const expected = answer(cluster.data, rel);
    if (expected.length > 400) continue;
    const plan = schema.select(rel);
    const detail = (): string => `seed ${seed}\n${shape(plan.root).join('\n')}`;
    let got: readonly string[];
    try {
      got = text(runPlan(cluster, plan.root)[SLICES]!, rel);
    } catch (error) {
      throw new Error(`${detail()}\n${String(error)}`, { cause: error });
    }
    if (hasLimit(rel)) continue;
    compared++;
    expect(got.toSorted(), detail()).toEqual(text(expected, rel).toSorted());
  }
  expect(compared).toBeGreaterThan(trials(1500) * 0.6);
});

test('ordered and limited statements give the rows in order', () => {
  for (let seed = 1; seed <= trials(200); seed++) {
    const random = randomOf(seed + 5000);
    const { schema, cluster } = randomSchema(random);
    const input = new Generator(random, schema).rel(2);
    if (hasLimit(input) || answer(cluster.data, input).length > 300) continue;
    const one = schema.project(input, { k: new Generator(random, schema).column(input) });
    const rel = limited(sorted(one, col(one, 'k')), 1 + random(5), random(3));
    const plan = schema.select(rel);
    expect(text(runPlan(cluster, plan.root)[SLICES]!, rel), `seed ${seed}\n${shape(plan.root).join('\n')}`).toEqual(
      text(answer(cluster.data, rel), rel),
    );
    const free = limited(one, 3);
    const rows = runPlan(cluster, schema.select(free).root)[SLICES]!;
    expect(rows.length).toBe(answer(cluster.data, free).length);
  }
});
