/**
 * pgjdbc: the program under programs/ is compiled and run; its metadata calls report one by one. getPrimaryKeys needs
 * information_schema._pg_expandarray, which Redshift has not, and fails as it does there.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { missing, run, startServer, type TestServer } from './cluster.ts';

const DRIVER = '/usr/share/java/postgresql.jar';
const classes = mkdtempSync(join(tmpdir(), 'slicehouse-jdbc-'));
let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => {
  rmSync(classes, { recursive: true, force: true });
  await server?.close();
});

test('pgjdbc', async (context) => {
  const reason =
    missing('javac', ['-version'], 'javac') ?? (existsSync(DRIVER) ? undefined : 'pgjdbc is not installed');
  if (reason !== undefined) context.skip(reason);
  const compiled = await run('javac', ['-d', classes, join(import.meta.dirname, 'programs/JdbcCheck.java')]);
  expect(compiled.code, compiled.err).toBe(0);
  const url = `jdbc:postgresql://${server.host}:${server.port}/${server.database}`;
  const { out, err, code } = await run('java', ['-cp', `${classes}:${DRIVER}`, 'JdbcCheck', url, server.user]);
  expect(code, err).toBe(0);
  const lines = out.trim().split('\n');
  expect(lines.at(-1)).toBe('ok');
  expect(lines.filter((l) => l.startsWith('fail')).map((l) => l.split(':')[0])).toEqual(['fail getPrimaryKeys']);
});
