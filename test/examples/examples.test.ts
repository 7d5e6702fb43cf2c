/**
 * The examples as they stand, run by the tools they are for. What a tool is missing for is skipped, and says so.
 */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';
import { helpText } from '../../src/common/config.ts';
import { missingPython, python } from '../clients/cluster.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');
const examples = join(root, 'examples');
const jest = join(root, 'node_modules/jest/bin/jest.js');
const folders: string[] = [];
afterAll(() => {
  for (const dir of folders) rmSync(dir, { recursive: true, force: true });
});
/** Without what the runner of this test sets for its own. */
const environment = (more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(VITEST|TEST$|NODE_OPTIONS|NODE_ENV)/.test(name)),
  ),
  ...more,
});
const missing = async (command: string, args: readonly string[]): Promise<string | undefined> =>
  run(command, args).then(
    () => undefined,
    (e: Error) => e.message.split('\n').find((l) => /daemon|ENOENT|not found/.test(l)) ?? e.message,
  );

test('vitest', async () => {
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const { stdout } = await run(process.execPath, [vitest, 'run', '--root', join(examples, 'vitest')], {
    env: environment(),
    cwd: root,
  });
  expect(stdout.replaceAll(/\u001b\[[0-9;]*m/g, '')).toMatch(/Tests {2}3 passed \(3\)/);
}, 120_000);

describe('jest', () => {
  test.skipIf(!existsSync(jest))('runs (skipped where jest is not installed)', async () => {
    const { stderr } = await run(process.execPath, [jest, '--rootDir', join(examples, 'jest')], {
      env: environment({ NODE_OPTIONS: '--experimental-vm-modules' }),
      cwd: join(examples, 'jest'),
    });
    expect(stderr).toMatch(/Tests: +1 passed, 1 total/);
  });

  test('its set-up and its end, as jest calls them', async () => {
    const script = `
      import setup from './global-setup.mjs';
      import teardown from './global-teardown.mjs';
      import pg from 'pg';
      await setup();
      const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
      await client.connect();
      console.log((await client.query('select count(*)::int as n from orders')).rows[0].n);
      await client.end();
      await teardown();`;
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script], {
      cwd: join(examples, 'jest'),
      env: environment(),
    });
    expect(stdout).toBe('3\n');
  });
});

test('pytest', async ({ skip }) => {
  for (const module of ['pytest', 'psycopg']) {
    const reason = missingPython(module);
    if (reason !== undefined) skip(reason);
  }
  const { stdout } = await run(python, ['-m', 'pytest', '-q', '-p', 'no:cacheprovider', join(examples, 'pytest')], {
    env: environment({
      SLICEHOUSE_COMMAND: `"${process.execPath}" "${join(root, 'dist/main.js')}"`,
      PYTHONDONTWRITEBYTECODE: '1',
    }),
  });
  expect(stdout).toMatch(/3 passed/);
});

/** What npm would publish, installed by hand: its own files beside the packages of this tree. */
async function packed(): Promise<string> {
  const dir = mkdtempSync(join(tmpdir(), 'slicehouse-packed-'));
  folders.push(dir);
  await run('npm', ['pack', '--ignore-scripts', '--pack-destination', dir], { cwd: root });
  const archive = readdirSync(dir).find((name) => /^slicehouse-.*\.tgz$/.test(name))!;
  await run('tar', ['xzf', join(dir, archive), '-C', dir]);
  symlinkSync(join(root, 'node_modules'), join(dir, 'package/node_modules'));
  return join(dir, 'package');
}

describe('the packed package', () => {
  test('has its command and its API', async () => {
    const dir = await packed();
    const { stdout } = await run(process.execPath, [join(dir, 'dist/main.js'), '--version']);
    expect(stdout).toMatch(/^slicehouse \d/);
    writeFileSync(
      join(dir, 'try.mjs'),
      `import { startCluster } from 'slicehouse';
       const cluster = await startCluster({ nodes: 1, slices: 1 });
       console.log(JSON.stringify((await cluster.query('select 1 as one')).rows));
       await cluster.close();`,
    );
    expect((await run(process.execPath, [join(dir, 'try.mjs')])).stdout).toBe('[{"one":1}]\n');
  });

  test('as an image', async ({ skip }) => {
    const reason = await missing('docker', ['info']);
    if (reason !== undefined) skip(reason);
    const dir = mkdtempSync(join(tmpdir(), 'slicehouse-image-'));
    folders.push(dir);
    await run('npm', ['pack', '--ignore-scripts', '--pack-destination', dir], { cwd: root });
    writeFileSync(join(dir, 'Dockerfile'), readFileSync(join(examples, 'docker/Dockerfile')));
    await run('docker', ['build', '-t', 'slicehouse-example', dir]);
    const { stdout } = await run('docker', ['run', '--rm', 'slicehouse-example', '--version']);
    expect(stdout).toMatch(/^slicehouse \d/);
  }, 600_000);

  test('testcontainers', async ({ skip }) => {
    const reason = await missing('docker', ['info']);
    if (reason !== undefined) skip(reason);
    if (!existsSync(join(root, 'node_modules/testcontainers'))) skip('testcontainers is not installed');
    const vitest = join(root, 'node_modules/vitest/vitest.mjs');
    await run(process.execPath, [vitest, 'run', '--root', join(examples, 'testcontainers')], {
      env: environment({ SLICEHOUSE_IMAGE: 'slicehouse-example' }),
    });
  }, 600_000);
});

test('options that examples name are options', () => {
  const help = helpText();
  const texts = [
    'docker/Dockerfile',
    'testcontainers/orders.test.ts',
    'github-actions/slicehouse.yml',
    'pytest/conftest.py',
  ].map((f) => readFileSync(join(examples, f), 'utf8'));
  const variables = texts.flatMap((t) => [...t.matchAll(/SLICEHOUSE_([A-Z0-9_]+)/g)].map((m) => m[1]!));
  const used = new Set(variables.filter((v) => v !== 'IMAGE' && v !== 'COMMAND'));
  for (const text of texts)
    for (const m of text.matchAll(/["' ]--([a-z-]+)/g)) used.add(m[1]!.toUpperCase().replaceAll('-', '_'));
  const options = new Set(
    [...help.matchAll(/^ {2}--([a-z0-9-]+)/gm)].map((m) => m[1]!.toUpperCase().replaceAll('-', '_')),
  );
  const others = new Set([
    'SILENT',
    'FAIL',
    'GLOBAL',
    'OMIT',
    'FORCE',
    'INTERVAL',
    'TIMEOUT',
    'START',
    'RETRIES',
    'PACK_DESTINATION',
    'START_PERIOD',
    'SAVE_DEV',
  ]);
  expect([...used].filter((name) => !options.has(name) && !others.has(name))).toEqual([]);
});
