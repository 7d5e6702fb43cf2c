/**
 * GRANT and REVOKE on tables, schemas and databases. Privilege words come out in lower case; ALL is 'all'.
 */
import { featureNotSupported } from '../../../common/errors/catalogue.ts';
import type { StatementBody } from '../ast.ts';
import { SqlError } from '../../../common/errors/sql-error.ts';
import type { Cursor } from '../cursor.ts';
import { refusedWith } from '../grammar/commands.ts';
import { shareGrant } from './datashare.ts';
import { matchRest } from '../grammar/match.ts';
import { GRANT, REVOKE } from '../grammar/missing-commands.ts';

type Grant = Extract<StatementBody, { kind: 'grant' | 'revoke' }>;

const PRIVILEGES = [
  'select',
  'insert',
  'update',
  'delete',
  'drop',
  'references',
  'alter',
  'truncate',
  'create',
  'temp',
  'temporary',
  'usage',
  'rule',
  'trigger',
];
const OTHER_OBJECTS = ['function', 'procedure', 'language', 'datashare', 'model', 'copy', 'template'];

function privileges(c: Cursor): string[] {
  if (c.accept('all')) {
    c.accept('privileges');
    return ['all'];
  }
  return c.list(() => {
    if (!c.atAny(PRIVILEGES)) throw featureNotSupported(OTHER_KIND, c.pos + 1);
    const word = c.word();
    if (c.at('(')) throw featureNotSupported('Column-level privileges are not supported', c.pos + 1);
    return word === 'temporary' ? 'temp' : word;
  });
}

function objects(c: Cursor): Pick<Grant, 'objectKind' | 'all' | 'names'> {
  c.expect('on');
  if (c.accept('schema')) return { objectKind: 'schema', all: false, names: c.list(() => c.qualified()) };
  if (c.accept('database')) return { objectKind: 'database', all: false, names: c.list(() => c.qualified()) };
  if (c.accept('all', 'tables', 'in', 'schema')) {
    return { objectKind: 'table', all: true, names: c.list(() => c.qualified()) };
  }
  const next = c.peek(1);
  const bareName =
    next?.kind === 'punct' || (next?.kind === 'word' && (next.value === 'to' || next.value === 'from'));
  if (!bareName && (c.atAny(OTHER_OBJECTS) || c.atWords('all'))) {
    throw featureNotSupported('Privileges on this kind of object are not supported', c.pos + 1);
  }
  c.accept('table');
  return { objectKind: 'table', all: false, names: c.list(() => c.qualified()) };
}

function grantee(c: Cursor): Grant['grantees'][number] {
  if (c.accept('public')) return { kind: 'public', name: 'public' };
  if (c.accept('group')) return { kind: 'group', name: c.name() };
  if (c.atWords('role') && c.peek(1) !== undefined && c.peek(1)?.kind !== 'punct') {
    throw featureNotSupported('Roles are not supported', c.pos + 1);
  }
  return { kind: 'user', name: c.name() };
}

const OTHER_KIND = 'This kind of GRANT or REVOKE is not supported';

/** The cursor stands behind GRANT or REVOKE. Forms that are not carried out are refused when their syntax is right. */
export function grant(c: Cursor, kind: 'grant' | 'revoke'): StatementBody {
  const share = shareGrant(c, kind);
  if (share !== undefined) return share;
  try {
    return ownGrant(c, kind);
  } catch (thrown) {
    if (!(thrown instanceof SqlError)) throw thrown;
    c.index = 0;
    matchRest(c, kind === 'grant' ? GRANT : REVOKE);
    return refusedWith(kind.toUpperCase(), thrown.sqlstate === '0A000' ? thrown : featureNotSupported(OTHER_KIND));
  }
}

function ownGrant(c: Cursor, kind: 'grant' | 'revoke'): StatementBody {
  let grantOption = kind === 'revoke' && c.accept('grant', 'option', 'for');
  const words = privileges(c);
  if (!c.atWords('on')) throw featureNotSupported(OTHER_KIND, c.pos + 1);
  const target = objects(c);
  c.expect(kind === 'grant' ? 'to' : 'from');
  const grantees = c.list(() => grantee(c));
  if (kind === 'grant') grantOption = c.accept('with', 'grant', 'option');
  else if (c.atWords('cascade')) throw featureNotSupported('REVOKE ... CASCADE is not supported', c.pos + 1);
  else c.accept('restrict');
  c.expectEnd();
  return { kind, privileges: words, ...target, grantees, ...(grantOption ? { grantOption } : {}) };
}
