/**
 * Windows and sorts over many rows, small ones that move while they are sorted and large ones that do not, in memory and on
 * the temporary disk: answers are the same, and what they must be.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sampled } from '../../src/common/test-trials.ts';
import { rowsOf, SmallAndLarge } from './testing.ts';

const ROWS = 2 ** 18;
const NUMBERS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
let both: SmallAndLarge;

beforeAll(async () => {
  both = await SmallAndLarge.start(async (client) => {
    const columns = NUMBERS.map((name) => `${name} bigint`).join(', ');
    await client.query(`create table t(k int, s varchar(40), ${columns}) diststyle even`);
    await client.query(`insert into t values (0, 'text 0'${', 0'.repeat(NUMBERS.length)})`);
    // Numbers 0 to ROWS - 1, in no order.
    for (let n = 1; n < ROWS; n *= 2)
      await client.query(
        `insert into t select m, 'text ' || m, ${NUMBERS.map(() => 'm').join(', ')} from (select (k + ${ROWS / n / 2}) m from t) x`,
      );
  });
}, 240_000);
afterAll(async () => both.close());

const SMALL = 'k';
const LARGE = `k, s, ${NUMBERS.join(', ')}`;
const sumOf = (columns: string): string =>
  columns === SMALL ? 'sum(k)' : `sum(k + ${NUMBERS.join(' + ')} + len(s))`;
const windows = (columns: string, window: string, where: string): string =>
  `select count(*), ${sumOf(columns)} from (select ${columns}, ${window} w from t) x where ${where}`;

/** Of the small node: what it has to put on disk. */
const [MEMORY, DISK] = [false, true];
const CASES = [
  [SMALL, 'lag(k) over (order by k)', 'w = k - 1', ROWS - 1, DISK],
  [SMALL, 'row_number() over (partition by k % 1000 order by k)', 'w = k / 1000 + 1', ROWS, MEMORY],
  [SMALL, 'rank() over (partition by k % 1000 order by k / 2000)', 'w = k / 2000 * 2 + 1', ROWS, MEMORY],
  [SMALL, 'count(*) over (partition by k / 4)', 'w = 4', ROWS, MEMORY],
  [LARGE, 'lag(k) over (order by s, k)', 'w <> k', ROWS - 1, DISK],
  [
    LARGE,
    'row_number() over (partition by k % 1000 order by k desc)',
    `w = (${ROWS - 1} - k) / 1000 + 1`,
    ROWS,
    DISK,
  ],
  [LARGE, "sum(k) over (partition by 'group ' || k / 4)", 'w = k / 4 * 16 + 6', ROWS, DISK],
] as const;
test.each(sampled('sorted rows', CASES, 4))(
  '%s, %s',
  async (columns, window, where, count, isOnDisk) => {
    const sql = windows(columns, window, where);
    if (isOnDisk) await both.check('window', sql);
    expect((await rowsOf(both.small, sql))[0]![0]).toBe(String(count));
  },
  120_000,
);

test.each([SMALL, LARGE])('rows in the order of a list: %s', async (columns) => {
  const list = `select k % 7 g, listagg(k / 7 % 8) within group (order by k) l, ${sumOf(columns)} n from t where k < ${7 * 4000} group by 1`;
  const text = '01234567'.repeat(500);
  const sql = `select count(*), sum(n) from (${list}) x where l = '${text}'`;
  const [[count]] = (await rowsOf(both.small, sql)) as [unknown[]];
  expect(count).toBe('7');
});
