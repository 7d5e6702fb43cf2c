/**
 * STL_EXPLAIN: plans of executed queries, one row per plan node. Columns nobody measures here are NULL and listed
 * in `unknown`.
 */
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'stl_explain',
  schema: 'pg_catalog',
  doc: 'plans of executed queries, one row per plan node.',
  visibleTo: 'own-rows',
  columns: columns(`
    userid integer, query integer, nodeid integer, parentid integer, plannode character(400),
    info character(400), user_query_id bigint, child_query_sequence integer, query_uuid character(36)
  `),
  unknown: ['query_uuid'],
  rows: (ctx) =>
    ctx.services.history.read('queries').flatMap((q) =>
      q.plan.map((node) => ({
        userid: q.userid,
        query: q.query,
        nodeid: node.nodeId,
        parentid: node.parentId,
        plannode: node.planNode,
        info: node.info,
        user_query_id: q.query,
        child_query_sequence: 1,
      })),
    ),
});
