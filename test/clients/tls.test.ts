/**
 * Real drivers against a server that asks for a password, over TLS in every sslmode, trusting the authority that the server
 * names. A driver that is not installed is skipped.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sampled } from '../../src/common/test-trials.ts';
import { RawClient } from '../wire/raw-client.ts';
import { makePairs } from '../../src/tls/authority.ts';
import { ownCertificate } from '../../src/tls/store.ts';
import { missing, missingPython, python, run, startOwn } from './cluster.ts';

const PASSWORD = 'Abcdef12';
const JDBC = '/usr/share/java/postgresql.jar';
const folder = mkdtempSync(join(tmpdir(), 'slicehouse-tls-clients-'));
const dataDir = join(folder, 'data');
let server: Awaited<ReturnType<typeof startOwn>>;
let ca = '';
beforeAll(async () => {
  server = await startOwn({ dataDir, password: PASSWORD });
  ca = (await server.certificateAuthority())!;
  const other = ownCertificate(
    join(folder, 'other'),
    'localhost',
    () => Date.now(),
    () => undefined,
    makePairs,
  );
  await other.start();
  strangerFile = other.authorityFile!;
}, 120_000);
afterAll(async () => {
  await server?.close();
  rmSync(folder, { recursive: true, force: true });
});
const LOG = "select sslversion from stl_connection_log where pid = pg_backend_pid() and event = 'authenticated'";

/** An authority that signed nothing here. */
let strangerFile = '';
const stranger = (): string => strangerFile;

describe('psql', () => {
  const absent = missing('psql', ['--version'], 'psql');
  const psql = (port: number, more: string): ReturnType<typeof run> =>
    run('psql', ['-X', '-A', '-t', '-c', LOG, `port=${port} user=awsuser dbname=dev ${more}`], '', {
      PGPASSWORD: PASSWORD,
    });
  test.skipIf(absent !== undefined)('every sslmode', async () => {
    for (const host of ['localhost', '127.0.0.1']) {
      for (const mode of ['prefer', 'require', 'verify-ca', 'verify-full']) {
        const root = mode.startsWith('verify') ? `sslrootcert=${ca}` : '';
        const { out, err } = await psql(server.port, `host=${host} sslmode=${mode} ${root}`);
        expect(`${out}${err}`.trim(), `${host} ${mode}`).toBe('TLSv1.3');
      }
      for (const mode of ['disable', 'allow']) {
        expect((await psql(server.port, `host=${host} sslmode=${mode}`)).out.trim(), mode).toBe('');
      }
    }
    // The certificate is not for that name, though the authority is right; and the right name under another's authority.
    const named = `host=example.test hostaddr=127.0.0.1 sslrootcert=${ca}`;
    expect((await psql(server.port, `${named} sslmode=verify-full`)).err).toMatch(/does not match host name/);
    expect((await psql(server.port, `${named} sslmode=verify-ca`)).out.trim()).toBe('TLSv1.3');
    for (const mode of ['verify-ca', 'verify-full']) {
      const { out, err } = await psql(server.port, `host=localhost sslmode=${mode} sslrootcert=${stranger()}`);
      expect(`${out}${err}`, mode).toMatch(/certificate verify failed/);
    }
    const none = join(folder, 'none.crt');
    expect((await psql(server.port, `host=localhost sslmode=verify-full sslrootcert=${none}`)).err).toMatch(
      /does not exist/,
    );
  });
  test.skipIf(absent !== undefined)('no user gets in without the right password', async () => {
    const admin = new pg.Client({
      host: 'localhost',
      port: server.port,
      user: 'awsuser',
      password: PASSWORD,
      database: 'dev',
    });
    await admin.connect();
    await admin.query(`create user none password disable; create user digest password 'sha256|${PASSWORD}'`);
    await admin.query(`create user before password '${PASSWORD}'; alter user before rename to renamed`);
    const log = async (user: string, password: string): Promise<string> => {
      const { out, err } = await run(
        'psql',
        ['-X', '-A', '-t', '-c', 'select 1', `host=localhost port=${server.port} user=${user} dbname=dev`],
        '',
        {
          PGPASSWORD: password,
        },
      );
      return `${out}${err}`.trim();
    };
    for (const user of ['rdsdb', 'none', 'renamed', 'nobody']) {
      expect(await log(user, PASSWORD), user).toContain(`password authentication failed for user "${user}"`);
    }
    expect(await log('digest', PASSWORD)).toBe('1');
    expect(await log('digest', 'Abcdef13')).toContain('password authentication failed');
    const { rows } = await admin.query(
      "select distinct username from stl_connection_log where event = 'authentication failure'",
    );
    expect(rows.map((r) => (r as { username: string }).username.trim()).sort()).toEqual([
      'digest',
      'nobody',
      'none',
      'rdsdb',
      'renamed',
    ]);
    const texts = await admin.query('select text from stl_utilitytext');
    expect(JSON.stringify(texts.rows)).not.toContain(PASSWORD);
    await expect(admin.query(`create user x password "${PASSWORD}"`)).rejects.toThrow(
      'syntax error at or near "***"',
    );
    await admin.query('set session authorization digest');
    await admin.end();
    const digest = new pg.Client({
      host: 'localhost',
      port: server.port,
      user: 'digest',
      password: PASSWORD,
      database: 'dev',
      ssl: { rejectUnauthorized: false },
    });
    await digest.connect();
    for (const way of [
      'set session authorization awsuser',
      "select set_config('session_authorization', 'awsuser', false)",
    ]) {
      await expect(digest.query(way)).rejects.toMatchObject({ code: '42501' });
    }
    await digest.end();
  });
});

describe('other drivers', () => {
  test('node pg: without, encrypted, verified; a wrong authority or name ends it', async () => {
    const seen = async (ssl: pg.ClientConfig['ssl']): Promise<string> => {
      const options = { host: '127.0.0.1', port: server.port, user: 'awsuser', password: PASSWORD, database: 'dev' };
      const client = new pg.Client({ ...options, ssl });
      client.on('error', () => undefined);
      try {
        await client.connect();
        const { rows } = await client.query(LOG);
        return (rows[0] as { sslversion: string }).sslversion.trim();
      } catch (error) {
        return (error as { code: string }).code;
      } finally {
        await client.end();
      }
    };
    const [trusted, strange] = [readFileSync(ca, 'utf8'), readFileSync(stranger(), 'utf8')];
    expect(await seen(false)).toBe('');
    expect(await seen({ rejectUnauthorized: false })).toBe('TLSv1.3');
    expect(await seen({ rejectUnauthorized: false, maxVersion: 'TLSv1.2' })).toBe('TLSv1.2');
    expect(await seen({ ca: trusted })).toBe('TLSv1.3');
    expect(await seen({ ca: trusted, servername: 'localhost' })).toBe('TLSv1.3');
    expect(await seen({ ca: strange })).toMatch(/SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_VERIFY_LEAF_SIGNATURE/);
    expect(await seen({ ca: trusted, servername: 'example.test' })).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
  });
  test('direct negotiation: a whole session, and none without the protocol name', async () => {
    const direct = (protocols: string[]): Promise<TLSSocket> =>
      new Promise((resolve, reject) => {
        const made = connect({
          host: 'localhost',
          port: server.port,
          ALPNProtocols: protocols,
          ca: readFileSync(ca, 'utf8'),
        });
        made.once('secureConnect', () => resolve(made)).once('error', reject);
      });
    const socket = await direct(['postgresql']);
    expect(socket.alpnProtocol).toBe('postgresql');
    const raw = new RawClient(socket);
    raw.startup({ user: 'awsuser', database: 'dev' });
    const { body } = await raw.message(0);
    const md5 = (...parts: (string | Buffer)[]): string =>
      parts.reduce((hash, part) => hash.update(part), createHash('md5')).digest('hex');
    raw.send(['p', `md5${md5(md5(PASSWORD, 'awsuser'), body.subarray(4, 8))}`]);
    await raw.until((types) => types.endsWith('Z'));
    raw.send(['Q', LOG]);
    await raw.until((types) => /Z.*Z$/.test(types));
    const row = raw.messages.find((m) => m.type === 'D')!;
    expect(row.body.toString('latin1')).toContain('TLSv1.3');
    socket.destroy();
    // Another protocol's name ends the handshake; none at all is told after it.
    await expect(direct(['http/1.1'])).rejects.toThrow();
    const silent = new RawClient(await direct([]));
    expect(await silent.until((types) => types !== '')).toBe('E');
    silent.socket.destroy();
  });
  test.for(['psycopg2', 'psycopg', 'pg8000', 'asyncpg'])('%s', async (driver, context) => {
    const reason = missingPython(driver);
    if (reason !== undefined) context.skip(reason);
    const file = join(import.meta.dirname, 'programs/tls_check.py');
    const { out, err } = await run(python, [file, driver, 'localhost', String(server.port), PASSWORD, ca]);
    expect(`${out}${err}`.trim()).toBe('TLSv1.3');
  });
  test('pgjdbc', async (context) => {
    const reason =
      missing('javac', ['-version'], 'javac') ?? (existsSync(JDBC) ? undefined : 'pgjdbc is not installed');
    if (reason !== undefined) context.skip(reason);
    const compiled = await run('javac', ['-d', folder, join(import.meta.dirname, 'programs/JdbcTls.java')]);
    expect(compiled.code, compiled.err).toBe(0);
    const modes = [
      ['require', ''],
      ['verify-ca', `&sslrootcert=${ca}`],
      ['verify-full', `&sslrootcert=${ca}`],
    ];
    for (const [mode, rest] of sampled('sslmode of pgjdbc', modes, 1)) {
      const url = `jdbc:postgresql://localhost:${server.port}/dev?sslmode=${mode}${rest}`;
      const { out, err } = await run('java', ['-cp', `${folder}:${JDBC}`, 'JdbcTls', url, 'awsuser', PASSWORD]);
      expect(out.trim(), err).toMatch(/^TLSv1\.[23]$/);
    }
    const refused = `jdbc:postgresql://localhost:${server.port}/dev?sslmode=verify-full&sslrootcert=${stranger()}`;
    expect((await run('java', ['-cp', `${folder}:${JDBC}`, 'JdbcTls', refused, 'awsuser', PASSWORD])).err).toMatch(
      /SSL error/,
    );
    const plain = `jdbc:postgresql://localhost:${server.port}/dev?sslmode=disable`;
    expect((await run('java', ['-cp', `${folder}:${JDBC}`, 'JdbcTls', plain, 'awsuser', PASSWORD])).out.trim()).toBe(
      '',
    );
  });
});

describe('starting again over the same data', () => {
  const attempt = async (port: number, user: string, password: string): Promise<string> => {
    const client = new pg.Client({ host: '127.0.0.1', port, user, password, database: 'dev' });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.end();
      return 'in';
    } catch (error) {
      return (error as { code: string }).code;
    }
  };
  test('a password given later holds from then on, also without the option', async () => {
    const again = join(folder, 'again');
    const first = await startOwn({ dataDir: again });
    expect(await attempt(first.port, 'awsuser', 'x')).toBe('in');
    await first.close();
    const second = await startOwn({ dataDir: again, password: 'Second-1' });
    expect(await attempt(second.port, 'awsuser', 'x')).toBe('28000');
    expect(await attempt(second.port, 'awsuser', 'Second-1')).toBe('in');
    const authority = await second.certificateAuthority();
    await second.close();
    const third = await startOwn({ dataDir: again });
    expect(await attempt(third.port, 'awsuser', 'x')).toBe('28000');
    expect(await attempt(third.port, 'rdsdb', 'x')).toBe('28000');
    expect(await third.certificateAuthority()).toBe(authority);
    await third.close();
    await expect(startOwn({ dataDir: again, user: 'other', password: 'Third-11' })).rejects.toThrow(
      'whose superuser is "awsuser"',
    );
    await expect(startOwn({ password: '' })).rejects.toThrow('must not be empty');
  });
  test('a certificate of the user is served', async () => {
    const own = await startOwn({
      tlsCert: join(dataDir, 'tls/server.crt'),
      tlsKey: join(dataDir, 'tls/server.key'),
      tls: 'required',
    });
    expect(await own.certificateAuthority()).toBeUndefined();
    const socket = await new Promise<TLSSocket>((resolve, reject) => {
      const made = connect({
        host: '127.0.0.1',
        port: own.port,
        ALPNProtocols: ['postgresql'],
        rejectUnauthorized: false,
      });
      made.once('secureConnect', () => resolve(made)).once('error', reject);
    });
    expect(socket.getPeerCertificate().subject).toMatchObject({ CN: 'localhost' });
    socket.destroy();
    expect(await attempt(own.port, 'awsuser', 'x')).toBe('28000');
    await own.close();
    writeFileSync(join(folder, 'bad.pem'), 'x');
    await expect(startOwn({ tlsCert: join(folder, 'bad.pem'), tlsKey: join(folder, 'bad.pem') })).rejects.toThrow(
      'cannot be used',
    );
  });
});
