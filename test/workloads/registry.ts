/** The workloads: TPC-DS' schema, the Star Schema Benchmark and a wide table of web hits. */
import { workload as hits } from '../hits/workload.ts';
import { workload as ssb } from '../ssb/workload.ts';
import { workload as tpcds } from '../tpcds/workload.ts';
import type { Workload } from './workload.ts';

export const WORKLOADS: readonly Workload[] = [tpcds, ssb, hits];
