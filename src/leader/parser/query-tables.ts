/**
 * The tables that a query names, in every part of it: those of subqueries too, without the names of its WITH queries
 * where they are in scope. Looks at the text's tree only, never at the catalog; `t, t.items AS x` names t.items as well.
 */
import type { Expr, FromItem, Query } from './ast-query.ts';

type TableItem = Extract<FromItem, { kind: 'table' }>;

const isQuery = (node: object): node is Query => 'ctes' in node && 'body' in node;

/** `scope`: the WITH queries that are seen. */
function visit(node: unknown, scope: ReadonlySet<string>, found: TableItem[]): void {
  if (typeof node !== 'object' || node === null) return;
  if (Array.isArray(node)) {
    for (const part of node) visit(part, scope, found);
    return;
  }
  if (isQuery(node)) {
    visitQuery(node, scope, found);
    return;
  }
  const item = node as TableItem;
  if (item.kind === 'table' && !(item.name.schema === undefined && scope.has(item.name.name))) found.push(item);
  for (const part of Object.values(node)) visit(part, scope, found);
}

function visitQuery(query: Query, outer: ReadonlySet<string>, found: TableItem[]): void {
  const { ctes, ...rest } = query;
  const scope = new Set(outer);
  for (const cte of ctes) {
    if (cte.recursive === true) scope.add(cte.name);
    visitQuery(cte.query, new Set(scope), found);
    scope.add(cte.name);
  }
  visit(Object.values(rest), scope, found);
}

/** Queries that stand in an expression. */
export function subqueriesIn(expr: Expr): readonly Query[] {
  const found: Query[] = [];
  const walk = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    if (!Array.isArray(node) && isQuery(node)) found.push(node);
    else for (const part of Object.values(node)) walk(part);
  };
  walk(expr);
  return found;
}

export function namedTables(query: Query): readonly TableItem[] {
  const found: TableItem[] = [];
  visitQuery(query, new Set(), found);
  return found;
}
