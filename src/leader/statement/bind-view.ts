/**
 * The analysis of a query that a view will keep: the bound query and its frozen form. The form that can be printed with
 * new names is kept only when its text, read again, gives the same columns; otherwise the query keeps the names it was
 * written with. Called by the services behind CREATE VIEW and CREATE MATERIALIZED VIEW.
 */
import { SqlError } from '../../common/errors/sql-error.ts';
import { sameType } from '../../types/sql-type.ts';
import { freezeQuery } from '../analyser/freeze.ts';
import { analyse, type AnalyserContext } from '../analyser/index.ts';
import { NameRecorder } from '../analyser/name-recorder.ts';
import { printedQuery } from '../catalog/view-query.ts';
import type { Query } from '../parser/ast.ts';
import { parseQueryTextSync } from '../parser/parser.ts';
import type { BoundView } from '../ddl/context.ts';

type Select = BoundView['select'];

const bind = (query: Query, context: AnalyserContext): Select =>
  analyse({ kind: 'query', query, start: 0, end: 0 }, context) as Select;

function readsAs(select: Select, query: Query, context: AnalyserContext): boolean {
  try {
    const { columns } = bind(query, context);
    return (
      columns.length === select.columns.length &&
      columns.every((c, i) => c.name === select.columns[i]!.name && sameType(c.type, select.columns[i]!.type))
    );
  } catch (error) {
    if (error instanceof SqlError) return false;
    throw error;
  }
}

export function bindView(query: Query, newContext: () => AnalyserContext): BoundView {
  const names = new NameRecorder();
  const context = newContext();
  const select = bind(query, { ...context, names });
  const frozen = freezeQuery(query, names, context);
  if (frozen.qualified === true && readsAs(select, frozen, newContext())) {
    const text = printedQuery(context.catalog, frozen);
    try {
      if (readsAs(select, parseQueryTextSync(text), newContext())) return { select, frozen };
    } catch (error) {
      if (!(error instanceof SqlError)) throw error;
    }
  }
  names.fixed();
  return { select, frozen: freezeQuery(query, names, context) };
}
