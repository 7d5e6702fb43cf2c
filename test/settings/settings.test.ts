/**
 * Every setting acts, or refuses what would have no effect: each entry of cases.ts is tried through sessions, in every way
 * a value can be given (SET, SET LOCAL, set_config, a start-up parameter) and taken back (RESET, RESET ALL, rollback).
 */
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { settingDefinitions } from '../../src/leader/session/settings-store.ts';
import { startOwn } from '../clients/cluster.ts';
import { RawClient } from '../wire/raw-client.ts';
import { CASES, SETUP, type Case } from './cases.ts';

type Of<K extends Case['kind']> = Extract<Case, { kind: K }>;

let port = 0;
let close: () => Promise<void>;
let main: pg.Client;

const open = async (options?: string): Promise<pg.Client> => {
  const client = new pg.Client({
    host: '127.0.0.1',
    port,
    user: 'awsuser',
    database: 'dev',
    // Cells as the server wrote them.
    types: { getTypeParser: () => (text: string) => text } as never,
    ...(options === undefined ? {} : { options }),
  });
  client.on('error', () => undefined);
  await client.connect();
  return client;
};
/** The value as a start-up option, blanks and backslashes escaped. */
const option = (name: string, value: string): string => `-c ${name}=${value.replace(/[\\ ]/g, '\\$&')}`;
/** Numbers, words and lists as they are, everything else in quotes. */
const literal = (value: string): string =>
  /^(-?[\d.]+|'.*'|[a-z_]+(, [a-z_]+)*)$/i.test(value) ? value : `'${value}'`;

const withSession = async (work: (client: pg.Client) => Promise<void>, options?: string): Promise<void> => {
  const client = await open(options);
  try {
    await work(client);
  } finally {
    await client.end();
  }
};
const show = async (client: pg.Client, name: string): Promise<string> => {
  const { rows } = await client.query<string[]>({ text: `show ${name}`, rowMode: 'array' });
  // A query may be longer than the time it has.
  if (name === 'statement_timeout') return rows[0]![0]!;
  const { rows: again } = await client.query<string[]>({
    text: `select current_setting('${name}')`,
    rowMode: 'array',
  });
  expect(again[0]).toEqual(rows[0]);
  return rows[0]![0]!;
};
const entries = <K extends Case['kind']>(kind: K): [string, Of<K>][] =>
  Object.entries(CASES).filter((e): e is [string, Of<K>] => e[1].kind === kind);
const code = (error: string): object => ({ code: error });

beforeAll(async () => {
  const s3Root = mkdtempSync(join(tmpdir(), 'slicehouse-settings-'));
  mkdirSync(join(s3Root, 'settings'));
  cpSync(join(import.meta.dirname, '../../fixtures/copy/shapefile'), join(s3Root, 'settings/shapes'), {
    recursive: true,
  });
  const started = await startOwn({ nodes: 2, slices: 2, memory: true, s3Root });
  port = started.port;
  close = async () => {
    await started.close();
    rmSync(s3Root, { recursive: true, force: true });
  };
  main = await open();
  await main.query(SETUP);
  await main.query('analyze many');
});
afterAll(async () => {
  await main?.end();
  await close?.();
});

test('every setting has an entry, in the registry, SHOW ALL and pg_settings alike', async () => {
  const names = Object.keys(CASES).sort();
  expect(settingDefinitions().map((d) => d.name)).toEqual(names);
  const all = await main.query<string[]>({ text: 'show all', rowMode: 'array' });
  expect(all.rows.map((r) => r[0])).toEqual(names);
  const view = await main.query<string[]>({
    text: 'select name, setting from pg_settings order by 1',
    rowMode: 'array',
  });
  expect(view.rows.map((r) => r[0])).toEqual(names);
  for (const [name, setting] of view.rows) expect(await show(main, name!), name).toBe(setting);
});

describe('a setting that acts', () => {
  test.each(entries('acts'))('%s: SET, RESET, RESET ALL, set_config', async (name, given) => {
    const { observe, before, after, value } = given;
    await withSession(async (client) => {
      expect(await observe(client), 'by default').toBe(before);
      const shown = await show(client, name);
      await client.query(`set ${name} to ${literal(value)}`);
      expect(await observe(client), 'SET').toBe(after);
      expect(await show(client, name)).toBe(given.shown ?? value);
      await client.query(`reset ${name}`);
      expect(await observe(client), 'RESET').toBe(before);
      expect(await show(client, name)).toBe(shown);
      await client.query(`set session ${name} = ${literal(value)}`);
      expect(await observe(client), 'SET SESSION').toBe(after);
      await client.query('reset all');
      expect(await observe(client), 'RESET ALL').toBe(given.keptByResetAll === true ? after : before);
      await client.query(`set ${name} to default`);
      expect(await observe(client), 'DEFAULT').toBe(before);
      await client.query(`select set_config('${name}', '${value}', false)`);
      expect(await observe(client), 'set_config').toBe(after);
    });
  });

  test.each(entries('acts'))('%s: SET LOCAL and transactions', async (name, given) => {
    const { observe, before, after, value } = given;
    const set = `${name} to ${literal(value)}`;
    await withSession(async (client) => {
      await client.query(`begin; set ${set}; rollback`);
      expect(await observe(client), 'rolled back').toBe(before);
      await client.query(`set ${set}`);
      await client.query(`begin; reset ${name}; rollback`);
      expect(await observe(client), 'RESET rolled back').toBe(after);
      await client.query(`begin; reset ${name}; commit`);
      expect(await observe(client), 'RESET committed').toBe(before);
      await client.query('begin');
      await client.query(`set local ${set}`);
      if (given.atBegin !== true) expect(await observe(client), 'SET LOCAL').toBe(after);
      await client.query('commit');
      expect(await observe(client), 'after SET LOCAL').toBe(before);
      await client.query(`set local ${set}`);
      expect(await observe(client), 'SET LOCAL on its own').toBe(before);
      await expect(client.query(`set ${set}; select 1/0`)).rejects.toThrow();
      expect(await observe(client), 'SET beside a failing statement').toBe(before);
      await client.query(`begin; set ${set}; commit`);
      expect(await observe(client), 'committed').toBe(after);
    });
  });

  test.each(entries('acts'))('%s: in the extended protocol', async (name, { observe, value, before, after }) => {
    await withSession(async (client) => {
      const query = client.query.bind(client) as (config: object) => Promise<never>;
      client.query = ((given: string | object) =>
        query({ ...(typeof given === 'string' ? { text: given } : given), queryMode: 'extended' })) as never;
      expect(await observe(client), 'by default').toBe(before);
      await client.query(`set ${name} to ${literal(value)}`);
      expect(await observe(client), 'SET').toBe(after);
      await client.query(`reset ${name}`);
      expect(await observe(client), 'RESET').toBe(before);
    });
  });

  test.each(entries('acts').filter(([, given]) => given.noStartup !== true))(
    '%s: given at start-up',
    async (name, given) => {
      await withSession(
        async (client) => {
          expect(await given.observe(client), 'start-up').toBe(given.after);
          await client.query(`reset ${name}`);
          expect(await given.observe(client), 'RESET leads to it').toBe(given.after);
          await client.query('reset all');
          expect(await given.observe(client), 'RESET ALL leads to it').toBe(given.after);
        },
        option(name, given.value),
      );
    },
  );
});

test('what drivers and tools say at start-up and first does not keep them out', async () => {
  const startups: object[] = [
    { client_encoding: 'SQL_ASCII' },
    { client_encoding: "'utf-8'" },
    { application_name: 'DBeaver 24 - Main', fallback_application_name: 'psql', replication: 'false' },
    { options: '-c extra_float_digits=3 -c DateStyle=ISO -c TimeZone=Europe/Berlin -c search_path=public' },
    {
      options: '-c geqo=off -c jit=off --lock_timeout=0 -c intervalstyle=postgres -c standard_conforming_strings=on',
    },
    { options: '-c enable_result_cache_for_session=on -c wlm_query_slot_count=5 -c statement_timeout=10min' },
  ];
  const first = [
    "set datestyle = 'ISO'; set extra_float_digits = 2; show transaction_isolation",
    "set extra_float_digits = 3; set application_name = 'PostgreSQL JDBC Driver'",
    'set session characteristics as transaction isolation level serializable; set readonly = 0',
    "set client_min_messages to warning; set time zone interval '+00:00' hour to minute",
    "set standard_conforming_strings = on; set names 'utf8'; set check_function_bodies = false",
    'set lock_timeout = 0; set idle_in_transaction_session_timeout = 0; set synchronize_seqscans to off',
    'set enable_result_cache_for_session to off; set enable_result_cache_for_session to on',
    "set query_group to 'batch'; set wlm_query_slot_count to 3; set default_transaction_read_only to 'off'",
    'reset all',
  ];
  for (const startup of startups) {
    const client = new pg.Client({ host: '127.0.0.1', port, user: 'awsuser', database: 'dev', ...startup });
    await client.connect();
    for (const text of first) await client.query(text);
    expect((await client.query('select count(*)::int as n from many')).rows).toEqual([{ n: 10 }]);
    await client.end();
  }
  // What psql sends in a terminal whose locale is C; node pg always asks for UTF8.
  const raw = await RawClient.open(port);
  raw.startup({ user: 'awsuser', database: 'dev', client_encoding: 'SQL_ASCII' });
  await raw.until((types) => types.endsWith('Z'));
  const told = raw.messages.filter((m) => m.type === 'S').map((m) => m.body.toString());
  expect(told).toContain('client_encoding\0SQL_ASCII\0');
  raw.socket.destroy();
});

describe('what cannot be given', () => {
  const bad = Object.entries(CASES).flatMap(([name, given]): [string, string][] =>
    'bad' in given ? given.bad.map((value) => [name, value]) : [],
  );
  test.each(bad)('%s = %s is 22023', async (name, value) => {
    const text = /invalid value for parameter|is outside the valid range for parameter/;
    await expect(main.query(`set ${name} to ${literal(value)}`)).rejects.toMatchObject({
      code: '22023',
      message: expect.stringMatching(text) as unknown,
    });
  });

  test.each(entries('only'))('%s: what is not there is 0A000, what is true is accepted', async (name, given) => {
    await withSession(async (client) => {
      const shown = await show(client, name);
      for (const value of given.refused) {
        await expect(client.query(`set ${name} to ${literal(value)}`), value).rejects.toMatchObject(code('0A000'));
        const plain = value.replaceAll("'", '');
        await expect(client.query(`select set_config('${name}', '${plain}', false)`)).rejects.toMatchObject(
          code('0A000'),
        );
        await expect(open(option(name, plain))).rejects.toMatchObject({ code: '0A000', severity: 'FATAL' });
      }
      for (const value of given.accepted) {
        await client.query(`set ${name} to ${literal(value)}`);
        expect(await show(client, name)).toBe(shown);
        const second = await open(option(name, value.replaceAll("'", '')));
        expect(await show(second, name)).toBe(shown);
        await second.end();
      }
    });
  });

  test.each(entries('told'))('%s says what is the case, whatever is set', async (name, given) => {
    await withSession(
      async (client) => {
        expect(await show(client, name)).toBe(given.value);
        expect(await given.observe(client)).toBe(given.seen);
        if (given.passedOver === undefined) {
          await expect(client.query(`set ${name} to ${literal(given.value)}`)).rejects.toMatchObject(code('55P02'));
        }
        for (const value of given.passedOver ?? []) {
          await client.query(`set ${name} to ${literal(value)}`);
          expect(await given.observe(client), value).toBe(given.seen);
        }
      },
      option(name, 'on'),
    );
  });

  test('an unknown name is 42704; one with a dot is a variable of the session', async () => {
    await expect(main.query('set no_such_setting to 1')).rejects.toMatchObject(code('42704'));
    await expect(main.query('show no_such_setting')).rejects.toMatchObject(code('42704'));
    await main.query("set my.variable to 'x'");
    expect(await show(main, 'my.variable')).toBe('x');
    await main.query('reset my.variable');
    await expect(main.query('show my.variable')).rejects.toMatchObject(code('42704'));
  });

  test('DISCARD ALL is not there', async () => {
    await expect(main.query('discard all')).rejects.toMatchObject(code('42601'));
  });
});

describe('a permission that is never used', () => {
  test.each(entries('permits'))('%s is granted with a warning and changes no answer', async (name, { value }) => {
    await withSession(async (client) => {
      const warnings: unknown[] = [];
      client.on('notice', (n) => warnings.push(n.severity));
      const text = 'select count(*), sum(i) from many';
      const answer = async (): Promise<unknown> => (await client.query({ text, rowMode: 'array' })).rows;
      const expected = await answer();
      await client.query(`set ${name} to ${literal(value)}`);
      expect(warnings).toEqual(['WARNING']);
      expect(await show(client, name)).toBe(value);
      expect([await answer(), await answer()]).toEqual([expected, expected]);
      // Both ran: steps, and no other query as their source.
      const { rows } = await client.query<string[]>({
        text: `select count(*), count(source_query) from svl_qlog
               where pid = pg_backend_pid() and substring like 'select count(*), sum(i)%'
                 and query in (select query from stl_scan)`,
        rowMode: 'array',
      });
      expect(rows).toEqual([['3', '0']]);
      await client.query(`reset ${name}`);
      expect(warnings).toEqual(['WARNING']);
    });
  });
});

describe('an idle session ends', () => {
  const ended = (client: pg.Client): Promise<string | undefined> =>
    new Promise((resolve) => client.once('error', (error) => resolve((error as { code?: string }).code)));

  test.each(entries('ends'))('%s', async (name, given) => {
    const begin = given.inBlock ? 'begin' : 'select 1';
    for (const give of ['set', 'start-up'] as const) {
      const client = await open(give === 'start-up' ? option(name, '50') : undefined);
      const end = ended(client);
      if (give === 'set') await client.query(`set ${name} to 50`);
      await client.query(begin).catch(() => undefined);
      expect(await end, give).toBe(given.sqlstate);
    }
  });
});
