/**
 * GRANT and REVOKE: privileges on objects, on all of a schema's, on what a schema or database will hold (FOR TABLES IN),
 * roles, system privileges, and ASSUMEROLE. Privilege words come out in lower case; ALL is 'all'.
 */
import { featureNotSupported } from '../../../common/errors/catalogue.ts';
import { SqlError } from '../../../common/errors/sql-error.ts';
import type { QualifiedName, StatementBody } from '../ast.ts';
import type { Cursor } from '../cursor.ts';
import { refusedWith } from '../grammar/commands.ts';
import { shareGrant } from './datashare.ts';
import { matchRest } from '../grammar/match.ts';
import { GRANT, REVOKE } from '../grammar/missing-commands.ts';
import { routineReference, type RoutineReference } from './routine.ts';

/** Who is given something. `option`: he may give it on. */
export interface GivenTo {
  readonly kind: 'user' | 'group' | 'role' | 'public' | 'rls policy';
  readonly name: string;
  readonly option?: boolean;
}
export interface GivenPrivilege {
  readonly word: string;
  readonly columns?: readonly string[];
}
type ObjectWord = 'table' | 'schema' | 'database' | 'datashare' | 'language' | 'function' | 'procedure';
/** What is given or taken. */
export type Given =
  | {
      readonly kind: 'objects';
      readonly privileges: readonly GivenPrivilege[];
      readonly on: ObjectWord;
      /** Everything of the kind in the schemas that `names` name. */
      readonly all: boolean;
      readonly names: readonly QualifiedName[];
      /** Functions and procedures that are named. */
      readonly routines?: readonly RoutineReference[];
    }
  | {
      readonly kind: 'scoped';
      readonly privileges: readonly GivenPrivilege[];
      readonly objects: ScopedWord;
      readonly schema?: string;
      readonly database?: string;
    }
  | { readonly kind: 'roles'; readonly names: readonly string[] }
  | { readonly kind: 'system'; readonly privileges: readonly string[] }
  | {
      readonly kind: 'assumerole';
      /** ARNs; 'default' or 'all'. */
      readonly roles: readonly string[];
      readonly commands: readonly string[];
    };
export interface GrantOrRevoke {
  readonly kind: 'grant' | 'revoke';
  readonly given: Given;
  readonly grantees: readonly GivenTo[];
  /** GRANT OPTION FOR and ADMIN OPTION FOR: the option alone is taken. */
  readonly optionOnly?: boolean;
}

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
  'execute',
  'share',
  'rule',
  'trigger',
];
const SCOPED = ['schemas', 'tables', 'functions', 'procedures', 'languages'] as const;
export type ScopedWord = (typeof SCOPED)[number];
const OTHER_KIND = 'This kind of GRANT or REVOKE is not supported';
const otherKind = (c: Cursor): SqlError => featureNotSupported(OTHER_KIND, c.pos + 1);

/** `unknown`: what another word is told. */
export function privileges(c: Cursor, unknown = otherKind): readonly GivenPrivilege[] {
  if (c.accept('all')) {
    c.accept('privileges');
    return [{ word: 'all', ...(c.at('(') ? { columns: c.nameList() } : {}) }];
  }
  return c.list(() => {
    if (!c.atAny(PRIVILEGES)) throw unknown(c);
    const word = c.word();
    const columns = c.at('(') ? { columns: c.nameList() } : {};
    return { word: word === 'temporary' ? 'temp' : word, ...columns };
  });
}

/** Words of system privileges behind the first. */
const SYSTEM: Readonly<Record<string, readonly string[]>> = {
  create: [
    'user',
    'schema',
    'table',
    'role',
    'database',
    'model',
    'library',
    'datashare',
    'or replace external function',
    'or replace function',
    'or replace procedure',
    'or replace view',
    'external function',
    'function',
    'procedure',
    'view',
  ],
  drop: ['user', 'schema', 'table', 'role', 'function', 'procedure', 'view', 'model', 'library', 'datashare'],
  alter: ['default privileges', 'user', 'table', 'datashare'],
  access: ['catalog', 'system table'],
  truncate: ['table'],
  explain: ['rls', 'masking'],
  ignore: ['rls'],
  vacuum: [''],
  analyze: [''],
  cancel: [''],
};
const REPLACED = /^CREATE (?=(EXTERNAL FUNCTION|FUNCTION|PROCEDURE|VIEW)$)/;

/** A system privilege by its full name; undefined when none stands here. */
function systemPrivilege(c: Cursor): string | undefined {
  const first = c.peek();
  const more = first?.kind === 'word' && Object.hasOwn(SYSTEM, first.value) ? SYSTEM[first.value] : undefined;
  for (const rest of more ?? []) {
    const words = [first!.value, ...rest.split(' ').filter((word) => word !== '')];
    if (!c.accept(...words)) continue;
    return words.join(' ').toUpperCase().replace(REPLACED, 'CREATE OR REPLACE ');
  }
  return undefined;
}

function objects(c: Cursor): Omit<Extract<Given, { kind: 'objects' }>, 'kind' | 'privileges'> {
  const named = (on: ObjectWord) => ({ on, all: false, names: c.list(() => c.qualified()) });
  const next = c.peek(1);
  const bareName =
    next === undefined ||
    next.kind === 'punct' ||
    (next.kind === 'word' && (next.value === 'to' || next.value === 'from'));
  if (bareName) return named('table');
  for (const on of ['schema', 'database', 'datashare', 'language'] as const) if (c.accept(on)) return named(on);
  for (const on of ['function', 'procedure'] as const) {
    if (!c.accept(on)) continue;
    const routines = c.list(() => routineReference(c, on, false));
    return { on, all: false, names: [], routines };
  }
  if (c.accept('all')) {
    const on = { tables: 'table', functions: 'function', procedures: 'procedure' } as const;
    const kind = on[c.oneOf(...Object.keys(on)) as keyof typeof on];
    c.expect('in', 'schema');
    return { on: kind, all: true, names: c.list(() => c.qualified()) };
  }
  if (c.atAny(['model', 'copy', 'template', 'external'])) throw otherKind(c);
  c.accept('table');
  return named('table');
}

function scoped(c: Cursor, words: readonly GivenPrivilege[]): Given {
  const of = c.oneOf(...SCOPED) as ScopedWord;
  c.expect('in');
  if (c.accept('database')) return { kind: 'scoped', privileges: words, objects: of, database: c.name() };
  c.expect('schema');
  const schema = c.name();
  const database = c.accept('database') ? { database: c.name() } : {};
  return { kind: 'scoped', privileges: words, objects: of, schema, ...database };
}

const ROLE_COMMANDS = ['copy', 'unload', 'external function', 'create model'];

/** ASSUMEROLE [ON {'arn', ... | DEFAULT | ALL}]; the commands come behind the grantees. */
function assumedRoles(c: Cursor): readonly string[] {
  if (!c.accept('on')) return ['all'];
  if (c.accept('default')) return ['default'];
  return c.accept('all') ? ['all'] : c.list(() => c.string());
}
function roleCommands(c: Cursor): readonly string[] {
  if (!c.accept('for') || c.accept('all')) return ROLE_COMMANDS;
  return c.list(() => {
    const found = ROLE_COMMANDS.find((words) => c.accept(...words.split(' ')));
    if (found === undefined) throw c.fail();
    return found;
  });
}

function given(c: Cursor): Given {
  const next = c.peek(1);
  if (c.atWords('role') && (next?.kind === 'word' || next?.kind === 'quoted')) {
    c.next();
    const names = [c.name()];
    while (c.acceptSymbol(',')) {
      const behind = c.peek(1);
      if (c.atWords('role') && (behind?.kind === 'word' || behind?.kind === 'quoted')) c.next();
      names.push(c.name());
    }
    return { kind: 'roles', names };
  }
  if (c.accept('assumerole')) return { kind: 'assumerole', roles: assumedRoles(c), commands: [] };
  const first = systemPrivilege(c);
  if (first !== undefined) {
    const others: string[] = [];
    while (c.acceptSymbol(',')) {
      const other = systemPrivilege(c);
      if (other === undefined) throw c.fail();
      others.push(other);
    }
    return { kind: 'system', privileges: [first, ...others] };
  }
  const words = privileges(c);
  if (c.accept('for')) return scoped(c, words);
  c.expect('on');
  return { kind: 'objects', privileges: words, ...objects(c) };
}

function granteeName(c: Cursor): Omit<GivenTo, 'option'> {
  if (c.accept('public')) return { kind: 'public', name: 'public' };
  if (c.accept('rls', 'policy')) return { kind: 'rls policy', name: c.name() };
  if (c.accept('group')) return { kind: 'group', name: c.name() };
  const next = c.peek(1);
  const named = next?.kind === 'word' ? next.value !== 'with' && next.value !== 'for' : next?.kind === 'quoted';
  if (c.atWords('role') && named) {
    c.next();
    return { kind: 'role', name: c.name() };
  }
  return { kind: 'user', name: c.name() };
}
/** A grantee, with WITH GRANT OPTION or WITH ADMIN OPTION behind it where that may stand. */
export function grantee(c: Cursor, option?: 'grant' | 'admin'): GivenTo {
  const who = granteeName(c);
  return option !== undefined && c.accept('with', option, 'option') ? { ...who, option: true } : who;
}

/** The cursor stands behind GRANT or REVOKE. Forms that are not carried out are refused when their syntax is right. */
export function grant(c: Cursor, kind: 'grant' | 'revoke'): StatementBody {
  const share = shareGrant(c, kind);
  if (share !== undefined) return share;
  const start = c.index;
  try {
    return ownGrant(c, kind);
  } catch (thrown) {
    if (!(thrown instanceof SqlError)) throw thrown;
    c.index = start - 1;
    matchRest(c, kind === 'grant' ? GRANT : REVOKE);
    return refusedWith(kind.toUpperCase(), thrown.sqlstate === '0A000' ? thrown : featureNotSupported(OTHER_KIND));
  }
}

function ownGrant(c: Cursor, kind: 'grant' | 'revoke'): StatementBody {
  const optionFor =
    kind === 'revoke' ? (['grant', 'admin'] as const).find((w) => c.accept(w, 'option', 'for')) : undefined;
  const what = given(c);
  const option = what.kind === 'roles' ? 'admin' : 'grant';
  if (optionFor !== undefined && optionFor !== option) throw c.fail();
  c.expect(kind === 'grant' ? 'to' : 'from');
  const mayGive = kind === 'grant' && ['roles', 'objects', 'scoped'].includes(what.kind);
  const grantees = c.list(() => grantee(c, mayGive ? option : undefined));
  const whole = what.kind === 'assumerole' ? { ...what, commands: roleCommands(c) } : what;
  if (kind === 'revoke') {
    if (c.atWords('cascade')) throw featureNotSupported('REVOKE ... CASCADE is not supported', c.pos + 1);
    c.accept('restrict');
  }
  c.expectEnd();
  return { kind, given: whole, grantees, ...(optionFor === undefined ? {} : { optionOnly: true }) };
}
