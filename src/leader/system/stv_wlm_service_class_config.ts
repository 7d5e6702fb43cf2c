/**
 * STV_WLM_SERVICE_CLASS_CONFIG: the service classes. query_working_mem is what a slot is sure of on a node, in MB; a query
 * may use more while nobody else needs it. Columns that mean nothing here are NULL and listed in `unknown`.
 */
import { NORMAL } from '../scheduler/priorities.ts';
import { SERVICE_CLASSES } from '../scheduler/wlm.ts';
import { columns, systemView } from './define.ts';

const MEBIBYTE = 1024 * 1024;

export default systemView({
  name: 'stv_wlm_service_class_config',
  schema: 'pg_catalog',
  doc: 'the service classes.',
  visibleTo: 'superuser',
  columns: columns(`
    service_class integer, queueing_strategy character(32), num_query_tasks integer,
    target_num_query_tasks integer, evictable character(8), eviction_threshold bigint,
    query_working_mem integer, target_query_working_mem integer, min_step_mem integer,
    name character(64), max_execution_time bigint, user_group_wild_card boolean,
    query_group_wild_card boolean, concurrency_scaling character(20), query_priority character(20),
    user_role_wild_card boolean
  `),
  unknown: ['eviction_threshold', 'min_step_mem'],
  rows: (ctx) => {
    const memory = Math.floor(ctx.services.wlm.slotBytes / MEBIBYTE);
    return SERVICE_CLASSES.map((c) => ({
      service_class: c.id,
      queueing_strategy: 'fixed wlm query task policy',
      num_query_tasks: c.slots,
      target_num_query_tasks: c.slots,
      evictable: 'false',
      query_working_mem: memory,
      target_query_working_mem: memory,
      name: c.name,
      max_execution_time: 0,
      user_group_wild_card: false,
      query_group_wild_card: false,
      concurrency_scaling: 'off',
      query_priority: NORMAL,
      user_role_wild_card: false,
    }));
  },
});
