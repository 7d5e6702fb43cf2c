/**
 * psql: every describe command against a small schema, for its output or at least for an answer without an error; errors
 * with their positions; FETCH_COUNT; several statements in one string.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { missing, run, startServer, type TestServer } from './cluster.ts';

const absent = missing('psql', ['--version'], 'psql');
let server: TestServer;

async function psql(script: string, ...options: string[]): Promise<string> {
  const { host, port, user, database } = server;
  const { out, err } = await run(
    'psql',
    ['-X', '-q', ...options, `host=${host} port=${port} user=${user} dbname=${database}`],
    script,
  );
  return out + err.replace(/^WARNING: psql major version.*\n.*\n/, '');
}
const SETUP = `
drop schema if exists psql_s cascade;
create schema psql_s;
create table psql_s.parent (id int identity(1,1), a int not null default 5, b varchar(20), primary key (id)) diststyle key distkey(a) sortkey(b);
create table psql_s.child (x int, parent int references psql_s.parent (id));
create view psql_s.shown as select a, b from psql_s.parent where a > 3;
insert into psql_s.parent (a) values (1), (2);
insert into psql_s.parent (a, b) select x, 'c' from psql_s.child;
comment on table psql_s.parent is 'the parent';
comment on column psql_s.parent.a is 'an a';
grant select on psql_s.parent to public;
`;
beforeAll(async () => {
  server = await startServer();
  if (absent === undefined) expect(await psql(SETUP)).not.toContain('ERROR');
});
afterAll(() => server?.close());

describe.skipIf(absent !== undefined)(`psql${absent === undefined ? '' : `: ${absent}`}`, () => {
  test('\\d of a table', async () => {
    const shown = await psql('\\d psql_s.parent\n');
    expect(shown).toContain('Table "psql_s.parent"');
    expect(shown).toMatch(/id +\| integer +\| +\| not null \| "identity"\(\d+, 0, '1,1'::text\)/);
    expect(shown).toMatch(/a +\| integer +\| +\| not null \| 5/);
    expect(shown).toContain('"parent_pkey" PRIMARY KEY, btree (id)');
  });
  test('\\d+ of a table and a view', async () => {
    expect(await psql('\\d+ psql_s.parent\n')).toMatch(/a +\| integer.*\| an a/);
    const view = await psql('\\d+ psql_s.shown\n');
    expect(view).toContain('View "psql_s.shown"');
    expect(view).toContain('select a, b from psql_s.parent where a > 3;');
  });
  test('foreign keys', async () => {
    expect(await psql('\\d psql_s.child\n')).toContain('FOREIGN KEY (parent) REFERENCES');
  });
  test('\\dt+, \\dp, \\sv, \\gdesc', async () => {
    expect(await psql('\\dt+ psql_s.*\n')).toMatch(
      /psql_s \| parent \| table \| awsuser \| permanent +\| \d+ .* \| the parent/,
    );
    expect(await psql('\\dp psql_s.parent\n')).toContain('=r/awsuser');
    expect(await psql('\\sv psql_s.shown\n')).toContain('select a, b from psql_s.parent');
    // It asks for VALUES in FROM, which Redshift has not.
    expect(await psql('select 1 as a \\gdesc\n')).toContain('syntax error at or near "VALUES"');
  });
  const COMMANDS = [
    '\\conninfo',
    '\\l',
    '\\l+',
    '\\d',
    '\\d+',
    '\\dt',
    '\\dv',
    '\\dv+',
    '\\di',
    '\\dn',
    '\\dn+',
    '\\du',
    '\\du+',
    '\\dg',
    '\\z',
    '\\ddp',
    '\\df',
    '\\df+ abs',
    '\\da',
    '\\dT',
    '\\dT+',
    '\\do',
    '\\db',
    '\\db+',
    '\\dc',
    '\\dC',
    '\\dD',
    '\\dO',
    '\\d pg_class',
    '\\dS pg_*',
    '\\encoding',
    '\\dn psql*',
  ];
  test.for(COMMANDS)('%s', async (command) => {
    expect(await psql(`${command}\n`)).not.toContain('ERROR');
  });
  test('errors point at their place', async () => {
    expect(await psql('select nothing from psql_s.parent;\n')).toMatch(
      /ERROR: {2}column "nothing" does not exist in parent\nLINE 1: select nothing/,
    );
    expect(await psql('select * from psql_s.nothing;\n')).toContain('relation "psql_s.nothing" does not exist');
  });
  test('FETCH_COUNT reads through a cursor', async () => {
    const out = await psql('\\set FETCH_COUNT 3\nselect * from generate_series(1, 10) g;\n', '-At');
    expect(out.trim().split('\n').map(Number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });
  test('several statements and an error among them', async () => {
    const out = await psql('select 1 \\; select 2 \\; select 1/0 \\; select 3;\nselect 4;\n', '-At');
    expect(
      out
        .replace(/\n$/, '')
        .split('\n')
        .filter((l) => /^\d$/.test(l)),
    ).toEqual(['1', '2', '4']);
    expect(out).toContain('division by zero');
  });
});
