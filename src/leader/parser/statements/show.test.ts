/** SHOW: every form, its names as texts and as parameters. */
import { beforeAll, expect, test } from 'vitest';
import { parseStatementsSync, warmParser } from '../parser.ts';

beforeAll(() => warmParser());

test.for([
  ['show all', { kind: 'show', name: 'all' }],
  ['show time zone', { kind: 'show', name: 'timezone' }],
  ['show transaction isolation level', { kind: 'show', name: 'transaction_isolation' }],
  ["show databases like 'd%' limit 5", { kind: 'show-objects', what: 'databases', like: 'd%', limit: 5 }],
  ['show schemas from database d', { what: 'schemas', names: ['d'] }],
  ['show tables from schema d.s', { what: 'tables', names: ['d', 's'] }],
  [
    'show tables from schema $1.$2 like $3',
    { what: 'tables', names: [{ parameter: 1 }, { parameter: 2 }], like: { parameter: 3 } },
  ],
  ['show columns from table d.s.t', { what: 'columns', names: ['d', 's', 't'] }],
  ['show constraints primary keys from table s.t', { what: 'primary keys', names: ['s', 't'] }],
  ['show constraints foreign keys exported from table t', { what: 'exported keys', names: ['t'] }],
  ['show column grants on table t for role r limit 3', { grantee: { kind: 'role', name: 'r' }, limit: 3 }],
  ['show grants on schema s for public', { what: 'grants on', on: 'schema', grantee: { kind: 'public' } }],
  ['show grants for u from database d', { what: 'grants for', names: ['d'], grantee: { kind: 'user', name: 'u' } }],
  [
    'show parameters of function $1.s.f(numeric(10, 2), $2, double precision)',
    {
      what: 'function parameters',
      names: [{ parameter: 1 }, 's', 'f'],
      types: ['numeric(10,2)', { parameter: 2 }, 'double precision'],
    },
  ],
  ['show table s.t', { what: 'table', names: ['s', 't'] }],
  ['show view v', { what: 'view', names: ['v'] }],
] as const)('%s', ([sql, want]) => {
  expect(parseStatementsSync(sql)[0]).toMatchObject(want);
});

test.for([
  ['show tables from schema a.b.c', 'syntax error at or near "c"'],
  ['show tables from s', 'syntax error at or near "s"'],
  ['show parameters of function f', 'syntax error at end of input'],
  ["show tables from schema s limit 5 like 'x'", 'syntax error at or near "like"'],
] as const)('%s is refused', ([sql, message]) => {
  expect(() => parseStatementsSync(sql)).toThrow(message);
});
