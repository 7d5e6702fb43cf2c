/**
 * The statements of random histories (history.ts). A row is a list that only grows: `list` = 'value:seen value:seen ',
 * `v` = the last value; a value is written once. To add a statement: an entry in READS, or in WRITES, that says what it read
 * and wrote; in BLOCKS those of several statements, which need a transaction block.
 */
import type pg from 'pg';
import type { Prng } from '../../src/common/prng.ts';
import { BLOCK, type Read, type Row, type Write } from './history-check.ts';

/** What a statement needs to know and to say. Queries that fail throw. */
export interface Conversation {
  readonly random: Prng;
  readonly tables: readonly string[];
  /** Rows 1 to `keys` of each table are there from the start. */
  readonly keys: number;
  /** A value, and those up to BLOCK behind it, that nobody else has. */
  block(): number;
  /** A number below MAKES_MAX for all sessions together, undefined when they are used up. */
  make(): number | undefined;
  query(sql: string, values?: readonly number[]): Promise<pg.QueryResult>;
  /** Runs a statement that writes, whatever comes of it; its count of rows. */
  write(intent: Omit<Write, 'kind' | 'count'>, sql: string, values?: readonly number[]): Promise<number>;
  saw(read: Omit<Read, 'kind'>): void;
  find(what: string): void;
}
type Statement = (c: Conversation) => Promise<void>;

export const MAKES_MAX = 89;
/** Fresh rows have ids from here to below COPIED_BELOW; copies, which are never copied again, lie above. */
const FRESH_FROM = 10;
const COPIED_BELOW = 100;
const EVERYTHING = { from: 0, to: BLOCK } as const;
const COLUMNS = 'id, v, list';

interface Cells {
  readonly id: number | null;
  readonly v: string;
  readonly list: string;
}
export function readRows(cells: readonly Cells[], find: (what: string) => void): readonly Row[] {
  return cells
    .filter((c) => c.id !== null)
    .map(({ id, v, list }) => {
      const elements = list
        .trim()
        .split(' ')
        .map((e) => ({ value: Number(e.split(':')[0]), seen: Number(e.split(':')[1]) }));
      if (elements.at(-1)!.value !== Number(v)) find(`torn row: id ${id} has v = ${v} and list = ${list}`);
      return { id: Number(id), list: elements };
    });
}

const oldKey = (c: Conversation): number => c.random.int(1, c.keys);
/** Mostly a row that is there from the start, else one that somebody may have inserted. */
const anyKey = (c: Conversation): number =>
  c.random.int(0, 4) > 0 ? oldKey(c) : FRESH_FROM + c.random.int(0, MAKES_MAX);
const twoTables = (c: Conversation): readonly [string, string] => {
  const first = c.random.pick(c.tables);
  return [first, c.random.pick(c.tables.filter((t) => t !== first))];
};
/** The text with $1, $2 ... or with the numbers in their places. */
function given(c: Conversation, sql: string, values: readonly number[]): [string, number[]?] {
  if (c.random.int(0, 2) === 0) return [sql, [...values]];
  return [values.reduce((s, v, i) => s.replaceAll(`$${i + 1}`, String(v)), sql)];
}
const rowsOf = (c: Conversation, result: pg.QueryResult): readonly Row[] =>
  readRows(result.rows as Cells[], (what) => c.find(what));

const readTable: Statement = async (c) => {
  const table = c.random.pick(c.tables);
  c.saw({ table, ...EVERYTHING, rows: rowsOf(c, await c.query(`select ${COLUMNS} from ${table}`)) });
};
const readRange: Statement = async (c) => {
  const table = c.random.pick(c.tables);
  const sql = `select ${COLUMNS} from ${table} where id < $1 order by id`;
  const result = await c.query(...given(c, sql, [COPIED_BELOW]));
  c.saw({ table, from: 0, to: COPIED_BELOW - 1, rows: rowsOf(c, result) });
};
const readRow: Statement = async (c) => {
  const [table, id] = [c.random.pick(c.tables), anyKey(c)];
  const result = await c.query(...given(c, `select ${COLUMNS} from ${table} where id = $1`, [id]));
  c.saw({ table, from: id, to: id, rows: rowsOf(c, result) });
};
const readJoin: Statement = async (c) => {
  const [a, b] = twoTables(c);
  const result = await c.query(`select a.id as ia, a.v as va, a.list as la, b.id as ib, b.v as vb, b.list as lb
    from ${a} a full join ${b} b on a.id = b.id`);
  const side = (s: string): Cells[] =>
    (result.rows as Record<string, never>[]).map((r) => ({ id: r[`i${s}`]!, v: r[`v${s}`]!, list: r[`l${s}`]! }));
  for (const [table, s] of [
    [a, 'a'],
    [b, 'b'],
  ] as const)
    c.saw({ table, ...EVERYTHING, rows: readRows(side(s), (what) => c.find(what)) });
};
const readUnion: Statement = async (c) => {
  const sql = c.tables.map((t) => `select '${t}' as t, ${COLUMNS} from ${t}`).join(' union all ');
  const rows = (await c.query(sql)).rows as (Cells & { readonly t: string })[];
  for (const table of c.tables) {
    const own = rows.filter((r) => r.t === table);
    c.saw({ table, ...EVERYTHING, rows: readRows(own, (what) => c.find(what)) });
  }
};

const append: Statement = async (c) => {
  const [table, id, block] = [c.random.pick(c.tables), anyKey(c), c.block()];
  const sql = `update ${table} set v = $1, list = list || '${block}:0 ' where id = $2`;
  await c.write({ table, block, base: id, all: undefined }, ...given(c, sql, [block, id]));
};
const appendEverywhere: Statement = async (c) => {
  const [table, block] = [c.random.pick(c.tables), c.block()];
  await c.write(
    { table, block, base: 0, all: { table, ...EVERYTHING } },
    `update ${table} set v = ${block} + id, list = list || (${block} + id)::varchar || ':0 '`,
  );
};
const appendWhatOtherHolds: Statement = async (c) => {
  const [[table, other], id, block] = [twoTables(c), oldKey(c), c.block()];
  const sql = `update ${table} set v = $1, list = ${table}.list || '${block}:' || o.v::varchar || ' '
    from ${other} o where ${table}.id = o.id + ($2::int - $3::int) and o.id = $3`;
  await c.write({ table, block, base: id, all: undefined }, ...given(c, sql, [block, id, oldKey(c)]));
};
const insert: Statement = async (c) => {
  const made = c.make();
  if (made === undefined) return;
  const [table, id, block] = [c.random.pick(c.tables), FRESH_FROM + made, c.block()];
  const sql = `insert into ${table} values ($1, $2, '${block}:0 ')`;
  await c.write({ table, block, base: id, all: undefined }, ...given(c, sql, [id, block]));
};
const insertSelect: Statement = async (c) => {
  const made = c.make();
  if (made === undefined) return;
  const [table, from, block, base] = [c.random.pick(c.tables), c.random.pick(c.tables), c.block(), (made + 1) * 100];
  await c.write(
    { table, block, base, all: { table: from, from: 0, to: COPIED_BELOW - 1 } },
    `insert into ${table} select ${base} + id, ${block} + id, (${block} + id)::varchar || ':' || v::varchar || ' '
      from ${from} where id < ${COPIED_BELOW}`,
  );
};

/** The new version as a copy of the old row, which then goes. */
const replace: Statement = async (c) => {
  const [table, id, block] = [c.random.pick(c.tables), oldKey(c), c.block()];
  const copy = `insert into ${table} select id, ${block}, list || '${block}:0 ' from ${table} where id = ${id}`;
  const count = await c.write({ table, block, base: id, all: undefined }, copy);
  const gone = await c.query(...given(c, `delete from ${table} where id = $1 and v <> $2`, [id, block]));
  if (gone.rowCount !== count)
    c.find(`delete of ${table}[${id}] met ${gone.rowCount} rows where ${count} had been copied`);
};
/** The old row goes by the value that was read, and comes back as the client knows it. */
const replaceWhatWasRead: Statement = async (c) => {
  const [table, id, block] = [c.random.pick(c.tables), oldKey(c), c.block()];
  const result = await c.query(`select ${COLUMNS} from ${table} where id = ${id}`);
  c.saw({ table, from: id, to: id, rows: rowsOf(c, result) });
  if (result.rows.length === 0) return c.find(`${table}[${id}] is not there`);
  const { v, list } = result.rows[0] as Cells;
  const gone = await c.query(...given(c, `delete from ${table} where id = $1 and v = $2`, [id, Number(v)]));
  if (gone.rowCount !== 1)
    c.find(`delete of ${table}[${id}] by the value it was read with met ${gone.rowCount} rows`);
  await c.write(
    { table, block, base: id, all: undefined },
    `insert into ${table} values (${id}, ${block}, '${list}${block}:0 ')`,
  );
};

export const READS: readonly Statement[] = [readTable, readTable, readRange, readRow, readRow, readJoin, readUnion];
/** Single statements: they may stand alone. */
export const WRITES: readonly Statement[] = [
  append,
  append,
  append,
  appendEverywhere,
  appendWhatOtherHolds,
  appendWhatOtherHolds,
  insert,
  insert,
  insertSelect,
];
export const BLOCKS: readonly Statement[] = [replace, replaceWhatWasRead];
