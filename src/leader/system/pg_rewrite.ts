/**
 * PG_REWRITE: the rule behind each view. Columns nobody measures here are NULL and listed in `unknown`.
 */
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'pg_rewrite',
  schema: 'pg_catalog',
  oid: 2618,
  doc: 'the rule behind each view.',
  visibleTo: 'everyone',
  columns: columns(`
    rulename name, ev_class oid, ev_attr smallint, ev_type "char", is_instead boolean, ev_qual text,
    ev_action text, ev_enabled "char", oid oid
  `),
  unknown: ['ev_qual', 'ev_action'],
  rows: (ctx) =>
    ctx.catalog
      .relations()
      .filter((r) => r.kind !== 'table')
      .map((r) => ({
        rulename: '_RETURN',
        ev_class: r.oid,
        ev_attr: -1,
        ev_type: '1',
        is_instead: true,
        ev_enabled: 'O',
        oid: r.oid,
      })),
});
