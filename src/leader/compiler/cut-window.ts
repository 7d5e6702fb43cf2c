/**
 * A window node cut: the rows go to the window step, sorted by partition and order keys, and the next flow begins with them
 * and the functions' columns. What functions read of a row becomes a column first.
 */
import type { ColId } from '../../common/ids.ts';
import type { BoundExpr, BoundWindow } from '../../expressions/bound.ts';
import { relExprs } from '../../expressions/rel-walk.ts';
import type { SortKey } from '../../expressions/relation.ts';
import { SORT_KEY_ID, type RowField, type RowShape } from '../../steps/spec.ts';
import { sortKeyBytes } from '../../steps/sort/emit.ts';
import { LEVEL_ID, type WindowedCall, type WindowLevel } from '../../steps/window/spec.ts';
import { INT4, varchar } from '../../types/sql-type.ts';
import { layoutTuple } from '../../types/tuple-layout.ts';
import type { PlanNode } from '../plan/plan.ts';
import type { Cutter } from './cut.ts';
import { columnsOfShape, type Flow } from './flow.ts';
import { union } from './needed-columns.ts';

type WindowNode = Extract<PlanNode, { kind: 'window' }>;

export function cutWindow(cutter: Cutter, node: WindowNode, needed: ReadonlySet<ColId>): Flow {
  const calls = node.calls.filter((c) => needed.has(c.id));
  const exprs = relExprs({ kind: 'window', input: NO_ROWS, partition: node.partition, order: node.order, calls });
  const flow = cutter.plan(node.input, union(needed, exprs));
  const arguments_ = new ArgumentColumns(cutter, flow);
  const levels = new Levels(node);
  const windowed = calls.map((c) => windowedCall(c, node, arguments_, levels));
  const kept = node.input.columns.map((c) => c.id).filter((id) => needed.has(id));
  const ids = [...new Set([...kept, ...arguments_.ids])];
  const shape = shapeOf(flow, ids, levels.list);
  const store = cutter.store();
  const table = cutter.transient();
  const segment = cutter.close(flow, {
    kind: 'window',
    store,
    keys: levels.keys,
    levels: levels.list,
    shape,
    label: `window tbl=${table}`,
  });
  const fields = calls.map((c): RowField => ({ id: c.id, type: c.type, nullable: c.kind !== 'position' }));
  const results: RowShape = { fields, layout: layoutTuple(fields) };
  const behind = cutter.fromStore(flow, [segment], store, shape, table, true);
  for (const [id, column] of columnsOfShape(results)) behind.columns.set(id, column);
  return {
    ...behind,
    source: {
      kind: 'windowed',
      store,
      shape,
      levels: levels.list,
      calls: windowed,
      results,
      label: `scan   tbl=${table} name=Internal Worktable`,
    },
  };
}
const NO_ROWS = { kind: 'values', columns: [], rows: [] } as const;

/** The rows' columns, the levels' lengths where they differ, and the key string. */
function shapeOf(flow: Flow, ids: readonly ColId[], levels: readonly WindowLevel[]): RowShape {
  const fields: RowField[] = ids.map((id) => {
    const c = flow.columns.get(id)!;
    return { id, type: c.type, nullable: c.nullable };
  });
  for (const { field } of levels) if (field !== undefined) fields.push({ id: field, type: INT4, nullable: false });
  fields.push({ id: SORT_KEY_ID, type: varchar(65535), nullable: false });
  return { fields, layout: layoutTuple(fields) };
}

/** Columns that hold what functions read. */
class ArgumentColumns {
  readonly ids: ColId[] = [];
  constructor(
    private readonly cutter: Cutter,
    private readonly flow: Flow,
  ) {}
  of(expr: BoundExpr): ColId {
    const id = expr.kind === 'column' ? expr.id : this.made(expr);
    this.ids.push(id);
    return id;
  }
  private made(expr: BoundExpr): ColId {
    const id = this.cutter.context.nextColId();
    this.flow.transforms.push({ kind: 'project', columns: [{ id, expr }] });
    this.flow.columns.set(id, { type: expr.type, nullable: this.cutter.nullable(this.flow, expr) });
    return id;
  }
}

/** Where partitions and peers begin: by how many of the sort keys. */
class Levels {
  readonly keys: readonly SortKey[];
  readonly list: WindowLevel[] = [];
  constructor(node: WindowNode) {
    const partition = node.partition.map((expr): SortKey => ({ expr, descending: false, nullsFirst: false }));
    this.keys = [...partition, ...node.order];
    this.at(partition.length);
  }
  at(keys: number): number {
    const known = this.list.findIndex((l) => l.keys === keys);
    if (known >= 0) return known;
    const isPart = keys > 0 && keys < this.keys.length;
    const bytes = this.keys.slice(0, keys).map(sortKeyBytes);
    return this.list.push({ keys, ...(isPart ? this.lengthOf(bytes) : {}) }) - 1;
  }
  private lengthOf(bytes: readonly (number | undefined)[]): Pick<WindowLevel, 'bytes' | 'field'> {
    const isFixed = bytes.every((b) => b !== undefined);
    return isFixed ? { bytes: bytes.reduce((sum, b) => sum + b, 0) } : { field: LEVEL_ID + this.list.length };
  }
}

function windowedCall(c: BoundWindow, node: WindowNode, columns: ArgumentColumns, levels: Levels): WindowedCall {
  const { id, type, frame } = c;
  switch (c.kind) {
    case 'position':
      return {
        id,
        type,
        kind: 'position',
        position: c.position,
        level: levels.at(node.partition.length + c.orderLength),
      };
    case 'aggregate':
      return { id, type, kind: 'aggregate', prim: c.prim, arg: c.arg && columns.of(c.arg), frame: frame! };
    case 'value':
      return {
        id,
        type,
        kind: 'value',
        place: c.place,
        arg: columns.of(c.arg),
        offset: c.offset && offsetOf(c.offset, columns),
        ignoreNulls: c.ignoreNulls,
        frame,
        nullsFirst: node.order[0]?.nullsFirst === true,
      };
  }
}
/** Values that all rows have in common stay what they are. */
function offsetOf(e: BoundExpr, columns: ArgumentColumns): BoundExpr {
  if (e.kind === 'const' || e.kind === 'param') return e;
  return { kind: 'column', type: e.type, id: columns.of(e) };
}
