/**
 * Logging in by IAM: a signed request to the HTTP port for credentials of the cluster, and what they open on the SQL port. The
 * requests are made by hand, as AWS's query protocol has them.
 */
import { createHash, createHmac } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startOwn } from './cluster.ts';

const PASSWORD = 'Abcdef12';
const [KEY, SECRET] = ['AKIATEST', 'secretsecret'];
interface Running {
  readonly port: number;
  readonly httpPort: number;
  close(): Promise<void>;
}
let server: Running;
let open: Running;
let admin: pg.Client;
beforeAll(async () => {
  const start = async (options: object): Promise<Running> =>
    (await startOwn({ memory: true, ...options })) as unknown as Running;
  server = await start({ password: PASSWORD, s3Keys: new Map([[KEY, SECRET]]) });
  open = await start({ password: PASSWORD });
  admin = new pg.Client({
    host: '127.0.0.1',
    port: server.port,
    user: 'awsuser',
    database: 'dev',
    password: PASSWORD,
  });
  await admin.connect();
  await admin.query(`
    create group iam_group;
    create user plain password 'Abcdef12';
    create user no_password password disable;
    create user expired password 'Abcdef12' valid until '2001-01-01'`);
}, 120_000);
afterAll(async () => {
  await admin?.end();
  await server?.close();
  await open?.close();
});

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const hmac = (key: Buffer | string, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/** An answer's status, and its elements by name. */
async function ask(
  port: number,
  form: Readonly<Record<string, string>>,
  secret: string | null = SECRET,
  service = 'redshift',
): Promise<{ readonly status: number; of(name: string): string | undefined }> {
  const body = new URLSearchParams({ Version: '2012-12-01', ...form }).toString();
  const date = new Date().toISOString().replace(/[-:]|\.\d{3}/g, '');
  const scope = `${date.slice(0, 8)}/us-east-1/${service}/aws4_request`;
  const host = `127.0.0.1:${port}`;
  const signed = 'content-type;host;x-amz-date';
  const type = 'application/x-www-form-urlencoded; charset=utf-8';
  const canonical = [
    'POST',
    '/',
    '',
    `content-type:${type}`,
    `host:${host}`,
    `x-amz-date:${date}`,
    '',
    signed,
    sha256(body),
  ];
  const text = ['AWS4-HMAC-SHA256', date, scope, sha256(canonical.join('\n'))].join('\n');
  const key = scope.split('/').reduce<Buffer | string>((k, part) => hmac(k, part), `AWS4${secret ?? ''}`);
  const credential = `Credential=${KEY}/${scope}, SignedHeaders=${signed}, Signature=${hmac(key, text).toString('hex')}`;
  const response = await fetch(`http://${host}/`, {
    method: 'POST',
    body,
    headers: {
      'content-type': type,
      'x-amz-date': date,
      ...(secret === null ? {} : { authorization: `AWS4-HMAC-SHA256 ${credential}` }),
    },
  });
  const answer = await response.text();
  return {
    status: response.status,
    of: (name) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(answer)?.[1],
  };
}
const refusal = async (...args: Parameters<typeof ask>): Promise<string> => {
  const answer = await ask(...args);
  return `${answer.status} ${answer.of('Code')}`;
};
async function logIn(user: string, password: string): Promise<string> {
  const client = new pg.Client({ host: '127.0.0.1', port: server.port, user, database: 'dev', password });
  client.on('error', () => undefined);
  await client.connect();
  const { rows } = await client.query<{ me: string }>('select current_user as me');
  await client.end();
  return rows[0]!.me;
}
const credentials = async (
  more: Readonly<Record<string, string>>,
): Promise<{ user: string; password: string; expires: string }> => {
  const answer = await ask(server.httpPort, { Action: 'GetClusterCredentials', ClusterIdentifier: 'c', ...more });
  expect(answer.of('Message')).toBeUndefined();
  return { user: answer.of('DbUser')!, password: answer.of('DbPassword')!, expires: answer.of('Expiration')! };
};

describe('temporary credentials', () => {
  test('a user logs in with them, whatever becomes of the own password', async () => {
    for (const name of ['plain', 'no_password', 'expired']) {
      const { user, password, expires } = await credentials({ DbUser: name, DurationSeconds: '1200' });
      expect(user).toBe(`IAM:${name}`);
      expect(Math.round((Date.parse(expires) - Date.now()) / 60_000)).toBe(20);
      expect(await logIn(user, password)).toBe(name);
      await expect(logIn(user, `${password}x`)).rejects.toMatchObject({ code: '28000' });
      await expect(logIn(name, password)).rejects.toMatchObject({ code: '28000' });
    }
  });
  test('several are right at a time, each for its own name', async () => {
    const [one, two] = [await credentials({ DbUser: 'plain' }), await credentials({ DbUser: 'plain' })];
    expect(one.password).not.toBe(two.password);
    for (const { user, password } of [one, two]) expect(await logIn(user, password)).toBe('plain');
    await expect(logIn('IAM:no_password', one.password)).rejects.toMatchObject({ code: '28000' });
    await expect(logIn('IAMA:plain', one.password)).rejects.toMatchObject({ code: '28000' });
  });
  test('AutoCreate makes the user, a member of the groups, without a password', async () => {
    await expect(logIn('IAM:nobody', 'x')).rejects.toMatchObject({ code: '28000' });
    const made = await credentials({ DbUser: 'made', AutoCreate: 'true', 'DbGroups.DbGroup.1': 'iam_group' });
    expect(made.user).toBe('IAMA:made');
    expect(await logIn(made.user, made.password)).toBe('made');
    const { rows } = await admin.query("select grolist::varchar from pg_group where groname = 'iam_group'");
    const user = await admin.query("select usesysid::varchar from pg_user where usename = 'made'");
    expect(rows).toEqual([{ grolist: `{${user.rows[0].usesysid}}` }]);
    const again = await credentials({ DbUser: 'made', AutoCreate: 'true' });
    expect(await logIn(again.user, again.password)).toBe('made');
  });
  test('for a user there is none, and for the internal one, they open nothing', async () => {
    for (const name of ['nobody', 'rdsdb']) {
      const { user, password } = await credentials({ DbUser: name });
      await expect(logIn(user, password)).rejects.toMatchObject({ code: '28000' });
    }
  });
  test('the connection log tells how they came in', async () => {
    const { user, password } = await credentials({ DbUser: 'plain' });
    await logIn(user, password);
    const { rows } = await admin.query(
      "select distinct trim(authmethod) as method from stl_connection_log where event = 'authenticated' and username = 'plain'",
    );
    expect(rows).toEqual([{ method: 'IAM AssumeUser' }]);
  });
});

describe('requests', () => {
  test('DescribeClusters tells where the cluster listens', async () => {
    const answer = await ask(server.httpPort, { Action: 'DescribeClusters', ClusterIdentifier: 'mine' });
    expect([answer.status, answer.of('ClusterIdentifier'), answer.of('Address'), answer.of('Port')]).toEqual([
      200,
      'mine',
      '127.0.0.1',
      String(server.port),
    ]);
  });
  test('what is refused', async () => {
    const get = { Action: 'GetClusterCredentials', DbUser: 'plain' };
    expect(await refusal(server.httpPort, get, null)).toBe('403 MissingAuthenticationToken');
    expect(await refusal(server.httpPort, get, 'wrong')).toBe('403 SignatureDoesNotMatch');
    expect(await refusal(server.httpPort, get, SECRET, 's3')).toBe('400 AuthorizationHeaderMalformed');
    expect(await refusal(server.httpPort, { Action: 'DropEverything' })).toBe('400 InvalidAction');
    expect(await refusal(server.httpPort, { ...get, DurationSeconds: '899' })).toBe('400 InvalidParameterValue');
    expect(await refusal(server.httpPort, { ...get, DbUser: '' })).toBe('400 InvalidParameterValue');
    expect(await refusal(server.httpPort, { ...get, 'DbGroups.member.1': 'g' })).toBe('400 UnsupportedOperation');
    const none = { ...get, DbUser: 'new_one', AutoCreate: 'true', 'DbGroups.member.1': 'no_group' };
    expect(await refusal(server.httpPort, none)).toBe('400 InvalidParameterValue');
    expect(await refusal(server.httpPort, { ...get, Padding: 'x'.repeat(70_000) })).toBe('413 RequestEntityTooLarge');
    // Without keys nobody can tell who asks, and passwords are asked for.
    expect(await refusal(open.httpPort, get)).toBe('403 AccessDenied');
  });
});
