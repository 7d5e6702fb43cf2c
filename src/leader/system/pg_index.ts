/**
 * PG_INDEX: primary and unique keys in the form of PostgreSQL's indexes; Redshift keeps no index behind them.
 * Columns nobody measures here are NULL and listed in `unknown`.
 */
import { keyIndexes } from './catalog-rows.ts';
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'pg_index',
  schema: 'pg_catalog',
  oid: 2610,
  doc: "primary and unique keys in the form of PostgreSQL's indexes; Redshift keeps no index behind " + 'them.',
  visibleTo: 'everyone',
  columns: columns(`
    indexrelid oid, indrelid oid, indkey int2vector, indclass oidvector, indnatts smallint,
    indisunique boolean, indisprimary boolean, indisclustered boolean, indexprs text, indpred text,
    indisvalid boolean, indisready boolean, indislive boolean, indcheckxmin boolean,
    indimmediate boolean, indisexclusion boolean, indisreplident boolean, indnkeyatts smallint,
    indoption int2vector, indcollation oidvector
  `),
  unknown: ['indexprs', 'indpred'],
  rows: (ctx) =>
    keyIndexes(ctx).map((i) => ({
      indexrelid: i.oid,
      indrelid: i.table.oid,
      indkey: i.constraint.attnums.join(' '),
      indclass: i.columns.map(() => 0).join(' '),
      indnatts: i.columns.length,
      indisunique: true,
      indisprimary: i.constraint.kind === 'primary',
      indisclustered: false,
      indisvalid: true,
      indisready: true,
      indislive: true,
      indcheckxmin: false,
      indimmediate: true,
      indisexclusion: false,
      indisreplident: false,
      indnkeyatts: i.columns.length,
      indoption: i.columns.map(() => 0).join(' '),
      indcollation: i.columns.map(() => 0).join(' '),
    })),
});
