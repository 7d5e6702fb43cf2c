/**
 * STL_PLAN_INFO: the steps that each operator of a plan became, with estimated costs, rows and bytes.
 */
import { columns, systemView } from './define.ts';
import { planInfoRows } from './plan-info-rows.ts';

export default systemView({
  name: 'stl_plan_info',
  schema: 'pg_catalog',
  doc: 'plan rows with locus and costs: the steps each operator of a plan became.',
  visibleTo: 'own-rows',
  columns: columns(`
    userid integer, query integer, nodeid integer, segment integer, step integer, locus integer,
    plannode integer, startupcost double precision, totalcost double precision, rows bigint, bytes bigint
  `),
  rows: (ctx) => planInfoRows(ctx),
});
