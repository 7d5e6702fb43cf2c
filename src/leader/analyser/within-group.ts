/**
 * WITHIN GROUP (ORDER BY ...): which aggregates take their rows in an order, and in which. Rows are sorted once for all
 * aggregates of a query, so they all name the same order.
 */
import { delimiterNotConstant, featureNotSupported, otherWithinGroupOrder } from '../../common/errors/catalogue.ts';
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

/** `bind` binds one expression of the ORDER BY. */
export function groupOrder(
  state: AnalyserState,
  f: AggregateFunction,
  call: { readonly orderBy: readonly OrderItem[]; readonly withinGroup: boolean },
  bind: (item: OrderItem) => BoundExpr,
  position: number,
): GroupOrder | undefined {
  if (call.orderBy.length === 0) return undefined;
  if (!call.withinGroup || f.withinGroup === undefined)
    throw featureNotSupported(`${f.name} with an ORDER BY of its input is not supported`, position);
  return {
    exprs: call.orderBy.map((item) => settle(state, bind(item))),
    order: call.orderBy.map(({ descending, nulls }) => ({
      descending,
      nullsFirst: nulls === undefined ? descending : nulls === 'first',
    })),
  };
}

const orderKey = (a: BoundAggregate): string => exprKey([a.args.slice(ownArgs(a).length), a.order]);

/** `found` joins the aggregates of its query. */
export function checkOrders(others: Iterable<BoundAggregate>, found: BoundAggregate, position: number): void {
  if (found.name === 'listagg') {
    const delimiter = ownArgs(found)[1];
    if (delimiter && someExpr(delimiter, (e) => e.kind === 'column' || e.kind === 'outer'))
      throw delimiterNotConstant(position);
  }
  if (found.order === undefined) return;
  for (const other of others)
    if (other.order !== undefined && orderKey(other) !== orderKey(found)) throw otherWithinGroupOrder(position);
}
