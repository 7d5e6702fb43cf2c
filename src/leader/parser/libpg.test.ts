/**
 * The libpg-query instance: an overflow inside it is a SqlError, and the next statement finds a sound instance.
 */
import { beforeEach, expect, test } from 'vitest';
import { SqlError } from '../../common/errors/sql-error.ts';
import { parsePostgres, warmLibpg, warmSpare } from './libpg.ts';

beforeEach(() => warmLibpg().then(warmSpare));

test('a legal statement gives a tree, an illegal one its error with a cursor', () => {
  expect(parsePostgres('select 1')).toMatchObject({ tree: { stmts: [{ stmt: { SelectStmt: {} } }] } });
  expect(parsePostgres("select 'é' 1 1")).toMatchObject({
    error: { message: 'syntax error at or near "1"', cursor: 11 },
  });
});

for (const round of [1, 2, 3]) {
  test(`stack overflow ${round} discards the instance and the spare takes over at once`, () => {
    let thrown: unknown;
    try {
      parsePostgres(`select 1${' + 1'.repeat(50_000)}`);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(SqlError);
    expect((thrown as SqlError).sqlstate).toBe('54001');
    expect(parsePostgres('select 1')).toHaveProperty('tree');
  });
}
