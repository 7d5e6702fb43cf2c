/**
 * Python drivers, each a program of its own under programs/: psycopg2, psycopg 3, asyncpg, pg8000, SQLAlchemy. A driver
 * that is not installed is skipped.
 */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { missingPython, python, run, startServer, type TestServer } from './cluster.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.close());

const DRIVERS = [
  ['psycopg2', 'psycopg2'],
  ['psycopg', 'psycopg3'],
  ['asyncpg', 'asyncpg'],
  ['pg8000', 'pg8000'],
  ['sqlalchemy', 'sqlalchemy'],
] as const;

describe('python drivers', () => {
  test.for(DRIVERS)('%s', async ([module, program], context) => {
    const reason = missingPython(module);
    if (reason !== undefined) context.skip(reason);
    const file = join(import.meta.dirname, 'programs', `${program}_check.py`);
    const { out, err, code } = await run(python, [
      file,
      server.host,
      String(server.port),
      server.user,
      server.database,
    ]);
    expect({ out: out.trim(), code, err: code === 0 ? '' : err }).toEqual({ out: 'ok', code: 0, err: '' });
  });
});
