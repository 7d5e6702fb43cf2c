/**
 * `slicehouse sql`: -c, files and stdin, errors as psql prints them, formats, exit codes, the commands with a backslash, cancel,
 * against a server in this process; and its parts alone: statements, widths, tables, completion, history.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sqlCommand } from '../../src/commands/sql.ts';
import { BACKSLASH_COMMANDS } from '../../src/commands/sql/backslash.ts';
import { complete } from '../../src/commands/sql/completion.ts';
import { targetOf } from '../../src/commands/sql/connection.ts';
import { errorText } from '../../src/commands/sql/error-text.ts';
import { resultWriter } from '../../src/commands/sql/result-text.ts';
import { Shell, type ShellOptions } from '../../src/commands/sql/shell.ts';
import { StatementSplitter } from '../../src/commands/sql/statements.ts';
import { keptLines } from '../../src/commands/sql/user-files.ts';
import { widthOf } from '../../src/commands/sql/width.ts';
import { startCluster, type Cluster } from '../api/built.ts';

const texts = (...pieces: readonly string[]): string[] => {
  const splitter = new StatementSplitter();
  return [...pieces.flatMap((p) => splitter.push(p)), ...splitter.end()].map((s) => s.text);
};
describe('statements', () => {
  test.each<readonly [string, readonly string[], readonly string[]]>([
    ['end at semicolons', ['select 1; select 2;\n'], ['select 1', 'select 2']],
    ['need none at the end', ['select 1\n'], ['select 1']],
    ['may go over lines', ['select\n', '1;\n'], ['select\n1']],
    ['are not cut in strings', ["select 'a;b', 'it''s;';\n"], ["select 'a;b', 'it''s;'"]],
    ['know escapes of backslashes', ["select 'it\\';s'; select 2\n"], ["select 'it\\';s'", 'select 2']],
    ['are not cut in names', ['select 1 as "a;b""c;";\n'], ['select 1 as "a;b""c;"']],
    ['are not cut in dollar quotes', ['select $x$ a; $$ ; $x$;\n'], ['select $x$ a; $$ ; $x$']],
    ['take a dollar in a name as such', ['select a$b$c; select 2\n'], ['select a$b$c', 'select 2']],
    [
      'are not cut in comments',
      ['select 1 -- a;b\n+ 1 /* ; /* ; */ ; */;\n'],
      ['select 1 -- a;b\n+ 1 /* ; /* ; */ ; */'],
    ],
    ['are not made of comments', ['-- nothing;\n/* nothing */;;\n'], []],
    ['begin behind comments', ['/* a */ -- b\nselect 1;\n'], ['select 1']],
  ])('%s', (_name, pieces, expected) => {
    expect(texts(...pieces)).toEqual(expected);
  });
  test('know what is open, and where they begin', () => {
    const open = (text: string): string => {
      const splitter = new StatementSplitter();
      splitter.push(text);
      return splitter.open;
    };
    expect(
      ['select 1;\n', 'select\n', "select '\n", 'select "\n', 'select $$\n', '/* a\n', '-- a\n'].map(open),
    ).toEqual(['=', '-', "'", '"', '$', '*', '=']);
    expect(new StatementSplitter().push("select 'a\nb';\n\nselect\n2;\n").map((s) => s.line)).toEqual([1, 4]);
  });
});

describe('texts', () => {
  test('widths', () => {
    expect(['abc', 'é', 'e\u0301', '日本', '한글', '😀', '👩‍👩‍👧', 'ｱ', 'Ａ', ''].map(widthOf)).toEqual([
      3, 1, 1, 4, 4, 2, 2, 1, 2, 0,
    ]);
  });
  const columns = [
    { name: 'id', oid: 23 },
    { name: 'name', oid: 1043 },
  ];
  const all = (rows: readonly (string | null)[][], look: object = {}): string => {
    const writer = resultWriter(columns, { format: 'table', expanded: false, nullText: '', ...look });
    return writer.page(rows) + writer.end();
  };
  test('a table', () => {
    expect(
      all([
        ['1', '日本'],
        ['20', null],
        [null, 'a\nbcd'],
      ]),
    ).toBe(' id | name \n----+------\n  1 | 日本\n 20 | \n    | a   +\n    | bcd\n(3 rows)\n\n');
    expect(all([['1', null]], { nullText: '∅' })).toBe(' id | name \n----+------\n  1 | ∅\n(1 row)\n\n');
    expect(resultWriter(columns, { format: 'table', expanded: false, nullText: '' }).end()).toBe(
      ' id | name \n----+------\n(0 rows)\n\n',
    );
  });
  test('records, CSV, JSON', () => {
    expect(all([['1', 'one']], { expanded: true })).toBe('-[ RECORD 1 ]\nid   | 1\nname | one\n\n');
    expect(
      all(
        [
          ['1', 'a "b", c'],
          [null, null],
        ],
        { format: 'csv' },
      ),
    ).toBe('id,name\n1,"a ""b"", c"\n,\n');
    expect(
      all(
        [
          ['1', 'a'],
          [null, '2'],
        ],
        { format: 'json' },
      ),
    ).toBe('[{"id":1,"name":"a"},\n {"id":null,"name":"2"}]\n');
    expect(resultWriter(columns, { format: 'json', expanded: false, nullText: '' }).end()).toBe('[]\n');
  });
  test('the caret stands below wide characters, and in long lines', () => {
    expect(errorText({ severity: 'ERROR', message: 'm', position: '14' }, "select 1,\n'日' x")).toBe(
      "ERROR:  m\nLINE 2: '日' x\n            ^",
    );
    const [, line, caret] = errorText(
      { message: 'm', position: '101' },
      `${'a'.repeat(100)}X${'b'.repeat(100)}`,
    ).split('\n');
    expect(line?.[caret!.length - 1]).toBe('X');
    expect(line).toMatch(/^LINE 1: \.\.\.a+Xb+\.\.\.$/);
  });
  test('nothing secret goes to the history', () => {
    expect(keptLines(['select 1', '', 'from t;'])).toEqual(['select 1', 'from t;']);
    for (const secret of ["PASSWORD 'x'", "CREDENTIALS ''", "access_key_id 'x'", '\\c postgres://u:p@h/d'])
      expect(keptLines(['create user u', secret])).toEqual([]);
  });
  test('a URL, its parts over what stands beside it', () => {
    const own = { host: 'localhost', port: 5439, database: 'dev', user: 'awsuser', dataDir: '.' };
    expect(targetOf({ ...own, url: 'postgres://u:a%40b@h:1/d' })).toMatchObject({
      ...{ host: 'h', port: 1, database: 'd', user: 'u', password: 'a@b' },
    });
    expect(targetOf({ ...own, url: 'redshift://h' })).toMatchObject({ host: 'h', port: 5439, user: 'awsuser' });
    expect(() => targetOf({ ...own, url: 'http://h' })).toThrow('--url must be postgres://');
  });
});

let cluster: Cluster;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'slicehouse-sql-'));
  cluster = await startCluster({ nodes: 1, slices: 2 });
  await cluster.query('create table items (id int not null distkey sortkey primary key, label varchar(20))');
  await cluster.query("insert into items values (1, 'one'), (2, null)");
  await cluster.query('create view labels as select label from items');
}, 300_000);
afterAll(async () => {
  await cluster?.close();
  rmSync(folder, { recursive: true, force: true });
});
interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}
async function run(...args: readonly string[]): Promise<Ran> {
  let out = '';
  let err = '';
  const output = {
    env: { SLICEHOUSE_DATA_DIR: folder, SLICEHOUSE_PORT: String(cluster.port) },
    print: (text: string): void => void (out += text),
    say: (text: string): void => void (err += `${text}\n`),
  };
  const code = await sqlCommand(args, output);
  return { code, out, err };
}
function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

describe('a run', () => {
  test('-c and -f in their order', async () => {
    const path = file('a.sql', "select 'b' as b;\nset search_path to public;\nselect 2 as c");
    expect(await run('-c', 'select 1 as a', '-f', path, '-c', 'select 3 as d; select 4 as e;')).toEqual({
      code: 0,
      err: '',
      out: [
        ' a \n---\n 1\n(1 row)\n\n',
        ' b \n---\n b\n(1 row)\n\n',
        'SET\n',
        ' c \n---\n 2\n(1 row)\n\n',
        ' d \n---\n 3\n(1 row)\n\n',
        ' e \n---\n 4\n(1 row)\n\n',
      ].join(''),
    });
  });
  test('ends at the first error, which has its place', async () => {
    const path = file('b.sql', 'select 1 as a;\nselect *\nfrom nowhere;\nselect 2 as b;');
    const { code, out, err } = await run('-f', path);
    expect({ code, out }).toEqual({ code: 1, out: ' a \n---\n 1\n(1 row)\n\n' });
    expect(err).toBe(`${path}:2: ERROR:  relation "nowhere" does not exist\nLINE 2: from nowhere\n             ^\n`);
  });
  test('goes on with --continue, and tells of the error by its code', async () => {
    const { code, out, err } = await run('--continue', '--format', 'csv', '-c', 'selec 1; select 2 as b');
    expect({ code, out }).toEqual({ code: 1, out: 'b\n2\n' });
    expect(err).toMatch(/^ERROR: {2}.*\nLINE 1: selec 1\n {8}\^\n/);
  });
  test('formats', async () => {
    const query = 'select id, label, id > 1 as b, 1.50::numeric(5,2) as n from items order by id';
    expect((await run('--format', 'csv', '-c', query)).out).toBe('id,label,b,n\n1,one,f,1.50\n2,,t,1.50\n');
    const { out } = await run('--format', 'json', '-c', query, '-c', "select json_parse('[1,2]') as s");
    const [first, second] = out.split(/(?<=\])\n(?=\[)/);
    expect(JSON.parse(first!)).toEqual([
      { id: 1, label: 'one', b: false, n: 1.5 },
      { id: 2, label: null, b: true, n: 1.5 },
    ]);
    expect(JSON.parse(second!)).toEqual([{ s: [1, 2] }]);
    expect((await run('--timing', '-c', 'select 1')).err).toMatch(/^Time: \d+\.\d{3} ms\n$/);
  });
  test('many rows come in pages, all of them', async () => {
    const many = 'with recursive n(i) as (select 1 union all select i + 1 from n where i < 2500) select i from n';
    const { out } = await run('--format', 'csv', '-c', many);
    const numbers = out.trim().split('\n').slice(1).map(Number);
    expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: 2500 }, (_, i) => i + 1));
    expect((await run('-c', many)).out).toMatch(/\n\(2500 rows\)\n\n$/);
  });
  test('notices are shown', async () => {
    expect((await run('-c', 'drop table if exists nowhere')).err).toMatch(/^(INFO|NOTICE): {2}.*nowhere/);
  });
  test.each([
    [['--format', 'xml'], '--format is table, csv or json'],
    [['--port', 'x'], '--port must be 1 to 65535'],
    [['--nonsense'], 'nonsense'],
    [['word'], 'word'],
  ])('%s is refused', async (args, message) => {
    await expect(run(...args)).rejects.toMatchObject({
      name: 'CommandError',
      message: expect.stringContaining(message),
    });
  });
  test('says so when nobody listens', async () => {
    await expect(run('--port', '1', '-c', 'select 1')).rejects.toThrow('start one with slicehouse');
  });
});

describe('the command', () => {
  const spawned = (args: readonly string[], input: string): Promise<Ran> =>
    new Promise((resolve) => {
      const child = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts', 'sql', ...args], {
        cwd: join(import.meta.dirname, '../..'),
        env: { ...process.env, SLICEHOUSE_PORT: String(cluster.port), SLICEHOUSE_DATA_DIR: folder },
      });
      let out = '';
      let err = '';
      child.stdout.on('data', (d) => (out += String(d)));
      child.stderr.on('data', (d) => (err += String(d)));
      child.on('close', (code) => resolve({ code: code ?? -1, out, err }));
      child.stdin.end(input);
    });
  test('reads stdin and ends with its code', async () => {
    expect(await spawned([], 'select 1 as a;')).toEqual({ code: 0, out: ' a \n---\n 1\n(1 row)\n\n', err: '' });
    expect((await spawned(['-f', '-'], 'select')).code).toBe(1);
    const wrong = await spawned(['--format', 'xml'], '');
    expect(wrong.code).toBe(2);
    expect(wrong.err).toMatch(/^slicehouse sql: --format/);
  }, 120_000);
});

describe('commands with a backslash', () => {
  test('\\d of a table', async () => {
    const { out, err, code } = await run('-c', '\\d items');
    expect({ err, code }).toEqual({ err: '', code: 0 });
    expect(out).toMatch(/^Table "public\.items"\n/);
    expect(out).toMatch(/\n id +\| integer +\| not null \| *\n/);
    expect(out).toMatch(/\n label +\| character varying\(20\) \| /);
    expect(out).toMatch(/Constraints:\n {4}"\w+" PRIMARY KEY \(id\)\n/i);
    expect(out).toMatch(/\nDistribution: KEY\(id\), sort key: id\n/);
  });
  test.each([
    ['\\d', /items +\| table .*\n.* labels +\| view/],
    ['\\dt', /items/],
    ['\\dt public.it*', /items/],
    ['\\dv', /labels/],
    ['\\dn', /public/],
    ['\\du', /awsuser/],
    ['\\l', /dev/],
    ['\\df pg_last_copy_id', /pg_last_copy_id/],
    ['\\df', /result data type/],
    ['\\?', /\\dt \[PATTERN\] +tables/],
  ])('%s', async (command, pattern) => {
    const { out, err } = await run('-c', command);
    expect(err).toBe('');
    expect(out).toMatch(pattern);
  });
  test('settings, files, the end', async () => {
    const path = file('c.sql', 'select 5 as five;\n');
    const { out, code } = await run(
      '-f',
      file('d.sql', `\\pset null -\n\\pset format csv\nselect null as n;\n\\i ${path}\n\\q\nselect 6 as six;\n`),
    );
    expect({ out, code }).toEqual({ out: 'n\n-\nfive\n5\n', code: 0 });
    expect((await run('-f', file('e.sql', '\\x\nselect 1 as a;'))).out).toBe('-[ RECORD 1 ]\na | 1\n\n');
    expect((await run('-f', file('f.sql', `\\i ${join(folder, 'f.sql')}`))).err).toMatch(/goes deeper than/);
  });
  test('unknown ones and unknown names are errors', async () => {
    expect(await run('-c', '\\nonsense')).toMatchObject({ code: 1, err: expect.stringContaining('\\?') });
    expect(await run('-c', '\\d nowhere')).toMatchObject({ code: 1, err: expect.stringContaining('"nowhere"') });
  });
  test('\\c', async () => {
    await cluster.query("create user reader password 'Reader123'");
    const url = `postgres://reader:Reader123@localhost:${cluster.port}/dev`;
    const { out, err } = await run('-f', file('g.sql', `\\c ${url}\nselect current_user as u;\n\\c - awsuser\n`));
    expect(err).toBe('');
    expect(out).toMatch(/as user "reader"\.\n[^]* reader\n[^]*as user "awsuser"\.\n/);
    // It stays where it was when it cannot connect, and takes no password to another user.
    const { out: still, err: why } = await run(
      '--continue',
      ...['--url', `postgres://awsuser:Wrong1234@localhost:${cluster.port}/dev`],
      ...['-f', file('h.sql', '\\c - reader\nselect current_user as u;\n')],
    );
    expect(why).toMatch(/^\\c: FATAL: {2}password authentication failed for user "reader"\n$/);
    expect(still).toMatch(/ awsuser\n/);
  });
});

describe('a session', () => {
  const options: ShellOptions = { format: 'csv', expanded: false, nullText: '', timing: false, continues: true };
  const target = (): Parameters<typeof Shell.open>[0] => ({
    host: 'localhost',
    port: cluster.port,
    database: 'dev',
    user: 'awsuser',
    dataDir: folder,
  });
  test('cancel ends what runs, and the session goes on', async () => {
    let out = '';
    let err = '';
    const output = {
      print: async (t: string): Promise<void> => void (out += t),
      say: (t: string): void => void (err += t),
    };
    const shell = await Shell.open(target(), output, { ...options }, BACKSLASH_COMMANDS);
    try {
      const long =
        'with recursive n(i) as (select 1 union all select i + 1 from n where i < 2000000000) select count(*) from n;';
      const ran = shell.line(long);
      for (let i = 0; i < 200 && err === ''; i++) {
        await shell.cancel();
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      await ran;
      expect(err).toMatch(/cancel/i);
      await shell.line('begin;');
      expect(shell.transaction).toBe('*');
      await shell.line('rollback;');
      await shell.line('select 1 as a;');
      expect(out).toMatch(/a\n1\n$/);
    } finally {
      await shell.close();
    }
  }, 60_000);
  test('completion asks the catalog', async () => {
    const ask = async (sql: string): Promise<string[]> =>
      (await cluster.query(sql)).rows.map((row) => String(row['name']));
    const words = async (text: string): Promise<readonly string[]> =>
      (await complete(text, ['\\d', '\\dt', '\\q'], ask)).words;
    expect(await words('\\d')).toEqual(['\\d', '\\dt']);
    expect(await words('select * from ite')).toEqual(['items']);
    expect(await words('select * from pub')).toEqual(['public.']);
    expect(await words('select * from public.la')).toEqual(['labels']);
    expect(await words('select id from items where lab')).toContain('label');
    expect(await words('select items.i from items where items.i')).toEqual(['id']);
    expect(await words('SEL')).toContain('SELECT');
    expect(await words('select json_par')).toContain('json_parse(');
  });
});
