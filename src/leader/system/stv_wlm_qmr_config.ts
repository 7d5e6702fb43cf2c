/**
 * STV_WLM_QMR_CONFIG: query monitoring rules; there are no query monitoring rules.
 */
import { columns, emptyView } from './define.ts';

export default emptyView({
  name: 'stv_wlm_qmr_config',
  schema: 'pg_catalog',
  doc: 'query monitoring rules.',
  visibleTo: 'superuser',
  without: 'query monitoring rules',
  columns: columns(`
    service_class integer, rule_name character(256), action character(256),
    metric_name character(256), metric_operator character(256), metric_value double precision,
    action_value character(256)
  `),
});
