/** 50,000 page views of 105 columns, made from a seed when they are first asked for (kept with the build). */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Workload } from '../workloads/workload.ts';
import { HITS_TABLE, hitLines } from './schema.ts';

const SEED = 20240701;
const ROWS = 50_000;

export const workload: Workload = {
  name: 'hits',
  tables: [['hits', HITS_TABLE]],
  file: () => {
    const folder = join(import.meta.dirname, '../../build/hits');
    const maker = createHash('sha1')
      .update(readFileSync(join(import.meta.dirname, 'schema.ts')))
      .digest('hex');
    const path = join(folder, `hits-${SEED}-${ROWS}-${maker.slice(0, 12)}.gz`);
    if (existsSync(path)) return path;
    mkdirSync(folder, { recursive: true });
    const written = `${path}.${process.pid}`;
    writeFileSync(written, gzipSync([...hitLines(SEED, 0, ROWS), ''].join('\n'), { level: 1 }));
    renameSync(written, path);
    return path;
  },
};
