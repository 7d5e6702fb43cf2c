/**
 * STL_PLAN_INFO: the steps that each operator of a plan became, with estimated costs, rows and bytes.
 */
import { systemView } from './define.ts';
import { PLAN_INFO_COLUMNS, planInfoRows } from './plan-info-rows.ts';

export default systemView({
  name: 'stl_plan_info',
  schema: 'pg_catalog',
  doc: 'plan rows with locus and costs: the steps each operator of a plan became.',
  visibleTo: 'own-rows',
  columns: PLAN_INFO_COLUMNS,
  rows: planInfoRows,
});
