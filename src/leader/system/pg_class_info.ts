/**
 * PG_CLASS_INFO: pg_class with creation time and the effective distribution style. Columns nobody measures here
 * are NULL and listed in `unknown`.
 */
import { classRows } from './class-rows.ts';
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'pg_class_info',
  schema: 'pg_catalog',
  doc: 'pg_class with creation time and the effective distribution style.',
  visibleTo: 'everyone',
  columns: columns(`
    oid oid, relname name, relnamespace oid, reltype oid, relowner integer, relam oid, relfilenode oid,
    reltablespace oid, relpages integer, reltuples real, reltoastrelid oid, reltoastidxid oid,
    relhasindex boolean, relisshared boolean, relkind "char", relnatts smallint, relexternid oid,
    relisreplicated boolean, relispinned boolean, reldiststyle smallint, relprojbaseid oid,
    relchecks smallint, reltriggers smallint, relukeys smallint, relfkeys smallint, relrefs smallint,
    relhasoids boolean, relhaspkey boolean, relhasrules boolean, relhassubclass boolean,
    relacl aclitem[], relcreationtime timestamp, releffectivediststyle integer, relpersistence "char",
    relhastriggers boolean, reloftype oid, relrowsecurity boolean, relforcerowsecurity boolean,
    relispartition boolean, relispopulated boolean, relreplident "char", reloptions text[],
    relpartbound text
  `),
  unknown: ['relpages', 'reloptions', 'relpartbound'],
  rows: (ctx) => classRows(ctx),
});
