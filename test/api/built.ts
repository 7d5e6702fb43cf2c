/**
 * The package as programs import it: the built bundle, under the types of its source. What is stale of it is built first.
 */
import { join } from 'node:path';
import type * as Source from '../../src/index.ts';

const { buildAll } = (await import('../../tools/build.mjs' as string)) as { buildAll(): Promise<void> };
await buildAll();

export const { startCluster, SqlError } = (await import(
  join(import.meta.dirname, '../../dist/index.js')
)) as typeof Source;
export type { Cluster, SqlValue } from '../../src/index.ts';
