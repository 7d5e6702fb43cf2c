/**
 * SHOW of settings and of objects. SHOW ALL has the name 'all'.
 */
import type { QualifiedName, StatementBody } from '../ast.ts';
import type { Cursor } from '../cursor.ts';
import { missing } from '../grammar/commands.ts';

type ShowObjects = Extract<StatementBody, { kind: 'show-objects' }>;
type What = ShowObjects['what'];

const FROM_CATALOG = 'FROM DATA CATALOG [ACCOUNT value ,...] [LIKE string] [IAM_ROLE role]';

/** [database.]schema as a name: the parser of qualified names takes the first part for a schema. */
function schemaName(c: Cursor): QualifiedName {
  const { schema, name, pos } = c.qualified();
  return { ...(schema === undefined ? {} : { database: schema }), name, pos };
}

/** [FROM kind name] */
function ofKind(c: Cursor, kind: string, name: () => QualifiedName): QualifiedName | undefined {
  if (!c.accept('from')) return undefined;
  c.expect(kind);
  return name();
}

function tail(c: Cursor, what: What, name: QualifiedName | undefined): StatementBody {
  const like = c.accept('like') ? c.string() : undefined;
  const limit = c.accept('limit') ? c.integer() : undefined;
  c.expectEnd();
  return {
    kind: 'show-objects',
    what,
    ...(name === undefined ? {} : { name }),
    ...(like === undefined ? {} : { like }),
    ...(limit === undefined ? {} : { limit }),
  };
}

function objects(c: Cursor): StatementBody | undefined {
  if (c.accept('databases')) {
    if (c.atWords('from')) return missing(c, 'SHOW DATABASES FROM DATA CATALOG', FROM_CATALOG);
    return tail(c, 'databases', undefined);
  }
  if (c.accept('schemas')) return tail(c, 'schemas', ofKind(c, 'database', c.qualified.bind(c)));
  if (c.accept('tables'))
    return tail(
      c,
      'tables',
      ofKind(c, 'schema', () => schemaName(c)),
    );
  if (c.accept('columns')) {
    c.expect('from', 'table');
    return tail(c, 'columns', c.qualified());
  }
  for (const what of ['table', 'view'] as const) {
    if (c.accept(what)) return tail(c, what, c.qualified());
  }
  return undefined;
}

function settingName(c: Cursor): string {
  if (c.accept('time', 'zone')) return 'timezone';
  if (c.accept('transaction', 'isolation', 'level')) return 'transaction_isolation';
  if (c.accept('session', 'authorization')) return 'session_authorization';
  if (c.accept('all')) return 'all';
  const first = c.name();
  return c.acceptSymbol('.') ? `${first}.${c.word()}` : first;
}

/** The cursor stands behind SHOW. */
export function show(c: Cursor): StatementBody {
  const found = objects(c);
  if (found !== undefined) return found;
  const name = settingName(c);
  c.expectEnd();
  return { kind: 'show', name };
}
