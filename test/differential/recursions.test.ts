/** Random recursive queries against PostgreSQL (beside-postgres.ts). */
import { testSeeded } from './beside-postgres.ts';
import { RECURSION_STYLES, RECURSION_TABLES, recursionRows, recursiveQuery } from './recursions.ts';

testSeeded({
  title: 'random recursive queries give what PostgreSQL gives',
  port: 15534,
  queries: 12,
  async fill(random, oracle, ours) {
    const rows = recursionRows(random);
    for (const engine of [oracle, ...ours]) {
      for (const [i, table] of RECURSION_TABLES.entries()) {
        await engine.run(`drop table ${i === 0 ? 'node' : 'edge'}`);
        await engine.mustRun(engine === oracle ? table : `${table} ${random.pick(RECURSION_STYLES[i]!)}`);
      }
      for (const sql of rows) await engine.mustRun(sql);
    }
  },
  query: (random) => ({ ...recursiveQuery(random), ordered: false }),
});
