/**
 * Subqueries in expressions become joins. EXISTS and IN as conjuncts of a filter are semi and anti joins; everywhere else
 * a subquery is a value: the input is left-joined with (a grouped form of) the subquery and the expression reads a column
 * of it (value-joins.ts). Afterwards no `subquery` and no `outer` node is left; what neither pull-up.ts nor apply.ts can lift
 * is an error for the user.
 */
import { correlatedNotSupported } from '../../common/errors/catalogue.ts';
import { SqlError } from '../../common/errors/sql-error.ts';
import type { BoundExpr } from '../../expressions/bound.ts';
import { columnsOf, type Rel } from '../../expressions/relation.ts';
import { mapInputs, mapOwnExprs, relExprs } from '../../expressions/rel-walk.ts';
import { FALSE, collectColumns, compare, conjunction, conjuncts, mapChildren, not } from '../../expressions/walk.ts';
import { BOOL } from '../../types/sql-type.ts';
import { exactly, type FreshColumns } from './fresh.ts';
import { hasSubquery, isUngrouped, leftJoin, open, openExists, type Subquery } from './opened.ts';
import { idsOf, relHasOuter } from './pull-up.ts';
import { ValueJoins } from './value-joins.ts';

// ---- conjuncts of a filter -----------------------------------------------------------------------------------------

function existsJoin(input: Rel, sub: Subquery, negated: boolean, fresh: FreshColumns): Rel {
  const p = openExists(sub, fresh, (r) => unnest(r, fresh));
  if (isUngrouped(p.rel) || p.single) {
    if (p.post.length === 0) return negated ? { kind: 'filter', input, condition: FALSE } : input;
    const holds: BoundExpr = { kind: 'istest', type: BOOL, arg: conjunction(p.post), test: 'true', negated };
    const joined: Rel = { kind: 'filter', input: leftJoin(input, p.rel, conjunction(p.preds)), condition: holds };
    return exactly(joined, columnsOf(joined), columnsOf(input));
  }
  return { kind: 'join', type: negated ? 'anti' : 'semi', left: input, right: p.rel, on: conjunction(p.preds) };
}

function inJoin(input: Rel, sub: Subquery, negated: boolean, fresh: FreshColumns): Rel {
  const { pulled: p, values } = open(sub, fresh, (r) => unnest(r, fresh));
  const equal = sub.left.map((l, i) => compare('=', l, values[i]!));
  if (p.single) {
    const holds = conjunction([...p.post, ...equal]);
    const condition: BoundExpr = negated
      ? {
          kind: 'or',
          type: BOOL,
          args: [
            not(conjunction(equal)),
            ...p.post.map((x): BoundExpr => ({ kind: 'istest', type: BOOL, arg: x, test: 'true', negated: true })),
          ],
        }
      : holds;
    const joined: Rel = { kind: 'filter', input: leftJoin(input, p.rel, conjunction(p.preds)), condition };
    return exactly(joined, columnsOf(joined), columnsOf(input));
  }
  if (!negated)
    return { kind: 'join', type: 'semi', left: input, right: p.rel, on: conjunction([...equal, ...p.preds]) };
  if (p.preds.length === 0 && equal.length === 1) {
    return { kind: 'join', type: 'anti-null-aware', left: input, right: p.rel, on: equal[0]! };
  }
  // A match that is merely unknown also rules the row out.
  const maybe: BoundExpr = { kind: 'istest', type: BOOL, arg: conjunction(equal), test: 'false', negated: true };
  return { kind: 'join', type: 'anti', left: input, right: p.rel, on: conjunction([...p.preds, maybe]) };
}

/** A conjunct that is a subquery itself, possibly under NOT. */
function asSubquery(e: BoundExpr): { readonly sub: Subquery; readonly negated: boolean } | undefined {
  if (e.kind === 'not') {
    const inner = asSubquery(e.arg);
    return inner === undefined ? undefined : { sub: inner.sub, negated: !inner.negated };
  }
  if (e.kind !== 'subquery' || (e.form !== 'exists' && e.form !== 'in')) return undefined;
  return e.left.some(hasSubquery) ? undefined : { sub: e, negated: e.negated };
}

/** The input joined so that the condition holds; undefined when it must be made a value. */
function conjunctJoin(input: Rel, condition: BoundExpr, fresh: FreshColumns): Rel | undefined {
  const direct = asSubquery(condition);
  if (direct === undefined) return undefined;
  const join = direct.sub.form === 'exists' ? existsJoin : inJoin;
  try {
    return join(input, direct.sub, direct.negated, fresh);
  } catch (error) {
    if (error instanceof SqlError && error.sqlstate === '0A000') return undefined;
    throw error;
  }
}

const valueJoins = (input: Rel, domain: Rel, fresh: FreshColumns): ValueJoins =>
  new ValueJoins(input, domain, fresh, (r) => unnest(r, fresh));

function unnestFilter(rel: Extract<Rel, { kind: 'filter' }>, fresh: FreshColumns): Rel {
  const all = conjuncts(rel.condition);
  const ordinary = all.filter((c) => !hasSubquery(c));
  const domain: Rel =
    ordinary.length === 0 ? rel.input : { kind: 'filter', input: rel.input, condition: conjunction(ordinary) };
  let input = domain;
  const rest: BoundExpr[] = [];
  for (const c of all) {
    if (!hasSubquery(c)) continue;
    const joined = conjunctJoin(input, c, fresh);
    if (joined === undefined) rest.push(c);
    else input = joined;
  }
  if (rest.length === 0) return input;
  const values = valueJoins(input, domain, fresh);
  const condition = conjunction(rest.map((c) => values.replace(c)));
  const out: Rel = { kind: 'filter', input: values.rel, condition };
  return exactly(out, columnsOf(out), columnsOf(rel.input));
}

// ---- the walk ------------------------------------------------------------------------------------------------------

/** Conditions of ON with subqueries: filters above an inner join; in an outer join, values that a side of it brings along. */
function unnestJoin(rel: Extract<Rel, { kind: 'join' }>, fresh: FreshColumns): Rel {
  const all = conjuncts(rel.on);
  if (rel.type === 'inner' || rel.type === 'cross') {
    const plainOn = all.filter((c) => !hasSubquery(c));
    const on = plainOn.length === 0 ? undefined : conjunction(plainOn);
    const join: Rel = { ...rel, type: on === undefined ? 'cross' : 'inner', on };
    return unnestFilter({ kind: 'filter', input: join, condition: conjunction(all.filter(hasSubquery)) }, fresh);
  }
  const left = valueJoins(rel.left, rel.left, fresh);
  const right = valueJoins(rel.right, rel.right, fresh);
  const rightIds = idsOf(rel.right);
  const replace = (e: BoundExpr): BoundExpr => {
    if (e.kind !== 'subquery') return mapChildren(e, replace);
    const used = [...e.left.map((l) => collectColumns(l))].flatMap((ids) => [...ids]);
    const onRight = used.length > 0 && used.every((id) => rightIds.has(id));
    if (relHasOuter(e.rel) || (!onRight && used.some((id) => rightIds.has(id)))) throw correlatedNotSupported();
    return (onRight ? right : left).replace(e);
  };
  const on = conjunction(all.map(replace));
  const out: Rel = { ...rel, left: left.rel, right: right.rel, on };
  return exactly(out, columnsOf(out), columnsOf(rel));
}

export function unnest(rel: Rel, fresh: FreshColumns): Rel {
  const r = mapInputs(rel, (x) => unnest(x, fresh));
  if (!relExprs(r).some(hasSubquery)) return r;
  switch (r.kind) {
    case 'filter':
      return unnestFilter(r, fresh);
    case 'join':
      return unnestJoin(r, fresh);
    case 'project':
    case 'aggregate':
    case 'window':
    case 'expand':
    case 'sort': {
      const values = valueJoins(r.input, r.input, fresh);
      const replaced = mapOwnExprs(r, (e) => values.replace(e)) as typeof r;
      const out: Rel = { ...replaced, input: values.rel };
      return r.kind === 'sort' ? exactly(out, columnsOf(out), columnsOf(r.input)) : out;
    }
    default:
      throw correlatedNotSupported();
  }
}
