/**
 * The door and the session together, spoken to by real clients (node pg, postgres.js, psql) and by raw bytes; behind them
 * the fake executor, so that every answer here comes from src/wire and src/leader/session.
 */
import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import pg from 'pg';
import postgres from 'postgres';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSqlService } from '../../src/leader/session/service.ts';
import type { LeaderSqlService } from '../../src/leader/session/service.ts';
import { startWireServer } from '../../src/wire/server.ts';
import type { WireServer } from '../../src/wire/server.ts';
import { FakeWorld } from './fake-executor.ts';
import { Prng } from '../../src/common/prng.ts';

let world: FakeWorld;
let service: LeaderSqlService;
let server: WireServer;
const bugs: unknown[] = [];
beforeEach(async () => {
  world = new FakeWorld();
  service = createSqlService({ ...world.deps, onBug: (e) => bugs.push(e) });
  server = await startWireServer({
    service,
    listening: { host: '127.0.0.1', port: 0 },
    onError: (e) => bugs.push(e),
  });
});
afterEach(async () => {
  await server.close();
  expect(bugs.splice(0)).toEqual([]);
});
const client = async (extra: object = {}): Promise<pg.Client> => {
  const c = new pg.Client({ host: '127.0.0.1', port: server.port, user: 'admin', database: 'dev', ...extra });
  c.on('error', () => undefined);
  await c.connect();
  return c;
};
const hasPsql = spawnSync('psql', ['--version']).status === 0;
const psql = async (...commands: string[]): Promise<string> => {
  const target = `host=127.0.0.1 port=${server.port} user=admin dbname=dev`;
  const { stdout } = await promisify(execFile)('psql', [
    '-X',
    '-q',
    '-A',
    '-t',
    target,
    ...commands.flatMap((c) => ['-c', c]),
  ]);
  return stdout;
};

/** Frontend bytes by hand, and the type bytes of what comes back. */
class Raw {
  private data = Buffer.alloc(0);
  readonly messages: { type: string; body: Buffer }[] = [];
  private constructor(readonly socket: Socket) {
    socket.on('data', (d) => {
      this.data = Buffer.concat([this.data, d]);
      while (this.data.length >= 5 && this.data.length >= 1 + this.data.readInt32BE(1)) {
        const end = 1 + this.data.readInt32BE(1);
        this.messages.push({ type: String.fromCharCode(this.data[0] as number), body: this.data.subarray(5, end) });
        this.data = this.data.subarray(end);
      }
    });
    socket.on('error', () => undefined);
  }
  static async open(): Promise<Raw> {
    const socket = connect(server.port, '127.0.0.1');
    await new Promise((r) => socket.once('connect', r));
    return new Raw(socket);
  }
  startup(version = 196608): void {
    const body = Buffer.from('user\0admin\0database\0dev\0client_protocol_version\0' + '2\0weird thing\0x\0\0');
    const head = Buffer.alloc(8);
    head.writeInt32BE(8 + body.length, 0);
    head.writeInt32BE(version, 4);
    this.socket.write(Buffer.concat([head, body]));
  }
  send(...messages: [string, ...(string | Buffer | number)[]][]): void {
    for (const [type, ...parts] of messages) {
      const body = Buffer.concat(
        parts.map((p) =>
          typeof p === 'string' ? Buffer.from(`${p}\0`) : typeof p === 'number' ? Buffer.from([p >> 8, p & 255]) : p,
        ),
      );
      const head = Buffer.alloc(5);
      head.write(type);
      head.writeInt32BE(4 + body.length, 1);
      this.socket.write(Buffer.concat([head, body]));
    }
  }
  async types(until: (types: string) => boolean): Promise<string> {
    for (let i = 0; i < 200; i++) {
      const types = this.messages.map((m) => m.type).join('');
      if (until(types)) return types;
      await new Promise((r) => setTimeout(r, 5));
    }
    return this.messages.map((m) => m.type).join('');
  }
}
const int32 = (n: number): Buffer => {
  const b = Buffer.alloc(4);
  b.writeInt32BE(n);
  return b;
};
const ready = async (): Promise<Raw> => {
  const raw = await Raw.open();
  raw.startup();
  await raw.types((t) => t.endsWith('Z'));
  raw.messages.length = 0;
  return raw;
};

describe('start-up', () => {
  it('answers SSLRequest with N and accepts any parameter', async () => {
    const raw = await Raw.open();
    raw.socket.removeAllListeners('data');
    raw.socket.write(Buffer.concat([int32(8), int32(80877103)]));
    expect(await new Promise<string>((r) => raw.socket.once('data', (d) => r(d.toString())))).toBe('N');
    raw.socket.destroy();
    const second = await Raw.open();
    second.startup();
    expect(await second.types((t) => t.endsWith('Z'))).toMatch(/^RS+KZ$/);
    const status = second.messages.filter((m) => m.type === 'S').map((m) => m.body.toString().split('\0')[0]);
    expect(status.slice(0, 4)).toEqual(['application_name', 'client_encoding', 'DateStyle', 'integer_datetimes']);
    expect(status).toContain('padb_revision');
    expect(status).not.toContain('standard_conforming_strings');
    second.socket.destroy();
  });
  it('refuses other protocols, users and databases with FATAL', async () => {
    const raw = await Raw.open();
    raw.startup(2 << 16);
    await raw.types((t) => t === 'E');
    expect(raw.messages[0]?.body.toString()).toMatch(/^SFATAL\0C0A000\0Munsupported frontend protocol 2\.0/);
    await expect(client({ database: 'nope' })).rejects.toMatchObject({ code: '3D000', severity: 'FATAL' });
    await expect(client({ user: 'ghost' })).rejects.toMatchObject({ code: '28000' });
  });
  it('checks md5 passwords', async () => {
    const hash = createHash('md5').update('secretadmin').digest('hex');
    (world.users.get('admin') as { passwordHash?: string }).passwordHash = `md5${hash}`;
    const c = await client({ password: 'secret' });
    await c.end();
    await expect(client({ password: 'wrong' })).rejects.toMatchObject({
      code: '28000',
      message: 'password authentication failed for user "admin"',
    });
  });
});

describe('simple protocol', () => {
  it('runs several statements as one implicit transaction', async () => {
    const c = await client();
    world.log.length = 0;
    const results = (await c.query('insert; select 3 rows; insert')) as unknown as pg.QueryResult[];
    expect(results.map((r) => r.command)).toEqual(['INSERT', 'SELECT', 'INSERT']);
    expect(results[1]?.rows[2]).toEqual({ i: 2, t: 'row 2' });
    expect(world.log.filter((l) => !l.startsWith('history'))).toEqual(['begin', 'commit']);
    await c.end();
  });
  it('keeps I, T and E apart and refuses work in a failed block', async () => {
    const raw = await ready();
    const status = async (sql: string): Promise<string> => {
      raw.messages.length = 0;
      raw.send(['Q', sql]);
      await raw.types((t) => t.endsWith('Z'));
      const error = raw.messages.find((m) => m.type === 'E')?.body.toString();
      return raw.messages.at(-1)!.body.toString() + (error === undefined ? '' : /C(\w{5})/.exec(error)![1]);
    };
    expect(await status('begin')).toBe('T');
    expect(await status('fail')).toBe('E22012');
    expect(await status('select 1 rows')).toBe('E25P02');
    expect(await status('commit')).toBe('I');
    expect(raw.messages[0]?.body.toString()).toBe('ROLLBACK\0');
    expect(await status('nonsense')).toBe('I42601');
    expect(await status('')).toBe('I');
    expect(raw.messages[0]?.type).toBe('I');
    expect(await status('begin; begin')).toBe('T');
    expect(raw.messages.map((m) => m.type).join('')).toBe('CNCZ');
    expect(await status('rollback')).toBe('I');
    expect(await status('rollback')).toBe('I');
    expect(raw.messages[0]?.body.toString()).toContain('no transaction in progress');
    raw.socket.destroy();
  });
  it('sends error fields without V', async () => {
    const raw = await ready();
    raw.send(['Q', 'fail']);
    await raw.types((t) => t.endsWith('Z'));
    const error = raw.messages
      .find((m) => m.type === 'E')!
      .body.toString()
      .split('\0');
    expect(
      error
        .map((f) => f[0])
        .join('')
        .slice(0, 8),
    ).toBe('SCMHPFLR');
    raw.socket.destroy();
  });
  it('turns an exception into XX000 and stays up', async () => {
    const c = await client();
    await expect(c.query('bug')).rejects.toMatchObject({ code: 'XX000' });
    expect(bugs.splice(0)).toHaveLength(1);
    expect((await c.query('select 1 rows')).rows).toHaveLength(1);
    await c.end();
  });
  it('streams a large result to a slow reader', async () => {
    const c = await client();
    expect((await c.query('select 60000 rows')).rows).toHaveLength(60000);
    await c.end();
  });
});

describe('extended protocol', () => {
  it('binds text and binary parameters', async () => {
    const c = await client();
    const one = await c.query('select $1::int4, $2::timestamp, $3, $4::numeric', [
      7,
      '2024-01-02 03:04:05.678+00',
      'x',
      null,
    ]);
    expect(one.rows[0]).toMatchObject({ p1: 7, p3: 'x', p4: null });
    const named = { name: 'n', text: 'select $1::int8', values: ['5'] };
    expect((await c.query(named)).rows).toEqual([{ p1: '5' }]);
    expect((await c.query(named)).rows).toEqual([{ p1: '5' }]);
    await expect(c.query('select $1::int4', ['abc'])).rejects.toMatchObject({ code: '22P02' });
    const binary = await c.query({
      text: 'select $1::int4, $2::int8',
      values: [42, '9007199254740993'],
      binary: true,
    } as pg.QueryConfig);
    expect(binary.rows[0]).toEqual({ p1: 42, p2: '9007199254740993' });
    await c.end();
  });
  it('delivers at Flush, discards after an error until Sync, gives one ReadyForQuery per Sync', async () => {
    const raw = await ready();
    raw.send(['P', 's', 'select 5 rows', 0], ['D', Buffer.from('S'), 's'], ['H']);
    expect(await raw.types((t) => t.length === 3)).toBe('1tT');
    raw.send(['B', '', 's', 0, 0, 0], ['E', '', int32(2)], ['E', '', int32(3)], ['E', '', int32(0)], ['S']);
    expect(await raw.types((t) => t.endsWith('Z'))).toBe('1tT2DDsDDDsCZ');
    raw.messages.length = 0;
    raw.send(
      ['B', '', 'nope', 0, 0, 0],
      ['E', '', int32(0)],
      ['H'],
      ['P', '', 'insert', 0],
      ['S'],
      ['C', Buffer.from('S'), 'unknown'],
      ['S'],
    );
    expect(await raw.types((t) => t.length >= 4)).toBe('EZ3Z');
    raw.messages.length = 0;
    raw.send(['P', '', '', 0], ['B', '', '', 0, 0, 0], ['D', Buffer.from('P'), ''], ['E', '', int32(0)], ['S']);
    expect(await raw.types((t) => t.endsWith('Z'))).toBe('12nIZ');
    raw.messages.length = 0;
    raw.send(
      ['P', '', 'show timezone', 0],
      ['D', Buffer.from('S'), ''],
      ['B', '', '', 0, 0, 0],
      ['E', '', int32(0)],
      ['d', 'copy'],
      ['S'],
    );
    expect(await raw.types((t) => t.endsWith('Z'))).toBe('1tT2DCZ');
    raw.socket.destroy();
  });
  it('stops a suspended portal at the end of its transaction', async () => {
    const raw = await ready();
    raw.send(
      ['P', '', 'select 5000 rows', 0],
      ['B', 'p', '', 0, 0, 0],
      ['E', 'p', int32(150)],
      ['S'],
      ['E', 'p', int32(1)],
      ['S'],
    );
    const types = await raw.types((t) => t.split('Z').length === 3);
    expect(types).toBe(`12${'D'.repeat(150)}sZEZ`);
    expect(world.aborted).toBe(1);
    raw.socket.destroy();
  });
  it('serves postgres.js, its cursors included', async () => {
    const sql = postgres({
      host: '127.0.0.1',
      port: server.port,
      user: 'admin',
      database: 'dev',
      fetch_types: false,
      max: 1,
    });
    expect(await sql`select ${'a'}::text, ${5}::int4`).toEqual([{ p1: 'a', p2: 5 }]);
    const sizes: number[] = [];
    await sql`select 300 rows`.cursor(100, (rows) => void sizes.push(rows.length));
    expect(sizes).toEqual([100, 100, 100]);
    await sql
      .begin(async (tx) => {
        await tx`insert`;
        await expect(tx`fail`).rejects.toMatchObject({ code: '22012' });
      })
      .catch(() => undefined);
    expect(world.log.slice(-2)).not.toContain('commit');
    await sql.end();
  });
});

describe('session statements', () => {
  it('sets, shows, rolls back and reports settings', async () => {
    const c = await client({ application_name: 'tester' });
    const show = async (n: string): Promise<unknown> => Object.values((await c.query(`show ${n}`)).rows[0])[0];
    expect(await show('application_name')).toBe('tester');
    await c.query("set timezone to 'america/new_york'");
    expect(await show('TimeZone')).toBe('America/New_York');
    await c.query('begin');
    await c.query("set query_group to 'a'");
    await c.query("set local query_group to 'b'");
    expect(await show('query_group')).toBe('b');
    await c.query('rollback');
    expect(await show('query_group')).toBe('default');
    await expect(c.query('set nonsense to 1')).rejects.toMatchObject({ code: '42704' });
    await expect(c.query('show nonsense')).rejects.toMatchObject({ code: '42704' });
    await expect(c.query("set timezone to 'Mars/Base'")).rejects.toMatchObject({ code: '22023' });
    await c.query('set my.var to 7');
    expect(await show('my.var')).toBe('7');
    await c.query('reset all');
    expect(await show('timezone')).toBe('UTC');
    expect((await c.query('show all')).rows.length).toBeGreaterThan(40);
    await c.end();
  });
  it('prepares and executes', async () => {
    const c = await client();
    await c.query('prepare p (int4, text) as select $1, $2');
    expect((await c.query("execute p (5, 'x')")).rows).toEqual([{ p1: 5, p2: 'x' }]);
    await expect(c.query('execute p (5)')).rejects.toMatchObject({ code: '42601' });
    await c.query('deallocate p');
    await expect(c.query('execute p (5)')).rejects.toMatchObject({ code: '26000' });
    await c.end();
  });
  it('fetches from cursors inside a transaction only', async () => {
    const c = await client();
    await expect(c.query('declare c cursor for select 10 rows')).rejects.toMatchObject({ code: '25P01' });
    await c.query('begin');
    await c.query('declare c cursor for select 250 rows');
    expect((await c.query('fetch forward 120 from c')).rows).toHaveLength(120);
    expect((await c.query('fetch forward 1 from c')).rows[0]).toEqual({ i: 120, t: 'row 120' });
    expect((await c.query('insert')).rowCount).toBe(1);
    expect((await c.query('fetch all from c')).rows).toHaveLength(129);
    expect((await c.query('fetch all from c')).rows).toHaveLength(0);
    await expect(c.query('declare d cursor for select 1 rows')).rejects.toMatchObject({ code: '0A000' });
    await c.query('rollback');
    await expect(c.query('fetch 1 from c')).rejects.toMatchObject({ code: '34000' });
    await c.end();
  });
  it('prepares again when the catalog changed, unless the columns changed', async () => {
    const c = await client();
    await c.query({ name: 'n', text: 'select $1::int4', values: [1] });
    await c.query({ name: 'n', text: 'select $1::int4', values: [1] });
    expect(world.prepared).toBe(1);
    world.catalogVersion = {};
    expect((await c.query({ name: 'n', text: 'select $1::int4', values: [2] })).rows).toEqual([{ p1: 2 }]);
    expect(world.prepared).toBe(2);
    await c.end();
  });
});

describe('bad and slow clients', () => {
  it('survives random bytes and lying lengths', async () => {
    const prng = new Prng(20250101);
    for (let round = 0; round < 60; round++) {
      const raw = round % 3 === 0 ? await Raw.open() : await ready();
      const bytes = Buffer.from(Array.from({ length: prng.int(1, 400) }, () => prng.int(0, 255)));
      if (round % 2 === 0)
        raw.send(['QPBDECHSXdcfFp'[prng.int(0, 13)] as string, bytes.subarray(0, prng.int(0, bytes.length))], ['S']);
      else raw.socket.write(bytes);
      await new Promise((r) => setTimeout(r, 1));
      raw.socket.destroy();
    }
    const c = await client();
    expect((await c.query('select 1 rows')).rows).toHaveLength(1);
    await c.end();
  });
  it('refuses a statement that is too large and goes on', async () => {
    const raw = await ready();
    const head = Buffer.from([0x51, 0, 0, 0, 0]);
    head.writeInt32BE(4 + 17 * 1024 * 1024, 1);
    raw.socket.write(head);
    for (let i = 0; i < 17; i++) raw.socket.write(Buffer.alloc(1024 * 1024, 0x61));
    raw.send(['Q', 'insert']);
    expect(await raw.types((t) => t.split('Z').length === 3)).toBe('EZCZ');
    expect(raw.messages[0]?.body.toString()).toContain('C54000');
    raw.socket.destroy();
  });
  it('takes a statement of megabytes in small pieces', async () => {
    const c = await client();
    await expect(c.query(`nonsense ${'x'.repeat(6_000_000)}`)).rejects.toMatchObject({ code: '42601' });
    await c.end();
  });
  it('stops the query while the client does not read', async () => {
    const raw = await ready();
    raw.socket.pause();
    raw.send(['Q', 'select 2000000 rows']);
    let before = -1;
    while (before !== world.produced || before === 0) {
      before = world.produced;
      await new Promise((r) => setTimeout(r, 100));
    }
    expect(world.produced).toBeLessThan(1_000_000);
    service.signal(service.sessions()[0]!.pid, 'cancel', 1);
    raw.socket.resume();
    const types = await raw.types((t) => t.endsWith('Z'));
    expect(types).toMatch(/^TD+EZ$/);
  });
});

describe('cancel and end', () => {
  it('cancels by CancelRequest and by statement_timeout', async () => {
    const c = await client();
    const slow = c.query('slow');
    setTimeout(() => {
      const key = c as unknown as { processID: number; secretKey: number };
      const socket = connect(server.port, '127.0.0.1');
      socket.write(Buffer.concat([int32(16), int32(80877102), int32(key.processID), int32(key.secretKey)]));
    }, 30);
    await expect(slow).rejects.toMatchObject({ code: '57014' });
    await c.query('set statement_timeout to 40');
    await expect(c.query('slow')).rejects.toMatchObject({ code: '57014' });
    expect((await c.query('select 1 rows')).rows).toHaveLength(1);
    await c.end();
  });
  it('ends the query of a client that went away, and records connections', async () => {
    const raw = await ready();
    raw.send(['Q', 'begin'], ['Q', 'slow']);
    await raw.types((t) => t.includes('Z'));
    raw.socket.destroy();
    for (let i = 0; i < 100 && service.sessions().length > 0; i++) await new Promise((r) => setTimeout(r, 5));
    expect(service.sessions()).toHaveLength(0);
    expect(world.log).toContain('history connections disconnecting session');
    expect(world.log).toContain('rollback');
  });
  it('terminates a session with 57P01', async () => {
    const c = await client();
    const gone = new Promise<Error>((r) => c.on('error', r));
    expect(service.signal(service.sessions()[0]!.pid, 'terminate', 1)).toBe(true);
    expect(await gone).toMatchObject({ code: '57P01' });
  });
});

describe.skipIf(!hasPsql)('psql', () => {
  it('runs queries, scripts and FETCH_COUNT cursors', async () => {
    expect(await psql('select 2 rows')).toBe('0|row 0\n1|row 1\n');
    expect((await psql('\\set FETCH_COUNT 100', 'select 250 rows')).trim().split('\n')).toHaveLength(250);
    expect(await psql('set datestyle to iso', 'show datestyle')).toBe('ISO, MDY\n');
  });
});
