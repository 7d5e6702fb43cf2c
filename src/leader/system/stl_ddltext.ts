/**
 * STL_DDLTEXT: texts of DDL statements in pieces of 200 characters.
 */
import { columns, systemView } from './define.ts';
import { statementTextRows } from './step-rows.ts';

export default systemView({
  name: 'stl_ddltext',
  schema: 'pg_catalog',
  doc: 'texts of DDL statements in pieces of 200 characters.',
  visibleTo: 'own-rows',
  columns: columns(`
    userid integer, xid bigint, pid integer, label character(320), starttime timestamp,
    endtime timestamp, sequence integer, text character(200)
  `),
  rows: (ctx) => statementTextRows(ctx, 'ddl'),
});
