/**
 * Subqueries in expressions become joins. EXISTS and IN as conjuncts of a filter are semi and anti joins; everywhere else
 * a subquery is a value: the input is left-joined with (a grouped form of) the subquery and the expression reads a column
 * of it. Afterwards no `subquery` and no `outer` node is left; what pull-up.ts refuses is an error for the user.
 */
import { correlatedNotSupported } from '../../common/errors/catalogue.ts';
import { SqlError } from '../../common/errors/sql-error.ts';
import { PINNED_SITE, type BoundAggregate, type BoundExpr } from '../../expressions/bound.ts';
import { columnsOf, type ColumnRef, type Rel } from '../../expressions/relation.ts';
import { mapInputs, mapOwnExprs, relExprs } from '../../expressions/rel-walk.ts';
import {
  FALSE,
  TRUE,
  collectColumns,
  compare,
  conjunction,
  conjuncts,
  isNull,
  mapChildren,
  not,
  someExpr,
} from '../../expressions/walk.ts';
import { BOOL, INT8 } from '../../types/sql-type.ts';
import { applyTo, renumberRel } from './apply.ts';
import { colExpr, exactly, type FreshColumns } from './fresh.ts';
import { hasOuter, idsOf, lower, pullUp, splitEquality, type Pulled } from './pull-up.ts';

type Subquery = Extract<BoundExpr, { kind: 'subquery' }>;
type NamedAggregate = BoundAggregate & { readonly columnName: string };

const hasSubquery = (e: BoundExpr): boolean => someExpr(e, (x) => x.kind === 'subquery');
const int8 = (value: bigint): BoundExpr => ({ kind: 'const', type: INT8, value });

/** Order and duplicates do not matter to EXISTS and IN; nor does a LIMIT above zero to EXISTS. */
function strip(rel: Rel, exists: boolean): Rel {
  if (rel.kind === 'sort' || rel.kind === 'distinct' || rel.kind === 'subquery') return strip(rel.input, exists);
  if (!exists) return rel;
  if (rel.kind === 'project') return strip(rel.input, exists);
  if (
    rel.kind === 'limit' &&
    rel.offset === undefined &&
    rel.limit?.kind === 'const' &&
    (rel.limit.value as bigint) > 0n
  ) {
    return strip(rel.input, exists);
  }
  return rel;
}

/** The subquery as a pulled-up relation, its own subqueries already unnested. */
function open(
  sub: Subquery,
  fresh: FreshColumns,
): { readonly pulled: Pulled; readonly values: readonly BoundExpr[] } {
  const inner = unnest(sub.rel, fresh);
  const columns = columnsOf(inner);
  const pulled = pullUp(sub.form === 'in' ? strip(inner, false) : inner, fresh);
  return { pulled, values: columns.map((c) => pulled.computed.get(c.id) ?? colExpr(c)) };
}
const openExists = (sub: Subquery, fresh: FreshColumns): Pulled => pullUp(strip(unnest(sub.rel, fresh), true), fresh);

const leftJoin = (left: Rel, right: Rel, on: BoundExpr): Rel => ({ kind: 'join', type: 'left', left, right, on });
const isUngrouped = (rel: Rel): boolean => rel.kind === 'aggregate' && rel.groups.length === 0;

// ---- conjuncts of a filter -----------------------------------------------------------------------------------------

function existsJoin(input: Rel, sub: Subquery, negated: boolean, fresh: FreshColumns): Rel {
  const p = openExists(sub, fresh);
  if (isUngrouped(p.rel) || p.single) {
    if (p.post.length === 0) return negated ? { kind: 'filter', input, condition: FALSE } : input;
    const holds: BoundExpr = { kind: 'istest', type: BOOL, arg: conjunction(p.post), test: 'true', negated };
    const joined: Rel = { kind: 'filter', input: leftJoin(input, p.rel, conjunction(p.preds)), condition: holds };
    return exactly(joined, columnsOf(joined), columnsOf(input));
  }
  return { kind: 'join', type: negated ? 'anti' : 'semi', left: input, right: p.rel, on: conjunction(p.preds) };
}

function inJoin(input: Rel, sub: Subquery, negated: boolean, fresh: FreshColumns): Rel {
  const { pulled: p, values } = open(sub, fresh);
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

function unnestFilter(rel: Extract<Rel, { kind: 'filter' }>, fresh: FreshColumns): Rel {
  const all = conjuncts(rel.condition);
  const ordinary = all.filter((c) => !hasSubquery(c));
  let input: Rel =
    ordinary.length === 0 ? rel.input : { kind: 'filter', input: rel.input, condition: conjunction(ordinary) };
  const rest: BoundExpr[] = [];
  for (const c of all) {
    if (!hasSubquery(c)) continue;
    const direct = asSubquery(c);
    if (direct === undefined) rest.push(c);
    else if (direct.sub.form === 'exists') input = existsJoin(input, direct.sub, direct.negated, fresh);
    else input = inJoin(input, direct.sub, direct.negated, fresh);
  }
  if (rest.length === 0) return input;
  const values = new ValueJoins(input, fresh);
  const condition = conjunction(rest.map((c) => values.replace(c)));
  const out: Rel = { kind: 'filter', input: values.rel, condition };
  return exactly(out, columnsOf(out), columnsOf(rel.input));
}

// ---- values --------------------------------------------------------------------------------------------------------

/** Gathers the joins that give the subqueries of some expressions their values. */
class ValueJoins {
  rel: Rel;
  readonly #fresh: FreshColumns;
  constructor(input: Rel, fresh: FreshColumns) {
    this.rel = input;
    this.#fresh = fresh;
  }

  replace(e: BoundExpr): BoundExpr {
    const rebuilt = mapChildren(e, (c) => this.replace(c));
    if (rebuilt.kind !== 'subquery') return rebuilt;
    switch (rebuilt.form) {
      case 'scalar':
        return this.#scalar(rebuilt);
      case 'array':
        return this.#array(rebuilt);
      case 'exists': {
        const value = this.#exists(rebuilt);
        return rebuilt.negated ? not(value) : value;
      }
      case 'in': {
        const value = this.#in(rebuilt);
        return rebuilt.negated ? not(value) : value;
      }
    }
  }

  #aggregate(name: string, type: ColumnRef['type'], args: readonly BoundExpr[]): NamedAggregate {
    return { id: this.#fresh.id(), type, name, args, distinct: false, columnName: name };
  }

  /** Groups a pulled-up relation by its correlation keys; the conditions then compare the groups with the outer side. */
  #byKeys(p: Pulled, aggregates: readonly NamedAggregate[], more: readonly BoundExpr[] = []) {
    const inner = idsOf(p.rel);
    // Conditions on the outer side alone stay conditions of the join.
    const keyed = p.preds.filter((pred) => [...collectColumns(pred)].some((id) => inner.has(id)));
    const outerOnly = p.preds.filter((pred) => !keyed.includes(pred));
    const pairs = keyed.map((pred) => {
      const pair = splitEquality(pred, inner);
      if (pair === undefined) throw correlatedNotSupported();
      return pair;
    });
    const group = (expr: BoundExpr) => ({ column: this.#fresh.column('key', expr.type), expr });
    const keys = pairs.map((x) => group(x.inner));
    const extra = more.map(group);
    const rel: Rel = { kind: 'aggregate', input: p.rel, groups: [...keys, ...extra], aggregates };
    const on = keys.map((k, i) => compare('=', colExpr(k.column), pairs[i]!.outer));
    return { rel, on: [...on, ...outerOnly], extra };
  }

  #scalar(sub: Subquery): BoundExpr {
    const inner = unnest(sub.rel, this.#fresh);
    const column = columnsOf(inner)[0]!;
    if (!this.#reachesOut(inner)) {
      this.rel = leftJoin(this.rel, { kind: 'single-row', input: inner }, TRUE);
      return colExpr(column);
    }
    if (inner.kind === 'project' && inner.input.kind === 'values' && inner.input.columns.length === 0) {
      return lower(inner.exprs[0]!);
    }
    return this.#orApplied(
      () => this.#pulledScalar(inner, column),
      () => this.#appliedScalar(inner, column),
    );
  }

  /** The second way when the first refuses the pattern. */
  #orApplied(pulled: () => BoundExpr, applied: () => BoundExpr): BoundExpr {
    const before = this.rel;
    try {
      return pulled();
    } catch (error) {
      if (!(error instanceof SqlError) || error.sqlstate !== '0A000') throw error;
      this.rel = before;
      return applied();
    }
  }

  /** Keys of an applied relation as groups, with aggregates over each. */
  #joinApplied(inner: Rel, aggregates: readonly NamedAggregate[]): void {
    const { rel, keys, on } = applyTo(this.rel, inner, this.#fresh);
    const groups = new Map([...keys].map(([id, c]) => [id, this.#fresh.column('key', c.type)] as const));
    const grouped = [...groups].map(([id, column]) => ({ column, expr: colExpr(keys.get(id)!) }));
    this.rel = leftJoin(this.rel, { kind: 'aggregate', input: rel, groups: grouped, aggregates }, on(groups));
  }

  #appliedScalar(inner: Rel, column: ColumnRef): BoundExpr {
    const picked = this.#aggregate('any_value', column.type, [colExpr(column)]);
    const count = this.#aggregate('count', INT8, []);
    this.#joinApplied(inner, [picked, count]);
    return checkedValue(picked, count);
  }

  #pulledScalar(inner: Rel, column: ColumnRef): BoundExpr {
    const p = pullUp(inner, this.#fresh);
    const value = p.computed.get(column.id) ?? colExpr(column);
    if (p.single) {
      this.rel = leftJoin(this.rel, p.rel, conjunction(p.preds));
      if (p.post.length === 0) return value;
      const nothing: BoundExpr = { kind: 'const', type: value.type, value: null };
      return {
        kind: 'case',
        type: value.type,
        whens: [{ when: conjunction(p.post), then: value }],
        otherwise: nothing,
      };
    }
    return this.#checkedScalar(p, value);
  }

  /** Any number of rows may match; more than one is an error when the value is asked for. */
  #checkedScalar(p: Pulled, value: BoundExpr): BoundExpr {
    const inner = idsOf(p.rel);
    if ([...collectColumns(value)].some((id) => !inner.has(id))) throw correlatedNotSupported();
    const picked = this.#aggregate('any_value', value.type, [value]);
    const count = this.#aggregate('count', INT8, []);
    const { rel, on } = this.#byKeys(p, [picked, count]);
    this.rel = leftJoin(this.rel, rel, conjunction(on));
    return checkedValue(picked, count);
  }

  #reachesOut(rel: Rel): boolean {
    return (
      relExprs(rel).some(hasOuter) ||
      ('input' in rel && this.#reachesOut(rel.input)) ||
      ('left' in rel && (this.#reachesOut(rel.left) || this.#reachesOut(rel.right)))
    );
  }

  #array(sub: Subquery): BoundExpr {
    const column = columnsOf(sub.rel)[0]!;
    const all = this.#aggregate('array_agg', sub.type, [colExpr(column)]);
    const rel: Rel = { kind: 'aggregate', input: sub.rel, groups: [], aggregates: [all] };
    const value = this.#scalar({ ...sub, form: 'scalar', rel });
    return { kind: 'coalesce', type: sub.type, args: [value, { kind: 'const', type: sub.type, value: '{}' }] };
  }

  #exists(sub: Subquery): BoundExpr {
    return this.#orApplied(
      () => this.#pulledExists(sub),
      () => {
        const count = this.#aggregate('count', INT8, []);
        this.#joinApplied(strip(unnest(sub.rel, this.#fresh), true), [count]);
        const n: BoundExpr = { kind: 'column', type: INT8, id: count.id };
        return compare('>', { kind: 'coalesce', type: INT8, args: [n, int8(0n)] }, int8(0n));
      },
    );
  }

  #pulledExists(sub: Subquery): BoundExpr {
    const p = openExists(sub, this.#fresh);
    if (isUngrouped(p.rel) || p.single) {
      if (p.post.length === 0) return TRUE;
      this.rel = leftJoin(this.rel, p.rel, conjunction(p.preds));
      return { kind: 'istest', type: BOOL, arg: conjunction(p.post), test: 'true', negated: false };
    }
    const count = this.#aggregate('count', INT8, []);
    const { rel, on } = this.#byKeys(p, [count]);
    this.rel = leftJoin(this.rel, on.length === 0 ? { kind: 'single-row', input: rel } : rel, conjunction(on));
    const n: BoundExpr = { kind: 'column', type: INT8, id: count.id };
    return compare('>', { kind: 'coalesce', type: INT8, args: [n, int8(0n)] }, int8(0n));
  }

  /** Three-valued: true on a match, unknown when a NULL could have matched, false otherwise. */
  #in(sub: Subquery): BoundExpr {
    const { pulled: p, values } = open(sub, this.#fresh);
    if (p.single) {
      this.rel = leftJoin(this.rel, p.rel, conjunction(p.preds));
      const equal = conjunction(sub.left.map((l, i) => compare('=', l, values[i]!)));
      return { kind: 'case', type: BOOL, whens: [{ when: conjunction(p.post), then: equal }], otherwise: FALSE };
    }
    const inner = idsOf(p.rel);
    const value = values[0]!;
    if (values.length > 1 || [...collectColumns(value)].some((id) => !inner.has(id))) throw correlatedNotSupported();
    const known: Pulled = { ...p, rel: { kind: 'filter', input: p.rel, condition: isNull(value, true) } };
    const marker = this.#aggregate('count', INT8, []);
    const matches = this.#byKeys(known, [marker], [value]);
    const on = [...matches.on, compare('=', sub.left[0]!, colExpr(matches.extra[0]!.column))];
    this.rel = leftJoin(this.rel, matches.rel, conjunction(on));
    // The same rows once more, under new names, for how many there are and how many of them are NULL.
    const copy = open(sub, this.#fresh);
    const renamed = renumber(copy.pulled, copy.values[0]!, this.#fresh);
    const rows = this.#aggregate('count', INT8, []);
    const filled = this.#aggregate('count', INT8, [renamed.value]);
    const totals = this.#byKeys(renamed.pulled, [rows, filled]);
    const right: Rel = totals.on.length === 0 ? { kind: 'single-row', input: totals.rel } : totals.rel;
    this.rel = leftJoin(this.rel, right, conjunction(totals.on));
    const column = (a: NamedAggregate): BoundExpr => ({ kind: 'column', type: INT8, id: a.id });
    const empty: BoundExpr = compare('=', { kind: 'coalesce', type: INT8, args: [column(rows), int8(0n)] }, int8(0n));
    const unsure: BoundExpr = {
      kind: 'or',
      type: BOOL,
      args: [isNull(sub.left[0]!), compare('<', column(filled), column(rows))],
    };
    return {
      kind: 'case',
      type: BOOL,
      whens: [
        { when: isNull(column(marker), true), then: TRUE },
        { when: empty, then: FALSE },
        { when: unsure, then: { kind: 'const', type: BOOL, value: null } },
      ],
      otherwise: FALSE,
    };
  }
}

/** The picked value of a group, which must not have had more than one row. */
function checkedValue(picked: NamedAggregate, count: NamedAggregate): BoundExpr {
  const n: BoundExpr = { kind: 'column', type: INT8, id: count.id };
  const check: BoundExpr = {
    kind: 'call',
    type: BOOL,
    name: 'single_row_check',
    signature: 0,
    args: [n],
    site: PINNED_SITE,
  };
  const out: BoundExpr = { kind: 'column', type: picked.type, id: picked.id };
  const nothing: BoundExpr = { kind: 'const', type: picked.type, value: null };
  return { kind: 'case', type: picked.type, whens: [{ when: check, then: out }], otherwise: nothing };
}

/** The same relation with new column ids throughout. */
function renumber(
  p: Pulled,
  value: BoundExpr,
  fresh: FreshColumns,
): { readonly pulled: Pulled; readonly value: BoundExpr } {
  const { rel, id } = renumberRel(p.rel, fresh);
  const expr = (e: BoundExpr): BoundExpr => (e.kind === 'column' ? { ...e, id: id(e.id) } : mapChildren(e, expr));
  return { pulled: { ...p, rel, preds: p.preds.map(expr) }, value: expr(value) };
}

// ---- the walk ------------------------------------------------------------------------------------------------------

/** Conditions of ON with subqueries: filters above an inner join, below on the right of a left join. */
function unnestJoin(rel: Extract<Rel, { kind: 'join' }>, fresh: FreshColumns): Rel {
  const all = conjuncts(rel.on);
  const plainOn = all.filter((c) => !hasSubquery(c));
  const nested = all.filter(hasSubquery);
  if (rel.type === 'inner' || rel.type === 'cross') {
    const on = plainOn.length === 0 ? undefined : conjunction(plainOn);
    const join: Rel = { ...rel, type: on === undefined ? 'cross' : 'inner', on };
    return unnestFilter({ kind: 'filter', input: join, condition: conjunction(nested) }, fresh);
  }
  const leftIds = idsOf(rel.left);
  if (rel.type !== 'left' || nested.some((c) => reads(c, leftIds))) throw correlatedNotSupported();
  const right = unnestFilter({ kind: 'filter', input: rel.right, condition: conjunction(nested) }, fresh);
  return { ...rel, right, on: conjunction(plainOn) };
}

/** Whether an expression or a subquery in it reads one of the columns. */
function reads(e: BoundExpr, ids: ReadonlySet<number>): boolean {
  return someExpr(e, (x) => {
    if (x.kind === 'column' || x.kind === 'outer') return ids.has(x.id);
    if (x.kind !== 'subquery') return false;
    const inside = (r: Rel): boolean =>
      relExprs(r).some((y) => reads(y, ids)) ||
      ('input' in r && inside(r.input)) ||
      ('left' in r && (inside(r.left) || inside(r.right)));
    return inside(x.rel);
  });
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
    case 'sort': {
      const values = new ValueJoins(r.input, fresh);
      const replaced = mapOwnExprs(r, (e) => values.replace(e)) as typeof r;
      const out: Rel = { ...replaced, input: values.rel };
      return r.kind === 'sort' ? exactly(out, columnsOf(out), columnsOf(r.input)) : out;
    }
    default:
      throw correlatedNotSupported();
  }
}
