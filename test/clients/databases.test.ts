/**
 * Databases as several sessions see them: one in use is not dropped unless by force, a forced drop ends its sessions, and
 * commands that stand alone refuse to run behind others in one pipeline and are committed before what follows them.
 */
import { connect, type Socket } from 'node:net';
import { Client, type DatabaseError } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startServer, type TestServer } from './cluster.ts';

let server: TestServer;
let admin: Client;
const open = async (database: string): Promise<Client> => {
  const c = new Client({ host: server.host, port: server.port, user: server.user, database, password: 'x' });
  c.on('error', () => undefined);
  await c.connect();
  return c;
};
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'no error',
    (error: DatabaseError) => error.code ?? error.message,
  );
const names = async (pattern: string): Promise<string[]> => {
  const { rows } = await admin.query<{ datname: string }>(
    `select datname from pg_database where datname like '${pattern}' order by 1`,
  );
  return rows.map((r) => r.datname);
};

/** One Sync behind several statements of the extended protocol; the SQLSTATEs and tags that come back, in order. */
async function pipeline(database: string, statements: readonly string[]): Promise<string[]> {
  const socket: Socket = connect(server.port, server.host);
  const message = (type: string, body: Buffer): Buffer => {
    const length = Buffer.alloc(4);
    length.writeInt32BE(body.length + 4);
    return Buffer.concat([Buffer.from(type), length, body]);
  };
  const start = Buffer.from(`\0\x03\0\0user\0${server.user}\0database\0${database}\0\0`, 'latin1');
  const password = message('p', Buffer.from('x\0'));
  const sent = statements.flatMap((sql) => [
    message('P', Buffer.from(`\0${sql}\0\0\0`)),
    message('B', Buffer.from('\0\0\0\0\0\0\0\0')),
    message('E', Buffer.from('\0\0\0\0\0')),
  ]);
  const found: string[] = [];
  await new Promise<void>((resolve, reject) => {
    let data = Buffer.alloc(0);
    let ready = 0;
    socket.on('error', reject);
    socket.on('data', (chunk) => {
      data = Buffer.concat([data, chunk]);
      while (data.length >= 5 && data.length > data.readInt32BE(1)) {
        const end = 1 + data.readInt32BE(1);
        const [type, body] = [String.fromCharCode(data[0]!), data.subarray(5, end)];
        data = data.subarray(end);
        if (type === 'R' && body.readInt32BE(0) !== 0) socket.write(password);
        if (type === 'C') found.push(body.toString('utf8', 0, body.length - 1));
        if (type === 'E') found.push(/\0C([0-9A-Z]{5})\0/.exec(`\0${body.toString('latin1')}`)?.[1] ?? '?');
        if (type === 'Z' && ++ready === 1) socket.write(Buffer.concat([...sent, message('S', Buffer.alloc(0))]));
        else if (type === 'Z') resolve();
      }
    });
    const length = Buffer.alloc(4);
    length.writeInt32BE(start.length + 4);
    socket.write(Buffer.concat([length, start]));
  });
  socket.end();
  return found;
}

beforeAll(async () => {
  server = await startServer();
  admin = await open('dev');
});
afterAll(async () => {
  await admin?.end();
  await server?.close();
});

describe('databases', () => {
  test('one that sessions use is dropped by force only, and its sessions end', async () => {
    await admin.query('create database in_use');
    const user = await open('in_use');
    await user.query('create table t as select 1 a');
    await user.query('begin');
    await user.query('insert into t values (2)');
    expect(await codeOf(admin.query('drop database in_use'))).toBe('55006');
    expect(await codeOf(admin.query('alter database in_use rename to other'))).toBe('55006');
    const ended = new Promise<void>((resolve) => user.once('end', resolve));
    await admin.query('drop database in_use force');
    await ended;
    expect(await names('in_use')).toEqual([]);
    expect(await codeOf(open('in_use'))).toBe('3D000');
    await admin.query('create database in_use');
    const again = await open('in_use');
    expect(await codeOf(again.query('select * from t'))).toBe('42P01');
    await again.end();
    await admin.query('drop database in_use force');
  });
  test('stand-alone commands refuse to run behind others in a pipeline', async () => {
    expect(await pipeline('dev', ['create database piped'])).toEqual(['CREATE DATABASE']);
    expect(await pipeline('dev', ['select 1', 'drop database piped'])).toEqual(['SELECT', '25001']);
    expect(await pipeline('dev', ['begin', 'drop database piped'])).toEqual(['BEGIN', '25001']);
    expect(await names('piped')).toEqual(['piped']);
    expect(await pipeline('dev', ['drop database piped'])).toEqual(['DROP DATABASE']);
    expect(await names('piped')).toEqual([]);
  });
  test('what follows a stand-alone command in a pipeline cannot undo it', async () => {
    expect(await pipeline('dev', ['create database kept', 'select 1/0'])).toEqual(['CREATE DATABASE', '22012']);
    expect(await names('kept')).toEqual(['kept']);
    expect(await pipeline('dev', ['create table kept_t (a int)', 'select 1/0'])).toEqual(['CREATE TABLE', '22012']);
    expect(await codeOf(admin.query('select * from kept_t'))).toBe('42P01');
    await admin.query('drop database kept');
  });
});
