/** Random queries over SUPER documents against PostgreSQL's jsonb (beside-postgres.ts). */
import { testSeeded } from './beside-postgres.ts';
import type { Answer } from './engines.ts';
import { documentRows, superQuery, type SuperQuery } from './super.ts';

const STYLES = ['diststyle even', 'distkey(g)', 'diststyle all'];
/** jsonb prints blanks behind its separators. */
const compact = (answer: Answer, { types }: SuperQuery): Answer =>
  answer.kind === 'error'
    ? answer
    : {
        ...answer,
        rows: answer.rows.map((row) =>
          row.map((v, i) => (types[i] === 'json' ? (v?.replace(/([:,]) /g, '$1') ?? null) : v)),
        ),
      };

testSeeded({
  title: 'random queries over documents give what PostgreSQL gives',
  port: 15537,
  queries: 30,
  async fill(random, oracle, ours) {
    const [rows, theirRows] = documentRows(random, random.pick([1, 30, 300]));
    for (const engine of [oracle, ...ours]) {
      const isTheirs = engine === oracle;
      const type = isTheirs ? 'jsonb' : 'super';
      const style = isTheirs ? '' : random.pick(STYLES);
      await engine.run('drop table docs');
      await engine.run('drop table texts');
      await engine.mustRun('create table texts (id int, g int, t varchar(65535))');
      await engine.mustRun(isTheirs ? theirRows : rows);
      await engine.mustRun(`create table docs (id int, g int, s ${type}) ${style}`);
      await engine.mustRun(`insert into docs select id, g, ${isTheirs ? 't::jsonb' : 'json_parse(t)'} from texts`);
    }
  },
  query(random) {
    const query = superQuery(random);
    const { ours: sql, theirs, types, ordered } = query;
    return { sql, theirs, types, ordered, asOurs: (answer) => compact(answer, query) };
  },
});
