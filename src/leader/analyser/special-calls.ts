/**
 * Functions whose types or evaluation follow rules of their own: COALESCE and NVL, NULLIF, NVL2, DECODE, GREATEST and
 * LEAST, which become CASE and COALESCE nodes, so that only the branch that is taken is evaluated; and COLLATE.
 */
import { featureNotSupported, undefinedFunction } from '../../common/errors/catalogue.ts';
import { undefinedCollation } from '../../common/errors/collation-errors.ts';
import type { BoundExpr } from '../../expressions/bound.ts';
import { conjunction, isNull, isNullConst } from '../../expressions/walk.ts';
import { hasCollation, isString, varchar, withCollation } from '../../types/sql-type.ts';
import { constant, isUnknown, settle, tryCoerce, unify } from './coerce.ts';
import { namedCollation } from './collation.ts';
import type { AnalyserState } from './context.ts';
import { bindCompare, disjunction } from './operators.ts';
import { isSuper } from './super.ts';
import { shownType } from './type-rules.ts';

/** `places` are where the arguments stand. */
type Special = (
  state: AnalyserState,
  name: string,
  args: readonly BoundExpr[],
  position: number,
  places: readonly number[],
) => BoundExpr;

function expectCount(name: string, args: readonly BoundExpr[], min: number, max: number, position: number): void {
  if (args.length >= min && args.length <= max) return;
  throw undefinedFunction(`${name}(${args.map((a) => shownType(a.type)).join(', ')})`, position);
}

const coalesce: Special = (state, name, args, position, places) => {
  expectCount(name, args, 1, Infinity, position);
  const u = unify(state, args, 'COALESCE', position, places);
  return u.args.length === 1 ? u.args[0]! : { kind: 'coalesce', type: u.type, args: u.args };
};

const nullif: Special = (state, name, args, position) => {
  expectCount(name, args, 2, 2, position);
  const when = bindCompare(state, '=', args[0]!, args[1]!, position);
  const value = unify(state, [args[0]!], 'NULLIF', position);
  return {
    kind: 'case',
    type: value.type,
    whens: [{ when, then: constant(value.type, null) }],
    otherwise: value.args[0]!,
  };
};

const nvl2: Special = (state, name, args, position, places) => {
  expectCount(name, args, 3, 3, position);
  const tested = isUnknown(args[0]!) ? unify(state, [args[0]!], 'NVL2', position).args[0]! : args[0]!;
  const u = unify(state, args.slice(1), 'NVL2', position, places.slice(1));
  return {
    kind: 'case',
    type: u.type,
    whens: [{ when: isNull(tested, true), then: u.args[0]! }],
    otherwise: u.args[1]!,
  };
};

/** DECODE matches NULL with NULL. */
function decodeMatch(state: AnalyserState, value: BoundExpr, search: BoundExpr, position: number): BoundExpr {
  if (isNullConst(search)) return isNull(value);
  const equal = bindCompare(state, '=', value, search, position);
  return search.kind === 'const' ? equal : disjunction([equal, conjunction([isNull(value), isNull(search)])]);
}

const decode: Special = (state, name, args, position, places) => {
  expectCount(name, args, 3, Infinity, position);
  const pairs = Math.floor((args.length - 1) / 2);
  const results = Array.from({ length: pairs }, (_, i) => args[2 + 2 * i]!);
  const fallback = args.length % 2 === 0 ? args[args.length - 1]! : constant({ name: 'unknown' }, null);
  const resultPlaces = [...results.map((_, i) => places[2 + 2 * i]!), places[args.length - 1]!];
  const u = unify(state, [...results, fallback], 'DECODE', position, resultPlaces);
  const whens = results.map((_, i) => ({
    when: decodeMatch(state, args[0]!, args[1 + 2 * i]!, position),
    then: u.args[i]!,
  }));
  return { kind: 'case', type: u.type, whens, otherwise: u.args[pairs]! };
};

/** The first argument that no other beats; NULLs do not take part. */
const extreme =
  (op: '>=' | '<='): Special =>
  (state, name, args, position, places) => {
    expectCount(name, args, 1, Infinity, position);
    const u = unify(state, args, name.toUpperCase(), position, places);
    if (u.args.length === 1) return u.args[0]!;
    const whens = u.args.slice(0, -1).map((a, i) => ({
      when: conjunction([
        isNull(a, true),
        ...u.args
          .filter((_, j) => j !== i)
          .map((b) => disjunction([isNull(b), bindCompare(state, op, a, b, position)])),
      ]),
      then: a,
    }));
    return { kind: 'case', type: u.type, whens, otherwise: u.args[u.args.length - 1]! };
  };

const NAME_BYTES = 128;

/** COLLATE(x, 'name'): the same value under another collation. */
const collate: Special = (state, name, args, position) => {
  expectCount(name, args, 2, 2, position);
  const text = settle(state, args[0]!);
  // Names of the catalog are texts here.
  const isName = isString(text.type) && !hasCollation(text.type);
  const value = isName ? tryCoerce(state, text, varchar(NAME_BYTES), 'implicit', position)! : text;
  if (isSuper(value)) throw featureNotSupported('COLLATE of SUPER values is not supported', position);
  if (!hasCollation(value.type)) throw undefinedFunction(`collate(${shownType(value.type)}, "unknown")`, position);
  const given = args[1]!;
  if (given.kind !== 'const' || typeof given.value !== 'string')
    throw featureNotSupported('the collation in COLLATE must be a constant', position);
  const collation = namedCollation(given.value);
  if (collation === undefined) throw undefinedCollation(given.value, position);
  if (collation === 'case_insensitive') state.usage.foldsCase = true;
  const type = withCollation(value.type, collation === 'case_insensitive' ? collation : undefined);
  if (type === value.type && (value.kind === 'column' || value.kind === 'outer')) return value;
  return { kind: 'call', type, name: 'collate', signature: 0, args: [value, settle(state, given)] };
};

const SPECIAL: Readonly<Record<string, Special>> = {
  coalesce,
  nvl: coalesce,
  nullif,
  nvl2,
  decode,
  greatest: extreme('>='),
  least: extreme('<='),
  collate,
};
export const specialCall = (name: string): Special | undefined =>
  Object.hasOwn(SPECIAL, name) ? SPECIAL[name] : undefined;
