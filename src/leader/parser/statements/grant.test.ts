/**
 * GRANT, REVOKE, roles, default privileges and policies: what each parses to.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { parseStatementsSync, warmParser } from '../parser.ts';

beforeAll(warmParser);

const CASES: readonly (readonly [text: string, expected: object])[] = [
  [
    'grant select, insert (a) on t, s.u to alice with grant option, group g, role r, public',
    {
      kind: 'grant',
      given: {
        kind: 'objects',
        on: 'table',
        all: false,
        privileges: [{ word: 'select' }, { word: 'insert', columns: ['a'] }],
        names: [{ name: 't' }, { name: 'u', schema: 's' }],
      },
      grantees: [
        { kind: 'user', name: 'alice', option: true },
        { kind: 'group', name: 'g' },
        { kind: 'role', name: 'r' },
        { kind: 'public', name: 'public' },
      ],
    },
  ],
  [
    'grant all privileges on all tables in schema a, b to u',
    { given: { all: true, privileges: [{ word: 'all' }], names: [{ name: 'a' }, { name: 'b' }] } },
  ],
  ['grant usage, create on schema s to u', { given: { on: 'schema' } }],
  ['grant temporary on database d to u', { given: { on: 'database', privileges: [{ word: 'temp' }] } }],
  [
    'grant execute on procedure p(int), q() to u',
    { given: { on: 'procedure', routines: [{ name: { name: 'p' } }, {}] } },
  ],
  [
    'grant select for tables in schema s database d to role r',
    { given: { kind: 'scoped', schema: 's', database: 'd' } },
  ],
  ['grant role a, role b to u with admin option, role c', { given: { kind: 'roles', names: ['a', 'b'] } }],
  [
    'grant create user, create procedure, truncate table, vacuum to role r',
    { given: { privileges: ['CREATE USER', 'CREATE OR REPLACE PROCEDURE', 'TRUNCATE TABLE', 'VACUUM'] } },
  ],
  [
    "grant assumerole on 'arn:x', 'arn:y' to u for copy, external function",
    { given: { kind: 'assumerole', roles: ['arn:x', 'arn:y'], commands: ['copy', 'external function'] } },
  ],
  ['revoke all on table t from u restrict', { kind: 'revoke', given: { privileges: [{ word: 'all' }] } }],
  ['revoke grant option for select on t from u', { kind: 'revoke', optionOnly: true }],
  ['revoke admin option for role r from u', { kind: 'revoke', optionOnly: true, given: { names: ['r'] } }],
  ['alter role r rename to s, owner to u', { kind: 'alter-role', changes: [{ kind: 'rename' }, { kind: 'owner' }] }],
  ['drop role r force', { kind: 'drop', objectKind: 'role', force: true }],
  [
    'alter default privileges for user a, b in schema s grant select on tables to role r',
    {
      kind: 'alter-default-privileges',
      users: ['a', 'b'],
      schemas: ['s'],
      objects: 'tables',
      change: { kind: 'grant' },
    },
  ],
  [
    'create rls policy p with (c varchar(10)) as t using (t.c = current_user and t.c in (1, 2))',
    {
      kind: 'create-policy',
      of: 'rls',
      alias: 't',
      using: { text: 't.c = current_user and t.c in (1, 2)', items: 1 },
    },
  ],
  [
    'create masking policy if not exists p with (a int, b int) using (f(a, b), b)',
    { kind: 'create-policy', of: 'masking', ifNotExists: true, using: { text: 'f(a, b), b', items: 2 } },
  ],
  [
    'attach masking policy p on t (a, b) using (a) to role r priority 10',
    {
      kind: 'attach-policy',
      outputs: ['a', 'b'],
      inputs: ['a'],
      priority: 10,
      grantees: [{ kind: 'role', name: 'r' }],
    },
  ],
  [
    'detach rls policy p on t, s.u from a, public',
    { kind: 'detach-policy', relations: [{ name: 't' }, { name: 'u' }] },
  ],
  [
    'alter table t row level security on conjunction type or',
    { kind: 'row-level-security', on: true, conjunction: 'or' },
  ],
];

describe('privileges', () => {
  test.each(CASES)('%s', (text, expected) => {
    const [statement] = parseStatementsSync(text);
    expect(statement).toMatchObject(expected);
  });
});
