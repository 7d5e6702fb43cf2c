/**
 * SYS_QUERY_EXPLAIN: plans of executed queries, one row per plan node. Columns nobody measures here are NULL and
 * listed in `unknown`.
 */
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'sys_query_explain',
  schema: 'pg_catalog',
  doc: 'plans of executed queries, one row per plan node.',
  visibleTo: 'own-rows',
  columns: columns(`
    userid integer, query_id bigint, child_query_sequence integer, plan_node_id integer,
    plan_parent_id integer, plan_node character(400), plan_info character(400), query_uuid character(36)
  `),
  unknown: ['query_uuid'],
  rows: (ctx) =>
    ctx.services.history.read('queries').flatMap((q) =>
      q.plan.map((node) => ({
        userid: q.userid,
        query_id: q.query,
        child_query_sequence: 1,
        plan_node_id: node.nodeId,
        plan_parent_id: node.parentId,
        plan_node: node.planNode,
        plan_info: node.info,
      })),
    ),
});
