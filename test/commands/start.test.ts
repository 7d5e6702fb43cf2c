/**
 * The two ways a user starts the server: `npm start -- <options>` and the `slicehouse` command. The ready line comes, the
 * options arrive, a query runs, a signal to npm leaves no server behind, and a wrong option ends with 2.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { beforeAll, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const OPTIONS = ['--memory', '--port', '0', '--http-port', '0', '--nodes', '1', '--slices', '1'];

interface Started {
  readonly child: ChildProcess;
  readonly url: string;
  readonly ended: Promise<number | null>;
}

/** Resolves at the ready line; fails with everything printed when the process ends before. */
function start(command: string, args: readonly string[]): Promise<Started> {
  const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<number | null>((resolve) => child.on('close', (code) => resolve(code)));
  let output = '';
  return new Promise((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      output += String(chunk);
      const ready = /^slicehouse ready (\S+) (\S+)$/m.exec(output);
      if (ready) resolve({ child, url: ready[1] as string, ended });
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    void ended.then((code) => reject(new Error(`${command} ended with ${code} before it was ready:\n${output}`)));
  });
}

async function accepts(url: string): Promise<boolean> {
  const { port, hostname } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

async function closesWithin(url: string, ms: number): Promise<boolean> {
  for (let waited = 0; waited < ms; waited += 100) {
    if (!(await accepts(url))) return true;
    await sleep(100);
  }
  return false;
}

beforeAll(async () => {
  const { buildAll } = (await import('../../tools/build.mjs' as string)) as { buildAll(): Promise<void> };
  await buildAll();
}, 300_000);

test.each(['SIGTERM', 'SIGINT', 'SIGKILL'] as const)('%s to npm leaves no server behind', async (signal) => {
  const { child, url, ended } = await start('npm', ['start', '--', ...OPTIONS]);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  expect((await client.query('select 1 + 1 as two')).rows).toEqual([{ two: 2 }]);
  await client.end();
  child.kill(signal);
  expect(await closesWithin(url, 10_000)).toBe(true);
  await ended;
});

test('the command stops cleanly on SIGTERM', async () => {
  const { child, url, ended } = await start(process.execPath, [join(root, 'dist/main.js'), ...OPTIONS]);
  expect(await accepts(url)).toBe(true);
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
  expect(await accepts(url)).toBe(false);
});

test('a wrong option ends with 2 and says which', async () => {
  const child = spawn('npm', ['start', '--', '--port', 'x'], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  let errors = '';
  child.stderr.on('data', (chunk) => (errors += String(chunk)));
  const code = await new Promise((resolve) => child.on('close', resolve));
  expect(errors).toContain('--port');
  expect(code).toBe(2);
});

test('a taken port is named with the option that changes it', async () => {
  const { url, child, ended } = await start(process.execPath, [join(root, 'dist/main.js'), ...OPTIONS]);
  const { port } = new URL(url);
  for (const [option, text] of [
    ['--port', '--port (or SLICEHOUSE_PORT)'],
    ['--http-port', '--http-port (or SLICEHOUSE_HTTP_PORT)'],
  ] as const) {
    const args = [join(root, 'dist/main.js'), '--memory', '--port', '0', '--http-port', '0', option, port];
    const second = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    let errors = '';
    second.stderr.on('data', (chunk) => (errors += String(chunk)));
    expect(await new Promise((resolve) => second.on('close', resolve))).toBe(1);
    expect(errors).toBe(
      `slicehouse: cannot listen on 127.0.0.1:${port}: the port is taken, another server listens there; choose another with ${text}\n`,
    );
  }
  child.kill('SIGTERM');
  await ended;
});

test('Ctrl-C says what it does', async () => {
  const { child, ended } = await start(process.execPath, [join(root, 'dist/main.js'), ...OPTIONS]);
  let errors = '';
  child.stderr?.on('data', (chunk) => (errors += String(chunk)));
  child.kill('SIGINT');
  expect(await ended).toBe(0);
  expect(errors).toContain('stopping: sessions end, the tables in memory are discarded; Ctrl-C again stops at once');
});

test('a client that connects while the server is still starting waits and is answered', async () => {
  const free = createServer().listen(0, '127.0.0.1');
  await once(free, 'listening');
  const { port } = free.address() as AddressInfo;
  free.close();
  await once(free, 'close');
  const args = OPTIONS.map((o, i) => (OPTIONS[i - 1] === '--port' ? String(port) : o));
  let isReady = false;
  const started = start(process.execPath, [join(root, 'dist/main.js'), ...args]).finally(() => (isReady = true));
  const url = `postgres://awsuser@127.0.0.1:${port}/dev`;
  while (!(await accepts(url))) await sleep(1);
  const wasEarly = !isReady;
  const client = new pg.Client(url);
  await client.connect();
  expect((await client.query('select 41 + 1 as n')).rows).toEqual([{ n: 42 }]);
  await client.end();
  const { child, ended } = await started;
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
  expect(wasEarly).toBe(true);
});
