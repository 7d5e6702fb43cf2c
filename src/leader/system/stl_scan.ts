/**
 * STL_SCAN: scan steps, one row per slice; type 2 is a user table, 3 an intermediate result. Columns nobody
 * measures here are NULL and listed in `unknown`.
 */
import { columns, systemView } from './define.ts';
import { stepRows, tf } from './step-rows.ts';

export default systemView({
  name: 'stl_scan',
  schema: 'pg_catalog',
  doc: 'scan steps, one row per slice; type 2 is a user table, 3 an intermediate result.',
  visibleTo: 'own-rows',
  columns: columns(`
    userid integer, query integer, slice integer, segment integer, step integer, starttime timestamp,
    endtime timestamp, tasknum integer, rows bigint, bytes bigint, fetches bigint, type integer,
    tbl integer, is_rrscan character(1), is_delayed_scan character(1), rows_pre_filter bigint,
    rows_pre_user_filter bigint, perm_table_name character(136), is_rlf_scan character(1),
    is_rlf_scan_reason integer, num_em_blocks integer, checksum bigint, runtime_filtering character(1),
    scan_region integer, num_sortkey_as_predicate integer, row_fetcher_state integer,
    consumed_scan_ranges bigint, work_stealing_reason bigint, is_vectorized_scan character(1),
    is_vectorized_scan_reason integer, row_fetcher_reason bigint, topology_signature bigint,
    use_tpm_partition character(1), is_rrscan_expr character(1), scanned_mega_value character(1)
  `),
  unknown: [
    'fetches',
    'is_rlf_scan_reason',
    'num_em_blocks',
    'checksum',
    'runtime_filtering',
    'scan_region',
    'num_sortkey_as_predicate',
    'row_fetcher_state',
    'consumed_scan_ranges',
    'work_stealing_reason',
    'is_vectorized_scan',
    'is_vectorized_scan_reason',
    'row_fetcher_reason',
    'topology_signature',
    'use_tpm_partition',
    'is_rrscan_expr',
    'scanned_mega_value',
  ],
  rows: (ctx) =>
    stepRows(ctx, ['scan'], (s) => ({
      bytes: s.bytes,
      tbl: s.tableId,
      type: s.scan === undefined ? 3 : 2,
      is_rrscan: tf(s.scan?.isRangeRestricted ?? false),
      is_rlf_scan: tf(s.scan?.isRowFiltered ?? false),
      is_delayed_scan: 'f',
      rows_pre_filter: s.scan?.rowsPreFilter ?? s.rows,
      rows_pre_user_filter: s.scan?.rowsPreUserFilter ?? s.rows,
      perm_table_name: s.tableName || 'Internal Worktable',
    })),
});
