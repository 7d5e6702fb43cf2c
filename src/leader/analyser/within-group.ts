/**
 * WITHIN GROUP (ORDER BY ...): which aggregates take their rows in an order, and in which. Rows are sorted once for all
 * aggregates of a query, so they all name the same order.
 */
import {
  delimiterNotConstant,
  featureNotSupported,
  medianAndDistinct,
  otherWithinGroupOrder,
  percentileNotConstant,
} from '../../common/errors/catalogue.ts';
import { ownArgs, type BoundAggregate, type BoundExpr } from '../../expressions/bound.ts';
import { exprKey, someExpr } from '../../expressions/walk.ts';
import type { AggregateFunction } from '../../functions/define.ts';
import type { OrderItem } from '../parser/ast.ts';
import { settle } from './coerce.ts';
import type { AnalyserState } from './context.ts';

export interface GroupOrder {
  readonly exprs: readonly BoundExpr[];
  readonly order: NonNullable<BoundAggregate['order']>;
}

type Direction = GroupOrder['order'][number];
const directionOf = ({ descending, nulls }: OrderItem): Direction => ({
  descending,
  nullsFirst: nulls === undefined ? descending : nulls === 'first',
});
const ASCENDING: Direction = { descending: false, nullsFirst: false };

/** `bind` binds one expression of the ORDER BY. */
export function groupOrder(
  state: AnalyserState,
  f: AggregateFunction,
  call: { readonly orderBy: readonly OrderItem[]; readonly withinGroup: boolean },
  bind: (item: OrderItem) => BoundExpr,
  position: number,
): GroupOrder | undefined {
  if (f.withinGroup === 'required' && (!call.withinGroup || call.orderBy.length !== 1))
    throw featureNotSupported(`${f.name} needs WITHIN GROUP (ORDER BY ...) with one expression`, position);
  if (call.orderBy.length === 0) return undefined;
  if (!call.withinGroup || f.withinGroup === undefined || f.withinGroup === 'own')
    throw featureNotSupported(`${f.name} with an ORDER BY of its input is not supported`, position);
  return { exprs: call.orderBy.map((item) => settle(state, bind(item))), order: call.orderBy.map(directionOf) };
}

/** The arguments as they are resolved, and those that order the rows among all of a call's. */
export const toResolve = (
  f: AggregateFunction,
  own: readonly BoundExpr[],
  sorted: GroupOrder | undefined,
): readonly BoundExpr[] => (f.withinGroup === 'required' ? [...own, ...sorted!.exprs] : own);
export function withOrder(
  f: AggregateFunction,
  args: readonly BoundExpr[],
  sorted: GroupOrder | undefined,
): Pick<BoundAggregate, 'args' | 'order'> {
  if (f.withinGroup === 'own') return { args: [...args, ...args], order: [ASCENDING] };
  if (sorted === undefined) return { args };
  return { args: f.withinGroup === 'required' ? args : [...args, ...sorted.exprs], order: sorted.order };
}

const orderKey = (a: BoundAggregate): string => exprKey([a.args.slice(ownArgs(a).length), a.order]);

const isConstant = (e: BoundExpr): boolean => !someExpr(e, (x) => x.kind === 'column' || x.kind === 'outer');
const isMedian = ({ name }: BoundAggregate): boolean => name === 'median';

/** Arguments that are the same for all rows. */
export function checkConstants(name: string, own: readonly BoundExpr[], position: number): void {
  if (name === 'listagg' && own[1] && !isConstant(own[1])) throw delimiterNotConstant(position);
  if (name.startsWith('percentile_') && !isConstant(own[0]!)) throw percentileNotConstant(position);
}
/** `found` joins the aggregates of its query. */
export function checkOrders(others: Iterable<BoundAggregate>, found: BoundAggregate, position: number): void {
  checkConstants(found.name, ownArgs(found), position);
  if (found.distinct && found.order !== undefined && found.name !== 'listagg')
    throw featureNotSupported(`DISTINCT is not supported in ${found.name}`, position);
  for (const other of others) {
    if (found.order !== undefined && other.order !== undefined && orderKey(other) !== orderKey(found))
      throw otherWithinGroupOrder(position);
    if ((isMedian(found) && other.distinct) || (isMedian(other) && found.distinct)) throw medianAndDistinct(position);
  }
}
