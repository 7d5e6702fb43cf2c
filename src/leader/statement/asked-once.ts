/**
 * Functions of the leader that may stand beside tables (CURRENT_USER, PG_BACKEND_PID() ...): before a statement that has to
 * do with slices is planned each call is asked, and its value stands in the statement instead. Values are those of
 * this run: a prepared statement asks anew each time.
 */
import type { BoundExpr, ConstValue } from '../../expressions/bound.ts';
import type { BoundStatement } from '../../expressions/relation.ts';
import { mapRelExprs, readsTable, visitRel } from '../../expressions/rel-walk.ts';
import { transform } from '../../expressions/walk.ts';
import type { ScalarFunction } from '../../functions/define.ts';

interface Asking {
  functionOf(name: string): ScalarFunction | undefined;
  ask(name: string, args: readonly unknown[]): unknown;
  /** Values of the statement's parameters; undefined where it is only explained. */
  readonly parameters: readonly { readonly value: ConstValue }[] | undefined;
}

export function askedOnce<S extends BoundStatement>(statement: S, asking: Asking): S {
  if (statement.kind === 'select' && !readsTable(statement.rel)) return statement;
  const isAsked = (e: BoundExpr): e is Extract<BoundExpr, { kind: 'call' }> =>
    e.kind === 'call' && asking.functionOf(e.name)?.besideTables === true;
  let asks = false;
  visitRel(statement.rel, (e) => {
    asks ||= isAsked(e);
  });
  if (!asks) return statement;
  const given = (e: BoundExpr): { readonly value: unknown } | undefined => {
    if (e.kind === 'const') return e;
    return e.kind === 'param' ? asking.parameters?.[e.index] : undefined;
  };
  const answer = (e: BoundExpr): BoundExpr => {
    if (!isAsked(e)) return e;
    const args = e.args.map(given);
    if (!args.every((a) => a !== undefined)) return e;
    const value = asking.ask(
      e.name,
      args.map((a) => a.value),
    );
    return { kind: 'const', type: e.type, value: value as ConstValue };
  };
  return { ...statement, rel: mapRelExprs(statement.rel, (e) => transform(e, answer)) };
}
