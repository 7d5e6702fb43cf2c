/**
 * PG_ATTRDEF: column defaults; identity columns show as a call of "identity" or default_identity.
 */
import { liveColumns } from '../catalog/objects.ts';
import { defaultText } from '../catalog/ddl-text.ts';
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'pg_attrdef',
  schema: 'pg_catalog',
  oid: 2604,
  doc: 'column defaults; identity columns show as a call of "identity" or default_identity.',
  visibleTo: 'everyone',
  columns: columns(`
    adrelid oid, adnum smallint, adbin text, adsrc text
  `),
  rows: (ctx) =>
    ctx.catalog.relations().flatMap((r) =>
      liveColumns(r).flatMap((c) => {
        const text = defaultText(r, c);
        return text === undefined ? [] : [{ adrelid: r.oid, adnum: c.attnum, adbin: text, adsrc: text }];
      }),
    ),
});
