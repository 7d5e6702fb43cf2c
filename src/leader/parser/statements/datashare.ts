/**
 * Datashares: CREATE, ALTER, DROP, DESC and SHOW, GRANT and REVOKE of their use, and CREATE DATABASE FROM DATASHARE.
 */
import type { QualifiedName, StatementBody } from '../ast.ts';
import type { Cursor } from '../cursor.ts';
import { parameters, type RoutineReference } from './routine.ts';

/** What ALTER DATASHARE adds or removes. */
export type SharedObjects =
  | { readonly kind: 'schemas'; readonly names: readonly string[] }
  | { readonly kind: 'relations'; readonly names: readonly QualifiedName[] }
  | { readonly kind: 'functions'; readonly functions: readonly RoutineReference[] }
  | { readonly kind: 'all tables' | 'all functions'; readonly schemas: readonly string[] };

const switchWord = (c: Cursor): boolean => {
  c.acceptSymbol('=');
  return c.oneOf('true', 'false', 'on', 'off', 't', 'f').startsWith('t') || c.peek(-1)?.value === 'on';
};

/** The cursor stands behind CREATE DATASHARE. */
export function createDatashare(c: Cursor): StatementBody {
  const name = c.name();
  let isPublic = false;
  if (c.accept('set', 'publicaccessible') || c.accept('publicaccessible')) isPublic = switchWord(c);
  if (c.accept('managedby')) {
    c.expect('adx');
    c.lacks('Datashares managed by AWS Data Exchange are not supported', c.pos);
  }
  return { kind: 'create-datashare', name, isPublic };
}

function functionReference(c: Cursor): RoutineReference {
  const name = c.qualified();
  const types = parameters(c).map((p) => p.type);
  return { kind: 'function', name, types };
}
function objects(c: Cursor): SharedObjects {
  if (c.accept('table')) return { kind: 'relations', names: c.list(() => c.qualified()) };
  if (c.accept('schema')) return { kind: 'schemas', names: c.list(() => c.name()) };
  if (c.accept('function')) return { kind: 'functions', functions: c.list(() => functionReference(c)) };
  c.expect('all');
  const kind = c.oneOf('tables', 'functions') === 'tables' ? 'all tables' : 'all functions';
  c.expect('in', 'schema');
  return { kind, schemas: c.list(() => c.name()) };
}

/** The cursor stands behind ALTER DATASHARE. */
export function alterDatashare(c: Cursor): StatementBody {
  const name = c.name();
  if (c.atAny(['add', 'remove'])) {
    const action = c.word() as 'add' | 'remove';
    return { kind: 'alter-datashare', name, change: { action, objects: objects(c) } };
  }
  let isPublic: boolean | undefined;
  let includeNew: { readonly schema: string; readonly value: boolean } | undefined;
  do {
    c.expect('set');
    if (c.accept('publicaccessible')) isPublic = switchWord(c);
    else {
      c.expect('includenew');
      const value = switchWord(c);
      c.expect('for', 'schema');
      includeNew = { schema: c.name(), value };
    }
  } while (c.atWords('set'));
  return {
    kind: 'alter-datashare',
    name,
    ...(isPublic === undefined ? {} : { isPublic }),
    ...(includeNew === undefined ? {} : { includeNew }),
  };
}

/** The cursor stands behind DROP DATASHARE. */
export const dropDatashare = (c: Cursor): StatementBody => ({ kind: 'drop-datashare', name: c.name() });

/** OF [ACCOUNT a] NAMESPACE n; undefined when it is not there. */
function ofNamespace(c: Cursor): string | undefined {
  if (!c.accept('of')) return undefined;
  if (c.accept('account')) c.string();
  c.expect('namespace');
  return c.string();
}
/** The cursor stands behind DESC. */
export function descDatashare(c: Cursor): StatementBody {
  c.expect('datashare');
  const name = c.name();
  const namespace = ofNamespace(c);
  return { kind: 'desc-datashare', name, ...(namespace === undefined ? {} : { namespace }) };
}
/** The cursor stands behind SHOW DATASHARES. */
export function showDatashares(c: Cursor): StatementBody {
  const like = c.accept('like') ? c.string() : undefined;
  c.expectEnd();
  return { kind: 'show-datashares', ...(like === undefined ? {} : { like }) };
}

/** The cursor stands behind CREATE DATABASE name FROM; undefined when no DATASHARE follows. */
export function databaseFromShare(c: Cursor, name: string): StatementBody | undefined {
  if (!c.accept('datashare')) return undefined;
  const share = c.name();
  const namespace = ofNamespace(c);
  if (namespace === undefined) throw c.fail();
  const withPermissions = c.accept('with', 'permissions');
  return { kind: 'create-shared-database', name, share, namespace, withPermissions };
}

/** GRANT or REVOKE USAGE ON DATASHARE s TO or FROM {NAMESPACE | ACCOUNT} id, ...; undefined for anything else. */
export function shareGrant(c: Cursor, kind: 'grant' | 'revoke'): StatementBody | undefined {
  if (!c.atWords('usage', 'on', 'datashare')) return undefined;
  c.index += 3;
  const name = c.name();
  c.expect(kind === 'grant' ? 'to' : 'from');
  const consumers = c.list(() => {
    const what = c.oneOf('namespace', 'account') as 'namespace' | 'account';
    const id = c.string();
    if (what === 'account') c.accept('via', 'data', 'catalog');
    return { kind: what, id };
  });
  c.expectEnd();
  return { kind: 'share-usage', give: kind === 'grant', name, consumers };
}
