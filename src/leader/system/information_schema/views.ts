/**
 * information_schema.views: views the reader may use; materialized views show their whole statement.
 */
import type { RelationObject } from '../../catalog/objects.ts';
import type { SystemContext } from '../define.ts';
import { viewDdl } from '../../catalog/ddl-text.ts';
import { viewText } from '../../catalog/view-query.ts';
import { columns, systemView } from '../define.ts';
import { userRelations } from '../relation-list.ts';

function definitionOf(ctx: SystemContext, view: RelationObject | undefined): string | null {
  if (view === undefined || view.kind === 'table') return null;
  return view.kind === 'view' && !view.lateBinding ? viewText(ctx.catalog, view) : viewDdl(ctx.catalog, view);
}

export default systemView({
  name: 'views',
  schema: 'information_schema',
  doc: 'views the reader may use; materialized views show their whole statement.',
  visibleTo: 'accessible',
  functions: ['has_table_privilege(oid,text)'],
  columns: columns(`
    table_catalog varchar(128), table_schema varchar(128), table_name varchar(128),
    view_definition text, check_option varchar(16), is_updatable varchar(3),
    is_insertable_into varchar(3)
  `),
  rows: (ctx) =>
    userRelations(ctx)
      .filter((r) => r.isView)
      .map((r) => ({
        table_catalog: ctx.catalog.database.name,
        table_schema: r.schema,
        table_name: r.name,
        view_definition: definitionOf(ctx, r.object),
        check_option: 'NONE',
        is_updatable: 'NO',
        is_insertable_into: 'NO',
      })),
});
