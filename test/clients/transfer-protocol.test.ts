/**
 * Redshift's transfer protocols 0 to 3, spoken by hand: what a driver is told at log-in, how result columns are described,
 * and NUMERIC in binary form. The flow is the one Redshift's Python driver uses for every statement: Parse, Flush, Describe
 * of the statement, Sync; then Bind, Flush, Execute, Flush, Sync.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RawClient, int32 } from '../wire/raw-client.ts';
import { startServer, type TestServer } from './cluster.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
  const raw = await login({});
  await simple(
    raw,
    'create table t_proto (id int identity(1,1), n8 numeric(18,2) not null, n16 numeric(38,6), s varchar(20), c varchar(5) collate case_insensitive, d date, u super)',
  );
  await simple(
    raw,
    "insert into t_proto (n8, n16, s, c, d, u) values (-12.34, 12345678901234567890.5, 'x', 'y', '2000-01-02', 1)",
  );
  raw.socket.destroy();
});
afterAll(() => server?.close());

async function login(parameters: Readonly<Record<string, string>>): Promise<RawClient> {
  const raw = await RawClient.open(server.port);
  raw.startup({ user: server.user, database: server.database, ...parameters });
  await raw.until((types) => types.includes('Z'));
  return raw;
}
async function simple(raw: RawClient, sql: string): Promise<void> {
  const from = raw.messages.length;
  raw.send(['Q', sql]);
  await raw.until((types) => types.slice(from).includes('Z'));
  expect(
    raw.messages
      .slice(from)
      .find((m) => m.type === 'E')
      ?.body.toString(),
  ).toBeUndefined();
}
const statusOf = (raw: RawClient): Map<string, string> =>
  new Map(
    raw.messages
      .filter((m) => m.type === 'S')
      .map((m) => m.body.toString().split('\0').slice(0, 2) as [string, string]),
  );

interface Column {
  readonly name: string;
  readonly modifier: number;
  readonly format: number;
  readonly names: readonly string[];
  readonly flags: number;
}
function columnsOf(body: Buffer, extended: boolean): Column[] {
  let at = 2;
  const text = (): string => {
    const end = body.indexOf(0, at);
    const value = body.toString('utf8', at, end);
    at = end + 1;
    return value;
  };
  return Array.from({ length: body.readInt16BE(0) }, () => {
    const name = text();
    const [modifier, format] = [body.readInt32BE(at + 12), body.readInt16BE(at + 16)];
    at += 18;
    const names = extended ? [text(), text(), text(), text()] : [];
    const flags = extended ? body.readUInt16BE(at) : 0;
    if (extended) at += 2;
    return { name, modifier, format, names, flags };
  });
}
function cellsOf(body: Buffer): (string | null)[] {
  let at = 2;
  return Array.from({ length: body.readInt16BE(0) }, () => {
    const length = body.readInt32BE(at);
    const cell = length < 0 ? null : body.toString('hex', at + 4, at + 4 + length);
    at += 4 + Math.max(0, length);
    return cell;
  });
}

/** A statement the way Redshift's Python driver runs it, every result column in binary form. */
async function run(
  raw: RawClient,
  sql: string,
  protocol: number,
): Promise<{ described: Column[]; rows: (string | null)[][] }> {
  const [none, one] = [Buffer.from([0, 0]), Buffer.from([0, 1])];
  const from = raw.messages.length;
  const name = `redshift_connector_statement_${from}`;
  raw.send(['P', name, sql, none], ['H'], ['D', Buffer.from(`S${name}\0`)], ['H'], ['S']);
  await raw.until((types) => types.slice(from).includes('Z'));
  const middle = raw.messages.length;
  raw.send(
    ['B', '', name, none, none, one, one],
    ['H'],
    ['D', Buffer.from('P\0')],
    ['E', '', int32(0)],
    ['H'],
    ['S'],
  );
  await raw.until((types) => types.slice(middle).includes('Z'));
  const answer = raw.messages.slice(from);
  expect(answer.find((m) => m.type === 'E')?.body.toString()).toBeUndefined();
  const [ofStatement, ofPortal] = answer.filter((m) => m.type === 'T').map((m) => columnsOf(m.body, protocol > 0));
  expect(ofStatement!.map((c) => c.format)).toEqual(ofStatement!.map(() => 0));
  expect(ofPortal!.map((c) => ({ ...c, format: 0 }))).toEqual(ofStatement);
  return { described: ofPortal!, rows: answer.filter((m) => m.type === 'D').map((m) => cellsOf(m.body)) };
}

describe('transfer protocols', () => {
  test.for([
    [undefined, undefined],
    ['0', '0'],
    ['1', '1'],
    ['2', '2'],
    ['3', '3'],
    ['4', '3'],
    ['x', '0'],
  ] as const)('client_protocol_version %s is answered by server_protocol_version %s', async ([asked, told]) => {
    const raw = await login(asked === undefined ? {} : { client_protocol_version: asked });
    expect(statusOf(raw).get('server_protocol_version')).toBe(told);
    raw.socket.destroy();
  });

  test('the connection log tells the driver, its plug-in, the protocol and the session id', async () => {
    const raw = await login({
      client_protocol_version: '3',
      driver_version: 'Redshift JDBC Driver 2.2',
      os_version: 'Linux 6',
      plugin_name: 'a.Plugin',
      application_name: 'log test',
    });
    const from = raw.messages.length;
    raw.send([
      'Q',
      `select trim(driver_version), trim(os_version), trim(plugin_name), trim(application_name), protocol_version, trim(sessionid)
       from stl_connection_log where pid = pg_backend_pid() and event = 'authenticated'
       union all select trim(driver_version), trim(os_version), trim(plugin_name), trim(application_name), protocol_version,
       trim(global_session_id) from sys_connection_log where session_id = pg_backend_pid() and event = 'authenticated'`,
    ]);
    await raw.until((types) => types.slice(from).includes('Z'));
    const rows = raw.messages.slice(from).filter((m) => m.type === 'D');
    const told = [
      'Redshift JDBC Driver 2.2',
      'Linux 6',
      'a.Plugin',
      'log test',
      '3',
      statusOf(raw).get('session_id'),
    ];
    expect(rows.map((m) => cellsOf(m.body).map((c) => Buffer.from(c!, 'hex').toString()))).toEqual([told, told]);
    raw.socket.destroy();
  });

  test.for([0, 1, 2, 3])('columns under protocol %i', async (protocol) => {
    const raw = await login({ client_protocol_version: String(protocol) });
    const { described } = await run(raw, 'select id, n8, s, c, u, n16 + 1 as more from t_proto', protocol);
    const column = (name: string): string[] => (protocol === 0 ? [] : ['public', 't_proto', name, 'dev']);
    const flags = (bits: number, caseSensitive = 0): number =>
      protocol === 0 ? 0 : 0x1000 | bits | (protocol === 3 ? caseSensitive : 0);
    expect(described.map((c) => [c.name, c.names, c.flags])).toEqual([
      ['id', column('id'), flags(0x11)],
      ['n8', column('n8'), flags(0x01)],
      ['s', column('s'), flags(0, 2)],
      ['c', column('c'), flags(0)],
      ['u', column('u'), flags(0)],
      ['more', protocol === 0 ? [] : ['', '', '', ''], flags(0)],
    ]);
    expect(described.map((c) => c.format)).toEqual([1, 1, 1, 1, 1, 1]);
    raw.socket.destroy();
  });

  test.for([0, 1, 2, 3])('VARBYTE asked for as text under protocol %i', async (protocol) => {
    const raw = await login({ client_protocol_version: String(protocol) });
    const [none, text] = [Buffer.from([0, 0]), Buffer.from([0, 1, 0, 0])];
    const from = raw.messages.length;
    raw.send(['P', '', "select 'aa'::varbyte, 'aa'::varchar(5)", none], ['B', '', '', none, none, text]);
    raw.send(['D', Buffer.from('P\0')], ['E', '', int32(0)], ['S']);
    await raw.until((types) => types.slice(from).includes('Z'));
    const answer = raw.messages.slice(from);
    const isBinary = protocol >= 2;
    const described = columnsOf(answer.find((m) => m.type === 'T')!.body, protocol > 0);
    expect(described.map((c) => c.format)).toEqual([isBinary ? 1 : 0, 0]);
    const cells = cellsOf(answer.find((m) => m.type === 'D')!.body);
    expect(cells).toEqual([isBinary ? '6161' : '36313631', '6161']);
    raw.socket.destroy();
  });

  test.for([
    [0, '00020000400000020' + '00c0d48', undefined],
    [1, '00020000400000020' + '00c0d48', undefined],
    [2, 'fffffffffffffb2e', '0000000000' + '0a364c85f4fda3d8d720'],
    [3, 'fffffffffffffb2e', undefined],
  ] as const)('NUMERIC in binary form under protocol %i', async ([protocol, small]) => {
    const raw = await login({ client_protocol_version: String(protocol) });
    const { rows, described } = await run(raw, 'select n8, n16, d, sum(n8) over () as s38 from t_proto', protocol);
    const [n8, n16, d, s38] = rows[0]!;
    expect(n8).toBe(small);
    expect(d).toBe('00000001');
    if (protocol >= 2) {
      expect(BigInt(`0x${n16}`)).toBe(12345678901234567890_500000n);
      expect(BigInt.asIntN(128, BigInt(`0x${s38}`))).toBe(-1234n);
      expect([n16!.length, s38!.length]).toEqual([32, 32]);
      expect(described.filter((c) => c.name !== 'd').every((c) => c.modifier >= 4)).toBe(true);
    }
    raw.socket.destroy();
  });
});
