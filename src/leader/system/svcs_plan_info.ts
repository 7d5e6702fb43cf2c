/**
 * SVCS_PLAN_INFO: the same as STL_PLAN_INFO.
 */
import { systemView } from './define.ts';
import { PLAN_INFO_COLUMNS, planInfoRows } from './plan-info-rows.ts';

export default systemView({
  name: 'svcs_plan_info',
  schema: 'pg_catalog',
  doc: 'STL_PLAN_INFO; there are no concurrency scaling clusters whose rows it would add.',
  visibleTo: 'own-rows',
  columns: PLAN_INFO_COLUMNS,
  rows: planInfoRows,
});
