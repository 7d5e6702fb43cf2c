/**
 * STL_PLAN_INFO and SVCS_PLAN_INFO: which steps each operator of a plan became, with what the optimizer thought of it.
 */
import type { Sequence } from '../../common/sequence.ts';
import { columns, type SystemContext, type SystemRow } from './define.ts';
import { byQuery } from './step-rows.ts';

/** Numbers of operators as PostgreSQL 8.0 has them, by the first words of their line; it has none for Redshift's own. */
const NODE_TYPES: readonly (readonly [RegExp, number])[] = [
  [/^Result/, 101],
  [/^Append/, 102],
  [/^Seq Scan/, 104],
  [/^Subquery Scan/, 107],
  [/^Function Scan/, 108],
  [/^Nested Loop/, 110],
  [/^Merge .*Join/, 111],
  [/^Hash .*Join/, 112],
  [/^Sort/, 114],
  [/^(Hash)?Aggregate/, 116],
  [/^Unique/, 117],
  [/^Limit/, 119],
  [/^Hash/, 120],
];
function nodeType(planNode: string): number | null {
  const label = planNode.replace(/^[ >-]*(XN |LD )?/, '');
  return NODE_TYPES.find(([words]) => words.test(label))?.[1] ?? null;
}

export const PLAN_INFO_COLUMNS = columns(`
  userid integer, query integer, nodeid integer, segment integer, step integer, locus integer,
  plannode integer, startupcost double precision, totalcost double precision, rows bigint, bytes bigint
`);

export async function planInfoRows(ctx: SystemContext): Promise<Sequence<SystemRow>> {
  const queries = await byQuery(ctx, 'queries', ({ userid, plan }) => ({ userid, plan }));
  return ctx.services.history.read('runs').flatMap((run) => {
    const query = queries.get(run.query);
    return run.steps.flatMap((s) => {
      const node = query?.plan[s.planNode - 1];
      if (query === undefined || node === undefined) return [];
      return [
        {
          userid: query.userid,
          query: run.query,
          nodeid: node.nodeId,
          segment: s.segment,
          step: s.step,
          locus: s.locus,
          plannode: nodeType(node.planNode),
          startupcost: node.startupCost,
          totalcost: node.totalCost,
          rows: Math.round(node.rows),
          bytes: Math.round(node.rows * node.width),
        },
      ];
    });
  });
}
