/**
 * PG_CLASS: tables, views, key indexes and system relations; later PostgreSQL columns follow Redshift's own.
 * Columns nobody measures here are NULL and listed in `unknown`.
 */
import { classRows } from './class-rows.ts';
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'pg_class',
  schema: 'pg_catalog',
  oid: 1259,
  doc: "tables, views, key indexes and system relations; later PostgreSQL columns follow Redshift's " + 'own.',
  visibleTo: 'everyone',
  columns: columns(`
    relname name, relnamespace oid, reltype oid, relowner integer, relam oid, relfilenode oid,
    reltablespace oid, relpages integer, reltuples real, reltoastrelid oid, reltoastidxid oid,
    relhasindex boolean, relisshared boolean, relkind "char", relnatts smallint, relexternid oid,
    relisreplicated boolean, relispinned boolean, reldiststyle smallint, relprojbaseid oid,
    relchecks smallint, reltriggers smallint, relukeys smallint, relfkeys smallint, relrefs smallint,
    relhasoids boolean, relhaspkey boolean, relhasrules boolean, relhassubclass boolean,
    relacl aclitem[], oid oid, relpersistence "char", relhastriggers boolean, reloftype oid,
    relrowsecurity boolean, relforcerowsecurity boolean, relispartition boolean, relispopulated boolean,
    relreplident "char", reloptions text[], relpartbound text, relcreationtime timestamp,
    releffectivediststyle integer
  `),
  unknown: ['relpages', 'reloptions', 'relpartbound'],
  rows: (ctx) => classRows(ctx),
});
