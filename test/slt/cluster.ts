/**
 * A cluster as a configuration of test/configs wants it: inside this process, or in a process of its own where the
 * configuration sets environment variables.
 */
import { fork } from 'node:child_process';
import { join } from 'node:path';
import { obeysLaws } from './laws.ts';

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
/** One that lies in memory can be what it was when it started. */
interface ResettableCluster extends RunningCluster {
  reset(): Promise<void>;
}
/** Of Clusters: it is given back as good as new, or closed when it is no good any more. */
export interface TakenCluster extends RunningCluster {
  giveBack(): Promise<void>;
}
type StartCluster = (options: { readonly [name: string]: unknown }) => Promise<ResettableCluster>;

const root = join(import.meta.dirname, '../..');

interface Options {
  readonly nodes: number;
  readonly slices: number;
  readonly memory: boolean;
  readonly largeStrings: boolean;
  readonly testing?: Configuration['testing'];
  readonly dataDir?: string;
}

async function startProcess(
  options: Options,
  environment: { readonly [name: string]: string },
  onBug: (e: unknown) => void,
): Promise<ResettableCluster> {
  const server = fork(join(import.meta.dirname, 'server-process.mjs'), [JSON.stringify(options)], {
    env: { ...process.env, ...environment },
    execArgv: [],
  });
  const ended = new Promise<never>((_, reject) =>
    server.once('exit', (code) => reject(new TypeError(`the server ended with ${code}`))),
  );
  ended.catch(() => undefined);
  type Said = { readonly bug?: string; readonly done?: string; readonly url: string; readonly s3Root: string };
  server.on('message', ({ bug }: Said) => {
    if (bug !== undefined) onBug(bug);
  });
  const said = (fits: (m: Said) => boolean): Promise<Said> =>
    Promise.race([
      ended,
      new Promise<Said>((resolve) => {
        const heard = (m: Said): void => {
          if (!fits(m)) return;
          server.off('message', heard);
          resolve(m);
        };
        server.on('message', heard);
      }),
    ]);
  const ask = async (word: string): Promise<void> => {
    const answer = said((m) => m.done === word);
    server.send(word);
    await answer;
  };
  const { url, s3Root } = await said((m) => m.url !== undefined);
  return { url, s3Root, reset: () => ask('reset'), close: () => ask('close') };
}

/** Starts it; without a data directory everything lies in memory. `onBug` hears of internal errors. */
export async function startConfigured(
  { nodes, slices, memory, testing, environment, largeStrings = false }: Configuration,
  dataDir: string | undefined,
  onBug: (e: unknown) => void,
): Promise<ResettableCluster> {
  const options: Options = {
    ...{ nodes, slices, memory, largeStrings },
    ...(testing === undefined ? {} : { testing }),
    ...(dataDir === undefined ? {} : { dataDir }),
  };
  if (environment !== undefined) return startProcess(options, environment, onBug);
  const built = (await import(join(root, 'dist/index.js'))) as { readonly startCluster: StartCluster };
  return built.startCluster({ ...options, onBug });
}

/** Scripts that run on one cluster, by its slices: the history holds what all of them did, and more slices write more of it. */
const SCRIPTS_MAX = 8;
const SCRIPTS_BY_SLICES = 32;

/**
 * Clusters in memory that go from one script to the next: what a script gets is as good as new, but for the history and for
 * code that is compiled already. Before one ends the laws of the history are read on it. `close` ends those that wait.
 */
export class Clusters {
  private readonly waiting = new Map<string, Kept>();

  /** `isNew`: one without a history. */
  async take(configuration: Configuration, onBug: (e: unknown) => void, isNew: boolean): Promise<TakenCluster> {
    const key = JSON.stringify(configuration);
    let kept = this.waiting.get(key);
    this.waiting.delete(key);
    if (isNew && kept !== undefined) {
      await ended(kept.cluster);
      kept = undefined;
    }
    if (kept === undefined) {
      const hears = { onBug, scripts: 0 };
      const cluster = await startConfigured(configuration, undefined, (e) => hears.onBug(e));
      kept = Object.assign(hears, { cluster });
    }
    const taken = kept;
    const { cluster } = taken;
    taken.onBug = onBug;
    const scriptsMax = Math.min(SCRIPTS_MAX, SCRIPTS_BY_SLICES / (configuration.nodes * configuration.slices));
    return {
      url: cluster.url,
      s3Root: cluster.s3Root,
      close: () => cluster.close(),
      giveBack: async () => {
        await cluster.reset();
        if (++taken.scripts < scriptsMax) this.waiting.set(key, taken);
        else await ended(cluster);
      },
    };
  }
  async close(): Promise<void> {
    const clusters = [...this.waiting.values()].map(({ cluster }) => cluster);
    this.waiting.clear();
    for (const cluster of clusters) await ended(cluster);
  }
}
interface Kept {
  readonly cluster: ResettableCluster;
  onBug: (e: unknown) => void;
  scripts: number;
}
async function ended(cluster: ResettableCluster): Promise<void> {
  try {
    await obeysLaws(cluster.url);
  } finally {
    await cluster.close();
  }
}
