/** SVV_VACUUM_PROGRESS: VACUUMs that run now, with the time that they will take if they go on as they began; when there are none, the last one. */
import { sum } from './step-rows.ts';
import { columns, systemView, type SystemContext, type SystemRow } from './define.ts';

const SECOND = 1_000_000;

/** '1m 4s' */
function durationText(micros: number): string {
  const seconds = Math.ceil(micros / SECOND);
  return `${Math.floor(seconds / 60)}m ${seconds % 60}s`;
}

async function vacuumsRunning(ctx: SystemContext): Promise<readonly SystemRow[]> {
  const progress = (await ctx.services.slices.progress(ctx.session.cancelSignal)).flatMap((p) => p.vacuums);
  const started = new Map(ctx.services.transactions.running().map((t) => [t.xid, t.startedAtMicros]));
  const now = ctx.services.clock.nowMicros();
  return [...new Set(progress.map((p) => p.xid))].flatMap((xid) => {
    const own = progress.filter((p) => p.xid === xid);
    const [rows, done] = [sum(own.map((p) => p.rows)), sum(own.map((p) => p.rowsDone))];
    const elapsed = Number(now - (started.get(xid) ?? now));
    const left = done === 0 ? '' : durationText((elapsed * (rows - done)) / done);
    const table = ctx.catalog.relationByOid(own[0]!.tableId);
    const phase = own.some((p) => p.phase === 'sort') ? 'sort' : 'delete';
    if (table === undefined) return [];
    return [{ table_name: table.name, status: `Vacuum: ${phase}`, time_remaining_estimate: left }];
  });
}

export default systemView({
  name: 'svv_vacuum_progress',
  schema: 'pg_catalog',
  doc: 'VACUUMs that run now, or the last one.',
  visibleTo: 'superuser',
  columns: columns(`
    table_name text, status text, time_remaining_estimate text
  `),
  rows: async (ctx) => {
    const running = await vacuumsRunning(ctx);
    if (running.length > 0) return running;
    const [last] = ctx.services.history.newest('vacuumRuns', 1);
    return last === undefined
      ? []
      : [{ table_name: last.tableName, status: last.status, time_remaining_estimate: '' }];
  },
});
