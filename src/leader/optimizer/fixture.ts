/**
 * Tables, relations and aggregates for the optimizer's tests: small builders of bound relations over tables with
 * injected statistics. Imported by tests only. Every relation gets fresh ColIds, as the analyser gives them.
 */
import { atOnce, type Steps } from '../../common/steps.ts';
import { assert } from '../../common/assert.ts';
import type { ColId } from '../../common/ids.ts';
import type { BoundAggregate, BoundExpr, CompareOp } from '../../expressions/bound.ts';
import { columnsOf, ROW_ADDRESS_ATTNUM } from '../../expressions/relation.ts';
import type { BoundStatement, ColumnRef, JoinType, Rel } from '../../expressions/relation.ts';
import { aggregate } from '../../functions/define.ts';
import type { AggregateFunction } from '../../functions/define.ts';
import { BOOL, INT4, INT8 } from '../../types/sql-type.ts';
import type { SqlType } from '../../types/sql-type.ts';
import type { TableObject } from '../catalog/objects.ts';
import { inputsOf } from '../plan/plan.ts';
import type { Plan, PlanNode } from '../plan/plan.ts';
import { planned } from './optimize.ts';

export interface ColumnSpec {
  readonly type?: SqlType;
  readonly distinct?: number;
  readonly width?: number;
  readonly min?: number;
  readonly max?: number;
  readonly nulls?: number;
}
export interface TableSpec {
  readonly rows: number;
  /** 'even', 'all', or the name of the distkey. */
  readonly dist: string;
  readonly columns: Readonly<Record<string, ColumnSpec>>;
  readonly analyzed?: boolean;
  /** Column of a compound sort key. */
  readonly sortkey?: string;
  readonly unsorted?: number;
}

const lowering =
  (
    prim: 'count' | 'count_star' | 'sum_i64' | 'min' | 'max',
    merge: 'sum_i64' | 'min' | 'max',
  ): AggregateFunction['lower'] =>
  (args, type) => ({
    partials: [{ prim: args.length === 0 ? 'count_star' : prim, arg: args[0], type }],
    merge: [merge],
    final: ([p]) => p!,
  });
const AGGREGATES: Readonly<Record<string, AggregateFunction['lower']>> = {
  count: lowering('count', 'sum_i64'),
  sum: lowering('sum_i64', 'sum_i64'),
  min: lowering('min', 'min'),
  max: lowering('max', 'max'),
  avg: (args, type) => ({
    partials: [
      { prim: 'sum_i64', arg: args[0], type: INT8 },
      { prim: 'count', arg: args[0], type: INT8 },
    ],
    merge: ['sum_i64', 'sum_i64'],
    final: ([sum, count]) => ({ kind: 'arith', type, op: '/', left: sum!, right: count! }),
  }),
};

/** A schema with its own counter of ColIds. */
export class Schema {
  private nextId = 1;
  private readonly tables = new Map<string, TableObject>();
  private readonly specs: Readonly<Record<string, TableSpec>>;
  private readonly slices: number;

  constructor(specs: Readonly<Record<string, TableSpec>>, slices = 4) {
    this.specs = specs;
    this.slices = slices;
    Object.entries(specs).forEach(([name, spec], i) => this.tables.set(name, tableObject(100000 + i, name, spec)));
  }

  id(): ColId {
    return this.nextId++;
  }
  table(name: string): TableObject {
    const found = this.tables.get(name);
    assert(found !== undefined, `no table ${name}`);
    return found;
  }

  /** A scan of some columns (all when none are named); `target` adds the row address. */
  get(
    name: string,
    columns: readonly string[] = [],
    options: { readonly alias?: string; readonly target?: boolean } = {},
  ): Rel {
    const table = this.table(name);
    const alias = options.alias ?? name;
    const used = table.columns.filter((c) => columns.length === 0 || columns.includes(c.name));
    const refs = used.map((c): ColumnRef => ({
      id: this.id(),
      name: c.name,
      type: c.type,
      origin: { tableId: table.oid, attnum: c.attnum, alias },
    }));
    const attnums = used.map((c) => c.attnum);
    if (options.target === true) {
      refs.push({ id: this.id(), name: 'rowid', type: INT8 });
      attnums.push(ROW_ADDRESS_ATTNUM);
    }
    return { kind: 'get', tableId: table.oid, alias, columns: refs, attnums };
  }
  virtual(name: string, columns: readonly string[]): Rel {
    return {
      kind: 'virtual',
      name,
      alias: name,
      args: [],
      columns: columns.map((c) => ({ id: this.id(), name: c, type: INT4 })),
    };
  }
  project(input: Rel, exprs: Readonly<Record<string, BoundExpr>>): Rel {
    const columns = Object.entries(exprs).map(([name, e]) => ({ id: this.id(), name, type: e.type }));
    return { kind: 'project', input, columns, exprs: Object.values(exprs) };
  }
  aggregate(
    input: Rel,
    groups: readonly BoundExpr[],
    calls: readonly (readonly [name: string, arg?: BoundExpr, distinct?: boolean])[],
  ): Rel {
    return {
      kind: 'aggregate',
      input,
      groups: groups.map((expr) => ({ column: { id: this.id(), name: 'g', type: expr.type }, expr })),
      aggregates: calls.map(([name, arg, distinct]): BoundAggregate & { columnName: string } => ({
        id: this.id(),
        type: INT8,
        name,
        args: arg === undefined ? [] : [arg],
        distinct: distinct === true,
        columnName: name,
      })),
    };
  }
  setop(op: 'union' | 'intersect' | 'except', all: boolean, left: Rel, right: Rel): Rel {
    return {
      kind: 'setop',
      op,
      all,
      left,
      right,
      columns: columnsOf(left).map((c) => ({ id: this.id(), name: c.name, type: c.type })),
    };
  }

  optimize(statement: BoundStatement): Plan {
    return atOnce(this.planned(statement));
  }
  planned(statement: BoundStatement): Steps<Plan> {
    const byOid = new Map([...this.tables.values()].map((t) => [t.oid, t]));
    return planned(statement, {
      table: (oid) => byOid.get(oid)!,
      unsortedShareOf: (oid) => this.specs[byOid.get(oid)!.name]!.unsorted ?? 0,
      rowCountOf: (oid) => this.specs[byOid.get(oid)!.name]!.rows,
      sliceBytes: 2 ** 30,
      forcesAlternatives: false,
      topology: { nodes: this.slices / 2, slicesPerNode: 2, sliceCount: this.slices },
      viewSize: () => undefined,
      callsHost: () => false,
      callsSpatial: () => false,
      aggregateFunction: (name) =>
        aggregate({ name, doc: '', signatures: [], examples: [], lower: AGGREGATES[name]! }),
      nextColId: () => this.id(),
    });
  }
  select(rel: Rel): Plan {
    return this.optimize({ kind: 'select', rel, columns: columnsOf(rel) });
  }
}

function tableObject(oid: number, name: string, spec: TableSpec): TableObject {
  const entries = Object.entries(spec.columns);
  const attnumOf = (column: string): number => entries.findIndex(([n]) => n === column) + 1;
  const style = spec.dist === 'even' || spec.dist === 'all' ? spec.dist : 'key';
  return {
    kind: 'table',
    oid,
    name,
    schemaOid: 2200,
    ownerOid: 100,
    createdAtMicros: 0n,
    acl: [],
    temporary: false,
    diststyle: style,
    effectiveDiststyle: style,
    ...(style === 'key' ? { distkey: attnumOf(spec.dist) } : {}),
    sortkey: spec.sortkey === undefined ? [] : [attnumOf(spec.sortkey)],
    sortkeyStyle: spec.sortkey === undefined ? 'none' : 'compound',
    encodeAuto: true,
    backup: true,
    constraints: [],
    columns: entries.map(([column, c], i) => ({
      attnum: i + 1,
      name: column,
      type: c.type ?? INT4,
      notNull: false,
      encoding: 'raw',
      dropped: false,
    })),
    ...(spec.analyzed === false
      ? {}
      : {
          statistics: {
            rowCount: spec.rows,
            analyzedAtMicros: 0n,
            modifiedRows: 0,
            columns: entries.map(([, c], i) => ({
              attnum: i + 1,
              distinctCount: c.distinct ?? spec.rows,
              nullFraction: c.nulls ?? 0,
              averageWidth: c.width ?? 4,
              ...(c.min === undefined ? {} : { min: c.min }),
              ...(c.max === undefined ? {} : { max: c.max }),
            })),
          },
        }),
  };
}

/** The column of a relation by name. */
export function col(rel: Rel, name: string): Extract<BoundExpr, { kind: 'column' }> {
  const found = columnsOf(rel).find((c) => c.name === name);
  assert(found !== undefined, `no column ${name}`);
  return { kind: 'column', id: found.id, type: found.type };
}
export const int = (value: number): BoundExpr => ({ kind: 'const', type: INT4, value });
export const big = (value: number): BoundExpr => ({ kind: 'const', type: INT8, value: BigInt(value) });
export const cmp = (op: CompareOp, left: BoundExpr, right: BoundExpr): BoundExpr => ({
  kind: 'compare',
  type: BOOL,
  op,
  left,
  right,
});
export const eq = (left: BoundExpr, right: BoundExpr): BoundExpr => cmp('=', left, right);
export const and = (...args: readonly BoundExpr[]): BoundExpr => ({ kind: 'and', type: BOOL, args });
export const join = (type: JoinType, left: Rel, right: Rel, on?: BoundExpr): Rel => ({
  kind: 'join',
  type,
  left,
  right,
  on,
});
export const where = (input: Rel, condition: BoundExpr): Rel => ({ kind: 'filter', input, condition });
export const sorted = (input: Rel, expr: BoundExpr): Rel => ({
  kind: 'sort',
  input,
  keys: [{ expr, descending: false, nullsFirst: false }],
});
export const limited = (input: Rel, limit: number, offset?: number): Rel => ({
  kind: 'limit',
  input,
  limit: big(limit),
  offset: offset === undefined ? undefined : big(offset),
});

/** One line per plan node with its distribution, indented: the shape tests compare. */
export function shape(node: PlanNode, depth = 0): readonly string[] {
  const where = node.distribution.kind === 'key' ? `key(${node.distribution.keys.join()})` : node.distribution.kind;
  const inputs = inputsOf(node).flatMap((i) => shape(i, depth + 1));
  return [`${' '.repeat(depth)}${nodeName(node)} @${where}`, ...inputs];
}
function nodeName(node: PlanNode): string {
  switch (node.kind) {
    case 'scan':
      return `scan ${node.tableName}${node.readOnce === true ? ' once' : ''}${node.allOwners === true ? ' owners' : ''}`;
    case 'hash-join':
    case 'merge-join':
    case 'nested-loop':
      return `${node.kind} ${node.joinType} ${node.movement}`;
    case 'exchange':
      return `exchange ${node.mode}${node.keys.length > 0 ? `(${node.keys.length})` : ''}`;
    case 'aggregate':
      return `aggregate ${node.phase} ${node.groups.length}+${node.aggregates.map((a) => a.prim + (a.distinct ? '!' : '')).join()}`;
    default:
      return node.kind;
  }
}
/** All nodes of one kind, outermost first. */
export function nodesOf<K extends PlanNode['kind']>(
  node: PlanNode,
  kind: K,
): readonly Extract<PlanNode, { kind: K }>[] {
  const own = node.kind === kind ? [node as Extract<PlanNode, { kind: K }>] : [];
  return [...own, ...inputsOf(node).flatMap((i) => nodesOf(i, kind))];
}
