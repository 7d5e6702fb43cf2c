/**
 * Every query of every workload (TPC-DS' schema, Star Schema Benchmark, hits of a web site) gives the answer on which
 * DuckDB and PostgreSQL agree, under the default configuration of test/configs and one that a seed draws. SLT_CONFIG
 * names others, SLICEHOUSE_DRAW repeats a drawing; all of them: `npm run campaign -- workloads`.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { askedConfigurations, configuration, DEFAULT, drawnConfigurations } from '../slt/configurations.ts';
import { LoadedWorkload } from './answers.ts';
import { WORKLOADS } from './registry.ts';
import { parseQuery, queriesOf } from './workload.ts';

/** Batches, rings and spilled parts of a few rows make these minutes long: they are the campaign's, or asked for by name. */
const isShort = (name: string): boolean => {
  const { environment, testing } = configuration(name);
  return environment === undefined && testing?.['spillRows'] === undefined;
};
const wanted = askedConfigurations() ?? [DEFAULT, ...drawnConfigurations().filter(isShort).slice(0, 1)];

describe.each(wanted)('%s', (name) => {
  describe.each(WORKLOADS)('$name', (workload) => {
    let loaded: LoadedWorkload;
    beforeAll(async () => {
      const { buildAll } = (await import('../../tools/build.mjs' as string)) as { buildAll(): Promise<void> };
      await buildAll();
      loaded = await LoadedWorkload.start(workload, configuration(name));
    }, 300_000);
    afterAll(() => loaded?.close());

    test.for(queriesOf(workload.name))('$name', async (query) => {
      expect(await loaded.wrong(query)).toBe(undefined);
    });
    test('the counters of all queries add up', async () => {
      expect(await loaded.breaches()).toEqual([]);
    });
  });
});

test('a query file holds the text of each engine', () => {
  expect(parseQuery('a', 'select 1;\n-- in PostgreSQL:\nselect 2\n-- in DuckDB:\nselect 3\n')).toEqual({
    name: 'a',
    text: 'select 1;',
    postgresql: 'select 2',
    duckdb: 'select 3',
  });
});
