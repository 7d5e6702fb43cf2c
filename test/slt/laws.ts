/**
 * Conservation laws: what every query's counters and every table's storage must add up to, whatever the query. Each law is
 * a SELECT of what breaks it. The runner reads them on a session of its own: those of tables at the end of each script, those of
 * the history when some scripts have run on a cluster, over all their queries, since the history outlives what is dropped
 * and restarts: so every query of the SQL suites is checked, in every configuration.
 */
import pg from 'pg';

export interface Law {
  readonly name: string;
  /** Of the tables there are; without it of the history. */
  readonly ofTables?: true;
  /** Gives a row for each breach. */
  readonly sql: string;
}

export const LAWS: readonly Law[] = [
  {
    name: 'sent = received: rows, bytes and packets from each slice to each other one',
    sql: `select query, from_slice, to_slice, sum(rows_sent), sum(rows_received), sum(bytes_sent), sum(bytes_received)
      from slicehouse_exchange e where not exists (select 1 from slicehouse_exchange c where c.query = e.query and c.is_cut = 't')
      group by query, from_slice, to_slice
      having sum(rows_sent) <> sum(rows_received) or sum(bytes_sent) <> sum(bytes_received)
        or sum(packets_sent) <> sum(packets_received) or sum(rows_received) is null`,
  },
  {
    name: 'a dist step sends each of its rows to one slice',
    sql: `select d.query, d.slice, d.segment, max(d.rows), sum(e.rows_sent), max(d.bytes), sum(e.bytes_sent) from stl_dist d
      join slicehouse_exchange e on e.query = d.query and e.segment = d.segment and e.step = d.step and e.from_slice = d.slice
      where not exists (select 1 from slicehouse_exchange c where c.query = d.query and c.is_cut = 't')
      group by d.query, d.slice, d.segment having max(d.rows) <> sum(e.rows_sent) or max(d.bytes) <> sum(e.bytes_sent)`,
  },
  {
    name: 'a bcast step sends each of its rows to every receiver',
    sql: `select b.query, b.slice, b.segment, b.rows, e.to_slice, e.rows_sent from stl_bcast b
      join slicehouse_exchange e on e.query = b.query and e.segment = b.segment and e.step = b.step and e.from_slice = b.slice
      where b.rows <> e.rows_sent
        and not exists (select 1 from slicehouse_exchange c where c.query = b.query and c.is_cut = 't')`,
  },
  {
    name: 'the rows of the slices are the rows of the step',
    sql: `select s.query, s.seg, s.step, s.rows, r.rows, d.rows, s.bytes, r.bytes, d.bytes from svl_query_summary s
      join (select query, segment, step, sum(rows) as rows, sum(bytes) as bytes from svl_query_report group by 1, 2, 3) r
        on r.query = s.query and r.segment = s.seg and r.step = s.step
      join (select query_id, segment_id, step_id, sum(output_rows) as rows, sum(output_bytes) as bytes from sys_query_detail
        group by 1, 2, 3) d on d.query_id = s.query and d.segment_id = s.seg and d.step_id = s.step
      where (s.rows <> r.rows or s.rows <> d.rows or s.bytes <> r.bytes or s.bytes <> d.bytes)`,
  },
  {
    name: 'blocks read + blocks skipped = blocks held',
    sql: `select query, slice, segment, tbl, col, blocks_held, blocks_read, blocks_skipped from slicehouse_block_reads
      where blocks_read + blocks_skipped <> blocks_held`,
  },
  {
    name: 'rows read - rows deleted = rows before the filter >= rows behind it',
    sql: `select query, slice, segment, tbl, rows_read, rows_deleted, rows_visible, rows from slicehouse_scan_rows
      where (rows_read - rows_deleted <> rows_visible or rows > rows_visible or rows_deleted < 0)`,
  },
  {
    name: 'the metrics of a query have its rows once',
    sql: `select m.query, m.segment, m.step, m.rows, s.rows from stl_query_metrics m
      join svl_query_summary s on s.query = m.query and s.seg = m.segment and s.step = case when m.step < 0 then 0 else m.step end
      where m.segment >= 0 and m.rows <> s.rows`,
  },
  {
    name: 'every step of a plan has its operator',
    sql: `select d.query_id, d.segment_id, d.step_id, d.step_name, d.plan_node_id from sys_query_detail d
      where exists (select 1 from stl_explain e where e.query = d.query_id)
        and not exists (select 1 from stl_explain e where e.query = d.query_id and e.nodeid = d.plan_node_id)`,
  },
  {
    name: 'a table has as many blocks and rows in every view',
    ofTables: true,
    sql: `select i.table_id, i.size, p.blocks, b.blocks, i.tbl_rows, p.rows, b.rows from svv_table_info i
      join (select id, sum(block_count) as blocks, sum(rows) as rows from stv_tbl_perm group by id) p on p.id = i.table_id
      join (select tbl, count(*) as blocks, sum(case when col = hidden then num_values else 0 end) as rows from stv_blocklist
          join (select tbl as t, max(col) as hidden from stv_blocklist group by tbl) h on h.t = tbl
          where tombstone = 0 group by tbl) b on b.tbl = i.table_id
      where i.size <> p.blocks or i.size <> b.blocks or p.rows <> b.rows or p.rows % i.tbl_rows <> 0`,
  },
  {
    name: 'the rows of a table are those inserted without those deleted',
    ofTables: true,
    sql: `select i.table_id, i.estimated_visible_rows, w.inserted, w.deleted from svv_table_info i
      join (select tbl, sum(inserted) as inserted, sum(deleted) as deleted from (
          select s.tbl, s.rows as inserted, 0 as deleted from stl_insert s join stl_query q on q.query = s.query
            join stl_commit_stats c on c.xid = q.xid
          union all
          select s.tbl, 0, s.rows from stl_delete s join stl_query q on q.query = s.query
            join stl_commit_stats c on c.xid = q.xid) x group by tbl) w on w.tbl = i.table_id
      where i.diststyle not like '%ALL%' and i.estimated_visible_rows <> w.inserted - w.deleted
        and not exists (select 1 from stl_utilitytext u where u.text ilike '%truncate%')`,
  },
];

/** Reads every law, or those of the tables alone; gives what is broken, a line each. */
export async function breaches(client: pg.Client, which: 'all' | 'of tables' = 'all'): Promise<readonly string[]> {
  const rows = async (sql: string): Promise<(string | null)[][]> =>
    (await client.query<(string | null)[]>({ text: sql, rowMode: 'array' })).rows;
  const lines: string[] = [];
  for (const law of LAWS) {
    if (which === 'of tables' && law.ofTables === undefined) continue;
    for (const row of (await rows(law.sql)).slice(0, 3)) {
      const query = /^select (\w+\.)?query/.test(law.sql) ? Number(row[0]) : 0;
      const text = query === 0 ? [] : await rows(`select trim(querytxt) from stl_query where query = ${query}`);
      lines.push(`${law.name}: ${row.join(' | ')}${text.length === 0 ? '' : `\n    ${text[0]![0]}`}`);
    }
  }
  return lines;
}

/** Throws what is broken on this server. */
export async function obeysLaws(url: string, which: 'all' | 'of tables' = 'all'): Promise<void> {
  const client = new pg.Client({ connectionString: url, types: { getTypeParser: () => (v: unknown) => v } as never });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const lines = await breaches(client, which);
    if (lines.length > 0) throw new TypeError(`laws are broken\n${lines.join('\n')}`);
  } finally {
    await client.end();
  }
}
