/**
 * SVCS_PLAN_INFO: the same as STL_PLAN_INFO.
 */
import { columns, systemView } from './define.ts';
import { planInfoRows } from './plan-info-rows.ts';

export default systemView({
  name: 'svcs_plan_info',
  schema: 'pg_catalog',
  doc: 'STL_PLAN_INFO; there are no concurrency scaling clusters whose rows it would add.',
  visibleTo: 'own-rows',
  columns: columns(`
    userid integer, query integer, nodeid integer, segment integer, step integer, locus integer,
    plannode integer, startupcost double precision, totalcost double precision, rows bigint, bytes bigint
  `),
  rows: (ctx) => planInfoRows(ctx),
});
