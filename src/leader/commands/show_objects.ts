/**
 * SHOW of objects: databases, schemas, tables, columns, keys, grants, functions, and the definitions of tables and views.
 * What each lists is in the files ddl/show-*.ts, under the columns of ddl/shown-columns.ts.
 */
import { assert } from '../../common/assert.ts';
import { invalidParameterValue } from '../../common/errors/catalogue.ts';
import type { Listed, Show } from '../ddl/show-context.ts';
import { listColumnGrants, listGrantsFor, listGrantsOn } from '../ddl/show-grants.ts';
import { listPolicies } from '../ddl/show-policies.ts';
import { listExportedKeys, listForeignKeys, listPrimaryKeys } from '../ddl/show-keys.ts';
import { definition, listColumns, listDatabases, listSchemas, listTables } from '../ddl/show-relations.ts';
import { listFunctions, listParameters, listProcedures } from '../ddl/show-routines.ts';
import { SHOWN_COLUMNS } from '../ddl/shown-columns.ts';
import type { Statement } from '../parser/ast.ts';
import type { Shown } from '../parser/statements/show.ts';
import type { CommandContext } from './command.ts';
import { recorded } from './recorded-command.ts';

const LIMIT_MAX = 10_000;

/** A LIKE pattern as a test: % any run, _ one character, backslash escapes. */
export function likeTest(pattern: string | undefined): (text: string) => boolean {
  if (pattern === undefined) return () => true;
  let source = '';
  for (let i = 0; i < pattern.length; i++) {
    const c = pattern[i]!;
    if (c === '%') source += '.*';
    else if (c === '_') source += '.';
    else
      source += (c === '\\' && i + 1 < pattern.length ? pattern[++i]! : c).replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
  }
  const expression = new RegExp(`^${source}$`, 'su');
  return (text) => expression.test(text);
}

type List = (context: CommandContext, show: Show) => readonly Listed[] | Promise<readonly Listed[]>;
const LISTS: Readonly<Record<Exclude<Shown, 'table' | 'view'>, List>> = {
  databases: listDatabases,
  schemas: listSchemas,
  tables: listTables,
  columns: listColumns,
  'primary keys': listPrimaryKeys,
  'foreign keys': listForeignKeys,
  'exported keys': listExportedKeys,
  'grants on': listGrantsOn,
  'grants for': listGrantsFor,
  'column grants': listColumnGrants,
  'rls policies': listPolicies('rls'),
  'masking policies': listPolicies('masking'),
  procedures: listProcedures,
  functions: listFunctions,
  'procedure parameters': listParameters,
  'function parameters': listParameters,
};
/** Everything else goes by name. */
const IN_THEIR_ORDER: readonly Shown[] = ['columns', 'primary keys', 'procedure parameters', 'function parameters'];

const isBound = (statement: Extract<Statement, { kind: 'show-objects' }>): statement is typeof statement & Show =>
  [...statement.names, ...(statement.types ?? []), statement.like ?? ''].every((part) => typeof part === 'string');

export default recorded('utility', {
  kind: 'show-objects',
  doc: 'SHOW',
  async run(context, statement) {
    assert(isBound(statement), 'SHOW runs with its parameters put in');
    const { what, limit, like } = statement;
    const columns = SHOWN_COLUMNS[what];
    const result = { columns: columns.map((c) => c.name), types: columns.map((c) => c.type) };
    if (what === 'table' || what === 'view') {
      return { tag: 'SHOW', rows: { ...result, rows: definition(context, statement) } };
    }
    if (limit !== undefined && (limit < 0 || limit > LIMIT_MAX)) {
      throw invalidParameterValue(`LIMIT must be between 0 and ${LIMIT_MAX}`);
    }
    const matches = likeTest(like);
    const kept = (await LISTS[what](context, statement)).filter(([name]) => matches(name));
    const sorted = IN_THEIR_ORDER.includes(what) ? kept : [...kept].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    const rows = sorted.slice(0, limit ?? LIMIT_MAX).map(([, cells]) => cells);
    return { tag: 'SHOW', rows: { ...result, rows } };
  },
});
