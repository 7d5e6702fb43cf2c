/**
 * A server of a random shape in a process of its own, below fs patches that let its disk be full and its power be cut, with
 * a switch for faults. Used by chaos.ts and undone.ts.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { buildSync } from 'esbuild';
import pg from 'pg';
import type { InjectedFault } from '../../src/common/fault-injection.ts';
import { powerPatch } from './power.ts';
import { newDirectory } from './server.ts';

const root = join(import.meta.dirname, '../..');
const dist = process.env['SLICEHOUSE_DIST'] ?? join(root, 'dist');

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** The server's process and what belongs to it. */
export class ChaosServer {
  url = '';
  s3Root = '';
  /** Exit code of the process, null after a signal; undefined while it runs. */
  exit: number | null | undefined;
  private child: ChildProcess | undefined;
  private ended: Promise<void> = Promise.resolve();
  private errors = '';
  private backs = 0;
  private told: () => void = () => undefined;
  readonly dataDir = newDirectory();
  private readonly bundle: string;
  readonly journals: string;
  readonly full: string;

  constructor(
    readonly memory: boolean,
    readonly nodes: number,
    readonly slices: number,
    /** Undefined: the usual size, which the workload does not reach. */
    private readonly checkpointBytes: number | undefined,
    private readonly autoAllRowsMax: number,
  ) {
    mkdirSync(join(root, 'build'), { recursive: true });
    // Below the project, so that packages are found.
    this.bundle = mkdtempSync(join(root, 'build/chaos-'));
    this.journals = join(this.bundle, 'journals');
    this.full = join(this.bundle, 'full');
    mkdirSync(this.journals);
    for (const name of readdirSync(dist))
      if (/\.(js|wasm)$/.test(name)) copyFileSync(join(dist, name), join(this.bundle, name));
    buildSync({
      entryPoints: [join(import.meta.dirname, 'chaos-server.ts')],
      outfile: join(this.bundle, 'chaos-server.mjs'),
      bundle: true,
      platform: 'node',
      format: 'esm',
    });
    if (memory) return;
    writeFileSync(join(this.bundle, 'power.mjs'), powerPatch(this.journals, this.full, this.dataDir));
    copyFileSync(join(this.bundle, 'slice-worker.js'), join(this.bundle, 'slice-worker-real.js'));
    writeFileSync(
      join(this.bundle, 'slice-worker.js'),
      `import './power.mjs';\nawait import('./slice-worker-real.js');\n`,
    );
  }
  get stderr(): string {
    return this.errors;
  }
  /** How long nodes were down that came back since the last call. */
  newlyBack(): readonly number[] {
    const said = [...this.errors.matchAll(/is back after (\d+) ms/g)].map((m) => Number(m[1]));
    const fresh = said.slice(this.backs);
    this.backs = said.length;
    return fresh;
  }

  async start(): Promise<void> {
    const options = {
      dataDir: this.dataDir,
      memory: this.memory,
      nodes: this.nodes,
      slices: this.slices,
      autoAllRowsMax: this.autoAllRowsMax,
      checkpointBytes: this.checkpointBytes,
      nodeMemory: 256,
    };
    const args = [join(this.bundle, 'chaos-server.mjs'), this.bundle, JSON.stringify(options)];
    if (!this.memory) args.push(join(this.bundle, 'power.mjs'));
    const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'pipe'], cwd: root });
    this.child = child;
    this.errors = '';
    this.backs = 0;
    this.exit = undefined;
    child.stderr.on('data', (b: Buffer) => (this.errors += b.toString()));
    child.stdin.on('error', () => undefined);
    let ready: () => void = () => undefined;
    const started = new Promise<void>((resolve) => (ready = resolve));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const found = /ready (\S+) (.*)/.exec(line);
      if (found === null) return this.told();
      [this.url, this.s3Root] = [found[1]!, found[2]!];
      ready();
    });
    this.ended = new Promise((resolve) =>
      child.on('close', (code) => {
        this.exit = code;
        this.told();
        resolve();
      }),
    );
    await Promise.race([started, this.ended]);
    if (this.exit !== undefined) throw new Error(`the server ended with ${this.exit}: ${this.errors}`);
  }
  tell(command: { readonly arm: InjectedFault } | { readonly disarm: true }): Promise<void> {
    return new Promise((resolve) => {
      if (this.exit !== undefined) return resolve();
      this.told = resolve;
      this.child!.stdin!.write(`${JSON.stringify(command)}\n`);
    });
  }
  async connect(): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: this.url, types: { getTypeParser: () => (v: unknown) => v } });
    client.on('error', () => undefined);
    await client.connect();
    return client;
  }
  /** The disk takes nothing for a while. */
  async fill(ms: number): Promise<void> {
    writeFileSync(this.full, '');
    await pause(ms);
    rmSync(this.full);
  }
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    if (this.exit === undefined) this.child?.kill(signal);
    await this.ended;
    if (signal === 'SIGTERM' && this.exit !== 0) throw new Error(`SIGTERM gave ${this.exit}: ${this.errors}`);
  }
  async remove(): Promise<void> {
    if (existsSync(this.full)) rmSync(this.full);
    await this.end('SIGKILL');
    for (const path of [this.bundle, this.dataDir]) rmSync(path, { recursive: true, force: true });
  }
}
