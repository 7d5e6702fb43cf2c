/**
 * The joins that give the subqueries of some expressions their values: a scalar subquery's row, whether EXISTS holds, the
 * three-valued answer of IN, an array. The input is left-joined with (a grouped form of) each subquery, and the expression
 * reads a column of it. Subqueries of one relation are one join.
 *
 * Each value is made by the cheap way where pull-up.ts can lift the correlation, and by apply.ts where it cannot.
 */
import { correlatedNotSupported } from '../../common/errors/catalogue.ts';
import type { ColId } from '../../common/ids.ts';
import { SqlError } from '../../common/errors/sql-error.ts';
import { PINNED_SITE, type BoundAggregate, type BoundExpr } from '../../expressions/bound.ts';
import { columnsOf, type ColumnRef, type Rel } from '../../expressions/relation.ts';
import {
  FALSE,
  TRUE,
  collectColumns,
  compare,
  conjunction,
  isNull,
  mapChildren,
  not,
  substitute,
} from '../../expressions/walk.ts';
import { BOOL, INT8 } from '../../types/sql-type.ts';
import { applyTo, domainOf, renumberRel, valueOfKey, type AppliedTo } from './apply.ts';
import { colExpr, type FreshColumns } from './fresh.ts';
import { isUngrouped, leftJoin, open, openExists, strip, type Subquery, type Unnest } from './opened.ts';
import { idsOf, lower, pullUp, relHasOuter, splitEquality, type Pulled } from './pull-up.ts';

type NamedAggregate = BoundAggregate & { readonly columnName: string };

const int8 = (value: bigint): BoundExpr => ({ kind: 'const', type: INT8, value });

export class ValueJoins {
  rel: Rel;
  /** Where outer values come from; has at least the rows of the input. */
  readonly #domain: Rel;
  readonly #fresh: FreshColumns;
  readonly #unnest: Unnest;
  readonly #rows = new Map<Rel, readonly BoundExpr[]>();
  constructor(input: Rel, domain: Rel, fresh: FreshColumns, unnest: Unnest) {
    this.rel = input;
    this.#domain = domain;
    this.#fresh = fresh;
    this.#unnest = unnest;
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
    let row = this.#rows.get(sub.rel);
    if (row === undefined) {
      row = this.#row(this.#unnest(sub.rel));
      this.#rows.set(sub.rel, row);
    }
    return row[sub.index ?? 0]!;
  }

  /** The only row of a relation; NULLs when it has none. */
  #row(inner: Rel): readonly BoundExpr[] {
    const columns = columnsOf(inner);
    if (!relHasOuter(inner)) {
      this.rel = leftJoin(this.rel, { kind: 'single-row', input: inner }, TRUE);
      return columns.map(colExpr);
    }
    if (inner.kind === 'project' && inner.input.kind === 'values' && inner.input.columns.length === 0) {
      return inner.exprs.map(lower);
    }
    return this.#orApplied(
      () => this.#pulledRow(inner, columns),
      () => this.#appliedRow(inner, columns),
    );
  }

  /** The second way when the first refuses the pattern. */
  #orApplied<T>(pulled: () => T, applied: () => T): T {
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
  #joinGroups(
    { rel, keys, on }: Pick<AppliedTo, 'rel' | 'keys' | 'on'>,
    aggregates: readonly NamedAggregate[],
  ): void {
    const groups = new Map([...keys].map(([id, c]) => [id, this.#fresh.column('key', c.type)] as const));
    const grouped = [...groups].map(([id, column]) => ({ column, expr: colExpr(keys.get(id)!) }));
    this.rel = leftJoin(this.rel, { kind: 'aggregate', input: rel, groups: grouped, aggregates }, on(groups));
  }

  #appliedRow(inner: Rel, columns: readonly ColumnRef[]): readonly BoundExpr[] {
    const applied = applyTo(this.#domain, inner, this.#fresh);
    if (givesOneRow(inner)) {
      this.rel = leftJoin(this.rel, applied.rel, applied.on(applied.keys));
      return columns.map(colExpr);
    }
    const picked = columns.map((c) => this.#aggregate('any_value', c.type, [colExpr(c)]));
    const count = this.#aggregate('count', INT8, []);
    this.#joinGroups(applied, [...picked, count]);
    return picked.map((p) => checkedValue(p, count));
  }

  #pulledRow(inner: Rel, columns: readonly ColumnRef[]): readonly BoundExpr[] {
    const p = pullUp(inner, this.#fresh);
    const values = columns.map((c) => p.computed.get(c.id) ?? colExpr(c));
    if (p.single) {
      this.rel = leftJoin(this.rel, p.rel, conjunction(p.preds));
      if (p.post.length === 0) return values;
      const when = conjunction(p.post);
      return values.map((then): BoundExpr => ({
        kind: 'case',
        type: then.type,
        whens: [{ when, then }],
        otherwise: { kind: 'const', type: then.type, value: null },
      }));
    }
    return this.#checkedRow(p, values);
  }

  /** Any number of rows may match; more than one is an error when the value is asked for. */
  #checkedRow(p: Pulled, values: readonly BoundExpr[]): readonly BoundExpr[] {
    const inner = idsOf(p.rel);
    if (values.some((v) => [...collectColumns(v)].some((id) => !inner.has(id)))) throw correlatedNotSupported();
    const picked = values.map((v) => this.#aggregate('any_value', v.type, [v]));
    const count = this.#aggregate('count', INT8, []);
    const { rel, on } = this.#byKeys(p, [...picked, count]);
    this.rel = leftJoin(this.rel, rel, conjunction(on));
    return picked.map((x) => checkedValue(x, count));
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
      () => this.#pulledExists(openExists(sub, this.#fresh, this.#unnest)),
      () => {
        const count = this.#aggregate('count', INT8, []);
        const inner = strip(this.#unnest(sub.rel), true);
        this.#joinGroups(applyTo(this.#domain, inner, this.#fresh), [count]);
        return isPositive(count);
      },
    );
  }

  #pulledExists(p: Pulled): BoundExpr {
    if (isUngrouped(p.rel) || p.single) {
      if (p.post.length === 0) return TRUE;
      this.rel = leftJoin(this.rel, p.rel, conjunction(p.preds));
      return { kind: 'istest', type: BOOL, arg: conjunction(p.post), test: 'true', negated: false };
    }
    const count = this.#aggregate('count', INT8, []);
    return this.#orApplied(
      () => {
        const { rel, on } = this.#byKeys(p, [count]);
        this.rel = leftJoin(this.rel, on.length === 0 ? { kind: 'single-row', input: rel } : rel, conjunction(on));
        return isPositive(count);
      },
      () => {
        this.#joinGroups(this.#semi(p), [count]);
        return isPositive(count);
      },
    );
  }

  /** The values of the outer columns in a pulled-up relation's conditions for which it has a row. */
  #semi(p: Pulled): Pick<AppliedTo, 'rel' | 'keys' | 'on'> {
    const inner = idsOf(p.rel);
    const types = new Map(columnsOf(this.#domain).map((c) => [c.id, c.type] as const));
    const used = p.preds.flatMap((x) => [...collectColumns(x)]).filter((id) => !inner.has(id));
    if (used.some((id) => !types.has(id))) throw correlatedNotSupported();
    const values = new Map(used.map((id): [ColId, BoundExpr] => [id, { kind: 'column', type: types.get(id)!, id }]));
    const domain = domainOf(this.#domain, values, this.#fresh);
    const keys = new Map([...domain.keys].map(([id, c]) => [id, valueOfKey(c, types.get(id)!)] as const));
    const on = conjunction(p.preds.map((x) => substitute(x, keys)));
    return { ...domain, rel: { kind: 'join', type: 'semi', left: domain.rel, right: p.rel, on } };
  }

  /** Three-valued: true on a match, unknown when a NULL could have matched, false otherwise. */
  #in(sub: Subquery): BoundExpr {
    return this.#orApplied(
      () => this.#pulledIn(sub),
      () => this.#appliedIn(sub),
    );
  }

  /** Of the rows that do not differ for certain, how many there are and how many are equal. */
  #appliedIn(sub: Subquery): BoundExpr {
    const inner = this.#unnest(sub.rel);
    const lefts = new Map(sub.left.map((l) => [this.#fresh.id(), l] as const));
    const domain = idsOf(this.#domain);
    const own = sub.left.every((l) => [...collectColumns(l)].every((id) => domain.has(id)));
    const applied = applyTo(own ? this.#domain : this.rel, inner, this.#fresh, lefts);
    const columns = columnsOf(inner);
    const ids = [...lefts.keys()];
    const equal = conjunction(
      ids.map((id, i) => compare('=', valueOfKey(applied.keys.get(id)!, sub.left[i]!.type), colExpr(columns[i]!))),
    );
    const maybe: BoundExpr = { kind: 'istest', type: BOOL, arg: equal, test: 'false', negated: true };
    const hit: BoundExpr = {
      kind: 'case',
      type: INT8,
      whens: [{ when: equal, then: int8(1n) }],
      otherwise: { kind: 'const', type: INT8, value: null },
    };
    const hits = this.#aggregate('count', INT8, [hit]);
    const rows = this.#aggregate('count', INT8, []);
    const rel: Rel = { kind: 'filter', input: applied.rel, condition: maybe };
    this.#joinGroups({ ...applied, rel }, [hits, rows]);
    return {
      kind: 'case',
      type: BOOL,
      whens: [
        { when: isPositive(hits), then: TRUE },
        { when: isPositive(rows), then: { kind: 'const', type: BOOL, value: null } },
      ],
      otherwise: FALSE,
    };
  }

  #pulledIn(sub: Subquery): BoundExpr {
    const { pulled: p, values } = open(sub, this.#fresh, this.#unnest);
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
    const copy = open(sub, this.#fresh, this.#unnest);
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

/** Whether a relation gives one row at most, whatever its input. */
const givesOneRow = (rel: Rel): boolean =>
  rel.kind === 'project' || rel.kind === 'filter' || rel.kind === 'subquery'
    ? givesOneRow(rel.input)
    : isUngrouped(rel);

/** Whether the group was found and counted something. */
function isPositive(count: NamedAggregate): BoundExpr {
  const n: BoundExpr = { kind: 'column', type: INT8, id: count.id };
  return compare('>', { kind: 'coalesce', type: INT8, args: [n, int8(0n)] }, int8(0n));
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
