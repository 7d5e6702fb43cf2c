/**
 * Which collation an expression has, and that those which meet have one. A column has its own, COLLATE() gives one, and what
 * is made of strings has theirs; where collations differ the statement is refused, as Redshift does it. Literals, parameters
 * and texts made of other values have none: they take the one of what they meet, and among themselves the database's.
 *
 * The type of every bound string says what was found (SqlType.collation), so that nothing behind the analyser asks again:
 * comparing, hashing, ordering and grouping follow the type (types/identity.ts). What looks into strings by itself, patterns
 * and searches, is another call here.
 */
import { featureNotSupported } from '../../common/errors/catalogue.ts';
import { differentCollations } from '../../common/errors/collation-errors.ts';
import type { BoundExpr } from '../../expressions/bound.ts';
import { children } from '../../expressions/walk.ts';
import { textConstant } from '../../functions/text-constant.ts';
import { foldCase } from '../../types/fold-case.ts';
import { hasCollation, isString, withCollation, type Collation, type SqlType } from '../../types/sql-type.ts';
import type { AnalyserState } from './context.ts';

/** Undefined: none of its own. */
type Own = Collation | 'case_sensitive' | undefined;
const known = new WeakMap<BoundExpr, { readonly own: Own }>();

function ownCollation(e: BoundExpr): Own {
  let found = known.get(e);
  if (found === undefined) known.set(e, (found = { own: derived(e) }));
  return found.own;
}
function derived(e: BoundExpr): Own {
  if (!isString(e.type)) return undefined;
  // Names and texts of the catalog.
  if (!hasCollation(e.type)) return 'case_sensitive';
  switch (e.kind) {
    case 'const':
    case 'param':
      return undefined;
    case 'column':
    case 'outer':
    case 'subquery':
      return e.type.collation ?? 'case_sensitive';
    case 'call':
      if (e.name === 'collate') return e.type.collation ?? 'case_sensitive';
  }
  for (const child of children(e)) {
    const own = ownCollation(child);
    if (own !== undefined) return own;
  }
  return undefined;
}

function as(e: BoundExpr, collation: Collation | undefined): BoundExpr {
  if (!hasCollation(e.type) || e.type.collation === collation) return e;
  const type = withCollation(e.type, collation);
  return e.kind === 'const' || e.kind === 'param' ? { ...e, type } : { kind: 'cast', type, arg: e, mode: 'implicit' };
}

/** The collation of strings that meet, as their types say it. */
export function collationOf(
  state: AnalyserState,
  list: readonly BoundExpr[],
  position: number | undefined,
): Collation | undefined {
  let one: Own;
  for (const e of list) {
    const own = ownCollation(e);
    if (own !== undefined && one !== undefined && own !== one) throw differentCollations(position);
    one ??= own;
  }
  return one === undefined ? state.context.collation : one === 'case_sensitive' ? undefined : one;
}

/** Expressions that meet, the strings among them of one collation. */
export function inOneCollation<T extends readonly BoundExpr[]>(
  state: AnalyserState,
  list: T,
  position: number | undefined,
): T {
  const isPlain = state.context.collation === undefined && list.every((e) => e.type.collation === undefined);
  if (isPlain || !list.some((e) => isString(e.type))) return list;
  const collation = collationOf(state, list, position);
  return list.map((e) => as(e, collation)) as unknown as T;
}

/** A string that has no collation of its own where it begins to have one: as a column, a group, a sort key. */
export const settledCollation = (state: AnalyserState, e: BoundExpr): BoundExpr =>
  state.context.collation === undefined || ownCollation(e) !== undefined ? e : as(e, state.context.collation);

/** The result type of a call whose strings are of one collation. */
export function resultType(state: AnalyserState, type: SqlType, args: readonly BoundExpr[]): SqlType {
  if (!hasCollation(type)) return type;
  const strings = args.filter((a) => isString(a.type));
  return withCollation(type, strings.length === 0 ? state.context.collation : collationOf(state, strings, undefined));
}

const NAMES: Readonly<Record<string, Collation | 'case_sensitive'>> = {
  case_sensitive: 'case_sensitive',
  cs: 'case_sensitive',
  case_insensitive: 'case_insensitive',
  ci: 'case_insensitive',
};
/** The collation that COLLATE(x, 'name') names. */
export const namedCollation = (name: string): Collation | 'case_sensitive' | undefined =>
  Object.hasOwn(NAMES, name.toLowerCase()) ? NAMES[name.toLowerCase()] : undefined;

/** Functions that match patterns, by those that do without regard to case. */
const PATTERNS: Readonly<Record<string, string>> = {
  like: 'like_folded',
  ilike: 'like_folded',
  similar: 'similar_folded',
  regex_match: 'regex_match_ci',
};
export const foldedPattern = (name: string): string | undefined =>
  Object.hasOwn(PATTERNS, name) ? PATTERNS[name] : undefined;

const SEARCHES: readonly string[] = ['strpos', 'charindex'];
/** What a search takes under case_insensitive: a character of the folded form stands where it stood. */
export const searchedArgs = (name: string, args: readonly BoundExpr[]): readonly BoundExpr[] =>
  SEARCHES.includes(name) ? args.map(folded) : args;
const folded = (e: BoundExpr): BoundExpr =>
  e.kind === 'const'
    ? { ...e, value: typeof e.value === 'string' ? foldCase(e.value) : e.value }
    : { kind: 'call', type: e.type, name: 'fold_case', signature: 0, args: [e] };

const REGEXPS: readonly string[] = ['regexp_count', 'regexp_instr', 'regexp_replace', 'regexp_substr'];
/** REGEXP_ calls end in their parameters; `c` among them asks for case all the same. */
export function ignoringCase(call: BoundExpr): BoundExpr {
  if (call.kind !== 'call' || !REGEXPS.includes(call.name)) return call;
  const params = call.args[call.args.length - 1]!;
  const given = params.kind === 'const' ? params.value : undefined;
  if (given === null) return call;
  if (typeof given !== 'string')
    throw featureNotSupported(`${call.name} of case insensitive strings needs constant parameters`);
  return given.includes('c') ? call : { ...call, args: [...call.args.slice(0, -1), textConstant(`${given}i`)] };
}
