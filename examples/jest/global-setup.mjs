/** Starts one cluster for the whole run; test files connect to process.env.DATABASE_URL. */
import { fileURLToPath } from 'node:url';
import { startCluster } from 'slicehouse';

export default async function setup() {
  const cluster = await startCluster({ init: fileURLToPath(new URL('../fixtures', import.meta.url)) });
  globalThis.slicehouse = cluster;
  process.env.DATABASE_URL = cluster.connectionString;
  process.env.AWS_ENDPOINT_URL_S3 = cluster.s3Endpoint;
}
