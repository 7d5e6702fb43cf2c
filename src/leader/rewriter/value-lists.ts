/**
 * Long chains of equalities become IN lists, whose items are data: x = a OR x = b OR ... and x <> a AND x <> b AND ...
 * mean the same as x IN (a, b, ...) and x NOT IN (a, b, ...), NULLs included. Short chains stay as they were written.
 */
import { LIST_ITEMS_MIN } from '../../common/limits.ts';
import type { BoundExpr } from '../../expressions/bound.ts';
import type { Rel } from '../../expressions/relation.ts';
import { mapInputs, mapOwnExprs } from '../../expressions/rel-walk.ts';
import { exprKey, isVolatile, mapChildren } from '../../expressions/walk.ts';
import { BOOL, isInteger, isString, type SqlType } from '../../types/sql-type.ts';
import { listForm } from '../../types/value-list.ts';

type Logic = Extract<BoundExpr, { kind: 'and' | 'or' }>;
interface Equality {
  readonly arg: BoundExpr;
  readonly item: BoundExpr;
}
interface Chain {
  readonly arg: BoundExpr;
  readonly items: BoundExpr[];
  /** Where they stood among the arguments. */
  readonly places: number[];
}

const isValue = (e: BoundExpr): boolean => e.kind === 'const' || e.kind === 'param';
const oneType = (a: SqlType, b: SqlType): boolean =>
  (isString(a) && isString(b)) || (isInteger(a) && isInteger(b)) || (a.name === b.name && a.scale === b.scale);

function equality(e: BoundExpr, op: '=' | '<>'): Equality | undefined {
  if (e.kind !== 'compare' || e.op !== op || isValue(e.left) === isValue(e.right)) return undefined;
  const [arg, item] = isValue(e.right) ? [e.left, e.right] : [e.right, e.left];
  const fits = oneType(arg.type, item.type) && listForm(arg.type) !== undefined && !isVolatile(arg);
  return fits ? { arg, item } : undefined;
}

function shorten(e: Logic): BoundExpr {
  const negated = e.kind === 'and';
  const chains = new Map<string, Chain>();
  for (const [place, arg] of e.args.entries()) {
    const found = equality(arg, negated ? '<>' : '=');
    if (found === undefined) continue;
    const key = exprKey(found.arg);
    const chain = chains.get(key) ?? { arg: found.arg, items: [], places: [] };
    chains.set(key, chain);
    chain.items.push(found.item);
    chain.places.push(place);
  }
  const args: (BoundExpr | undefined)[] = [...e.args];
  for (const { arg, items, places } of chains.values()) {
    if (items.length < LIST_ITEMS_MIN) continue;
    for (const place of places) args[place] = undefined;
    args[places[0]!] = { kind: 'inlist', type: BOOL, arg, items, negated };
  }
  const kept = args.filter((a) => a !== undefined);
  return kept.length === 1 ? kept[0]! : { ...e, args: kept };
}

function visit(e: BoundExpr): BoundExpr {
  const inner = mapChildren(e, visit);
  return (inner.kind === 'and' || inner.kind === 'or') && inner.args.length >= LIST_ITEMS_MIN
    ? shorten(inner)
    : inner;
}

export const valueLists = (rel: Rel): Rel => mapInputs(mapOwnExprs(rel, visit), valueLists);
