/**
 * COPY from DynamoDB: which attributes fill which columns and as what, options, refused items, READRATIO by the clock, faults of the
 * endpoint and of the way there, cancel, the views. tests over seeds load random items through random faults.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { AUTH, Lake } from './cluster.ts';
import { FakeDynamo, type FakeAttribute, type FakeItem, type Fault } from './fake-dynamodb.ts';

const S = (text: string): FakeAttribute => ({ S: text });
const N = (text: string | number): FakeAttribute => ({ N: String(text) });
let dynamo: FakeDynamo;
let lake: Lake;
const copy = (table: string, from: string, rest = ''): string =>
  `copy ${table} from 'dynamodb://${from}' ${AUTH} readratio 100 ${rest}`;

beforeAll(async () => {
  process.env['AWS_ACCESS_KEY_ID'] = 'AKIDEXAMPLE';
  process.env['AWS_SECRET_ACCESS_KEY'] = 'secret';
  process.env['AWS_MAX_ATTEMPTS'] = '4';
  dynamo = await FakeDynamo.open();
  lake = await Lake.open({ nodes: 2, slices: 2, dynamodbEndpoint: dynamo.url });
}, 300_000);
afterAll(async () => {
  await lake?.close();
  dynamo.close();
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_MAX_ATTEMPTS']) delete process.env[name];
});
beforeEach(() => {
  dynamo.fault = () => undefined;
  dynamo.asked.length = 0;
});

test('attributes fill the columns of their names, whatever the case; others are passed over', async () => {
  dynamo.tables.set('Movies', {
    units: 1000,
    items: [
      {
        Id: N(1),
        TITLE: S('Big'),
        Year: N('1988'),
        Price: N('12.345'),
        Seen: S('2024-02-29'),
        extra: { SS: ['a', 'b'] },
      },
      { Id: N('2E+0'), title: S('Mot\u00f6rhead \ud83d\ude00'), price: N('-1.5E-1'), raw: { B: 'aGVsbG8=' } },
      { Id: N(3), title: S(''), YEAR: N('1.2E+3'), at: S('2024-01-02 03:04:05.678'), ok: S('t') },
      { Id: N('12345678901234567890123456789012345678'), title: N('007.50') },
    ],
  });
  await lake.run(
    'create table movies (id numeric(38,0), title varchar(20), year int, price numeric(8,2), seen date, at timestamp, ok bool)',
  );
  await lake.run(copy('movies', 'Movies'));
  expect(lake.notices.at(-1)).toBe("INFO: Load into table 'movies' completed, 4 record(s) loaded successfully.");
  expect(await lake.rows('select * from movies order by id')).toEqual([
    ['1', 'Big', '1988', '12.34', '2024-02-29', null, null],
    ['2', 'Mot\u00f6rhead \ud83d\ude00', null, '-0.15', null, null, null],
    ['3', '', '1200', null, null, '2024-01-02 03:04:05.678', 't'],
    ['12345678901234567890123456789012345678', '007.50', null, null, null, null, null],
  ]);
  expect(await lake.value('select pg_last_copy_count()')).toBe('4');
  const scans = dynamo.scanned;
  expect(new Set(scans.map((a) => a.segment))).toEqual(new Set([0, 1, 2, 3]));
  expect(scans.every((a) => a.segments === 4 && a.isConsistent === true)).toBe(true);
});
test('conversion parameters act', async () => {
  dynamo.tables.set('Odd', {
    items: [
      { k: N(1), a: S('  '), b: S('x  '), d: S('31.12.2023'), p: N('20.259'), t: N('1700000000') },
      { k: N(2), a: S('abcdefghij'), d: S('never') },
      { k: N(3), b: S('') },
    ],
  });
  await lake.run(
    'create table odd (k int, a varchar(5), b varchar(5), d date, p numeric(8,2), t timestamp, z int default 7)',
  );
  const columns = 'odd (k, a, b, d, p, t)';
  const given = `dateformat 'DD.MM.YYYY' timeformat 'epochsecs'`;
  await lake.run(
    copy(
      columns,
      'Odd',
      `${given} acceptanydate truncatecolumns blanksasnull emptyasnull trimblanks roundec compupdate off`,
    ),
  );
  expect(await lake.rows('select k, a, b, d, p, t, z from odd order by k')).toEqual([
    ['1', null, 'x', '2023-12-31', '20.26', '2023-11-14 22:13:20', '7'],
    ['2', 'abcde', null, null, null, null, '7'],
    ['3', null, null, null, null, null, '7'],
  ]);
  await lake.run('truncate odd');
  await lake.run(copy(columns, 'Odd', `${given} acceptanydate truncatecolumns compupdate off`));
  expect(await lake.rows(`select k, '<' || a || '>', '<' || b || '>', p from odd order by k`)).toEqual([
    ['1', '<  >', '<x  >', '20.25'],
    ['2', '<abcde>', '<>', null],
    ['3', '<>', '<>', null],
  ]);
});
test('what cannot be loaded stands in STL_LOAD_ERRORS; MAXERROR counts values, not types', async () => {
  dynamo.tables.set('Bad', {
    items: [{ k: N(1), v: N(5) }, { k: S('one'), v: N(6) }, { k: N(3), v: S('a long text') }, { v: N(1) }],
  });
  await lake.run('create table bad (k int not null, v varchar(4))');
  expect(await lake.fails(copy('bad', 'Bad'))).toMatchObject({
    code: 'XX000',
    message: /Load into table 'bad' failed/,
  });
  await lake.run(copy('bad', 'Bad', 'maxerror 10'));
  expect(await lake.rows('select * from bad')).toEqual([['1', '5']]);
  expect(
    await lake.rows(
      `select trim(filename), trim(colname), err_code, trim(err_reason), trim(raw_field_value), trim(raw_line)
       from stl_load_errors where query = pg_last_copy_id() order by err_code`,
    ),
  ).toEqual([
    [
      'dynamodb://Bad',
      'v',
      '1204',
      'String length exceeds DDL length',
      'a long text',
      '{"k":{"N":"3"},"v":{"S":"a long text"}}',
    ],
    [
      'dynamodb://Bad',
      'k',
      '1207',
      "Invalid digit, Value 'o', Pos 0, Type: Integer",
      'one',
      '{"k":{"S":"one"},"v":{"N":"6"}}',
    ],
    ['dynamodb://Bad', 'k', '1213', 'Missing data for not-null field', '', '{"v":{"N":"1"}}'],
  ]);
  for (const [type, value] of Object.entries({
    SS: ['x'],
    NS: ['1'],
    B: 'aGVsbG8=',
    BOOL: true,
    NULL: true,
    M: { a: N(1) },
    L: [],
  })) {
    dynamo.tables.set('Types', { items: [{ k: N(1), v: { [type]: value } }] });
    await lake.fails(copy('bad', 'Types', 'maxerror 10'));
    expect(
      await lake.rows(
        `select err_code, trim(err_reason), trim(colname) from stl_load_errors order by query desc limit 1`,
      ),
    ).toEqual([['1223', `Invalid data type: DynamoDB attributes of type ${type} are not supported.`, 'v']]);
  }
  dynamo.tables.set('Twice', { items: [{ k: N(1), Price: N(1), PRICE: N(2) }] });
  await lake.fails(copy('bad', 'Twice', 'maxerror 10'));
  expect(await lake.value('select trim(err_reason) from stl_load_errors order by query desc limit 1')).toBe(
    'Attribute names that differ only in case: PRICE',
  );
  expect(await lake.value('select count(*) from bad')).toBe('1');
});
test('which parameters go with it', async () => {
  dynamo.tables.set('One', { items: [{ k: N(1) }] });
  await lake.run('create table opts (k int)');
  const from = `copy opts from 'dynamodb://One' ${AUTH}`;
  expect(await lake.fails(from)).toMatchObject({ code: '42601', message: 'COPY from DynamoDB needs READRATIO' });
  for (const ratio of ['0', '201', "'x'", '1.5'])
    expect(await lake.fails(`${from} readratio ${ratio}`)).toMatchObject({ code: '22023' });
  for (const option of [
    ...[
      'csv',
      "delimiter ','",
      `fixedwidth 'a:1'`,
      "json 'auto'",
      "avro 'auto'",
      'parquet',
      'orc',
      'shapefile',
      'gzip',
      'bzip2',
      'lzop',
      'zstd',
    ],
    ...[
      'escape',
      'fillrecord',
      'ignoreblanklines',
      'ignoreheader 1',
      "null 'x'",
      'removequotes',
      'acceptinvchars',
      'manifest',
      'encoding utf8',
    ],
  ])
    expect([option, await lake.fails(`${from} readratio 5 ${option}`)]).toMatchObject([
      option,
      {
        code: /^(0A000|42601)$/,
        message: /argument is not supported for COPY from DynamoDB|is not compatible with READRATIO/,
      },
    ]);
  expect(await lake.fails(`copy opts from 's3://lake/x' ${AUTH} readratio 5`)).toMatchObject({ code: '0A000' });
  expect(await lake.fails(`copy opts from 'emr://j-1/x' ${AUTH}`)).toMatchObject({ code: '0A000', message: /emr:/ });
  expect(await lake.fails(`copy opts from 'dynamodb://a/b' ${AUTH} readratio 5`)).toMatchObject({ code: '22023' });
  expect((await lake.fails(copy('opts', 'Nowhere'))).message).toBe("The DynamoDB table 'Nowhere' does not exist");
  dynamo.tables.set('Young', { items: [], status: 'CREATING' });
  expect((await lake.fails(copy('opts', 'Young'))).message).toBe("The DynamoDB table 'Young' is creating");
  await lake.run(`${from} readratio 200 region 'eu-west-1' statupdate off comprows 1000 maxerror 5`);
  expect(new Set(dynamo.asked.slice(-3).map((a) => a.region))).toEqual(new Set(['eu-west-1']));
  await lake.run(copy('opts', 'One', 'noload'));
  expect(lake.notices.at(-1)).toMatch(/1 record\(s\) validated successfully/);
  expect(await lake.value('select count(*) from opts')).toBe('1');
});
test('requests are signed with the keys of the statement, else with the credentials of the server', async () => {
  await lake.run('create table signed (k int)');
  dynamo.tables.set('Signed', { items: Array.from({ length: 40 }, (_, i): FakeItem => ({ k: N(i) })), units: 1000 });
  dynamo.secrets.set('AKIDEXAMPLE', 'secret').set('AKIDSTATEMENT', 'statement/secret').set('ASIASESSION', 'passing');
  const by = async (authorization: string): Promise<unknown[]> => {
    dynamo.asked.length = 0;
    await lake.run(`copy signed from 'dynamodb://Signed' ${authorization} readratio 100 compupdate off`);
    expect(new Set(dynamo.asked.map((a) => a.operation))).toEqual(new Set(['DescribeTable', 'Scan']));
    return [...new Set(dynamo.asked.map((a) => `${a.keyId} ${a.token}`))];
  };
  try {
    expect(await by(AUTH)).toEqual(['AKIDEXAMPLE undefined']);
    expect(await by('iam_role default')).toEqual(['AKIDEXAMPLE undefined']);
    const keys = `access_key_id 'AKIDSTATEMENT' secret_access_key 'statement/secret'`;
    expect(await by(keys)).toEqual(['AKIDSTATEMENT undefined']);
    const session = `credentials 'aws_access_key_id=ASIASESSION;aws_secret_access_key=passing;token=TOKEN'`;
    expect(await by(session)).toEqual(['ASIASESSION TOKEN']);
    // What one statement signed with is not another's.
    expect(await by(AUTH)).toEqual(['AKIDEXAMPLE undefined']);
    const from = `copy signed from 'dynamodb://Signed' readratio 100`;
    expect(await lake.fails(`${from} access_key_id 'AKIDSTATEMENT' secret_access_key 'wrong'`)).toMatchObject({
      code: 'XX000',
      message: expect.stringMatching(
        /^DynamoDBServiceException:.*,Status 400,Error InvalidSignatureException/,
      ) as string,
    });
    expect(await lake.fails(`${from} access_key_id 'AKIDNOBODY' secret_access_key 'x'`)).toMatchObject({
      code: 'XX000',
      message: expect.stringMatching(/,Status 400,Error UnrecognizedClientException/) as string,
    });
    expect(await lake.value('select count(*) from signed')).toBe('200');
  } finally {
    dynamo.secrets.clear();
  }
});
test('without an endpoint the error says what to configure', async () => {
  const bare = await Lake.open({ nodes: 1, slices: 1 });
  await bare.run('create table t (k int)');
  const { code, message } = await bare.fails(copy('t', 'One'));
  expect([code, message]).toEqual([
    '0A000',
    'COPY from DynamoDB needs an endpoint, and the server was started without one',
  ]);
  expect(await bare.value('select 1')).toBe('1');
  await bare.close();
});
test('READRATIO bounds what is consumed, by all slices together', async () => {
  const items = Array.from({ length: 300 }, (_, i): FakeItem => ({ k: N(i) }));
  await lake.run('create table rate (k int)');
  for (const counted of [true, false]) {
    // 300 units; half of 200 a second.
    dynamo.tables.set('Rate', { items, units: 200, itemBytes: 4096, counted });
    dynamo.asked.length = 0;
    const start = performance.now();
    await lake.run(`copy rate from 'dynamodb://Rate' ${AUTH} readratio 50 compupdate off statupdate off`);
    const scans = dynamo.scanned;
    const total = scans.reduce((n, s) => n + s.units, 0);
    expect(total).toBeGreaterThanOrEqual(300);
    // The first page of a hundred units goes at once.
    expect(performance.now() - start).toBeGreaterThan(((total - 100) / 100) * 1000 * 0.9);
    for (const from of scans) {
      const window = scans.filter((s) => s.at >= from.at && s.at < from.at + 1000);
      expect(window.reduce((n, s) => n + s.units, 0)).toBeLessThanOrEqual(2 * 100 + 1);
    }
  }
  expect(await lake.value('select count(*) from rate')).toBe('600');
  // On demand the most that the table gives counts, else the quota of 40,000.
  dynamo.tables.set('Rate', { items, mostOnDemand: 200, itemBytes: 4096 });
  const start = performance.now();
  await lake.run(`copy rate from 'dynamodb://Rate' ${AUTH} readratio 100 compupdate off statupdate off`);
  expect(performance.now() - start).toBeGreaterThan(400);
});
test('faults on the way are tried again, some; a table that stays throttled, or a way that stays lost, fails its COPY alone', async () => {
  const items = Array.from({ length: 2000 }, (_, i): FakeItem => ({ k: N(i), pad: S('x'.repeat(500)) }));
  dynamo.tables.set('Far', { items, units: 100_000 });
  await lake.run('create table far (k int)');
  const kinds: readonly Fault[] = ['throttle', 'error', 'reset', 'cut'];
  dynamo.fault = (n) => (n < 8 ? kinds[n % 4] : undefined);
  await lake.run(copy('far', 'Far', 'compupdate off'));
  expect(await lake.value('select count(*), count(distinct k) from far')).toBe('2000');
  for (const [fault, message] of [
    [
      'throttle',
      /^DynamoDBServiceException:The level of configured provisioned throughput.*ProvisionedThroughputExceededException/,
    ],
    [
      'reset',
      /^DynamoDBServiceException:The connection to the DynamoDB endpoint failed: .*,Status 0,Error ConnectionLost/,
    ],
  ] as const) {
    dynamo.fault = (() => {
      let first = 3;
      return () => (first-- > 0 ? undefined : fault);
    })();
    const failure = await lake.fails(copy('far', 'Far', 'compupdate off'));
    expect(failure).toMatchObject({ code: 'XX000', message });
    expect(await lake.value('select count(*) from far')).toBe('2000');
  }
  expect(await lake.value('select trim(status) from sys_load_history order by query_id desc limit 1')).toBe(
    'aborted',
  );
});
test('cancel is heard while the endpoint says nothing, and what was asked is given up', async () => {
  dynamo.tables.set('Mute', { items: [{ k: N(1) }] });
  await lake.run('create table mute (k int)');
  dynamo.fault = () => 'hang';
  const pid = await lake.value('select pg_backend_pid()');
  const running = lake.fails(copy('mute', 'Mute', 'compupdate off'));
  while (dynamo.scanned.length < 4) await sleep(10);
  const other = await lake.another();
  const start = performance.now();
  await other.query(`select pg_cancel_backend(${pid})`);
  expect(await running).toMatchObject({ code: '57014' });
  expect(performance.now() - start).toBeLessThan(10_000);
  await other.end();
  for (let i = 0; i < 200 && !dynamo.scanned.every((a) => a.left); i++) await sleep(10);
  expect(dynamo.scanned.every((a) => a.left)).toBe(true);
  expect(await lake.value('select count(*) from mute')).toBe('0');
});
test('the views tell of the table as of a file', async () => {
  const items = Array.from({ length: 1000 }, (_, i): FakeItem => ({ k: N(i) }));
  dynamo.tables.set('Seen', { items });
  await lake.run('create table seen (k int)');
  await lake.run(copy('seen', 'Seen', 'compupdate off'));
  expect(
    await lake.rows(
      `select trim(data_source), trim(file_format), loaded_rows, source_file_count, file_count_scanned, error_count, trim(status)
       from sys_load_history where query_id = pg_last_copy_id()`,
    ),
  ).toEqual([['dynamodb://Seen', 'Text', '1000', '1', '1', '0', 'completed']]);
  expect(
    await lake.rows(
      `select trim(file_name), lines_scanned, splits_scanned, file_last_modified is null from sys_load_detail where query_id = pg_last_copy_id()`,
    ),
  ).toEqual([['dynamodb://Seen', '1000', '4', 't']]);
  expect(
    await lake.rows(
      `select distinct trim(filename), trim(file_format), is_partial from stl_load_commits where query = pg_last_copy_id()`,
    ),
  ).toEqual([['dynamodb://Seen', 'Text', '1']]);
  expect(await lake.value('select sum(lines) from stl_file_scan where query = pg_last_copy_id()')).toBe('1000');
  expect(await lake.value('select count(*) from stl_s3client where query = pg_last_copy_id()')).toBe('0');
});
test('COMPUPDATE samples the table first', async () => {
  const items = Array.from({ length: 4000 }, (_, i): FakeItem => ({ k: N(i), s: S('same') }));
  dynamo.tables.set('Wide', { items });
  await lake.run('create table wide (k int, s varchar(10)) diststyle even');
  await lake.run(copy('wide', 'Wide', 'compupdate on'));
  expect(await lake.value('select count(*) from wide')).toBe('4000');
  expect(await lake.value(`select encoding from pg_table_def where tablename = 'wide' and "column" = 's'`)).not.toBe(
    'none',
  );
});

/** Numbers below 1 from a seed. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
test.each([1, 2, 3, 4])(
  'random items through random faults, seed %i',
  async (seed) => {
    const random = seeded(seed);
    const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
    const count = Math.floor(random() * 3000);
    const expected: (string | null)[][] = [];
    const items = Array.from({ length: count }, (_, i): FakeItem => {
      const text = 'äx\u2028"\\ |,\n'.repeat(Math.floor(random() * 40));
      const number = Math.floor(random() * 1e6);
      const hasText = random() < 0.8;
      const hasNumber = random() < 0.8;
      expected.push([String(i), hasText ? text : '', hasNumber ? String(number) : null]);
      return {
        [pick(['k', 'K'])]: N(i),
        ...(hasText ? { [pick(['txt', 'Txt', 'TXT'])]: S(text) } : {}),
        ...(hasNumber ? { num: random() < 0.5 ? N(number) : S(` ${number}`) } : {}),
        junk: pick<FakeAttribute>([S('j'), { BOOL: true }, { SS: ['a'] }, { M: { a: { B: 'aGVsbG8=' } } }]),
      };
    });
    dynamo.tables.set('Random', { items, units: 1 + Math.floor(random() * 100_000) + 50_000 });
    let inRow = 0;
    dynamo.fault = () => {
      const fault = random() < 0.2 && inRow < 2 ? pick<Fault>(['throttle', 'error', 'reset', 'cut']) : undefined;
      inRow = fault === undefined ? 0 : inRow + 1;
      return fault;
    };
    await lake.run('create table if not exists random_items (k int, txt varchar(2000), num int)');
    await lake.run('truncate random_items');
    await lake.run(copy('random_items', 'Random'));
    const rows = await lake.client.query<(string | null)[]>({
      text: 'select * from random_items order by k',
      rowMode: 'array',
    });
    expect(rows.rows).toEqual(expected);
  },
  120_000,
);
