/** A cluster in memory for tests of concurrent sessions, with the exceptions that would be bugs collected. */
import { join } from 'node:path';

export interface TestCluster {
  readonly url: string;
  readonly s3Root: string;
  readonly bugs: readonly unknown[];
  close(): Promise<void>;
}
type Start = (options: {
  readonly [name: string]: unknown;
}) => Promise<{ readonly url: string; readonly s3Root: string; close(): Promise<void> }>;

export async function startTestCluster(options: {
  readonly nodes: number;
  readonly slices: number;
  readonly dataDir?: string;
}): Promise<TestCluster> {
  const dist = join(import.meta.dirname, '../../dist/index.js');
  const { startCluster } = (await import(dist)) as { readonly startCluster: Start };
  const bugs: unknown[] = [];
  const memory = options.dataDir === undefined;
  const cluster = await startCluster({ ...options, memory, onBug: (e: unknown) => bugs.push(e) });
  return { url: cluster.url, s3Root: cluster.s3Root, bugs, close: () => cluster.close() };
}
