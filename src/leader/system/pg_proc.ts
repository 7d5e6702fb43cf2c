/**
 * PG_PROC: functions and aggregates, one row per signature, the input and output functions of types, and routines of users.
 * Columns nobody measures here are NULL and listed in `unknown`.
 */
import { procRows } from './database-rows.ts';
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'pg_proc',
  schema: 'pg_catalog',
  oid: 1255,
  doc: 'functions and aggregates, one row per signature, the input and output functions of types, routines of users.',
  visibleTo: 'everyone',
  columns: columns(`
    proname name, pronamespace oid, proowner integer, prolang oid, proisagg boolean, prosecdef boolean,
    proisstrict boolean, proretset boolean, provolatile "char", pronargs smallint, prorettype oid,
    proargtypes oidvector, proargnames text[], prosrc text, probin bytea, proacl aclitem[], oid oid,
    prokind "char", proiswindow boolean, procost real, proallargtypes oid[], proargmodes "char"[],
    proargdefaults text
  `),
  unknown: ['probin', 'proargdefaults'],
  rows: (ctx) => procRows(ctx),
});
