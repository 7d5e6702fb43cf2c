/** Random window queries against PostgreSQL (beside-postgres.ts). */
import { testSeeded } from './beside-postgres.ts';
import { WINDOW_TABLE, windowQuery, windowRows } from './windows.ts';

const STYLES = ['diststyle even', 'distkey(p)', 'diststyle all'];

testSeeded({
  title: 'random window functions give what PostgreSQL gives',
  port: 15533,
  queries: 12,
  async fill(random, oracle, ours) {
    const rows = windowRows(random, random.pick([1, 30, 400]));
    for (const engine of [oracle, ...ours]) {
      await engine.run('drop table win');
      await engine.mustRun(engine === oracle ? WINDOW_TABLE : `${WINDOW_TABLE} ${random.pick(STYLES)}`);
      await engine.mustRun(rows);
    }
  },
  query: (random) => ({ ...windowQuery(random), ordered: true }),
});
