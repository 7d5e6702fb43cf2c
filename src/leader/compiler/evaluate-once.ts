/**
 * Volatile calls of a segment, each made once per row. An expression is compiled where it is used, maybe more than once:
 * a projected column is read by a filter, a join and a sort key, an average reads its argument twice. Before a segment is
 * closed every volatile call in it is therefore taken out into an `evaluate` step in front of its first use and becomes a
 * column; calls of one site share it. Called by the cutter.
 *
 * Exceptions: calls of host functions (they may have effects, and CASE must be able to pass them by) are kept inside
 * their expression, which is evaluated once as a whole; a join's own condition is evaluated for every pair of rows.
 */
import { featureNotSupported } from '../../common/errors/catalogue.ts';
import type { ColId } from '../../common/ids.ts';
import { PINNED_SITE, type BoundExpr } from '../../expressions/bound.ts';
import { callsVolatile, conjuncts, isVolatile, mapChildren, someExpr } from '../../expressions/walk.ts';
import type { ScalarFunction } from '../../functions/define.ts';
import { ROW_ADDRESS_ATTNUM } from '../../expressions/relation.ts';
import type { SinkSpec, TransformSpec } from '../../steps/spec.ts';
import { INT4, type SqlType } from '../../types/sql-type.ts';
import type { Column, Flow } from './flow.ts';

type Call = Extract<BoundExpr, { kind: 'call' }>;
interface Surroundings {
  readonly context: { functionOf(name: string): ScalarFunction | undefined; nextColId(): ColId };
  nullable(flow: { readonly columns: Map<ColId, Column> }, e: BoundExpr): boolean;
}

class Once {
  readonly transforms: TransformSpec[] = [];
  private readonly known = new Map<number, BoundExpr>();
  private pending: { id: ColId; expr: BoundExpr; nullable: boolean }[] = [];

  constructor(
    private readonly flow: Flow,
    private readonly around: Surroundings,
  ) {}

  /** The expression with its calls as columns, which `flush` will have evaluated. */
  take(e: BoundExpr): BoundExpr {
    if (!isVolatile(e)) return e;
    const inner = mapChildren(e, (c) => this.take(c));
    if (inner.kind !== 'call' || !this.isOfRow(inner)) return inner;
    const column = this.known.get(inner.site!) ?? this.add(this.around.context.nextColId(), inner);
    this.known.set(inner.site!, column);
    return column;
  }
  private isOfRow(call: Call): boolean {
    if (call.site === undefined || call.site === PINNED_SITE || call.args.some(isVolatile)) return false;
    const f = this.around.context.functionOf(call.name);
    return f !== undefined && f.host === undefined;
  }
  add(id: ColId, expr: BoundExpr): BoundExpr {
    const nullable = this.around.nullable(this.flow, expr);
    this.pending.push({ id, expr, nullable });
    this.flow.columns.set(id, { type: expr.type, nullable });
    return { kind: 'column', type: expr.type, id };
  }
  flush(): void {
    if (this.pending.length === 0) return;
    this.transforms.push({ kind: 'evaluate', columns: this.pending, content: this.content() });
    this.pending = [];
  }
  /**
   * The row's values, when each node evaluates for its own copy of the rows of an UPDATE or DELETE: the target's, those of
   * the rows joined to it, what was drawn before, and the number of this evaluation, so that no two draw alike.
   */
  private content(): readonly BoundExpr[] | undefined {
    const { source } = this.flow;
    if (source.kind !== 'scan' || source.read !== 'owners') return undefined;
    const other = this.pending.find((p) =>
      someExpr(p.expr, (x) => x.kind === 'call' && x.site !== undefined && x.name !== 'random'),
    );
    if (other !== undefined)
      throw featureNotSupported(
        'UPDATE and DELETE of a table of DISTSTYLE ALL by volatile functions other than random() are not supported',
      );
    const column = (c: { readonly id: ColId; readonly type: SqlType }): BoundExpr => ({
      kind: 'column',
      type: c.type,
      id: c.id,
    });
    const own = source.columns.filter((c) => c.attnum !== ROW_ADDRESS_ATTNUM).map(column);
    const number = this.transforms.filter((t) => t.kind === 'evaluate').length;
    const joined = this.transforms.flatMap((t) => {
      if (t.kind === 'evaluate') return t.columns.map((c) => column({ id: c.id, type: c.expr.type }));
      if (t.kind !== 'hjoin' && t.kind !== 'nloop') return [];
      return /^(semi|anti)/.test(t.joinType) ? [] : t.shape.fields.map(column);
    });
    return [{ kind: 'const', type: INT4, value: number }, ...own, ...joined];
  }

  transform(t: TransformSpec): void {
    if (t.kind === 'filter') return this.filter(t.conditions);
    if (t.kind !== 'project') {
      this.transforms.push(t);
      return;
    }
    const columns = t.columns.map((c) => ({ id: c.id, expr: this.take(c.expr) }));
    this.flush();
    const plain = columns.filter((c) => !isVolatile(c.expr));
    if (plain.length > 0) this.transforms.push({ ...t, columns: plain });
    for (const c of columns) if (isVolatile(c.expr)) this.add(c.id, c.expr);
    this.flush();
  }
  private filter(conditions: readonly BoundExpr[]): void {
    const parts = conditions.flatMap((c) => conjuncts(c));
    const push = (list: readonly BoundExpr[]): void => {
      if (list.length > 0) this.transforms.push({ kind: 'filter', conditions: list });
    };
    push(parts.filter((p) => !isVolatile(p)));
    const kept = parts.filter(isVolatile).map((p) => this.take(p));
    this.flush();
    push(kept);
  }
  sink(sink: SinkSpec): SinkSpec {
    const visit = (value: unknown): unknown => {
      if (value === null || typeof value !== 'object') return value;
      if (Array.isArray(value)) return value.map(visit);
      const node = value as Record<string, unknown>;
      if ('kind' in node && 'type' in node) return this.take(node as unknown as BoundExpr);
      return Object.fromEntries(Object.entries(node).map(([k, v]) => [k, EXPRESSIONS.has(k) ? visit(v) : v]));
    };
    const out = visit(sink) as SinkSpec;
    this.flush();
    return out;
  }
}
/** Fields of sinks that hold expressions, or lists of what holds them. */
const EXPRESSIONS: ReadonlySet<string> = new Set(['keys', 'groups', 'aggregates', 'columns', 'expr', 'arg']);

export function evaluateOnce(
  flow: Flow,
  sink: SinkSpec,
  around: Surroundings,
): { readonly transforms: readonly TransformSpec[]; readonly sink: SinkSpec } {
  const { transforms } = flow;
  if (!callsVolatile(transforms) && !callsVolatile(sink)) return { transforms, sink };
  const once = new Once(flow, around);
  for (const t of transforms) once.transform(t);
  const out = once.sink(sink);
  return { transforms: once.transforms, sink: out };
}
