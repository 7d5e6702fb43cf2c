/**
 * The S3 door by itself for client tests: the HTTP port over a store in a temporary folder, on a port of its own, with keys
 * when signatures shall be verified.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startHttpServer } from '../../src/http/server.ts';
import { LocalObjectStore } from '../../src/s3/store.ts';

export const KEY_ID = 'AKIDSLICEHOUSETEST01';
export const SECRET = 'secret/of+the=test';

export interface TestDoor {
  readonly root: string;
  readonly port: number;
  readonly url: string;
  readonly store: LocalObjectStore;
  /** What the server took for bugs of its own. */
  readonly bugs: readonly unknown[];
  close(): Promise<void>;
}
export async function startDoor({ keys = false, hosts = [] as readonly string[] } = {}): Promise<TestDoor> {
  const root = mkdtempSync(join(tmpdir(), 'slicehouse-door-'));
  const store = new LocalObjectStore(root, keys ? new Map([[KEY_ID, SECRET]]) : undefined);
  const bugs: unknown[] = [];
  const server = await startHttpServer({
    host: '127.0.0.1',
    port: 0,
    store,
    hosts,
    onError: (e) => bugs.push(e),
  });
  return {
    root,
    port: server.port,
    url: `http://127.0.0.1:${server.port}`,
    store,
    bugs,
    close: async () => {
      await server.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}
