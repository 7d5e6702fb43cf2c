/**
 * Columns of a late-binding view as its query gives them now; none when it cannot be bound any more.
 */
import { SqlError } from '../../common/errors/sql-error.ts';
import type { SqlType } from '../../types/sql-type.ts';
import type { ViewObject } from '../catalog/objects.ts';
import type { DdlServices } from '../ddl/context.ts';
import { parseQueryTextSync } from '../parser/parser.ts';
import type { Session } from '../session/types.ts';
import type { Transaction } from '../transaction/types.ts';

interface Surroundings {
  readonly services: Pick<DdlServices, 'bindQuery'>;
  readonly session: Session;
  readonly transaction: Transaction;
}

export function lateColumns(
  { services, session, transaction }: Surroundings,
  view: ViewObject,
): readonly { readonly name: string; readonly type: SqlType }[] {
  try {
    const bound = services.bindQuery(session, transaction, parseQueryTextSync(view.queryText), view.searchPath);
    return bound.columns.map((c, i) => ({ name: view.columns[i]?.name ?? c.name, type: c.type }));
  } catch (error) {
    if (error instanceof SqlError) return [];
    throw error;
  }
}
