/**
 * The cluster that client tests talk to: one for each test file, started from the built package on ports of its own, or
 * the running server that CLIENTS_URL names. `run` starts a client program; `missing` says why a client cannot be tested.
 */
import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

export interface TestServer {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
  close(): Promise<void>;
}
interface Started {
  readonly port: number;
  certificateAuthority(): Promise<string | undefined>;
  close(): Promise<void>;
}

/** A cluster of the built package with options of its own; says which file clients must trust. */
export async function startOwn(options: object): Promise<Started> {
  const { buildAll } = (await import('../../tools/build.mjs' as string)) as { buildAll(): Promise<void> };
  await buildAll();
  const built = (await import(join(root, 'dist/index.js'))) as { startCluster(options: object): Promise<Started> };
  return built.startCluster({ nodes: 1, slices: 1, ...options });
}

export async function startServer(): Promise<TestServer> {
  const given = process.env['CLIENTS_URL'];
  if (given !== undefined) {
    const url = new URL(given);
    return {
      host: url.hostname,
      port: Number(url.port),
      user: 'awsuser',
      database: 'dev',
      close: async () => undefined,
    };
  }
  const started = await startOwn({ nodes: 2, slices: 2, memory: true });
  return { host: '127.0.0.1', port: started.port, user: 'awsuser', database: 'dev', close: () => started.close() };
}

export interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}
/** Runs a program to its end, its input given as text. */
export function run(
  command: string,
  args: readonly string[],
  input = '',
  env: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...args], { env: { ...process.env, PGPASSWORD: 'x', ...env } });
    let out = '';
    let err = '';
    child.stdout.on('data', (d: Buffer) => (out += d.toString()));
    child.stderr.on('data', (d: Buffer) => (err += d.toString()));
    child.on('error', reject);
    // One that reads nothing has ended before it was told everything.
    child.stdin.on('error', () => undefined);
    child.on('close', (code) => resolve({ code, out, err }));
    child.stdin.end(input);
  });
}

/** Undefined when the command runs, else the reason for the skip. */
export function missing(command: string, args: readonly string[], what: string): string | undefined {
  const probe = spawnSync(command, [...args], { stdio: 'ignore' });
  return probe.status === 0 ? undefined : `${what} is not installed`;
}
export const python = '/usr/bin/python3';
export const missingPython = (module: string): string | undefined =>
  missing(python, ['-c', `import ${module}`], `python3 ${module}`);
