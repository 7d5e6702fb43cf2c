/**
 * PG_GROUP: groups.
 */
import { arrayText } from './catalog-rows.ts';
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'pg_group',
  schema: 'pg_catalog',
  doc: 'groups.',
  visibleTo: 'everyone',
  columns: columns(`
    groname name, grosysid integer, grolist integer[]
  `),
  rows: (ctx) => ctx.catalog.groups().map((g) => ({ groname: g.name, grosysid: g.oid, grolist: arrayText(g.users) })),
});
