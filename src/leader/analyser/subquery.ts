/**
 * Subqueries inside expressions. EXISTS, scalar, IN and ARRAY become `subquery` nodes; x = ANY (q) is IN and x <> ALL (q)
 * is NOT IN, the only quantified forms Redshift has. The rewriter removes every such node.
 */
import { featureNotSupported, subqueryColumnCount } from '../../common/errors/catalogue.ts';
import type { BoundExpr } from '../../expressions/bound.ts';
import type { ColumnRef, Rel } from '../../expressions/relation.ts';
import { BOOL, sameType, type SqlType } from '../../types/sql-type.ts';
import type { Expr } from '../parser/ast.ts';
import { comparisonPair } from './coerce.ts';
import { at, newColumn, type AnalyserState } from './context.ts';
import { bindExpr, type ExprContext } from './expression.ts';
import { analyseQueryIn, type BoundQuery } from './query.ts';
import { isSuper, superPair } from './super.ts';
import { arrayTypeOf } from '../../functions/array-types.ts';

type SubqueryNode = Extract<Expr, { kind: 'subquery' }>;

/** A projection that gives the columns other expressions (same count, in order). */
export function projectColumns(state: AnalyserState, q: BoundQuery, exprs: readonly BoundExpr[]): BoundQuery {
  const same = exprs.every(
    (e, i) => e.kind === 'column' && e.id === q.columns[i]!.id && sameType(e.type, q.columns[i]!.type),
  );
  if (same) return q;
  const columns = exprs.map((e, i) => newColumn(state, q.columns[i]!.name, e.type));
  return { columns, rel: { kind: 'project', input: q.rel, columns, exprs } };
}
const asExpr = (c: ColumnRef): BoundExpr => ({ kind: 'column', type: c.type, id: c.id });

function bindIn(e: SubqueryNode, q: BoundQuery, c: ExprContext, negated: boolean): BoundExpr {
  const { state } = c.env;
  const operands = e.left.length === 1 && e.left[0]!.kind === 'row' ? e.left[0]!.items : e.left;
  if (q.columns.length > operands.length) throw subqueryColumnCount('has too many columns', at(e));
  if (q.columns.length < operands.length) throw subqueryColumnCount('has too few columns', at(e));
  const pairs = operands.map((x, i) => {
    const [l, r] = [bindExpr(x, c), asExpr(q.columns[i]!)];
    return isSuper(l) || isSuper(r) ? superPair(state, '=', l, r, at(e)) : comparisonPair(state, '=', l, r, at(e));
  });
  const inner = projectColumns(
    state,
    q,
    pairs.map((p) => p[1]),
  );
  return { kind: 'subquery', type: BOOL, form: 'in', negated, left: pairs.map((p) => p[0]), rel: inner.rel };
}

/** The columns a subquery node hands out: its relation's visible ones. */
const node = (form: 'exists' | 'scalar' | 'array', type: SqlType, negated: boolean, rel: Rel): BoundExpr => ({
  kind: 'subquery',
  type,
  form,
  negated,
  left: [],
  rel,
});

export const isScalarSubquery = (e: Expr): e is SubqueryNode => e.kind === 'subquery' && e.form === 'scalar';

/** The columns of the one row a subquery gives, to be compared with a row of `count` values. */
export function bindRowSubquery(e: SubqueryNode, count: number, c: ExprContext): readonly BoundExpr[] {
  const q = analyseQueryIn(e.query, { ...c.env, parent: c.scope });
  if (q.columns.length > count) throw subqueryColumnCount('has too many columns', at(e));
  if (q.columns.length < count) throw subqueryColumnCount('has too few columns', at(e));
  return q.columns.map(({ type }, index): BoundExpr => ({
    kind: 'subquery',
    type,
    form: 'scalar',
    negated: false,
    left: [],
    rel: q.rel,
    index,
  }));
}

export function bindSubquery(e: SubqueryNode, c: ExprContext): BoundExpr {
  const { state } = c.env;
  const q = analyseQueryIn(e.query, { ...c.env, parent: c.scope });
  switch (e.form) {
    case 'exists':
      return node('exists', BOOL, e.negated, q.rel);
    case 'in':
      return bindIn(e, q, c, e.negated);
    case 'any':
    case 'all': {
      const isIn = e.form === 'any' && e.op === '=';
      const isNotIn = e.form === 'all' && (e.op === '<>' || e.op === '!=');
      if (isIn || isNotIn) return bindIn(e, q, c, isNotIn);
      throw featureNotSupported(`operator ${e.op} with ${e.form.toUpperCase()} (subquery) is not supported`, at(e));
    }
    case 'scalar':
    case 'array': {
      if (q.columns.length !== 1) throw subqueryColumnCount('must return only one column', at(e));
      const type = q.columns[0]!.type;
      if (e.form === 'array' && state.context.functions.lookup('array_agg')?.kind !== 'aggregate') {
        throw featureNotSupported('ARRAY (subquery) is not supported', at(e));
      }
      if (e.form === 'array') state.usage.leaderFunctions.add('array(subquery)');
      return node(e.form, e.form === 'array' ? arrayTypeOf(type) : type, false, q.rel);
    }
  }
}
