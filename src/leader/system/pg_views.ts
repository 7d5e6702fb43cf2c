/**
 * PG_VIEWS: views the reader may use; system views have no definition.
 */
import type { RelationObject } from '../catalog/objects.ts';
import type { SystemContext } from './define.ts';
import { viewDdl } from '../catalog/ddl-text.ts';
import { viewText } from '../catalog/view-query.ts';
import { userName } from './catalog-rows.ts';
import { columns, systemView } from './define.ts';
import { listedRelations } from './relation-list.ts';

/** The query of a plain view; the whole statement of a late-binding or materialized one. */
function definitionOf(ctx: SystemContext, view: RelationObject | undefined): string | null {
  if (view === undefined || view.kind === 'table') return null;
  return view.kind === 'view' && !view.lateBinding ? viewText(ctx.catalog, view) : viewDdl(ctx.catalog, view);
}

export default systemView({
  name: 'pg_views',
  schema: 'pg_catalog',
  doc: 'views the reader may use; system views have no definition.',
  visibleTo: 'everyone',
  columnFunctions: { viewowner: 'pg_get_userbyid(integer)', definition: 'pg_get_viewdef(oid)' },
  columns: columns(`
    schemaname name, viewname name, viewowner name, definition text
  `),
  rows: (ctx) =>
    listedRelations(ctx)
      .filter((r) => r.isView)
      .map((r) => ({
        schemaname: r.schema,
        viewname: r.name,
        viewowner: userName(ctx, r.ownerOid),
        definition: definitionOf(ctx, r.object),
      })),
});
