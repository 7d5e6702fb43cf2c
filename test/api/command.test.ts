/**
 * The command as CI uses it: --init, its exit codes, --log json, /health and /metrics.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, describe, expect, test } from 'vitest';
import { startCluster } from './built.ts';

const main = join(import.meta.dirname, '../../dist/main.js');
const folders: string[] = [];
const children: ChildProcess[] = [];
const folder = (files: Readonly<Record<string, string>> = {}): string => {
  const dir = mkdtempSync(join(tmpdir(), 'slicehouse-command-'));
  folders.push(dir);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(dir, name, '..'), { recursive: true });
    writeFileSync(join(dir, name), text);
  }
  return dir;
};
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  for (const dir of folders) rmSync(dir, { recursive: true, force: true });
});

interface Command {
  /** Set when it is ready. */
  readonly url: string;
  readonly httpUrl: string;
  readonly said: () => string;
  readonly exited: Promise<number | null>;
  stop(): Promise<number | null>;
}
const ARGS = ['--port', '0', '--http-port', '0', '--nodes', '1', '--slices', '2'];
async function command(...args: string[]): Promise<Command> {
  const child = spawn(process.execPath, [main, ...ARGS, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  let said = '';
  let tell: () => void = () => undefined;
  const take = (chunk: Buffer): void => {
    said += chunk.toString();
    tell();
  };
  child.stdout.on('data', take);
  child.stderr.on('data', take);
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve));
  const ready = new Promise<void>((resolve) => {
    tell = () => {
      if (/slicehouse ready \S+ [^\s"]+/.test(said)) resolve();
    };
  });
  await Promise.race([ready, exited]);
  const [, url = '', httpUrl = ''] = /slicehouse ready (\S+) ([^\s"]+)/.exec(said) ?? [];
  const stop = (): Promise<number | null> => {
    child.kill('SIGTERM');
    return exited;
  };
  return { url, httpUrl, said: () => said, exited, stop };
}
async function ask(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

const INIT = {
  '01.sql': "create table t (x int, note varchar(10));\ninsert into t values (1, 'one');",
  't.csv': 'x,note\n2,two\n',
  'buckets/inbox/a.txt': '3|three\n',
  '02.sql': "copy t from 's3://inbox/' iam_role default;",
};

describe('--init', () => {
  test('is loaded at the first start, and once', async () => {
    const dataDir = join(folder(), 'data');
    const init = folder(INIT);
    const first = await command('--data-dir', dataDir, '--init', init);
    expect(await ask(first.url, 'select x from t order by x')).toEqual([{ x: 1 }, { x: 2 }, { x: 3 }]);
    expect(await first.stop()).toBe(0);
    const second = await command('--data-dir', dataDir, '--init', init);
    expect(await ask(second.url, 'select count(*)::int as n from t')).toEqual([{ n: 3 }]);
    expect(await second.stop()).toBe(0);
  });

  test('an error ends the start with exit code 3, and so does every next one', async () => {
    const dataDir = join(folder(), 'data');
    const init = folder({ '01.sql': 'create table t (x int);\n\ninsert into nowhere values (1);' });
    const failed = await command('--data-dir', dataDir, '--init', init);
    expect([await failed.exited, failed.said()]).toEqual([
      3,
      `slicehouse: init folder "${init}": 01.sql:3: relation "nowhere" does not exist\n`,
    ]);
    const again = await command('--data-dir', dataDir, '--init', init);
    expect([await again.exited, again.said()]).toEqual([3, expect.stringContaining('remove the data directory')]);
    const missing = await command('--memory', '--init', join(init, 'no'), '--log', 'json');
    expect(await missing.exited).toBe(3);
    expect(JSON.parse(missing.said())).toMatchObject({ level: 'error', event: 'failed' });
  });

  test('is the base of a cluster in process', async () => {
    const cluster = await startCluster({ init: folder(INIT), nodes: 1, slices: 1 });
    try {
      await cluster.exec('delete from t; drop table t; create table other (x int)');
      await cluster.reset();
      expect((await cluster.query('select count(*) as n from t')).rows).toEqual([{ n: 3n }]);
      await expect(cluster.query('select * from other')).rejects.toMatchObject({ sqlstate: '42P01' });
    } finally {
      await cluster.close();
    }
  });
});

test('--log json: an object a line', async () => {
  const { said, stop, url } = await command('--memory', '--log', 'json');
  expect(await stop()).toBe(0);
  const entries = said()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(entries[0]).toEqual({
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) as unknown,
    level: 'info',
    event: 'ready',
    message: expect.stringContaining('slicehouse ready') as unknown,
    url,
    httpUrl: expect.stringContaining('http://') as unknown,
  });
  expect(entries.at(-1)).toMatchObject({ level: 'info', event: 'stopping' });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
/** What /health and the query door said while the command ran a script of so many rows to the third. */
async function statesWhileStarting(rows: number): Promise<ReadonlySet<string>> {
  const slow = `create table n (x int); insert into n with recursive r(x) as (select 1 union all select x + 1 from r where x < ${rows})
      select x from r; select count(*) from n a, n b, n c where a.x + b.x < c.x;`;
  const httpPort = await freePort();
  const starting = command('--memory', '--init', folder({ 'slow.sql': slow }), '--http-port', String(httpPort));
  const states = new Set<string>();
  let over = false;
  const asking = (async () => {
    while (!over) {
      const response = await fetch(`http://127.0.0.1:${httpPort}/health`).catch(() => undefined);
      if (response === undefined) continue;
      const { status } = (await response.json()) as { status: string };
      states.add(`${response.status} ${status}`);
      if (status === 'starting') {
        const refused = await fetch(`http://127.0.0.1:${httpPort}/_/query`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: '{"sql":"select 1"}',
        });
        states.add(`query ${refused.status}`);
      }
    }
  })();
  try {
    const server = await starting;
    const ok = await fetch(`${server.httpUrl}/health`);
    expect([ok.status, await ok.json()]).toEqual([200, { status: 'ok', nodes: ['up'] }]);
    over = true;
    await asking;
    expect(await server.stop()).toBe(0);
    return states;
  } finally {
    over = true;
  }
}

describe('the HTTP port', () => {
  test('/health is ok only while statements are served', async () => {
    // As long as it takes to be asked meanwhile, however busy the machine is.
    for (let rows = 600; ; rows = Math.ceil(rows * 1.5)) {
      const states = await statesWhileStarting(rows);
      if (states.has('503 starting') && states.has('query 503')) break;
    }
  });

  test('/metrics counts what happens', async () => {
    const server = await command('--memory');
    await ask(
      server.url,
      `create table n (x int sortkey); insert into n with recursive r(x) as (select 1 union all select x + 1 from r where
      x < 1000) select x from r`,
    );
    await ask(server.url, 'select x from n');
    await ask(server.url, 'select 1 / (x - 5) from n').catch(() => undefined);
    const values = async (): Promise<Map<string, number>> => {
      const response = await fetch(`${server.httpUrl}/metrics`);
      expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
      const lines = (await response.text()).split('\n').filter((l) => l !== '' && !l.startsWith('#'));
      return new Map(lines.map((l) => [l.slice(0, l.lastIndexOf(' ')), Number(l.slice(l.lastIndexOf(' ') + 1))]));
    };
    const first = await values();
    expect(first.get('slicehouse_queries_total{state="aborted"}')).toBe(1);
    expect(first.get('slicehouse_queries_total{state="completed"}')).toBeGreaterThanOrEqual(2);
    expect(first.get('slicehouse_query_duration_seconds_count')).toBeGreaterThanOrEqual(3);
    expect(first.get('slicehouse_rows_returned_total')).toBeGreaterThanOrEqual(1000);
    expect(first.get('slicehouse_rows_scanned_total')).toBeGreaterThanOrEqual(1000);
    expect(first.get('slicehouse_blocks_total{outcome="read"}')).toBeGreaterThan(0);
    expect(first.get('slicehouse_commits_total')).toBeGreaterThanOrEqual(1);
    expect(first.get('slicehouse_sessions')).toBeLessThanOrEqual(1);
    expect(first.get('slicehouse_node_state{node="0",state="up"}')).toBe(1);
    expect(first.get('slicehouse_node_restarts{node="0"}')).toBe(0);
    expect(first.get('process_resident_memory_bytes')).toBeGreaterThan(1e6);
    await ask(server.url, 'select slicehouse_kill_node(0)').catch(() => undefined);
    const rows = first.get('slicehouse_rows_returned_total')!;
    await ask(server.url, 'select x from n');
    const second = await values();
    expect(second.get('slicehouse_rows_returned_total')! - rows).toBeGreaterThanOrEqual(1000);
    expect(second.get('slicehouse_node_restarts{node="0"}')).toBe(1);
    expect(await server.stop()).toBe(0);
  });
});
