/**
 * In-process use: `import { startCluster } from 'slicehouse'`. Ephemeral ports by default.
 */
import { join } from 'node:path';
import { startRunning, type ClusterOptions, type RunningCluster } from './start-cluster.ts';

export type { ClusterOptions, RunningCluster } from './start-cluster.ts';

/** Starts a cluster; everything left out has the command's default, but memory only and on free ports. */
export function startCluster(options: Partial<ClusterOptions> = {}): Promise<RunningCluster> {
  const dataDir = options.dataDir ?? './slicehouse-data';
  return startRunning({
    port: 0,
    httpPort: 0,
    host: '127.0.0.1',
    memory: options.dataDir === undefined,
    nodes: 2,
    slices: 2,
    s3Root: join(dataDir, 's3'),
    largeStrings: false,
    database: 'dev',
    user: 'awsuser',
    password: undefined,
    tls: 'on',
    ...options,
    dataDir,
  });
}
