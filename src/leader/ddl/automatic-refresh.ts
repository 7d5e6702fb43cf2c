/** Which materialized views may be refreshed by themselves. */
import { noAutoRefresh } from '../../common/errors/view-errors.ts';
import type { MaterializedViewObject } from '../catalog/objects.ts';
import { viewQuery } from '../catalog/view-query.ts';
import type { DdlContext } from './context.ts';

/** What calls RANDOM or GETDATE has other rows each time, and is never up to date. */
export async function requireAutomatic(
  { services, session, transaction }: DdlContext,
  view: MaterializedViewObject,
): Promise<void> {
  const select = services.bindQuery(session, transaction, viewQuery(view), view.searchPath);
  const [mutable] = services.mutableFunctions(select);
  if (mutable !== undefined) throw noAutoRefresh(view.name, mutable);
}
