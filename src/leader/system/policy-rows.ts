/** Policies of row-level security and masking, for the views that show them to whoever manages them. */
import { formatType } from '../../types/sql-type.ts';
import type { PolicyColumn, RelationObject, RowSecurity } from '../catalog/objects.ts';
import { isSecurityAdmin } from '../catalog/system-privileges.ts';
import type { SystemContext } from './define.ts';
import { seesSystemTables } from './sight.ts';

export const seesPolicies = (ctx: SystemContext): boolean =>
  isSecurityAdmin(ctx.catalog, ctx.session.user) || seesSystemTables(ctx);

/** [{"colname":"a","type":"integer"}] */
export const columnsText = (columns: readonly PolicyColumn[]): string =>
  JSON.stringify(columns.map((c) => ({ colname: c.name, type: formatType(c.type) })));

export const kindWord = (relation: RelationObject): string => relation.kind;

/** Relations that have row-level security on, or policies of it attached. */
export const guardedRelations = (
  ctx: SystemContext,
): readonly { readonly relation: RelationObject; readonly security: RowSecurity }[] =>
  !seesPolicies(ctx)
    ? []
    : ctx.catalog
        .relations()
        .flatMap((relation) =>
          relation.rowSecurity === undefined ? [] : [{ relation, security: relation.rowSecurity }],
        );
