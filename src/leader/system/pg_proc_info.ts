/**
 * PG_PROC_INFO: functions and procedures with their kind. Columns nobody measures here
 * are NULL and listed in `unknown`.
 */
import { procRows } from './database-rows.ts';
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'pg_proc_info',
  schema: 'pg_catalog',
  doc: 'functions and procedures with their kind.',
  visibleTo: 'everyone',
  columns: columns(`
    proname name, pronamespace oid, proowner integer, prolang oid, prokind "char", proisagg boolean,
    prosecdef boolean, proisstrict boolean, proretset boolean, provolatile "char", pronargs smallint,
    prorettype oid, proargtypes oidvector, proargnames text[], prosrc text, probin bytea,
    proacl aclitem[], prokind_ "char", prooid oid, oid oid, proiswindow boolean, procost real, proargmodes "char"[],
    proallargtypes oid[]
  `),
  unknown: ['probin'],
  rows: (ctx) => procRows(ctx).map((row) => ({ ...row, prokind_: row['prokind'], prooid: row['oid'] })),
});
