/**
 * Conversations of clients with the SQL port, as the drivers hold them (test/clients), in frontend messages: what the
 * protocol fuzzer mutates. A message is its type, '' for a start-up packet, and its body.
 */
import { createHash } from 'node:crypto';
import { md5Password } from '../../src/leader/catalog/bootstrap.ts';

export interface Message {
  readonly type: string;
  readonly body: Buffer;
}
type Part = string | number | Buffer;

/** Strings end in NUL, numbers are int16. */
export function message(type: string, ...parts: readonly Part[]): Message {
  const bytes = parts.map((p) => {
    if (typeof p === 'string') return Buffer.from(`${p}\0`);
    if (typeof p !== 'number') return p;
    const b = Buffer.alloc(2);
    b.writeInt16BE(p);
    return b;
  });
  return { type, body: Buffer.concat(bytes) };
}
export const int32 = (n: number): Buffer => {
  const b = Buffer.alloc(4);
  b.writeInt32BE(n | 0);
  return b;
};
/** The message as bytes, its length told as `length` or as it is. */
export function framed({ type, body }: Message, length = body.length + 4): Buffer {
  return Buffer.concat([Buffer.from(type, 'latin1'), int32(length), body]);
}

const query = (text: string): Message => message('Q', text);
const sync = message('S');
const flush = message('H');
const parse = (name: string, text: string, types: readonly number[] = []): Message =>
  message('P', name, text, types.length, ...types.map(int32));
const described = (what: 'S' | 'P', name: string): Message => message('D', Buffer.from(`${what}${name}\0`));
const closed = (what: 'S' | 'P', name: string): Message => message('C', Buffer.from(`${what}${name}\0`));
const execute = (portal: string, rows = 0): Message => message('E', portal, int32(rows));
function bind(
  portal: string,
  statement: string,
  values: readonly (Buffer | string | null)[] = [],
  formats: readonly number[] = [],
  results: readonly number[] = [],
): Message {
  const cells = values.flatMap((v) => {
    if (v === null) return [int32(-1)];
    const bytes = typeof v === 'string' ? Buffer.from(v) : v;
    return [int32(bytes.length), bytes];
  });
  return message(
    'B',
    portal,
    statement,
    formats.length,
    ...formats,
    values.length,
    ...cells,
    results.length,
    ...results,
  );
}
const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');

/** What clients say after they have logged in. Each leaves the session as it was, when nothing is changed in it. */
export const CONVERSATIONS: Readonly<Record<string, readonly Message[]>> = {
  'psql, simple queries': [query('select 1'), query(''), query('begin; select 2; commit'), query('show search_path')],
  'node pg, a query with parameters': [
    parse('', 'select $1::int + 1 as n, $2::text', [0, 25]),
    bind('', '', ['41', 'text \u00e9'], [0]),
    described('P', ''),
    execute(''),
    sync,
  ],
  'node pg, a named statement twice': [
    parse('named', 'select current_database(), $1::varchar'),
    bind('', 'named', ['a']),
    described('P', ''),
    execute(''),
    sync,
    bind('', 'named', [null]),
    execute(''),
    sync,
    closed('S', 'named'),
    sync,
  ],
  'redshift_connector, flushes everywhere': [
    parse('rs_1', 'select $1, $2, $3', [23, 705, 701]),
    flush,
    described('S', 'rs_1'),
    flush,
    sync,
    bind('', 'rs_1', [hex('0000002a'), 'x', hex('3ff8000000000000')], [1, 0, 1], [1, 1, 1]),
    flush,
    execute(''),
    flush,
    sync,
    closed('S', 'rs_1'),
    flush,
    sync,
  ],
  "Redshift's JDBC driver, rows in portions": [
    query('begin'),
    parse('S_1-9', 'select relname from pg_class order by 1'),
    bind('C_1-9', 'S_1-9'),
    described('P', 'C_1-9'),
    execute('C_1-9', 3),
    flush,
    sync,
    execute('C_1-9', 3),
    flush,
    sync,
    closed('P', 'C_1-9'),
    flush,
    sync,
    query('commit'),
    closed('S', 'S_1-9'),
    sync,
  ],
  'asyncpg, everything in binary form': [
    parse('a1', 'select $1::numeric, $2::timestamp, $3::int8, $4::bool, $5::date, $6::oid'),
    described('S', 'a1'),
    flush,
    bind(
      '',
      'a1',
      [
        hex('0002 0000 4000 0002 000c 0d48'),
        hex('0002 3456 789a bcde'),
        hex('00000000 0000002a'),
        hex('01'),
        hex('00000001'),
        hex('00000017'),
      ],
      [1],
      [1],
    ),
    execute('', 0),
    sync,
    closed('S', 'a1'),
    sync,
  ],
  'an array as a parameter': [
    parse('', 'select count(*) from pg_type where oid = any($1)'),
    bind('', '', [hex('00000001 00000000 0000001a 00000002 00000001 00000004 00000010 00000004 00000017')], [1], [1]),
    described('P', ''),
    execute(''),
    sync,
  ],
  'an error in a pipeline': [
    parse('', 'select nothing from nowhere'),
    bind('', ''),
    execute(''),
    sync,
    parse('', 'select 1/0'),
    bind('', ''),
    execute(''),
    execute(''),
    sync,
    query('select 1'),
  ],
  'a cursor of SQL': [
    query('begin'),
    query('declare cu cursor for select oid from pg_type'),
    query('fetch forward 5 from cu'),
    parse('', 'fetch 2 from cu'),
    described('S', ''),
    bind('', '', [], [], [1]),
    execute(''),
    sync,
    query('close cu'),
    query('rollback'),
  ],
  'metadata by SHOW': [
    parse('', 'SHOW TABLES FROM SCHEMA $1.$2 LIKE $3'),
    described('S', ''),
    bind('', '', ['dev', 'public', '%'], [0], [1]),
    execute(''),
    sync,
    query('show databases'),
  ],
  'a temporary table': [
    query('create temp table fuzz_t (a int, b varchar(20))'),
    parse('ins', 'insert into fuzz_t values ($1, $2)', [23, 1043]),
    bind('', 'ins', ['1', 'one']),
    execute(''),
    bind('', 'ins', ['2', null]),
    execute(''),
    sync,
    query('select * from fuzz_t order by 1'),
    query('drop table fuzz_t'),
    closed('S', 'ins'),
    sync,
  ],
  'what Redshift refuses': [
    query('copy pg_class from stdin'),
    message('d', Buffer.from('1\tx\n')),
    message('c'),
    message('f', 'failed'),
    query('copy (select 1) to stdout'),
    message('F', int32(1598), 1, 0, 0, 0),
    query('savepoint a'),
    query('rollback'),
  ],
  'settings and SQL PREPARE': [
    query("set query_group to 'fuzz'; show query_group; reset all"),
    query('prepare pq (int) as select $1 + 1; execute pq (2); deallocate pq'),
    parse('', ''),
    bind('', ''),
    execute(''),
    sync,
    query("set session authorization default; set datestyle to 'ISO'"),
  ],
  'rows of some size': [
    query("select lpad('x', 5000, 'y') from pg_class limit 20"),
    parse('', "select lpad('x', 3000, 'y') from pg_class limit 20"),
    bind('big', ''),
    execute('big', 7),
    execute('big', 7),
    closed('P', 'big'),
    sync,
  ],
};

export interface Login {
  readonly user: string;
  readonly database: string;
  readonly password: string;
}
export const SSL_REQUEST: Message = { type: '', body: int32(80877103) };
export function startup(parameters: Readonly<Record<string, string>>): Message {
  const pairs = Object.entries(parameters).map(([name, value]) => `${name}\0${value}\0`);
  return { type: '', body: Buffer.concat([int32(196608), Buffer.from(`${pairs.join('')}\0`)]) };
}
/** The answer to authentication 5. */
export function md5Answer({ user, password }: Login, salt: Buffer): Message {
  const inner = md5Password(password, user).slice('md5'.length);
  return message('p', `md5${createHash('md5').update(inner).update(salt).digest('hex')}`);
}

/** What comes before a log-in is complete; nobody of that name can log in. */
export const FIRST_WORDS: Readonly<Record<string, readonly Message[]>> = {
  libpq: [startup({ user: 'fuzz', database: 'dev', application_name: 'psql' }), message('p', `md5${'0'.repeat(32)}`)],
  'node pg': [
    startup({ user: 'fuzz', database: 'dev', client_encoding: 'UTF8', options: '-c query_group=x' }),
    message('p', 'md5'),
    query('select 1'),
  ],
  "Redshift's drivers": [
    startup({
      user: 'fuzz',
      database: 'dev',
      client_protocol_version: '2',
      driver_version: 'Redshift Python Driver 2.1',
      os_version: 'Linux',
      '_pq_.compression': 'lz4',
    }),
    message('d', int32(32), Buffer.alloc(32, 7), int32(13), Buffer.from('1700000000000')),
    flush,
  ],
  'a cancel request': [{ type: '', body: Buffer.concat([int32(80877102), int32(1073741825), int32(12345)]) }],
  'a GSS request': [
    { type: '', body: int32(80877104) },
    startup({ user: 'fuzz', database: 'dev' }),
    message('p', 'x'),
  ],
  'another protocol': [{ type: '', body: Buffer.concat([int32(131072), Buffer.alloc(288)]) }],
  'a request of HTTP': [{ type: 'GET / HTTP/1.1\r\nHost: x\r\n\r\n', body: Buffer.alloc(0) }],
};
