/**
 * Window functions: a call with OVER binds to a column of a window relation, which stands above the aggregation and HAVING.
 * Calls with the same PARTITION BY and with ORDER BY lists of which one begins the other share a relation, and so its sort.
 */
import {
  featureNotSupported,
  frameRequired,
  functionNotSupported,
  nestedWindow,
  undefinedFunction,
  noWindowFunction,
  windowDefinition,
  windowInAggregate,
  windowNotAllowed,
} from '../../common/errors/catalogue.ts';
import type { ColId } from '../../common/ids.ts';
import { WINDOW_ROWS_MAX } from '../../common/limits.ts';
import type { BoundExpr, BoundWindow, FrameBound, WindowFrame } from '../../expressions/bound.ts';
import type { Rel, SortKey } from '../../expressions/relation.ts';
import { compare, exprKey } from '../../expressions/walk.ts';
import type {
  AggregateFunction,
  PrimitiveAggregate,
  TypedWindowPart,
  WindowFunction,
  WindowPlace,
} from '../../functions/define.ts';
import { isRedshiftFunction, refusalOf } from '../../functions/redshift-names.ts';
import { superOperand } from '../../functions/super-calls.ts';
import { INT8, type SqlType } from '../../types/sql-type.ts';
import type { Expr, OrderItem } from '../parser/ast.ts';
import { resolveAggregate, resolveCall } from './calls.ts';
import { settle } from './coerce.ts';
import { at } from './context.ts';
import type { ExprContext } from './expression.ts';
import { isSuper } from './super.ts';
import { requireOrder, shownType } from './type-rules.ts';
import { checkConstants, groupOrder, toResolve, withOrder } from './within-group.ts';

type Call = Extract<Expr, { kind: 'call' }>;
type OverFunction = AggregateFunction | WindowFunction;

/** One call as it was written, its arguments over the rows of FROM and the aggregates. */
export interface WindowCall {
  readonly id: ColId;
  readonly type: SqlType;
  readonly f: OverFunction;
  readonly args: readonly BoundExpr[];
  readonly distinct: boolean;
  readonly ignoreNulls: boolean;
  readonly frame: WindowFrame | undefined;
  readonly partition: readonly BoundExpr[];
  /** Of OVER, or of WITHIN GROUP: who has the one has not the other. */
  readonly order: readonly SortKey[];
  /** Of the call in the text, from 1. */
  readonly position: number;
}
/** Collects the window calls of one query level; equal calls share one column. */
export interface WindowCollector {
  readonly byKey: Map<string, WindowCall>;
}
type Bind = (e: Expr, c: ExprContext) => BoundExpr;

/** NULL is the highest value unless the item says otherwise. */
export const sortKey = (expr: BoundExpr, item: OrderItem): SortKey => ({
  expr,
  descending: item.descending,
  nullsFirst: item.nulls === undefined ? item.descending : item.nulls === 'first',
});

function functionOf(e: Call, c: ExprContext): OverFunction {
  const { name, schema } = e.name;
  const visible = schema === undefined || schema === 'pg_catalog';
  const found = visible ? c.env.state.context.functions.lookup(name) : undefined;
  if (found?.kind === 'window' || (found?.kind === 'aggregate' && found.internal !== true)) return found;
  if (found === undefined && visible && isRedshiftFunction(name))
    throw functionNotSupported(name, refusalOf(name), at(e));
  if (found !== undefined) throw noWindowFunction(name, at(e));
  throw undefinedFunction(`${schema === undefined ? name : `${schema}.${name}`}()`, at(e));
}

function checkPlace(e: Call, c: ExprContext): WindowCollector {
  if (c.insideAggregate === true) throw windowInAggregate(at(e));
  if (c.insideWindow === true) throw nestedWindow(at(e));
  if (c.windows === undefined) throw windowNotAllowed(c.clause, at(e));
  return c.windows;
}

/** What the function does not take. */
function checkClauses(e: Call, f: OverFunction): void {
  const { over } = e;
  const ownOrder = f.kind === 'aggregate' ? f.withinGroup : undefined;
  if (e.distinct && ownOrder !== 'optional')
    throw featureNotSupported('DISTINCT is not supported in window functions', at(e));
  if (ownOrder === undefined && (e.withinGroup || e.orderBy.length > 0))
    throw featureNotSupported(`${f.name} with an ORDER BY of its input is not supported`, at(e));
  if (e.approximate === true) throw featureNotSupported('APPROXIMATE is not supported in window functions', at(e));
  if (e.ignoreNulls === true && (f.kind !== 'window' || !f.takesNulls))
    throw featureNotSupported(`IGNORE NULLS is not for ${f.name}`, at(e));
  const isOrdered = over!.orderBy.length > 0;
  if (isOrdered && ownOrder !== undefined)
    throw windowDefinition(`an ORDER BY clause is not allowed for window function ${f.name}`, at(e));
  const takesFrame = f.kind === 'aggregate' ? ownOrder === undefined : f.takesFrame;
  if (over!.frame !== undefined && !takesFrame)
    throw windowDefinition(`a frame clause is not allowed for window function ${f.name}`, at(e));
  if (isOrdered && takesFrame && over!.frame === undefined) throw frameRequired(at(e));
  if (f.kind !== 'window') return;
  if (f.order === 'required' && !isOrdered)
    throw windowDefinition(`window function ${f.name} requires an ORDER BY clause`, at(e));
  if (f.order === 'refused' && isOrdered)
    throw windowDefinition(`an ORDER BY clause is not allowed for window function ${f.name}`, at(e));
}

/** The same for all rows. */
const isFixed = (e: BoundExpr): boolean =>
  e.kind === 'const' || e.kind === 'param' || (e.kind === 'cast' && isFixed(e.arg));

/** Aggregates whose states the window step keeps. */
const KEPT: ReadonlySet<PrimitiveAggregate> = new Set([
  'count_star',
  'count',
  'sum_i64',
  'sum_i128',
  'sum_f64',
  'min',
  'max',
  'any',
  'bool_and',
  'bool_or',
  'bit_and',
  'bit_or',
  'moments',
]);
/** Whether its states can be kept over a frame; texts are appended to over a whole partition only. */
function isKept(f: AggregateFunction, args: readonly BoundExpr[], type: SqlType): boolean {
  if (f.lowerWindow !== undefined) return true;
  const whole = f.withinGroup !== undefined;
  return f.lower(args, type).partials.every((p) => KEPT.has(p.prim) || (whole && p.prim === 'concat'));
}
/** WITHIN GROUP's order, or that of the function itself. */
function ownOrderOf({ args, order = [] }: ReturnType<typeof withOrder>): readonly SortKey[] {
  return order.map((direction, i) => ({ ...direction, expr: args[args.length - order.length + i]! }));
}

export function bindWindow(e: Call, c: ExprContext, bind: Bind): BoundExpr {
  const collector = checkPlace(e, c);
  const { state } = c.env;
  const f = functionOf(e, c);
  checkClauses(e, f);
  if (f.kind === 'aggregate' && f.runsOn === 'compute') state.usage.needsComputeNode = true;
  const inside: ExprContext = { ...c, insideWindow: true };
  const within =
    f.kind === 'aggregate' ? groupOrder(state, f, e, ({ expr }) => bind(expr, inside), at(e)) : undefined;
  const plain = e.args.map((a) => bind(a, inside));
  const bound = f.kind === 'aggregate' ? plain.map((a) => (isSuper(a) ? superOperand(a) : a)) : plain;
  if (f.kind === 'window' && e.star)
    throw undefinedFunction(`${f.name}(${bound.map((a) => shownType(a.type)).join(', ')})`, at(e));
  const { args, type } =
    f.kind === 'aggregate'
      ? resolveAggregate(state, f, e, toResolve(f, bound, within), at(e))
      : resolveCall(state, f.name, f.signatures, bound, at(e));
  checkConstants(f.name, args, at(e));
  if (f.kind === 'aggregate' && !isKept(f, args, type))
    throw featureNotSupported(`${f.name} is not supported as a window function`, at(e));
  if (f.kind === 'aggregate' && type.name === 'super')
    throw featureNotSupported(`${f.name} of a SUPER value is not supported as a window function`, at(e));
  const offset = args[1];
  if (e.ignoreNulls === true && offset !== undefined && !isFixed(offset))
    throw featureNotSupported(
      `${f.name} with IGNORE NULLS and an offset that is no constant is not supported`,
      at(e),
    );
  const over = e.over!;
  const partition = over.partitionBy.map((p) => settle(state, bind(p, inside)));
  const order =
    f.kind === 'aggregate' && f.withinGroup !== undefined
      ? ownOrderOf(withOrder(f, args, within))
      : over.orderBy.map((o) => sortKey(settle(state, bind(o.expr, inside)), o));
  const listed = e.distinct ? args.slice(0, 1) : [];
  for (const { type: keyType } of [...partition, ...order.map((k) => k.expr), ...listed])
    requireOrder(keyType, at(e));
  if (listed.some(isSuper))
    throw featureNotSupported('DISTINCT SUPER values in a window function are not supported', at(e));
  const frame = over.frame === undefined ? undefined : parseFrame(over.frame, at(e));
  const ignoreNulls = e.ignoreNulls === true;
  const key = exprKey([f.name, e.distinct, args, ignoreNulls, frame, partition, order]);
  let found = collector.byKey.get(key);
  if (found === undefined) {
    const id = state.context.nextColId();
    found = { id, type, f, args, distinct: e.distinct, ignoreNulls, frame, partition, order, position: at(e) };
    collector.byKey.set(key, found);
  }
  return { kind: 'column', type, id: found.id };
}

// ---------------------------------------------------------------------------------------------------------- frames

function parseBound(text: string): FrameBound {
  if (text === 'current row') return { kind: 'current' };
  const [rows, direction] = text.split(' ');
  if (rows === 'unbounded') return { kind: 'unbounded' };
  // More than a partition can have is as good as all.
  const value: BoundExpr = { kind: 'const', type: INT8, value: BigInt(Math.min(Number(rows), WINDOW_ROWS_MAX)) };
  return { kind: direction === 'preceding' ? 'preceding' : 'following', rows: value };
}
/** Rows behind the current one. */
function distance(b: FrameBound, unbounded: number): number {
  if (b.kind === 'unbounded') return unbounded;
  if (!('rows' in b)) return 0;
  const rows = b.rows.kind === 'const' ? Number(b.rows.value) : 0;
  return b.kind === 'preceding' ? -rows : rows;
}
/** `rows between A and B`, as the parser writes it. */
function parseFrame(text: string, position: number): WindowFrame {
  const [start, end] = text.replace('rows between ', '').split(' and ');
  const frame = { start: parseBound(start!), end: parseBound(end!) };
  if (distance(frame.start, -Infinity) > distance(frame.end, Infinity))
    throw windowDefinition('a frame must not end before it starts', position);
  return frame;
}
const WHOLE: WindowFrame = { start: { kind: 'unbounded' }, end: { kind: 'unbounded' } };

// ------------------------------------------------------------------------------------------------------- relations

/** Calls that one sort serves. */
interface Shared {
  readonly key: string;
  readonly partition: readonly BoundExpr[];
  readonly order: readonly SortKey[];
  readonly calls: BoundWindow[];
}
const partitionKey = (partition: readonly BoundExpr[]): string => [...new Set(partition.map(exprKey))].sort().join();

/** Groups the calls; those with longer orders go first, so that shorter ones find them. */
function share(calls: readonly WindowCall[]): { shared: Shared; call: WindowCall }[] {
  const all: Shared[] = [];
  const byLength = calls.toSorted((a, b) => b.order.length - a.order.length);
  return byLength.map((call) => {
    const key = partitionKey(call.partition);
    const begins = (s: Shared): boolean => call.order.every((k, i) => exprKey(k) === exprKey(s.order[i]!));
    let shared = all.find((s) => s.key === key && begins(s));
    if (shared === undefined) {
      shared = { key, partition: call.partition, order: call.order, calls: [] };
      all.push(shared);
    }
    return { shared, call };
  });
}

function partsOf(call: WindowCall): {
  readonly parts: readonly TypedWindowPart[];
  readonly final: (parts: readonly BoundExpr[]) => BoundExpr;
} {
  if (call.f.kind === 'window') return call.f.lower(call.args, call.ignoreNulls);
  if (call.f.lowerWindow !== undefined) return call.f.lowerWindow(call.args, call.type);
  const { partials, final } = call.f.lower(call.args, call.type);
  return { parts: partials.map((p) => ({ ...p, kind: 'aggregate' as const })), final };
}

const FRAME_PLACES: ReadonlySet<WindowPlace> = new Set(['first', 'last', 'nth']);
const looksAtFrame = (part: TypedWindowPart): boolean =>
  part.kind === 'aggregate' || (part.kind === 'value' && FRAME_PLACES.has(part.place));

/** DISTINCT: a value counts where it comes first in the order; a window over the partition and the value numbers its rows. */
function withFirsts(
  input: Rel,
  calls: readonly WindowCall[],
  nextColId: () => ColId,
): { readonly input: Rel; readonly calls: readonly WindowCall[] } {
  let rel = input;
  const counted = calls.map((call): WindowCall => {
    if (!call.distinct) return call;
    const [value, ...others] = call.args as readonly [BoundExpr, ...BoundExpr[]];
    const id = nextColId();
    const { partition, order } = call;
    const number: BoundWindow = {
      id,
      columnName: call.f.name,
      type: INT8,
      orderLength: order.length,
      kind: 'position',
      position: 'row_number',
    };
    rel = { kind: 'window', input: rel, partition: [...partition, value], order, calls: [number] };
    const isFirst = compare('=', { kind: 'column', type: INT8, id }, { kind: 'const', type: INT8, value: 1n });
    const { type } = value;
    const whens = [{ when: isFirst, then: value }];
    const arg: BoundExpr = { kind: 'case', type, whens, otherwise: { kind: 'const', type, value: null } };
    return { ...call, distinct: false, args: [arg, ...others] };
  });
  return { input: rel, calls: counted };
}

/** The input with the calls' columns, and each call's value over them. Partitions that are alike stand next to each other. */
export function windowsOver(
  input: Rel,
  calls: readonly WindowCall[],
  nextColId: () => ColId,
): { readonly rel: Rel; readonly values: ReadonlyMap<ColId, BoundExpr> } {
  const values = new Map<ColId, BoundExpr>();
  const distinct = withFirsts(input, calls, nextColId);
  const list = share(distinct.calls);
  for (const { shared, call } of list) {
    const { parts, final } = partsOf(call);
    const columns = parts.map((part): BoundExpr => {
      const bound = {
        ...part,
        columnName: call.f.name,
        orderLength: call.order.length,
        ...(looksAtFrame(part) ? { frame: call.frame ?? WHOLE } : {}),
      };
      const key = exprKey({ ...bound, columnName: '' });
      let known = shared.calls.find(({ id: _, ...c }) => exprKey({ ...c, columnName: '' }) === key);
      if (known === undefined) {
        known = { ...bound, id: nextColId() };
        shared.calls.push(known);
      }
      return { kind: 'column', type: part.type, id: known.id };
    });
    values.set(call.id, final(columns));
  }
  const shared = [...new Set(list.map((l) => l.shared))].toSorted((a, b) =>
    a.key < b.key ? -1 : a.key > b.key ? 1 : 0,
  );
  let rel = distinct.input;
  for (const { partition, order, calls: own } of shared)
    rel = { kind: 'window', input: rel, partition, order, calls: own };
  return { rel, values };
}
