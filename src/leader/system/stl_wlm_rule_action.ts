/**
 * STL_WLM_RULE_ACTION: QMR actions taken; there are no query monitoring rules.
 */
import { columns, emptyView } from './define.ts';

export default emptyView({
  name: 'stl_wlm_rule_action',
  schema: 'pg_catalog',
  doc: 'QMR actions taken.',
  visibleTo: 'own-rows',
  without: 'query monitoring rules',
  columns: columns(`
    userid integer, query integer, service_class integer, rule character(256),
    action character(256), recordtime timestamp, action_value character(256),
    service_class_name character(64)
  `),
});
