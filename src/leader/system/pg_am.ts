/**
 * PG_AM: access methods: btree, the name under which keys are listed.
 */
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'pg_am',
  schema: 'pg_catalog',
  oid: 2601,
  doc: 'access methods: btree, the name under which keys are listed.',
  visibleTo: 'everyone',
  columns: columns(`
    amname name, amowner integer, amstrategies smallint, amsupport smallint, amorderstrategy smallint,
    amcanunique boolean, amcanmulticol boolean, amindexnulls boolean, amconcurrent boolean, oid oid,
    amtype "char", amhandler regproc
  `),
  rows: () => [
    {
      amname: 'btree',
      amowner: 1,
      amstrategies: 5,
      amsupport: 1,
      amorderstrategy: 1,
      amcanunique: true,
      amcanmulticol: true,
      amindexnulls: true,
      amconcurrent: true,
      oid: 403,
      amtype: 'i',
      amhandler: 0,
    },
  ],
});
