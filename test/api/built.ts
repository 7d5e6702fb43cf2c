/**
 * The package as programs import it: the built bundle, under the types of its source.
 */
import { join } from 'node:path';
import type * as Source from '../../src/index.ts';

export const { startCluster, SqlError } = (await import(
  join(import.meta.dirname, '../../dist/index.js')
)) as typeof Source;
export type { Cluster, SqlValue } from '../../src/index.ts';
