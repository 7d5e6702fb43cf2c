/**
 * A tiny executor for tests of the door and the session: no SQL engine, but real rows. It understands
 *   select N rows            n rows (i int4, t text)      select $1::type, ...   the parameters back, in either format
 *   slow                     waits until cancelled        fail                   an error after one row
 *   insert                   tag INSERT 0 1               bug                    throws an exception that is no SqlError
 * and transaction, settings, prepared statement and cursor commands in their plainest spelling.
 */
import { Sequence } from '../../src/common/sequence.ts';
import { SqlError } from '../../src/common/errors/sql-error.ts';
import { syntaxErrorAt } from '../../src/common/errors/catalogue.ts';
import type { ConstValue } from '../../src/expressions/bound.ts';
import type { Statement, StatementBody } from '../../src/leader/parser/ast.ts';
import type { PreparedStatement, StatementExecutor } from '../../src/leader/session/types.ts';
import type { SqlServiceDeps } from '../../src/leader/session/service.ts';
import type { CatalogSnapshot, UserObject } from '../../src/leader/catalog/objects.ts';
import type { Transaction, TransactionManager } from '../../src/leader/transaction/types.ts';
import type { SqlType, TypeName } from '../../src/types/sql-type.ts';
import { TYPE_INFO, typeModifier, varchar } from '../../src/types/sql-type.ts';
import { formatText } from '../../src/types/text.ts';
import { systemClock } from '../../src/common/clock.ts';

type Rule = readonly [RegExp, (m: RegExpExecArray, at: number) => StatementBody];
const name = (n: string): { name: string; pos: number } => ({ name: n, pos: 0 });
const query = (text: string, at: number): StatementBody => ({
  kind: 'query',
  query: {
    ctes: [],
    recursive: false,
    orderBy: [],
    pos: at,
    body: { kind: 'values', rows: [[{ kind: 'literal', form: 'string', value: text, pos: at }]], pos: at },
  },
});
const RULES: readonly Rule[] = [
  [/^(?:begin|start transaction)( read only)?/i, (m) => ({ kind: 'begin', readOnly: m[1] !== undefined })],
  [/^(commit|end)/i, () => ({ kind: 'commit' })],
  [/^(rollback|abort)/i, () => ({ kind: 'rollback' })],
  [
    /^set (local )?([\w. ]+?) ?(?:=| to ) ?(.*)$/i,
    (m) => ({
      kind: 'set',
      name: m[2] as string,
      local: m[1] !== undefined,
      value: /^default$/i.test(m[3] as string)
        ? 'default'
        : (m[3] as string).split(/, */).map((v) => v.replace(/^'(.*)'$/, '$1')),
    }),
  ],
  [/^reset (.*)/i, (m) => ({ kind: 'reset', name: m[1] as string })],
  [/^show (.*)/i, (m) => ({ kind: 'show', name: m[1] as string })],
  [
    /^prepare (\w+)(?: \(([\w, ]+)\))? as (.*)/i,
    (m, at) => ({
      kind: 'prepare',
      name: m[1] as string,
      types: (m[2] ?? '')
        .split(/, */)
        .filter((t) => t !== '')
        .map((t) => ({ name: t, mods: [], pos: 0 })),
      statement: one(m[3] as string, at),
    }),
  ],
  [
    /^execute (\w+)(?: \((.*)\))?/i,
    (m) => ({
      kind: 'execute',
      name: m[1] as string,
      args: (m[2] ?? '')
        .split(/, */)
        .filter((t) => t !== '')
        .map((t) => ({ kind: 'literal', form: 'string', value: t.replace(/^'(.*)'$/, '$1'), pos: 0 })),
    }),
  ],
  [
    /^deallocate (?:prepare )?(\w+)/i,
    (m) => ({ kind: 'deallocate', name: /^all$/i.test(m[1] as string) ? null : (m[1] as string) }),
  ],
  [
    /^declare "?(\w+)"? .*?cursor .*?for\s+(.*)/is,
    (m, at) => ({
      kind: 'declare',
      name: m[1] as string,
      query: (query(m[2] as string, at) as Extract<StatementBody, { kind: 'query' }>).query,
    }),
  ],
  [
    /^fetch (?:forward )?(\w+) (?:from|in) "?(\w+)"?/i,
    (m) => ({ kind: 'fetch', name: m[2] as string, count: /^all$/i.test(m[1] as string) ? 'all' : Number(m[1]) }),
  ],
  [/^close "?(\w+)"?/i, (m) => ({ kind: 'close', name: /^all$/i.test(m[1] as string) ? null : (m[1] as string) })],
  [/^insert/i, () => ({ kind: 'insert', table: name('t'), columns: [], source: 'default values' })],
  [/^create/i, () => ({ kind: 'create-schema', name: 's', ifNotExists: false })],
  [/^(select|slow|fail|bug)/i, (m, at) => query(m.input, at)],
];
function one(text: string, at: number): Statement {
  const trimmed = text.trim();
  const start = at + text.indexOf(trimmed);
  for (const [pattern, make] of RULES) {
    const m = pattern.exec(trimmed);
    if (m !== null) return { ...make(m, start), start, end: start + trimmed.length } as Statement;
  }
  throw syntaxErrorAt(trimmed.split(' ')[0] ?? '', start + 1);
}

const INT: SqlType = { name: 'int4' };
const field = (label: string, type: SqlType) => ({
  name: label,
  tableOid: 0,
  columnNumber: 0,
  typeOid: TYPE_INFO[type.name].oid,
  typeSize: TYPE_INFO[type.name].size,
  typeModifier: typeModifier(type),
});

function cellBytes(type: SqlType, value: ConstValue, format: number): Buffer | null {
  if (value === null) return null;
  if (format === 0) return Buffer.from(formatText(type, value));
  const out = Buffer.alloc(TYPE_INFO[type.name].phys === 'i32' ? 4 : 8);
  if (type.name === 'int4') out.writeInt32BE(Number(value));
  else if (type.name === 'int8' || type.name === 'timestamp') out.writeBigInt64BE(BigInt(value as bigint));
  else if (type.name === 'float8') out.writeDoubleBE(Number(value));
  else return Buffer.from(formatText(type, value));
  return out;
}
function row(types: readonly SqlType[], values: readonly ConstValue[], formats: readonly number[]): Buffer {
  const parts = values.map((v, i) =>
    cellBytes(types[i] as SqlType, v, (formats.length === 1 ? formats[0] : formats[i]) ?? 0),
  );
  const body = Buffer.concat(
    parts.flatMap((p) => {
      const n = Buffer.alloc(4);
      n.writeInt32BE(p === null ? -1 : p.length);
      return p === null ? [n] : [n, p];
    }),
  );
  const head = Buffer.alloc(7);
  head[0] = 0x44;
  head.writeInt32BE(6 + body.length, 1);
  head.writeInt16BE(values.length, 5);
  return Buffer.concat([head, body]);
}

const NOTHING = new Sequence<never>(() => [][Symbol.iterator]());

export class FakeWorld {
  readonly log: string[] = [];
  catalogVersion: object = {};
  prepared = 0;
  executed = 0;
  aborted = 0;
  produced = 0;
  readonly users = new Map<string, UserObject>([
    ['admin', { kind: 'user', oid: 100, name: 'admin', superuser: true, createdb: true }],
    ['reader', { kind: 'user', oid: 101, name: 'reader', superuser: false, createdb: false }],
  ]);

  readonly transactions = {
    takeXid: () => 1,
    begin: (_db: number, _pid: number, { readOnly }: { readOnly: boolean }) => {
      let phase: Transaction['state'] = 'open';
      let statement = 0;
      this.log.push(readOnly ? 'begin read only' : 'begin');
      const state = this.catalogVersion;
      const schemaless = { state, schema: () => undefined, schemas: () => [] } as unknown as CatalogSnapshot;
      return {
        database: 1,
        xid: 0,
        identify: () => 1,
        readOnly,
        startedAtMicros: 0n,
        catalog: () => schemaless,
        get statement() {
          return statement;
        },
        nextStatement: () => void (statement += 1),
        get state() {
          return phase;
        },
        commit: async () => {
          this.log.push('commit');
          phase = 'committed';
        },
        rollback: async () => {
          this.log.push('rollback');
          phase = 'rolled back';
        },
      } as unknown as Transaction;
    },
  } as unknown as TransactionManager;

  readonly executor: StatementExecutor = {
    parse: async (text) => {
      const statements: Statement[] = [];
      let at = 0;
      for (const part of text.split(';')) {
        if (part.trim() !== '') statements.push(one(part, at));
        at += part.length + 1;
      }
      return statements;
    },
    values: () => undefined,
    sendValues: async () => undefined,
    columnsOf: () => [],
    prepare: async (_session, _tx, statement, text, given): Promise<PreparedStatement> => {
      const types = given === 'none' ? [] : given;
      this.prepared += 1;
      const plain =
        statement.kind === 'query' && statement.query.body.kind === 'values'
          ? String((statement.query.body.rows[0]?.[0] as { value: string }).value)
          : '';
      const casts = [...plain.matchAll(/\$(\d+)(?:::(\w+))?/g)];
      const parameters: SqlType[] = [];
      for (const [, n, type] of casts)
        parameters[Number(n) - 1] =
          types[Number(n) - 1] ?? (type === undefined ? varchar(65535) : { name: type as TypeName });
      const isRows = /^select \d+ rows/i.test(plain) || /^(fail|slow)/i.test(plain);
      const fields =
        statement.kind !== 'query'
          ? null
          : isRows
            ? [field('i', INT), field('t', { name: 'text' })]
            : parameters.map((t, i) => field(`p${i + 1}`, t));
      return { statement, text, parameters, fields, plan: plain };
    },
    lock: async (_tx, current) => void (await current()),
    lockWait: () => undefined,
    execute: async (session, _tx, prepared, parameters, formats, sink) => {
      this.executed += 1;
      const signal = session.cancelSignal;
      const plain = String(prepared.plan);
      if (prepared.statement.kind === 'insert') return 'INSERT 0 1';
      if (prepared.statement.kind !== 'query') return 'CREATE SCHEMA';
      if (plain.startsWith('bug')) throw new TypeError('something undefined');
      if (plain.startsWith('slow'))
        await new Promise((_r, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
      const types = [INT, { name: 'text' } as SqlType];
      const count = Number(/^select (\d+) rows/i.exec(plain)?.[1] ?? (plain.startsWith('fail') ? 1 : -1));
      if (count < 0) {
        await sink.rows(row(prepared.parameters, parameters, formats), 1);
        return 'SELECT';
      }
      try {
        for (let i = 0; i < count; i += 100) {
          const rows = [];
          for (let j = i; j < Math.min(count, i + 100); j++) rows.push(row(types, [j, `row ${j}`], formats));
          await sink.rows(Buffer.concat(rows), rows.length);
          this.produced += rows.length;
        }
      } catch (error) {
        this.aborted += 1;
        throw error;
      }
      if (plain.startsWith('fail'))
        throw new SqlError({ sqlstate: '22012', message: 'division by zero', hint: 'h', position: 3 });
      return 'SELECT';
    },
  };

  passwordRequired = false;
  dropping: string | undefined;
  readonly deps: SqlServiceDeps = {
    executor: this.executor,
    procedures: {
      bind: async () => ({ fields: null, args: undefined }),
      call: async () => 'CALL',
    },
    transactions: this.transactions,
    clock: systemClock,
    history: {
      nextQueryId: () => 1,
      add: (log, record) => void this.log.push(`history ${log} ${'event' in record ? record.event : ''}`.trim()),
      read: () => NOTHING,
      newest: () => [],
      rowsOf: () => 0,
      runSteps: () => NOTHING,
      recalled: async () => undefined,
      close: async () => undefined,
    },
    database: (n) => (n === 'dev' ? { kind: 'database', oid: 1, name: 'dev', ownerOid: 100 } : undefined),
    user: (n) => this.users.get(n),
    nodeOf: () => 0,
    users: () => [...this.users.values()],
    isDropping: ({ name }) => name === this.dropping,
    passwordRequired: () => this.passwordRequired,
    config: { defaultUser: 'admin', defaultDatabase: 'dev' },
  };
}
