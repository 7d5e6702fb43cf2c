/**
 * SHOW of settings and of objects. SHOW ALL has the name 'all'.
 */
import { featureNotSupported } from '../../../common/errors/catalogue.ts';
import type { QualifiedName, StatementBody } from '../ast.ts';
import type { Cursor } from '../cursor.ts';

type ShowObjects = Extract<StatementBody, { kind: 'show-objects' }>;
type What = ShowObjects['what'];

/** Forms we have not, told from settings by the word behind. */
const REFUSED: readonly (readonly string[])[] = [
  ['grants'],
  ['column', 'grants'],
  ['constraints'],
  ['datashares'],
  ['external', 'table'],
  ['functions'],
  ['procedures'],
  ['parameters'],
  ['procedure'],
  ['model'],
  ['rls', 'policies'],
  ['masking', 'policies'],
  ['template'],
  ['templates'],
  ['use'],
];

/** [database.]schema as a name: the parser of qualified names takes the first part for a schema. */
function schemaName(c: Cursor): QualifiedName {
  const { schema, name, pos } = c.qualified();
  return { ...(schema === undefined ? {} : { database: schema }), name, pos };
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
    if (c.atWords('from')) throw featureNotSupported('SHOW DATABASES FROM DATA CATALOG is not supported', c.pos + 1);
    return tail(c, 'databases', undefined);
  }
  if (c.accept('schemas')) return tail(c, 'schemas', c.accept('from', 'database') ? c.qualified() : undefined);
  if (c.accept('tables')) return tail(c, 'tables', c.accept('from', 'schema') ? schemaName(c) : undefined);
  if (c.accept('columns')) {
    c.expect('from', 'table');
    return tail(c, 'columns', c.qualified());
  }
  for (const what of ['table', 'view'] as const) {
    if (c.atWords(what) && c.peek(1) !== undefined) {
      c.next();
      return tail(c, what, c.qualified());
    }
  }
  return undefined;
}

function settingName(c: Cursor): string {
  if (c.accept('time', 'zone')) return 'timezone';
  if (c.accept('transaction', 'isolation', 'level')) return 'transaction_isolation';
  if (c.accept('session', 'authorization')) return 'session_authorization';
  const first = c.name();
  return c.acceptSymbol('.') ? `${first}.${c.name()}` : first;
}

/** The cursor stands behind SHOW. */
export function show(c: Cursor): StatementBody {
  const found = objects(c);
  if (found !== undefined) return found;
  if (c.peek(1) !== undefined) {
    const refused = REFUSED.find((words) => c.atWords(...words));
    if (refused !== undefined) {
      throw featureNotSupported(`SHOW ${refused.join(' ').toUpperCase()} is not supported`, c.pos + 1);
    }
  }
  const name = settingName(c);
  c.expectEnd();
  return { kind: 'show', name };
}
