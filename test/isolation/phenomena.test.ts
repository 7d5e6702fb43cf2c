/**
 * The isolation phenomena (phenomena/*.iso) at both levels and on several topologies: each script says what each level lets
 * happen. SERIALIZABLE lets none happen.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestCluster, type TestCluster } from './cluster.ts';
import { IsolationRun, parseIsolationScript, type Level } from './script.ts';

const FOLDER = join(import.meta.dirname, 'phenomena');
const FILES = readdirSync(FOLDER).filter((f) => f.endsWith('.iso'));
const LEVELS: readonly Level[] = ['snapshot', 'serializable'];

describe.each([
  { nodes: 1, slices: 1 },
  { nodes: 2, slices: 2 },
])('$nodes nodes of $slices slices', (topology) => {
  let cluster: TestCluster;
  beforeAll(async () => {
    cluster = await startTestCluster(topology);
  });
  afterAll(() => cluster.close());

  for (const file of FILES) {
    for (const level of LEVELS) {
      it(`${file} at ${level}`, async () => {
        const script = parseIsolationScript(readFileSync(join(FOLDER, file), 'utf8'));
        const database = `${file.replace(/\W/g, '_')}_${level}`;
        expect(await new IsolationRun(cluster.url, database).run(script, level)).toEqual([]);
        expect(cluster.bugs).toEqual([]);
      });
    }
  }
});
