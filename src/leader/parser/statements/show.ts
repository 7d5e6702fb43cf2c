/**
 * SHOW of settings and of objects. SHOW ALL has the name 'all'. Redshift's drivers give the names and patterns of SHOW as
 * parameters ($1), one for each part of a name.
 */
import type { StatementBody } from '../ast.ts';
import type { Cursor } from '../cursor.ts';
import { missing } from '../grammar/commands.ts';

/** What SHOW lists, or whose definition it prints. */
export type Shown =
  | 'databases'
  | 'schemas'
  | 'tables'
  | 'columns'
  | 'primary keys'
  | 'foreign keys'
  | 'exported keys'
  | 'grants on'
  | 'grants for'
  | 'column grants'
  | 'rls policies'
  | 'masking policies'
  | 'procedures'
  | 'functions'
  | 'procedure parameters'
  | 'function parameters'
  | 'table'
  | 'view';
/** A name, a part of one or a pattern, or the number of the parameter that gives it. */
export type Given = string | { readonly parameter: number };

export interface ShowObjects<T = Given> {
  readonly kind: 'show-objects';
  readonly what: Shown;
  /** What the object is whose grants are shown. */
  readonly on?: 'database' | 'schema' | 'table' | 'view' | 'function' | 'procedure';
  /** Parts of the name behind FROM, ON or OF, the widest first; none when there is none. */
  readonly names: readonly T[];
  /** Where the name begins. */
  readonly pos: number;
  /** Argument types of a function or procedure. */
  readonly types?: readonly T[];
  /** FROM DATABASE of policies. */
  readonly database?: string;
  /** Whose grants are shown; undefined for everybody's. */
  readonly grantee?: Grantee;
  readonly like?: T;
  readonly limit?: number;
}
export type Grantee = { readonly kind: 'public' } | { readonly kind: 'user' | 'role'; readonly name: string };

const FROM_CATALOG = 'FROM DATA CATALOG [ACCOUNT value ,...] [LIKE string] [IAM_ROLE role]';

function parameter(c: Cursor): Given | undefined {
  const token = c.peek();
  if (token?.kind !== 'param') return undefined;
  c.index += 1;
  return { parameter: Number(token.value) };
}

/** A name of at most `partsMax` parts. */
function parts(c: Cursor, partsMax: number): readonly Given[] {
  const found = [parameter(c) ?? c.name()];
  while (c.acceptSymbol('.')) found.push(parameter(c) ?? c.word());
  if (found.length > partsMax) throw c.fail(c.peek(-1));
  return found;
}

/** (type, ...): texts of types, or parameters. */
function argumentTypes(c: Cursor): readonly Given[] {
  c.expectSymbol('(');
  const types: Given[] = [];
  while (!c.acceptSymbol(')')) {
    if (types.length > 0) c.expectSymbol(',');
    types.push(parameter(c) ?? typeText(c));
  }
  return types;
}
function typeText(c: Cursor): string {
  const words = [c.word()];
  while (c.peek()?.kind === 'word') words.push(c.word());
  if (c.acceptSymbol('(')) {
    const modifiers = [c.integer()];
    while (c.acceptSymbol(',')) modifiers.push(c.integer());
    c.expectSymbol(')');
    words[0] = `${words[0]}(${modifiers.join(',')})`;
  }
  return words.join(' ');
}

function grantee(c: Cursor): Grantee {
  if (c.accept('public')) return { kind: 'public' };
  return c.accept('role') ? { kind: 'role', name: c.name() } : { kind: 'user', name: c.name() };
}

/** The name and where it begins. */
const named = (c: Cursor, partsMax: number): Pick<ShowObjects, 'pos' | 'names'> => ({
  pos: c.pos,
  names: parts(c, partsMax),
});

type Head = Omit<ShowObjects, 'kind' | 'like' | 'limit'>;
/** What may follow the name. */
const TAILS: Readonly<
  Record<'listing' | 'limited' | 'limit' | 'patterned' | 'none', readonly ('for' | 'like' | 'limit')[]>
> = {
  listing: ['like', 'limit'],
  limited: ['for', 'like', 'limit'],
  limit: ['limit'],
  patterned: ['like'],
  none: [],
};

function tail(c: Cursor, head: Head, tails: keyof typeof TAILS): StatementBody {
  const may = TAILS[tails];
  const whose = may.includes('for') && c.accept('for') ? { grantee: grantee(c) } : {};
  const like = may.includes('like') && c.accept('like') ? { like: parameter(c) ?? c.string() } : {};
  const limit = may.includes('limit') && c.accept('limit') ? { limit: c.integer() } : {};
  c.expectEnd();
  return { kind: 'show-objects', ...head, ...whose, ...like, ...limit };
}

/** SHOW what FROM kind name: the words behind `what` and how many parts the name has. */
const LISTS: readonly {
  readonly what: Shown;
  readonly words: readonly string[];
  readonly from: readonly string[];
  readonly parts: number;
}[] = [
  { what: 'tables', words: ['tables'], from: ['from', 'schema'], parts: 2 },
  { what: 'columns', words: ['columns'], from: ['from', 'table'], parts: 3 },
  { what: 'functions', words: ['functions'], from: ['from', 'schema'], parts: 2 },
  { what: 'procedures', words: ['procedures'], from: ['from', 'schema'], parts: 2 },
  { what: 'primary keys', words: ['constraints', 'primary', 'keys'], from: ['from', 'table'], parts: 3 },
  { what: 'exported keys', words: ['constraints', 'foreign', 'keys', 'exported'], from: ['from', 'table'], parts: 3 },
  { what: 'foreign keys', words: ['constraints', 'foreign', 'keys'], from: ['from', 'table'], parts: 3 },
];

const TEMPLATE_GRANTS = 'TEMPLATE qualified [FOR {PUBLIC | [ROLE] name}] [LIMIT integer]';

function grants(c: Cursor): StatementBody {
  const { pos } = c;
  if (c.accept('for')) {
    const whose = grantee(c);
    const inside = c.accept('from', 'database') ? named(c, 1) : { pos, names: [] };
    return tail(c, { what: 'grants for', ...inside, grantee: whose }, 'listing');
  }
  c.expect('on');
  if (c.atWords('template')) return missing(c, 'SHOW GRANTS ON TEMPLATE', TEMPLATE_GRANTS);
  for (const on of ['function', 'procedure'] as const) {
    if (!c.accept(on)) continue;
    const name = named(c, 3);
    return tail(c, { what: 'grants on', on, ...name, types: argumentTypes(c) }, 'limited');
  }
  const on = c.oneOf('database', 'schema', 'table', 'view') as 'database' | 'schema' | 'table' | 'view';
  const most = { database: 1, schema: 2, table: 3, view: 3 }[on];
  return tail(c, { what: 'grants on', on, ...named(c, most) }, 'limited');
}

/** [ON t [FOR u]] [FROM DATABASE d] [LIMIT n] */
function policies(c: Cursor, of: 'rls' | 'masking'): StatementBody {
  const { pos } = c;
  const on = c.accept('on') ? named(c, 3) : { pos, names: [] };
  const whose = on.names.length > 0 && c.accept('for') ? { grantee: grantee(c) } : {};
  const database = c.accept('from', 'database') ? { database: c.name() } : {};
  return tail(c, { what: `${of} policies`, ...on, ...whose, ...database }, 'limit');
}

function objects(c: Cursor): StatementBody | undefined {
  const { pos } = c;
  if (c.accept('databases')) {
    if (c.atWords('from')) return missing(c, 'SHOW DATABASES FROM DATA CATALOG', FROM_CATALOG);
    return tail(c, { what: 'databases', names: [], pos }, 'listing');
  }
  if (c.accept('schemas')) {
    if (!c.accept('from')) return tail(c, { what: 'schemas', names: [], pos }, 'listing');
    c.expect('database');
    return tail(c, { what: 'schemas', ...named(c, 1) }, 'listing');
  }
  for (const { what, words, from, parts: most } of LISTS) {
    if (!c.accept(...words)) continue;
    c.expect(...from);
    return tail(c, { what, ...named(c, most) }, 'listing');
  }
  if (c.accept('column', 'grants', 'on', 'table')) {
    return tail(c, { what: 'column grants', ...named(c, 3) }, 'limited');
  }
  for (const of of ['rls', 'masking'] as const) if (c.accept(of, 'policies')) return policies(c, of);
  if (c.accept('grants')) return grants(c);
  if (c.accept('parameters', 'of')) {
    const what = `${c.oneOf('procedure', 'function') as 'procedure' | 'function'} parameters` as const;
    const name = named(c, 3);
    return tail(c, { what, ...name, types: argumentTypes(c) }, 'patterned');
  }
  for (const what of ['table', 'view'] as const) {
    if (c.accept(what)) return tail(c, { what, ...named(c, 3) }, 'none');
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
