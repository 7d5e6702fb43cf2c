/**
 * Starts one cluster for the whole run. Test files get its addresses by inject(), and connect with whatever driver they test.
 */
import { fileURLToPath } from 'node:url';
import { startCluster } from 'slicehouse';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    connectionString: string;
    s3Endpoint: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const cluster = await startCluster({ init: fileURLToPath(new URL('../fixtures', import.meta.url)) });
  project.provide('connectionString', cluster.connectionString);
  project.provide('s3Endpoint', cluster.s3Endpoint);
  return () => cluster.close();
}
