/** TPC-DS at scale 0.01 (fixtures/tpcds-sf0.01) under queries of our own over its schema. */
import { join } from 'node:path';
import type { Workload } from '../workloads/workload.ts';
import { TPCDS_TABLES } from './schema.ts';

export const workload: Workload = {
  name: 'tpcds',
  tables: TPCDS_TABLES,
  file: (table) => join(import.meta.dirname, '../../fixtures/tpcds-sf0.01', `${table}.dat.gz`),
};
