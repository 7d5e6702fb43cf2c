/**
 * Who gets in: with a password required, the right one and nothing else. Spoken in raw bytes and by node pg over the fake
 * executor; the users below stand for every way of having no usable password.
 */
import { createHash } from 'node:crypto';
import { createServer, type AddressInfo } from 'node:net';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { LOGIN_BYTES_MAX, LOGIN_FAILURES_HELD_MAX, LOGIN_FAILURES_KEPT_MAX } from '../../src/common/limits.ts';
import { WaitingRoom } from '../../src/common/waiting-room.ts';
import type { UserObject } from '../../src/leader/catalog/objects.ts';
import { passwordHash } from '../../src/leader/catalog/passwords.ts';
import { createSqlService, type LeaderSqlService } from '../../src/leader/session/service.ts';
import { addressGroup, LoginThrottle } from '../../src/common/login-throttle.ts';
import { Connection } from '../../src/wire/connection.ts';
import { startWireServer, type WireServer } from '../../src/wire/server.ts';
import { FakeWorld } from './fake-executor.ts';
import { RawClient, int32 } from './raw-client.ts';

const PAST = 0n;
const base = { kind: 'user', superuser: false, createdb: false } as const;
const USERS: readonly UserObject[] = [
  { kind: 'user', oid: 1, name: 'rdsdb', superuser: true, createdb: true },
  {
    kind: 'user',
    oid: 1,
    name: 'rdsdb2',
    superuser: true,
    createdb: true,
    passwordHash: passwordHash('Abcdef12', 'rdsdb2'),
  },
  { ...base, oid: 101, name: 'bob', passwordHash: passwordHash('Abcdef12', 'bob') },
  { ...base, oid: 102, name: 'nopassword' },
  { ...base, oid: 103, name: 'disabled', passwordDisabled: true },
  { ...base, oid: 104, name: 'expired', passwordHash: passwordHash('Abcdef12', 'expired'), validUntilMicros: PAST },
  // As a rename leaves a hash that holds the old name.
  { ...base, oid: 105, name: 'renamed', passwordHash: passwordHash('Abcdef12', 'before') },
  { ...base, oid: 106, name: 'limited', passwordHash: passwordHash('Abcdef12', 'limited'), connectionLimit: 1 },
  { ...base, oid: 107, name: 'sha', passwordHash: passwordHash('sha256|Abcdef12', 'sha') },
  { ...base, oid: 109, name: 'letters', passwordHash: passwordHash('C1ccc\uff6fs\u017d', 'letters') },
  { ...base, oid: 110, name: 'letters2', passwordHash: passwordHash('sha256|My_PaSsWoRd1\u017d', 'letters2') },
  { ...base, oid: 108, name: 'given', passwordHash: passwordHash(`md5${md5('Abcdef12given')}`, 'given') },
];
const REFUSED = ['rdsdb', 'rdsdb2', 'nopassword', 'disabled', 'expired', 'renamed', 'nobody', 'IAM:rdsdb'];

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
let world: FakeWorld;
let service: LeaderSqlService;
let server: WireServer;
const bugs: unknown[] = [];
beforeEach(async () => {
  world = new FakeWorld();
  for (const user of USERS) world.users.set(user.name, user as never);
  world.passwordRequired = true;
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
async function logIn(user: string, password: string | undefined): Promise<pg.Client> {
  const client = new pg.Client({ host: '127.0.0.1', port: server.port, user, database: 'dev', password });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}
const text = (user: string): string => `password authentication failed for user "${user}"`;
const failure = (user: string) => ({ code: '28000', severity: 'FATAL', message: text(user) });

describe('with a password required', () => {
  it.each(REFUSED)('%s cannot log in, with any password', async (user) => {
    for (const password of ['Abcdef12', '', 'x']) {
      await expect(logIn(user, password)).rejects.toMatchObject(password === '' ? {} : failure(user));
    }
  });
  it('the right password gets in, a wrong one does not', async () => {
    for (const user of ['bob', 'sha', 'given', 'IAM:sha']) {
      const client = await logIn(user, 'Abcdef12');
      await client.end();
      await expect(logIn(user, 'Abcdef13')).rejects.toMatchObject(failure(user));
    }
    expect(world.log.filter((l) => l === 'history connections authentication failure')).toHaveLength(4);
  });
  it('passwords may have letters beyond ASCII', async () => {
    for (const [user, password] of [
      ['letters', 'C1ccc\uff6fs\u017d'],
      ['letters2', 'My_PaSsWoRd1\u017d'],
    ] as const) {
      await (await logIn(user, password)).end();
      await expect(logIn(user, password.slice(0, -1))).rejects.toMatchObject(failure(user));
    }
  });
  it('an unknown name meets the same exchange as a known one, the same every time', async () => {
    const asks = async (user: string): Promise<string> => {
      const raw = await RawClient.open(server.port);
      raw.startup({ user, database: 'dev' });
      const first = await raw.message(0);
      raw.socket.destroy();
      const kind = first.body.readInt32BE(0);
      // The salt of md5 is new each time; that of sha256 belongs to the user.
      return kind === 5 ? '5' : `${kind} ${first.body.toString('hex')}`;
    };
    expect(await asks('bob')).toBe('5');
    const kinds = new Set<string>();
    for (let i = 0; i < 24; i++) {
      const name = `nobody${i}`;
      const kind = await asks(name);
      expect(await asks(name)).toBe(kind);
      kinds.add(kind);
    }
    // Some unknown names look like users with a sha256 password, as there is one.
    expect([...kinds].sort()).toEqual(['3 00000003', '5']);
  });
  it("Redshift's drivers prove a sha256 password by its digest", async () => {
    for (const [password, last] of [
      ['Abcdef12', 'Z'],
      ['Abcdef13', 'E'],
    ] as const) {
      const raw = await RawClient.open(server.port);
      raw.startup({ user: 'sha', database: 'dev', client_protocol_version: '2' });
      const { body } = await raw.message(0);
      expect([body.readInt32BE(0), body.readInt32BE(4)]).toEqual([13, 0]);
      const salt = body.subarray(12, 12 + body.readInt32BE(8));
      const nonce = body.subarray(16 + salt.length);
      const inner = createHash('sha256').update(password).update(salt).digest();
      const digest = createHash('sha256').update(inner).update(nonce).update('1700000000000').digest();
      raw.send(['d', int32(digest.length), digest, int32(13), Buffer.from('1700000000000')], ['H']);
      await raw.until((types) => /[ZE]$/.test(types));
      expect(raw.messages.at(-1)!.type).toBe(last);
      raw.socket.destroy();
    }
  });
  it('no message but the answer is taken, none of great length', async () => {
    for (const message of [
      ['Q', 'select 1 rows'],
      ['p', 'x'.repeat(LOGIN_BYTES_MAX + 1)],
    ] as [string, string][]) {
      const raw = await RawClient.open(server.port);
      raw.startup({ user: 'bob', database: 'dev' });
      raw.send(message);
      await raw.until((types) => types === 'RE');
      expect(raw.messages[1]!.body.toString()).toContain('C08P01');
    }
  });
  it('failures of a user count together, whichever of its spellings is tried', async () => {
    const counted = new Set<string>();
    const throttle = {
      turn: async (user: string) => void counted.add(user),
      failed: async (user: string) => void counted.add(user),
    } as unknown as LoginThrottle;
    const door = { service, throttle, plainRefused: false, onError: (e: unknown) => bugs.push(e) };
    const plain = createServer((socket) => {
      new Connection({ socket, host: '10.0.0.1', port: 1, encryption: undefined }, door, () => undefined);
    });
    await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
    for (const user of ['bob', 'IAM:bob', 'IAMA:bob', 'IAMR:bob']) {
      const raw = await RawClient.open((plain.address() as AddressInfo).port);
      raw.startup({ user, database: 'dev' });
      await raw.message(0);
      raw.send(['p', 'wrong']);
      await raw.until((types) => types.endsWith('E'));
      expect(raw.messages.at(-1)!.body.toString()).toContain(text(user));
    }
    plain.close();
    expect([...counted]).toEqual(['bob']);
  });
  it('limits of a user and of a database hold, and bind no superuser', async () => {
    const first = await logIn('limited', 'Abcdef12');
    await expect(logIn('limited', 'Abcdef12')).rejects.toMatchObject({
      code: '53300',
      message: 'too many connections for user "limited"',
    });
    await first.end();
    await (await logIn('limited', 'Abcdef12')).end();
  });
  it('nobody connects to a database that is being dropped', async () => {
    world.dropping = 'dev';
    await expect(logIn('bob', 'Abcdef12')).rejects.toMatchObject({ code: '55000', severity: 'FATAL' });
  });

  it('a session is not made on trust, whoever asks for it', async () => {
    const startup = { user: 'bob', database: 'dev', parameters: new Map(), remoteHost: '', remotePort: 0 };
    await expect(service.connect({ ...startup, proof: 'trust' })).rejects.toThrow(text('bob'));
    await expect(service.connect({ ...startup, user: 'rdsdb', proof: 'password' })).rejects.toThrow(text('rdsdb'));
  });
  it('stays required while the server runs', async () => {
    await expect(logIn('nopassword', 'x')).rejects.toMatchObject(failure('nopassword'));
    world.passwordRequired = false;
    await expect(logIn('nopassword', 'x')).rejects.toMatchObject(failure('nopassword'));
  });
});

describe('without a required password', () => {
  beforeEach(() => {
    world.passwordRequired = false;
  });
  it('users without one are trusted, users with one are asked, the internal user and disabled ones stay out', async () => {
    await (await logIn('nopassword', undefined)).end();
    await (await logIn('bob', 'Abcdef12')).end();
    await expect(logIn('bob', 'x')).rejects.toMatchObject(failure('bob'));
    for (const user of ['rdsdb', 'disabled', 'expired']) {
      await expect(logIn(user, 'x')).rejects.toMatchObject(failure(user));
    }
  });
});

it('a cancel request needs the right key', async () => {
  const client = await logIn('bob', 'Abcdef12');
  const pid = (client as unknown as { processID: number }).processID;
  const secret = (client as unknown as { secretKey: number }).secretKey;
  const slow = client.query('slow').then(
    () => 'done',
    (e: { code: string }) => e.code,
  );
  const cancel = async (key: number): Promise<void> => {
    const raw = await RawClient.open(server.port);
    raw.socket.write(Buffer.concat([int32(16), int32(80877102), int32(pid), int32(key)]));
    await new Promise((resolve) => raw.socket.once('close', resolve));
  };
  await cancel(secret ^ 1);
  const other = await logIn('bob', 'Abcdef12');
  await other.query('select 1 rows');
  await other.end();
  expect(await Promise.race([slow, Promise.resolve('running')])).toBe('running');
  await cancel(secret);
  expect(await slow).toBe('57014');
  await client.end();
});

describe('the throttle', () => {
  const sleeps: { ms: number; wake: () => void }[] = [];
  let now = 0;
  const make = (): LoginThrottle =>
    new LoginThrottle({
      monotonicMs: () => now,
      sleep: (ms) => new Promise((wake) => sleeps.push({ ms, wake })),
    });
  beforeEach(() => {
    sleeps.length = 0;
    now = 0;
  });
  test('answers come later with every failure, up to a limit, and early again after a pause', () => {
    const throttle = make();
    for (let i = 0; i < 8; i++) void throttle.failed('bob', '10.0.0.1');
    expect(sleeps.map((s) => s.ms)).toEqual([100, 200, 400, 800, 1600, 3200, 5000, 5000]);
    now = 400_000;
    void throttle.failed('bob', '10.0.0.1');
    expect(sleeps.at(-1)!.ms).toBe(100);
  });
  test('hanging up wins nothing: the next attempt of that user and address waits, no other does', async () => {
    const throttle = make();
    for (let i = 0; i < LOGIN_FAILURES_HELD_MAX; i++) void throttle.failed('bob', '10.0.0.1');
    let passed = false;
    const turn = throttle.turn('bob', '10.0.0.1').then(() => (passed = true));
    await throttle.turn('bob', '10.0.0.2');
    await throttle.turn('eve', '10.0.0.1');
    expect(passed).toBe(false);
    sleeps[0]!.wake();
    await turn;
  });
  test('one address trying many names is slowed as well', () => {
    const throttle = make();
    for (let i = 0; i < 30; i++) void throttle.failed(`user${i}`, '10.0.0.1');
    expect(sleeps[0]!.ms).toBe(100);
    expect(sleeps.at(-1)!.ms).toBe(5000);
  });
  test('remembers a bounded number of names, however long they are', () => {
    const throttle = make();
    for (let i = 0; i < LOGIN_FAILURES_KEPT_MAX + 500; i++) {
      void throttle.failed(`${i}${'x'.repeat(1000)}`, '10.0.0.1');
    }
    expect(throttle.size).toBe(LOGIN_FAILURES_KEPT_MAX);
  });
  test('an IPv6 network counts as one address', () => {
    expect(addressGroup('::ffff:10.1.2.3')).toBe('10.1.2.3');
    expect(addressGroup('2001:db8:1:2:3:4:5:6')).toBe(addressGroup('2001:db8:1:2::9'));
    expect(addressGroup('2001:db8:1:2::1')).not.toBe(addressGroup('2001:db8:1:3::1'));
    expect(addressGroup('::1')).toBe('0:0:0:0');
  });
});

test('a full waiting room sends away the oldest of the most crowded address', () => {
  const room = new WaitingRoom(4);
  const gone: string[] = [];
  const enter = (name: string, address: string) => room.enter(address, () => gone.push(name));
  const leave = [enter('a1', 'a'), enter('b1', 'b'), enter('b2', 'b'), enter('b3', 'b')];
  enter('a2', 'a');
  expect(gone).toEqual(['b1']);
  leave[1]!();
  expect(room.size).toBe(4);
  enter('c1', 'c');
  expect(gone).toEqual(['b1', 'a1']);
});
