/**
 * COPY over SSH against a host in this process and, when it is installed, Debian's sshd: manifests, formats and compression, host keys, the cluster's
 * key, commands that fail, hosts that are not there or break off, cancel, the views.
 */
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { sampled } from '../../src/common/test-trials.ts';
import { publicKeyCommand } from '../../src/commands/public-key.ts';
import { endpointOf, parseSshManifest } from '../../src/leader/copy/ssh-source.ts';
import { clusterKey } from '../../src/remote/ssh/cluster-key.ts';
import { HOST_KEY_TYPES } from '../../src/remote/ssh/host-keys.ts';
import { AUTH, Lake } from './cluster.ts';
import { DebianHost, InProcessHost, noSshd, type TestHost } from './ssh-hosts.ts';

interface Entry {
  readonly endpoint: string;
  readonly command: string;
  readonly mandatory?: boolean;
  readonly publickey?: string | undefined;
  readonly username?: string;
}
let lake: Lake;
beforeAll(async () => {
  lake = await Lake.open({ nodes: 2, slices: 2 });
  await lake.run('create table t (a int, b varchar(60))');
}, 300_000);
afterAll(() => lake?.close());
beforeEach(() => lake.run('truncate t'));

const copy = (rest = '', table = 't'): string =>
  `copy ${table} from 's3://lake/manifest' ${AUTH} ssh compupdate off ${rest}`;
const put = (...entries: readonly Entry[]): void => lake.put('manifest', JSON.stringify({ entries }));
const errors = (): Promise<(string | null)[][]> =>
  lake.rows(
    `select trim(ssh_username), trim(endpoint), trim(command), trim(error) from stl_sshclient_error
     where query = (select max(query) from stl_sshclient_error) order by 3`,
  );

const HOSTS: readonly (readonly [string, () => Promise<TestHost>, string | undefined])[] = [
  ['a host in this process', () => InProcessHost.open(), process.platform === 'win32' ? 'no sh' : undefined],
  ["Debian's sshd", () => DebianHost.open(), noSshd],
];
// Whatever stands on the other side: a run takes one that there is.
const there = HOSTS.filter(([, , reason]) => reason === undefined);
describe.each(sampled('hosts', there.length === 0 ? HOSTS : there, 1))('%s', (_name, open, missing) => {
  let host: TestHost;
  const entry = (command: string, more: Partial<Entry> = {}): Entry => ({
    endpoint: `127.0.0.1:${host.port}`,
    command,
    username: host.user,
    ...more,
  });
  beforeAll(async () => {
    if (missing !== undefined) return void process.stderr.write(`ssh.test: skipped: ${missing}\n`);
    host = await open();
    host.allow((await lake.value('select cluster_public_key from slicehouse_cluster_key'))!);
  });
  afterAll(() => host?.close());

  test.skipIf(missing !== undefined)('several commands fill a table, whatever they write', async () => {
    put(
      ...Array.from({ length: 9 }, (_, i) =>
        entry(`i=0; while [ $i -lt 200 ]; do echo "$i|from ${i + 1}"; i=$((i+1)); done`, {
          publickey: `ssh-rsa ${host.publicKey} root@host`,
        }),
      ),
    );
    await lake.run(copy());
    expect(lake.notices.at(-1)).toBe("INFO: Load into table 't' completed, 1800 record(s) loaded successfully.");
    expect(await lake.rows('select count(*), count(distinct b), sum(a) from t')).toEqual([['1800', '9', '179100']]);
    expect(await lake.value('select pg_last_copy_count()')).toBe('1800');
    expect(
      await lake.rows(
        `select trim(data_source), source_file_count, file_count_scanned, loaded_rows, trim(status) from sys_load_history
         where query_id = pg_last_copy_id()`,
      ),
    ).toEqual([['s3://lake/manifest', '9', '9', '1800', 'completed']]);
    const where = `ssh://${host.user}@127.0.0.1:${host.port}`;
    expect(
      await lake.rows(
        `select trim(filename), lines_scanned, is_partial from stl_load_commits where query = pg_last_copy_id() order by 1 limit 2`,
      ),
    ).toEqual([
      [`${where}/1`, '200', '0'],
      [`${where}/2`, '200', '0'],
    ]);
    expect(
      await lake.value('select count(distinct slice) from stl_load_commits where query = pg_last_copy_id()'),
    ).toBe('4');
    expect(await lake.value('select count(*) from stl_s3client where query = pg_last_copy_id()')).toBe('0');
    expect(
      await lake.value(`select min(trim(file_name)) from sys_load_detail where query_id = pg_last_copy_id()`),
    ).toBe(`${where}/1`);
  });
  test.skipIf(missing !== undefined)('formats and compression', async () => {
    for (const [command, options] of [
      ['printf \'1,"x, y"\\n\'', 'csv'],
      ["printf '1,x\\n2,y\\n' | gzip -c", 'csv gzip'],
      ['printf \'{"a":1,"b":"x"}{"a":2}\'', "json 'auto'"],
      ["printf '001abc\\n'", "fixedwidth 'a:3,b:3'"],
      ["printf 'head\\n1|x\\n'", 'ignoreheader 1'],
      ['true', ''],
    ] as const) {
      put(entry(command));
      await lake.run(copy(options));
    }
    expect(await lake.rows('select a, b from t order by 1, 2')).toEqual([
      ['1', 'abc'],
      ['1', 'x'],
      ['1', 'x'],
      ['1', 'x'],
      ['1', 'x, y'],
      ['2', 'y'],
      ['2', null],
    ]);
    put(entry("printf '1|x\\nq|y\\n'"));
    await lake.fails(copy());
    expect(
      await lake.rows(
        'select trim(filename), line_number, err_code from stl_load_errors order by query desc limit 1',
      ),
    ).toEqual([[`ssh://${host.user}@127.0.0.1:${host.port}/1`, '2', '1207']]);
    await lake.run(copy('maxerror 2'));
    put(entry("printf '1,x'"));
    expect((await lake.fails(copy('csv gzip'))).message).toMatch(/gzip/);
  });
  test.skipIf(missing !== undefined)('a host is known by its key', async () => {
    put(entry('echo "1|x"', { publickey: host.publicKey }));
    await lake.run(copy());
    const other = (await clusterKey(mkdtempSync(join(tmpdir(), 'slicehouse-other-key-')))).publicLine.split(' ')[1]!;
    put(entry('echo "2|x"', { publickey: other, mandatory: true }));
    expect((await lake.fails(copy())).message).toMatch(
      /^SSH connection ssh:\/\/.* failed: the host key is not the public key of the manifest$/,
    );
    expect(await errors()).toMatchObject([[host.user, `127.0.0.1:${host.port}`, 'echo "2|x"', /host key/]]);
    put(entry('echo "2|x"', { publickey: other }), entry('echo "3|x"'));
    await lake.run(copy());
    expect(await lake.rows('select a from t order by 1')).toEqual([['1'], ['3']]);
    expect(await errors()).toMatchObject([[host.user, `127.0.0.1:${host.port}`, 'echo "2|x"', /host key/]]);
  });
  test.skipIf(missing !== undefined)(
    'hosts that do not let the cluster in, and those that are not there',
    async () => {
      const nobody = { endpoint: '127.0.0.1:1', command: 'echo "1|x"' };
      const stranger = entry('echo "1|x"', { username: 'nobody-here' });
      put(nobody, stranger);
      expect((await lake.fails(copy())).message).toMatch(
        /^No connection could be made to any host of the SSH manifest: /,
      );
      expect((await errors()).map((e) => e[3]!).sort()).toEqual([
        'connection refused',
        `the host does not accept the cluster's public key for user "nobody-here"`,
      ]);
      expect(await lake.value('select trim(status) from sys_load_history order by query_id desc limit 1')).toBe(
        'aborted',
      );
      put(nobody, entry('echo "1|x"'));
      await lake.run(copy());
      put({ ...nobody, mandatory: true }, entry('echo "1|x"'));
      expect((await lake.fails(copy())).message).toBe(
        'SSH connection ssh://redshift@127.0.0.1:1/1 failed: connection refused',
      );
      expect(await errors()).toMatchObject([['redshift', '127.0.0.1:1', 'echo "1|x"', /connection refused/]]);
      expect(await lake.value('select count(*) from t')).toBe('1');
    },
  );
  test.skipIf(missing !== undefined)('a command that fails takes its COPY with it, and says why', async () => {
    put(entry('echo "1|x"'), entry('echo "2|x"; echo "no such table" >&2; exit 3'));
    expect((await lake.fails(copy())).message).toMatch(/\/2 failed: the command ended with status 3: no such table$/);
    put(entry('no-such-command-here'));
    expect((await lake.fails(copy())).message).toMatch(/status 127: .*not found/);
    put(entry('kill -9 $$'));
    expect((await lake.fails(copy())).message).toMatch(/ended by signal KILL|status 137/);
    expect(await errors()).toHaveLength(1);
    expect(await lake.value('select count(*) from t')).toBe('0');
    put(entry('echo "1|x"'));
    await lake.run(copy('noload'));
    expect(await lake.value('select count(*) from t')).toBe('0');
  });
  test.skipIf(missing !== undefined)('much output comes as fast as it is read', async () => {
    put(...[1, 2].map((n) => entry(`yes '${n}|0123456789012345678901234567890123456789' | head -n 300000`)));
    await lake.run(copy());
    expect(await lake.rows('select a, count(*) from t group by 1 order by 1')).toEqual([
      ['1', '300000'],
      ['2', '300000'],
    ]);
  });
  test.skipIf(missing !== undefined)('cancel is heard while a command says nothing', async () => {
    put(entry('echo "1|x"; sleep 600'));
    const pid = await lake.value('select pg_backend_pid()');
    const running = lake.fails(copy());
    await sleep(1500);
    const other = await lake.another();
    const start = performance.now();
    await other.query(`select pg_cancel_backend(${pid})`);
    expect(await running).toMatchObject({ code: '57014' });
    expect(performance.now() - start).toBeLessThan(10_000);
    await other.end();
    if (!(host instanceof InProcessHost)) return;
    for (let i = 0; i < 100 && host.sockets.size > 0; i++) await sleep(20);
    expect(host.sockets.size).toBe(0);
  });
  test.skipIf(missing !== undefined)('automatic compression runs the command twice', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'slicehouse-twice-'));
    await lake.run('drop table if exists twice');
    await lake.run('create table twice (a int, b varchar(60))');
    put(entry(`echo run >> ${folder}/runs; seq 1 500 | sed 's/$/|x/'`));
    await lake.run(`copy twice from 's3://lake/manifest' ${AUTH} ssh`);
    expect(await lake.value('select count(*) from twice')).toBe('500');
    expect(readFileSync(join(folder, 'runs'), 'utf8')).toBe('run\nrun\n');
    rmSync(folder, { recursive: true });
  });
});

test.skipIf(process.platform === 'win32')('a connection that breaks off, and a host that says nothing', async () => {
  const host = await InProcessHost.open();
  host.allow((await lake.value('select cluster_public_key from slicehouse_cluster_key'))!);
  const entry = { endpoint: `localhost:${host.port}`, username: host.user, command: `yes '1|x' | head -n 500000` };
  host.cutAfter = 100_000;
  put(entry);
  expect((await lake.fails(copy())).message).toMatch(/failed: the connection was lost/);
  expect(await lake.value('select count(*) from t')).toBe('0');
  host.cutAfter = Infinity;
  await lake.run(copy());
  expect(await lake.value('select count(*) from t')).toBe('500000');
  host.isMute = true;
  const pid = await lake.value('select pg_backend_pid()');
  const running = lake.fails(copy());
  await sleep(500);
  const other = await lake.another();
  await other.query(`select pg_cancel_backend(${pid})`);
  expect(await running).toMatchObject({ code: '57014' });
  await other.end();
  await host.close();
});
test('which parameters go with it', async () => {
  put({ endpoint: 'localhost', command: 'true' });
  for (const option of ['manifest', 'readratio 5', 'encrypted', 'parquet', 'orc', 'shapefile', 'zstd'])
    expect([option, await lake.fails(copy(option))]).toMatchObject([option, { code: /^(0A000|42601|42704)$/ }]);
  expect(await lake.fails(`copy t from 'dynamodb://table' ${AUTH} ssh readratio 5`)).toMatchObject({ code: '0A000' });
  expect((await lake.fails(copy().replace('lake/manifest', 'lake/none'))).message).toMatch(/does not exist/);
});
test('other hosts than this machine have to be allowed', async () => {
  put({ endpoint: 'warehouse.example.com', command: 'true' });
  expect(await lake.fails(copy())).toMatchObject({
    code: '42501',
    message: /"warehouse\.example\.com" are not allowed/,
  });
  const open = await Lake.open({ nodes: 1, slices: 1, sshHosts: ['.example.invalid'] });
  await open.run('create table t (a int)');
  open.put(
    'manifest',
    JSON.stringify({ entries: [{ endpoint: 'a.example.invalid', command: 'true', mandatory: true }] }),
  );
  expect((await open.fails(copy())).message).toMatch(
    /^SSH connection ssh:\/\/redshift@a\.example\.invalid\/1 failed: /,
  );
  await open.close();
});
test('the cluster keeps its key', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'slicehouse-key-'));
  const printed: string[] = [];
  const out = { env: {}, print: (text: string) => void printed.push(text), say: () => undefined };
  expect(await publicKeyCommand(['--data-dir', folder], out)).toBe(0);
  expect(printed[0]).toMatch(/^ssh-rsa AAAAB3NzaC1yc2EAAAADAQAB[A-Za-z0-9+/]+={0,2} Amazon-Redshift\n$/);
  if (process.platform !== 'win32') expect(statSync(join(folder, 'ssh/cluster_key')).mode & 0o777).toBe(0o600);
  const kept = await Lake.open({ nodes: 1, slices: 1, dataDir: folder, s3Root: join(folder, 's3') });
  expect(await kept.value('select cluster_public_key from slicehouse_cluster_key')).toBe(printed[0]!.trim());
  await kept.close();
  rmSync(folder, { recursive: true });
});
test.skipIf(process.platform === 'win32')('hosts are known by keys of every type', async () => {
  const own = (await lake.value('select cluster_public_key from slicehouse_cluster_key'))!;
  const load = async (host: InProcessHost, publickey: string | undefined): Promise<string | null> => {
    host.allow(own);
    await lake.run('truncate t');
    put({
      endpoint: `127.0.0.1:${host.port}`,
      username: host.user,
      command: `echo '1|x'`,
      mandatory: true,
      publickey,
    });
    await lake.run(copy());
    return lake.value('select count(*) from t');
  };
  for (const type of HOST_KEY_TYPES) {
    const host = await InProcessHost.open([type]);
    try {
      expect([type, await load(host, host.publicKey)]).toEqual([type, '1']);
      expect([type, await load(host, `${type} ${host.publicKey} root@host`)]).toEqual([type, '1']);
      // Whoever gives no key takes any.
      expect([type, await load(host, undefined)]).toEqual([type, '1']);
      const other = await InProcessHost.open([type]);
      await expect(load(host, other.publicKey), type).rejects.toThrow(/the host key is not the public key/);
      await other.close();
    } finally {
      await host.close();
    }
  }
  // Of several keys a host shows the one of the manifest's type.
  for (const first of HOST_KEY_TYPES) {
    const host = await InProcessHost.open([first, ...HOST_KEY_TYPES.filter((type) => type !== first)]);
    expect([first, await load(host, host.publicKey)]).toEqual([first, '1']);
    await host.close();
  }
});
test('manifests and endpoints', () => {
  const fails = (text: string): string => {
    try {
      parseSshManifest(text, 's3://b/m');
    } catch (e) {
      return (e as Error).message;
    }
    throw new TypeError('no error');
  };
  const one = (entry: unknown): string => JSON.stringify({ entries: [entry] });
  expect(parseSshManifest(one({ endpoint: 'h', command: 'c' }), '')).toEqual([
    {
      kind: 'ssh',
      number: 1,
      host: 'h',
      port: 22,
      username: 'redshift',
      command: 'c',
      mandatory: false,
      hostKey: undefined,
    },
  ]);
  expect(fails('{')).toMatch(/not in correct json format/);
  expect(fails('{"entries":[]}')).toMatch(/list of connections/);
  expect(fails(one({ command: 'c' }))).toMatch(/"endpoint" of entry 1/);
  expect(fails(one({ endpoint: 'a b', command: 'c' }))).toMatch(/"endpoint" of entry 1/);
  expect(fails(one({ endpoint: 'h' }))).toMatch(/no "command"/);
  expect(fails(one({ endpoint: 'h', command: 'c', mandatory: 'true' }))).toMatch(/true or false/);
  expect(fails(one({ endpoint: 'h', command: 'c', publickey: '!' }))).toMatch(/is no key/);
  expect(fails(one({ endpoint: 'h', command: 'c', publickey: 'ssh-dss AAAAB3NzaC1kc3MAAACB' }))).toMatch(
    /the public key of entry 1 is of no type that is supported: ssh-rsa, ecdsa-sha2-nistp256, .*, ssh-ed25519$/,
  );
  const ed25519 = 'AAAAC3NzaC1lZDI1NTE5AAAAIN4kXIGXvPoa1zNgnKBDhzAUGBaNyGrMi1IQbO5Y3yHK';
  for (const publickey of [ed25519, `ssh-ed25519 ${ed25519} root@host`])
    expect(parseSshManifest(one({ endpoint: 'h', command: 'c', publickey }), '')).toMatchObject([
      { hostKey: ed25519 },
    ]);
  expect(fails(one({ endpoint: 'h', command: 'c', port: 1 }))).toMatch(/unknown field "port"/);
  expect(endpointOf('10.0.0.1:2222')).toEqual({ host: '10.0.0.1', port: 2222 });
  expect(endpointOf('[::1]:2222')).toEqual({ host: '::1', port: 2222 });
  expect(endpointOf('::1')).toEqual({ host: '::1', port: 22 });
  for (const bad of ['', 'h:0', 'h:70000', 'h:x', 'ssh://h', 'u@h']) expect(endpointOf(bad)).toBe(undefined);
});
