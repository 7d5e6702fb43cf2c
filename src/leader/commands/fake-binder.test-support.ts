/**
 * A fake binder for command tests.
 */
import { undefinedColumn } from '../../common/errors/catalogue.ts';
import type { BoundStatement, ColumnRef } from '../../expressions/relation.ts';
import type { SqlType } from '../../types/sql-type.ts';
import { columnType } from '../catalog/column-types.ts';
import { findRelation } from '../catalog/names.ts';
import { liveColumns } from '../catalog/objects.ts';
import type { Expr, Query } from '../parser/ast.ts';
import type { LeaderTransaction } from '../transaction/transaction.ts';

/**
 * Names, stars, constants and casts over the FROM tables: enough to see what the commands do with a bound
 * query.
 */
export function bind(
  transaction: LeaderTransaction,
  query: Query,
  path: readonly string[],
): Extract<BoundStatement, { kind: 'select' }> {
  const { body } = query;
  if (body.kind !== 'select') throw undefinedColumn('set operation', 'fake');
  let id = 1;
  const scope = body.from.flatMap((f) => {
    if (f.kind === 'derived') return bind(transaction, f.query, path).columns;
    const relation = f.kind === 'table' ? findRelation(transaction.catalog(), path, f.name) : undefined;
    if (relation === undefined) throw undefinedColumn(f.kind === 'table' ? f.name.name : f.kind, 'fake');
    return liveColumns(relation).map((c): ColumnRef => ({
      id: id++,
      name: c.name,
      type: c.type,
      origin: { tableId: relation.oid, attnum: c.attnum, alias: relation.name },
    }));
  });
  const typeOf = (e: Expr): SqlType =>
    e.kind === 'number'
      ? { name: e.text.includes('.') ? 'numeric' : 'int4' }
      : e.kind === 'cast'
        ? columnType(e.type, 'cast')
        : e.kind === 'literal'
          ? { name: 'unknown' }
          : { name: 'int8' };
  const columns = body.items.flatMap((item): readonly ColumnRef[] => {
    if (item.expr.kind === 'star') return scope;
    if (item.expr.kind === 'name') {
      const name = item.expr.parts.at(-1)!;
      const found = scope.find((c) => c.name === name);
      if (found === undefined) throw undefinedColumn(name, 'fake');
      return [{ ...found, name: item.alias ?? found.name }];
    }
    return [
      {
        id: id++,
        name: item.alias ?? (item.expr.kind === 'call' ? item.expr.name.name : '?column?'),
        type: typeOf(item.expr),
      },
    ];
  });
  const origin = columns[0]?.origin;
  const rel =
    origin === undefined
      ? { kind: 'values' as const, columns, rows: [] }
      : {
          kind: 'get' as const,
          tableId: origin.tableId,
          alias: 't',
          columns,
          attnums: columns.map((c) => c.origin?.attnum ?? 0),
        };
  return { kind: 'select', rel, columns };
}
