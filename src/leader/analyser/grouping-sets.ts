/**
 * GROUP BY to grouping sets: lists of groups by index. A plain list is one set; several ROLLUP, CUBE, GROUPING SETS and
 * expressions beside each other multiply. Also the value of GROUPING(), known for each set.
 */
import { featureNotSupported, groupingArgument } from '../../common/errors/catalogue.ts';
import { GROUPING_ARGUMENTS_MAX, GROUPING_SETS_MAX } from '../../common/limits.ts';
import type { BoundExpr } from '../../expressions/bound.ts';
import type { ColumnRef, Rel } from '../../expressions/relation.ts';
import { exprKey } from '../../expressions/walk.ts';
import { BOOL, INT4 } from '../../types/sql-type.ts';
import type { Expr, GroupItem } from '../parser/ast.ts';
import { constant } from './coerce.ts';
import { at, newColumn, type AnalyserState } from './context.ts';

export interface Group {
  readonly column: ColumnRef;
  readonly expr: BoundExpr;
  /** Written out in GROUP BY, not an ordinal or a name: a volatile call matches by its text. */
  readonly written?: boolean;
}

type GroupingItem = Extract<GroupItem, { kind: 'grouping' }>;
export type Sets = readonly (readonly number[])[];

function limited<T>(sets: readonly T[], count: number, position: number): readonly T[] {
  if (count > GROUPING_SETS_MAX)
    throw featureNotSupported(`more than ${GROUPING_SETS_MAX} grouping sets are not supported`, position);
  return sets;
}

/** `indexOf` binds a group and gives its number. */
export function groupingSets(items: readonly GroupItem[], indexOf: (e: Expr, inSet: boolean) => number): Sets {
  const plain = (item: GroupItem): readonly number[] =>
    item.kind === 'grouping' ? item.items.flatMap(plain) : [indexOf(item, true)];
  const setsOf = (item: GroupItem): Sets => {
    if (item.kind !== 'grouping') return [[indexOf(item, false)]];
    if (item.form === 'sets')
      return limited(item.items, item.items.length, at(item)).flatMap((i) =>
        i.kind === 'grouping' ? setsOf(i) : [plain(i)],
      );
    if (item.form === 'list') return [plain(item)];
    return item.form === 'rollup' ? rollup(item) : cube(item);
  };
  const rollup = (item: GroupingItem): Sets => {
    const parts = limited(item.items, item.items.length + 1, at(item)).map(plain);
    return [...parts.keys(), parts.length].map((n) => parts.slice(0, n).flat()).reverse();
  };
  const cube = (item: GroupingItem): Sets => {
    const parts = limited(item.items, 2 ** item.items.length, at(item)).map(plain);
    const all = 2 ** parts.length;
    return Array.from({ length: all }, (_, n) =>
      parts.flatMap((part, i) => (((all - 1 - n) >> (parts.length - 1 - i)) & 1 ? part : [])),
    );
  };
  let sets: Sets = [[]];
  for (const item of items) {
    const own = setsOf(item);
    sets = limited(own, sets.length * own.length, at(item)) && sets.flatMap((a) => own.map((b) => [...a, ...b]));
  }
  if (sets.length > 1) sets.forEach((set) => refuseTwice(set, at(items[0]!)));
  return sets.map((set) => [...new Set(set)]);
}

function refuseTwice(set: readonly number[], position: number): void {
  if (new Set(set).size < set.length)
    throw featureNotSupported('a column that is twice in a grouping set is not supported', position);
}

/** An aggregation's groups over the copies of the rows, one for each set. */
export interface Expansion {
  readonly rel: Rel;
  readonly groups: Extract<Rel, { kind: 'aggregate' }>['groups'];
  /** The set's number among the groups. */
  readonly number: ColumnRef;
}

export function expandSets(state: AnalyserState, input: Rel, groups: readonly Group[], sets: Sets): Expansion {
  const number = newColumn(state, 'set', INT4);
  const keys = groups.map((g, i) => ({
    column: newColumn(state, g.column.name, g.column.type),
    expr: g.expr,
    sets: sets.flatMap((set, n) => (set.includes(i) ? [n] : [])),
  }));
  const empty = sets.flatMap((set, n) => (set.length === 0 ? [n] : []));
  const own = newColumn(state, 'set', INT4);
  const column = (c: ColumnRef): BoundExpr => ({ kind: 'column', type: c.type, id: c.id });
  return {
    rel: { kind: 'expand', input, number, keys, count: sets.length, empty },
    groups: [
      { column: own, expr: column(number) },
      ...groups.map((g, i) => ({ column: g.column, expr: column(keys[i]!.column) })),
    ],
    number: own,
  };
}

/** GROUPING(a, b): a bit for each argument, the first the highest, set where the row's set has it not. */
export class GroupingValues {
  private readonly indexes: ReadonlyMap<string, number>;
  constructor(
    groups: readonly Group[],
    private readonly sets: Sets,
    /** Absent: there is one set. */
    private readonly number: ColumnRef | undefined,
  ) {
    this.indexes = new Map(groups.map((g, i) => [exprKey(g.expr), i]));
  }
  of(args: readonly BoundExpr[], position: number | undefined): BoundExpr {
    if (args.length > GROUPING_ARGUMENTS_MAX)
      throw featureNotSupported(
        `GROUPING with more than ${GROUPING_ARGUMENTS_MAX} arguments is not supported`,
        position,
      );
    const wanted = args.map((a) => {
      const index = this.indexes.get(exprKey(a));
      if (index === undefined) throw groupingArgument(position);
      return index;
    });
    const values = new Map<number, number[]>();
    for (const [n, set] of this.sets.entries()) {
      const value = wanted.reduce((bits, i) => bits * 2 + (set.includes(i) ? 0 : 1), 0);
      values.set(value, [...(values.get(value) ?? []), n]);
    }
    const [first, ...others] = [...values];
    const whens = others.map(([value, numbers]) => ({
      when: this.inSets(numbers),
      then: constant(INT4, value),
    }));
    const otherwise = constant(INT4, first![0]);
    return whens.length === 0 ? otherwise : { kind: 'case', type: INT4, whens, otherwise };
  }
  private inSets(numbers: readonly number[]): BoundExpr {
    const arg: BoundExpr = { kind: 'column', type: INT4, id: this.number!.id };
    return { kind: 'inlist', type: BOOL, arg, items: numbers.map((n) => constant(INT4, n)), negated: false };
  }
}

/** The function's name in bound expressions, until the groups are known. */
export const isGrouping = (e: BoundExpr): e is Extract<BoundExpr, { kind: 'call' }> =>
  e.kind === 'call' && e.name === GROUPING;
export const GROUPING = 'grouping';
export const isGroupingName = (name: string): boolean => name === GROUPING || name === 'grouping_id';
export const groupingCall = (args: readonly BoundExpr[]): BoundExpr => ({
  kind: 'call',
  type: INT4,
  name: GROUPING,
  signature: 0,
  args,
});
