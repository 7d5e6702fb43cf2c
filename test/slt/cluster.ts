/**
 * A cluster as a configuration of test/configs wants it: inside this process, or the command in a process of its own where
 * the configuration sets environment variables.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Configuration {
  readonly nodes: number;
  readonly slices: number;
  readonly memory: boolean;
  /** Forced paths of execution (src/common/forced-paths.ts). */
  readonly testing?: { readonly [name: string]: unknown };
  /** The server is a process of its own with these variables: sizes that common/limits.ts lets tests make small. */
  readonly environment?: { readonly [name: string]: string };
  /** --large-strings on; scripts ask for it. */
  readonly largeStrings?: boolean;
  /** Stop and start the cluster before each query that follows statements, outside transactions. */
  readonly restartBeforeQueries?: boolean;
}
export interface RunningCluster {
  readonly url: string;
  readonly s3Root: string;
  close(): Promise<void>;
}
type StartCluster = (options: { readonly [name: string]: unknown }) => Promise<RunningCluster>;

const root = join(import.meta.dirname, '../..');

/** The command with small limits; everything in memory. */
async function startProcess(
  nodes: number,
  slices: number,
  environment: { readonly [name: string]: string },
  largeStrings: boolean,
  onBug: (e: unknown) => void,
): Promise<RunningCluster> {
  const s3Root = mkdtempSync(join(tmpdir(), 'slicehouse-slt-s3-'));
  const server = spawn(
    process.execPath,
    [
      join(root, 'dist/main.js'),
      ...['--memory', '--port', '0', '--http-port', '0', '--s3-root', s3Root],
      ...['--nodes', String(nodes), '--slices', String(slices)],
      ...(largeStrings ? ['--large-strings', 'on'] : []),
    ],
    { env: { ...process.env, ...environment }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  server.stderr.on('data', (chunk: Buffer) => {
    if (chunk.includes('internal error')) onBug(chunk.toString());
  });
  const url = await new Promise<string>((resolve, reject) => {
    let said = '';
    server.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const ready = /slicehouse ready (\S+)/.exec(said);
      if (ready) resolve(ready[1]!);
    });
    server.once('exit', (code) => reject(new TypeError(`the server ended with ${code}`)));
  });
  return {
    url,
    s3Root,
    close: async () => {
      const ended = new Promise((resolve) => server.once('exit', resolve));
      server.kill('SIGTERM');
      await ended;
      rmSync(s3Root, { recursive: true, force: true });
    },
  };
}

/** Starts it; without a data directory everything lies in memory. `onBug` hears of internal errors. */
export async function startConfigured(
  { nodes, slices, memory, testing, environment, largeStrings = false }: Configuration,
  dataDir: string | undefined,
  onBug: (e: unknown) => void,
): Promise<RunningCluster> {
  if (environment !== undefined) return startProcess(nodes, slices, environment, largeStrings, onBug);
  const built = (await import(join(root, 'dist/index.js'))) as { readonly startCluster: StartCluster };
  return built.startCluster({
    nodes,
    slices,
    memory,
    largeStrings,
    ...(testing === undefined ? {} : { testing }),
    ...(dataDir === undefined ? {} : { dataDir }),
    onBug,
  });
}
