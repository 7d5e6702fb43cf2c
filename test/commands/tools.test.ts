/**
 * The tools as a user calls them: --help explains and ends, a wrong word ends with 2 and one sentence, and `explain` shows
 * SQL errors as psql does and asks a running server.
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}
const run = (...args: readonly string[]): Promise<Outcome> =>
  new Promise((resolve) => {
    const child = execFile(process.execPath, args, { cwd: root }, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    );
  });
const tool = (...args: readonly string[]): Promise<Outcome> => run('tools/tool.mjs', ...args);

let cluster: { readonly url: string; close(): Promise<void> };
beforeAll(async () => {
  const { buildAll } = (await import('../../tools/build.mjs' as string)) as { buildAll(): Promise<void> };
  await buildAll();
  const built = (await import(join(root, 'dist/index.js'))) as {
    startCluster(options: object): Promise<typeof cluster>;
  };
  cluster = await built.startCluster({ nodes: 1, slices: 2 });
});
afterAll(() => cluster?.close());

describe('--help', () => {
  test.each([
    ['bench', 'tools/tool.mjs', 'bench'],
    ['campaign', 'tools/tool.mjs', 'campaign'],
    ['answers', 'tools/tool.mjs', 'answers'],
    ['explain', 'tools/tool.mjs', 'explain'],
    ['dump', 'tools/tool.mjs', 'dump'],
    ['build', 'tools/build.mjs'],
    ['check', 'tools/check.mjs'],
    ['test', 'tools/test.mjs'],
    ['server', 'dist/main.js'],
  ])('of %s explains and ends', async (_name, ...command) => {
    const { code, stdout, stderr } = await run(...command, '--help');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^Usage: .+\n( .+\n)*\n?/);
  });
  test('every npm script is among them', async () => {
    const { default: manifest } = (await import('../../package.json', { with: { type: 'json' } })) as {
      default: { scripts: Record<string, string> };
    };
    expect(Object.keys(manifest.scripts).sort()).toEqual(
      ['answers', 'bench', 'build', 'campaign', 'check', 'dump', 'explain', 'prepack', 'start', 'test'].sort(),
    );
  });
});

describe('a wrong word ends with 2 and a sentence', () => {
  test.each([
    [['bench', '--sf', 'x'], '--sf must be a positive number, not "x"'],
    [
      ['bench', '--queries', '23'],
      '--queries knows 1 to 22, all, analytics, windows, grouping sets, listagg, percentiles, documents and their queries, not 23',
    ],
    [['campaign', 'nonsense'], 'not nonsense'],
    [['explain', 'select 1', '--stage', 'nonsense'], '--stage knows tokens'],
    [['explain'], 'which statement?'],
    [['dump', 'nonsense'], 'say what the file is: superblock'],
  ])('%s', async (args, sentence) => {
    const { code, stderr } = await tool(...args);
    expect(code).toBe(2);
    expect(stderr).toContain(sentence);
    expect(stderr).not.toMatch(/^ +at /m);
  });
});

describe('explain', () => {
  test('shows an SQL error as psql does', async () => {
    const { code, stderr } = await tool('explain', 'select 1,\n nothing from nowhere');
    expect(code).toBe(1);
    expect(stderr.trimEnd()).toBe(
      [
        'ERROR:  42P01: relation "nowhere" does not exist',
        'LINE 2:  nothing from nowhere',
        `${' '.repeat(22)}^`,
      ].join('\n'),
    );
  });
  test('asks a running server for the plan, the trace and the error', async () => {
    const client = new pg.Client({ connectionString: cluster.url });
    await client.connect();
    await client.query('create table seen (a int); insert into seen values (1), (2)');
    await client.end();
    const plan = await tool('explain', 'select a from seen', '--url', cluster.url);
    expect(plan).toMatchObject({ code: 0, stdout: expect.stringContaining('XN Seq Scan on seen') as string });
    const trace = await tool('explain', 'select a from seen', '--url', cluster.url, '--stage', 'trace');
    expect(JSON.parse(trace.stdout)[0]).toMatchObject({
      label: expect.stringMatching(/^scan .*name=seen/) as string,
    });
    const error = await tool('explain', 'select b from seen', '--url', cluster.url);
    expect(error.stderr).toMatch(/^ERROR: {2}42703: .*\nLINE 1: select b from seen\n/);
  });
  test('says in a sentence that nobody answers', async () => {
    const { code, stderr } = await tool('explain', 'select 1', '--url', 'postgres://x@127.0.0.1:1/dev');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^explain: .*ECONNREFUSED/);
    expect(stderr).not.toMatch(/^ +at /m);
  });
});
