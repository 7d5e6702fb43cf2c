/**
 * Walking and rebuilding relations: inputs, the expressions of one node, and whole trees including the relations inside
 * subquery expressions. Used by analyser, rewriter and optimizer.
 */
import { assert } from '../common/assert.ts';
import type { BoundExpr, BoundWindow } from './bound.ts';
import type { Rel } from './relation.ts';
import { children, someExpr } from './walk.ts';

export function relInputs(rel: Rel): readonly Rel[] {
  switch (rel.kind) {
    case 'get':
    case 'virtual':
    case 'values':
    case 'working':
      return [];
    case 'join':
    case 'setop':
      return [rel.left, rel.right];
    case 'recursive':
      return [rel.seed, rel.step];
    default:
      return [rel.input];
  }
}

/** Whether rows of a user table are read. */
export const readsTable = (rel: Rel): boolean => rel.kind === 'get' || relInputs(rel).some(readsTable);

export function withInputs(rel: Rel, inputs: readonly Rel[]): Rel {
  switch (rel.kind) {
    case 'get':
    case 'virtual':
    case 'values':
    case 'working':
      return rel;
    case 'join':
    case 'setop':
      return inputs[0] === rel.left && inputs[1] === rel.right
        ? rel
        : { ...rel, left: inputs[0]!, right: inputs[1]! };
    case 'recursive':
      return inputs[0] === rel.seed && inputs[1] === rel.step ? rel : { ...rel, seed: inputs[0]!, step: inputs[1]! };
    default:
      return inputs[0] === rel.input ? rel : { ...rel, input: inputs[0]! };
  }
}

/** What a window function's part reads of a row. */
function windowExprs(c: BoundWindow): readonly BoundExpr[] {
  if (c.kind === 'position') return [];
  const read = c.kind === 'value' ? [c.arg, c.offset] : [c.arg];
  return read.filter((e) => e !== undefined);
}
function mapWindow(c: BoundWindow, f: (e: BoundExpr) => BoundExpr): BoundWindow {
  if (c.kind === 'position') return c;
  if (c.kind === 'aggregate') return { ...c, arg: c.arg && f(c.arg) };
  return { ...c, arg: f(c.arg), ...(c.offset === undefined ? {} : { offset: f(c.offset) }) };
}

/** Whether any expression of the relation, subqueries included, calls a volatile function. */
export const relIsVolatile = (rel: Rel): boolean =>
  relExprs(rel).some((e) =>
    someExpr(
      e,
      (x) => (x.kind === 'call' && x.site !== undefined) || (x.kind === 'subquery' && relIsVolatile(x.rel)),
    ),
  ) || relInputs(rel).some(relIsVolatile);

export const mapInputs = (rel: Rel, f: (r: Rel) => Rel): Rel => {
  const inputs = relInputs(rel);
  return inputs.length === 0 ? rel : withInputs(rel, inputs.map(f));
};

/** The expressions of this node alone. */
export function relExprs(rel: Rel): readonly BoundExpr[] {
  switch (rel.kind) {
    case 'virtual':
      return rel.args;
    case 'values':
      return rel.rows.flat();
    case 'filter':
      return [rel.condition];
    case 'project':
      return rel.exprs;
    case 'unnest':
      return rel.on === undefined ? [rel.count] : [rel.count, rel.on];
    case 'join':
      return rel.on === undefined ? [] : [rel.on];
    case 'aggregate':
      return [...rel.groups.map((g) => g.expr), ...rel.aggregates.flatMap((a) => a.args)];
    case 'window':
      return [...rel.partition, ...rel.order.map((k) => k.expr), ...rel.calls.flatMap(windowExprs)];
    case 'expand':
    case 'sort':
      return rel.keys.map((k) => k.expr);
    case 'limit':
      return [rel.limit, rel.offset].filter((e): e is BoundExpr => e !== undefined);
    default:
      return [];
  }
}

/** Rebuilds the expressions of this node alone. */
export function mapOwnExprs(rel: Rel, f: (e: BoundExpr) => BoundExpr): Rel {
  switch (rel.kind) {
    case 'virtual':
      return rel.args.length === 0 ? rel : { ...rel, args: rel.args.map(f) };
    case 'values':
      return { ...rel, rows: rel.rows.map((r) => r.map(f)) };
    case 'filter':
      return { ...rel, condition: f(rel.condition) };
    case 'project':
      return { ...rel, exprs: rel.exprs.map(f) };
    case 'unnest':
      return { ...rel, count: f(rel.count), ...(rel.on === undefined ? {} : { on: f(rel.on) }) };
    case 'join':
      return rel.on === undefined ? rel : { ...rel, on: f(rel.on) };
    case 'aggregate':
      return {
        ...rel,
        groups: rel.groups.map((g) => ({ ...g, expr: f(g.expr) })),
        aggregates: rel.aggregates.map((a) => ({ ...a, args: a.args.map(f) })),
      };
    case 'window':
      return {
        ...rel,
        partition: rel.partition.map(f),
        order: rel.order.map((k) => ({ ...k, expr: f(k.expr) })),
        calls: rel.calls.map((c) => mapWindow(c, f)),
      };
    case 'expand':
      return { ...rel, keys: rel.keys.map((k) => ({ ...k, expr: f(k.expr) })) };
    case 'sort':
      return { ...rel, keys: rel.keys.map((k) => ({ ...k, expr: f(k.expr) })) };
    case 'limit':
      return {
        ...rel,
        limit: rel.limit === undefined ? undefined : f(rel.limit),
        offset: rel.offset === undefined ? undefined : f(rel.offset),
      };
    default:
      return rel;
  }
}

/** Rebuilds every expression of the tree (relations inside subquery nodes are f's business). */
export const mapRelExprs = (rel: Rel, f: (e: BoundExpr) => BoundExpr): Rel =>
  mapOwnExprs(
    mapInputs(rel, (r) => mapRelExprs(r, f)),
    f,
  );

/** Visits every expression node of the tree, entering subqueries; `depth` counts the subqueries entered. */
export function visitRel(rel: Rel, visit: (e: BoundExpr, depth: number) => void, depth = 0): void {
  const walk = (e: BoundExpr): void => {
    visit(e, depth);
    if (e.kind === 'subquery') visitRel(e.rel, visit, depth + 1);
    for (const c of children(e)) walk(c);
  };
  for (const e of relExprs(rel)) walk(e);
  for (const input of relInputs(rel)) visitRel(input, visit, depth);
}

/** Largest ColId of the tree. */
export function maxColId(rel: Rel): number {
  let max = 0;
  const take = (id: number): void => {
    if (id > max) max = id;
  };
  const walk = (r: Rel): void => {
    if ('columns' in r) for (const c of r.columns) take(c.id);
    if (r.kind === 'unnest') take(r.ordinal.id);
    if (r.kind === 'recursive') take(r.recursion);
    if (r.kind === 'expand') [r.number, ...r.keys.map((k) => k.column)].forEach((c) => take(c.id));
    if (r.kind === 'aggregate') {
      for (const g of r.groups) take(g.column.id);
      for (const a of r.aggregates) take(a.id);
    }
    if (r.kind === 'window') for (const c of r.calls) take(c.id);
    for (const input of relInputs(r)) walk(input);
    for (const e of relExprs(r)) inner(e);
  };
  const inner = (e: BoundExpr): void => {
    if (e.kind === 'subquery') walk(e.rel);
    for (const c of children(e)) inner(c);
  };
  walk(rel);
  assert(Number.isSafeInteger(max), 'column ids are numbers');
  return max;
}
