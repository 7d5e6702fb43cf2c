/**
 * A Slicehouse server as a child process on a data directory, for tests that kill it. `faults` runs its own copy of the
 * bundle with a slice thread (or all of it) whose disk fails while a flag file exists: `full` gives ENOSPC on writes,
 * `die` ends the thread, `bug` throws in the middle of storage code. The bundle is dist/, or the folder named by SLICEHOUSE_DIST.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';

const root = join(import.meta.dirname, '../..');
const dist = process.env['SLICEHOUSE_DIST'] ?? join(root, 'dist');

/** The command's part for a program's cluster: says when it is ready, stops cleanly on SIGTERM. */
const PROGRAM = `
const [bundle, text] = process.argv.slice(1);
const { autoAllRowsMax, ...options } = JSON.parse(text);
const { startCluster } = await import(bundle + '/index.js');
const cluster = await startCluster({ ...options, testing: { autoAllRowsMax } });
process.on('SIGTERM', () => cluster.close().then(() => process.exit(0), () => process.exit(1)));
process.stdout.write('slicehouse ready ' + cluster.url + '\\n');
`;

export interface ServerOptions {
  readonly dataDir: string;
  /** Nothing is written to dataDir. */
  readonly memory?: boolean;
  readonly nodes?: number;
  readonly slices?: number;
  /** Folder of a bundle made by faultyBundle(). */
  readonly bundle?: string;
  /** Rows above which DISTSTYLE AUTO leaves ALL: started as a program does, since the command has no such option. */
  readonly autoAllRowsMax?: number;
}
export interface Server {
  readonly url: string;
  readonly s3Root: string;
  readonly child: ChildProcess;
  /** Exit code, null after a signal. */
  readonly ended: Promise<number | null>;
  stderr(): string;
  connect(): Promise<pg.Client>;
  /** kill -9. */
  kill(): Promise<void>;
  /** SIGTERM. */
  stop(): Promise<number | null>;
}

export const newDirectory = (): string => mkdtempSync(join(tmpdir(), 'slicehouse-test-'));

/** Starts the command and gives its end: for servers that are expected to refuse. */
export function launch(options: ServerOptions): {
  child: ChildProcess;
  ended: Promise<number | null>;
  stderr(): string;
} {
  const { dataDir, memory = false, nodes = 2, slices = 2, bundle = dist, autoAllRowsMax } = options;
  const command = [
    join(bundle, 'main.js'),
    ...(memory ? ['--memory'] : []),
    '--data-dir',
    dataDir,
    '--nodes',
    `${nodes}`,
    '--slices',
    `${slices}`,
    '--port',
    '0',
    '--http-port',
    '0',
  ];
  const program = [
    '--input-type=module',
    '-e',
    PROGRAM,
    bundle,
    JSON.stringify({ dataDir, nodes, slices, autoAllRowsMax }),
  ];
  const args = autoAllRowsMax === undefined ? command : program;
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let errors = '';
  child.stderr!.on('data', (b: Buffer) => (errors += b.toString()));
  const ended = new Promise<number | null>((resolve) => child.on('close', (code) => resolve(code)));
  return { child, ended, stderr: () => errors };
}

export async function startServer(options: ServerOptions): Promise<Server> {
  const { child, ended, stderr } = launch(options);
  const url = await new Promise<string>((resolve, reject) => {
    let text = '';
    child.stdout!.on('data', (b: Buffer) => {
      const found = /ready (\S+)/.exec((text += b.toString()));
      if (found) resolve(found[1]!);
    });
    void ended.then((code) => reject(new Error(`the server ended with ${code}: ${stderr()}`)));
  });
  return {
    url,
    child,
    ended,
    stderr,
    s3Root: join(options.dataDir, 's3'),
    connect: async () => {
      const client = new pg.Client({ connectionString: url, types: { getTypeParser: () => (v: unknown) => v } });
      client.on('error', () => undefined);
      await client.connect();
      return client;
    },
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
    stop: async () => {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

export interface Faults {
  readonly bundle: string;
  set(fault: 'full' | 'die' | 'bug', on: boolean): void;
  remove(): void;
}
/** A copy of the bundle whose disk obeys flag files. Lies below the project, so that packages are found. */
export function faultyBundle(): Faults {
  mkdirSync(join(root, 'build'), { recursive: true });
  const bundle = mkdtempSync(join(root, 'build/faulty-'));
  for (const name of readdirSync(dist)) {
    if (/\.(js|wasm)$/.test(name)) copyFileSync(join(dist, name), join(bundle, name));
  }
  const flag = (fault: string): string => join(bundle, `fault-${fault}`);
  const patch = (die: boolean): string => `import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
const { writeSync, fdatasyncSync, existsSync } = fs;
fs.writeSync = (...args) => {
  if (existsSync(${JSON.stringify(flag('full'))})) throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
  return writeSync(...args);
};
fs.fdatasyncSync = (fd) => {
  if (${die} && existsSync(${JSON.stringify(flag('die'))})) process.exit(9);
  if (${die} && existsSync(${JSON.stringify(flag('bug'))})) throw new TypeError('injected bug');
  return fdatasyncSync(fd);
};
syncBuiltinESMExports();
`;
  for (const [name, die] of [
    ['slice-worker', true],
    ['main', false],
  ] as const) {
    copyFileSync(join(bundle, `${name}.js`), join(bundle, `${name}-real.js`));
    writeFileSync(join(bundle, `${name}.js`), `${patch(die)}await import('./${name}-real.js');\n`);
  }
  return {
    bundle,
    set: (fault, on) => (on ? writeFileSync(flag(fault), '') : rmSync(flag(fault), { force: true })),
    remove: () => rmSync(bundle, { recursive: true, force: true }),
  };
}
