/** SVV_INTERLEAVED_COLUMNS: columns of interleaved sort keys. Rows lie in the order of a compound key, so that there is no skew to tell. */
import { tablesOf } from './catalog-rows.ts';
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'svv_interleaved_columns',
  schema: 'pg_catalog',
  doc: 'columns of interleaved sort keys.',
  visibleTo: 'superuser',
  columns: columns(`
    tbl integer, col integer, interleaved_skew numeric(19,2), last_reindex timestamp
  `),
  unknown: ['interleaved_skew'],
  rows: async (ctx) => {
    const reindexed = new Map<number, bigint>();
    const { history } = ctx.services;
    await history
      .read('vacuumRuns')
      .filter((v) => v.mode === 'reindex' && v.status !== 'Failed')
      .each((v) => reindexed.set(v.tableId, v.endMicros), ctx.session.cancelSignal);
    return tablesOf(ctx)
      .filter((t) => t.sortkeyStyle === 'interleaved')
      .flatMap((t) =>
        t.sortkey.map((attnum) => ({ tbl: t.oid, col: attnum - 1, last_reindex: reindexed.get(t.oid) ?? null })),
      );
  },
});
