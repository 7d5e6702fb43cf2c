/**
 * Function calls by name: overload resolution over the registry's signatures, argument casts, expansion, and the note of
 * leader-only functions. `callFunction` is also how operators that are functions (like, concat_op ...) are built.
 */
import { featureNotSupported, functionNotUnique, undefinedFunction } from '../../common/errors/catalogue.ts';
import { LARGE_STRING_BYTES_MAX, VARCHAR_BYTES_MAX } from '../../common/limits.ts';
import type { BoundExpr } from '../../expressions/bound.ts';
import { isOfRows } from '../../expressions/walk.ts';
import type { AggregateFunction, ArgType, ScalarFunction, Signature } from '../../functions/define.ts';
import {
  FLOAT8,
  INT4,
  INT8,
  TYPE_INFO,
  hasOrder,
  isFloat,
  isInteger,
  isNumber,
  isString,
  numeric,
  sameType,
  type SqlType,
  type TypeName,
} from '../../types/sql-type.ts';
import { isUnknown, settle, tryCoerce } from './coerce.ts';
import { foldedPattern, ignoringCase, inOneCollation, resultType, searchedArgs } from './collation.ts';
import type { AnalyserState } from './context.ts';
import { signatureOf } from './leader-only.ts';
import { asNumeric, castMode, shownType } from './type-rules.ts';

export interface Resolved {
  readonly signature: number;
  readonly args: readonly BoundExpr[];
  readonly type: SqlType;
}

/** Parameter list for `count` arguments, undefined when the signature takes another number. */
function parametersFor(s: Signature, count: number): readonly ArgType[] | undefined {
  const required = s.args.length - (s.optional ?? 0);
  if (count < required) return undefined;
  if (count <= s.args.length) return s.args.slice(0, count);
  if (s.variadic !== true || s.args.length === 0) return undefined;
  const last = s.args[s.args.length - 1]!;
  return [...s.args, ...Array.from({ length: count - s.args.length }, () => last)];
}

const PREFERRED: readonly ArgType[] = ['float8', 'varchar', 'string', 'text', 'bool', 'timestamp', 'oid'];
const WHOLE: readonly ArgType[] = ['int2', 'int4', 'int8'];
const WIDENING: readonly TypeName[] = ['int2', 'int4', 'int8', 'numeric', 'float4', 'float8'];

/** How well an argument suits a parameter; undefined = not at all. Higher is better. */
function fit(arg: SqlType, param: ArgType): number | undefined {
  if (arg.name === 'unknown') {
    if (param === 'any') return 1;
    return param === 'string' || param === 'varchar' || param === 'text' ? 60 : PREFERRED.includes(param) ? 20 : 10;
  }
  if (param === 'any') return 90;
  if (param === 'string') return isString(arg) ? 95 : implicitFit(arg, 'varchar');
  if (param === 'number') return isNumber(arg) ? 95 : implicitFit(arg, 'float8');
  if (param === 'integer') return isInteger(arg) ? 95 : undefined;
  if (param === 'array') return TYPE_INFO[arg.name].category === 'A' ? 95 : undefined;
  if (arg.name === param) return 100;
  return implicitFit(arg, param);
}

function implicitFit(arg: SqlType, param: TypeName): number | undefined {
  if (castMode(arg, { name: param }) !== 'implicit') return undefined;
  if (isString(arg) && isString({ name: param })) return 80;
  const from = WIDENING.indexOf(arg.name);
  const to = WIDENING.indexOf(param);
  // Towards a wider number is free of loss; the nearest one wins. Narrowing and numbers to strings come last.
  if (from >= 0 && to >= 0) return to > from ? 70 - (to - from) : 15 - (from - to);
  if (param === 'timestamp' || param === 'timestamptz') return param === 'timestamp' ? 50 : 45;
  return PREFERRED.includes(param) ? 8 : 5;
}

const familyOf = (p: ArgType): string =>
  p === 'any' || p === 'string' || p === 'number' || p === 'integer' || p === 'array' ? p : TYPE_INFO[p].category;

/** The best signature for the argument types. */
export function resolveSignature(
  shown: string,
  signatures: readonly Signature[],
  types: readonly SqlType[],
  position: number,
): { readonly index: number; readonly parameters: readonly ArgType[] } {
  const shownCall = `${shown}(${types.map(shownType).join(', ')})`;
  let best: { index: number; parameters: readonly ArgType[]; score: readonly number[] } | undefined;
  let tied: readonly ArgType[] | undefined;
  for (const [index, s] of signatures.entries()) {
    const parameters = parametersFor(s, types.length);
    if (parameters === undefined) continue;
    const fits = types.map((t, i) => fit(t, parameters[i]!));
    if (fits.some((f) => f === undefined)) continue;
    // A signature that cuts a float down to an integer is the last choice: mod(1, 0.5::float8) is no division by zero.
    const whole = types.filter((t, i) => isFloat(t) && WHOLE.includes(parameters[i]!)).length;
    const score = [-whole, fits.filter((f) => f! >= 90).length, fits.reduce<number>((a, f) => a + f!, 0)];
    const order = best === undefined ? 1 : (score.map((v, i) => v - best!.score[i]!).find((d) => d !== 0) ?? 0);
    if (order > 0) {
      best = { index, parameters, score };
      tied = undefined;
    } else if (order === 0) {
      tied = parameters;
    }
  }
  if (best === undefined) throw undefinedFunction(shownCall, position);
  if (tied !== undefined && ambiguous(best.parameters, tied, types)) throw functionNotUnique(shownCall, position);
  return best;
}

/** Two equally good signatures are a real choice only where untyped literals meet different families. */
const ambiguous = (a: readonly ArgType[], b: readonly ArgType[], types: readonly SqlType[]): boolean =>
  types.some((t, i) => t.name === 'unknown' && familyOf(a[i]!) !== familyOf(b[i]!));

/** The type an argument is cast to for a parameter. */
function argumentType(arg: SqlType, param: ArgType): SqlType {
  switch (param) {
    case 'any':
      return arg;
    case 'string':
      return isString(arg) ? arg : { name: 'varchar' };
    case 'number':
      return isNumber(arg) ? arg : FLOAT8;
    case 'integer':
      return isInteger(arg) ? arg : INT4;
    case 'array':
      return arg.name === 'unknown' ? { name: '_text' } : arg;
    case 'numeric':
      if (arg.name === 'unknown' || isString(arg)) return numeric(38, 8);
      return isInteger(arg) || arg.name === 'numeric' ? asNumeric(arg) : numeric(38, 8);
    case 'char':
    case 'varchar':
    case 'text':
      return isString(arg) ? arg : { name: 'varchar' };
    default:
      return arg.name === param ? arg : { name: param };
  }
}

export function resolveCall(
  state: AnalyserState,
  shown: string,
  signatures: readonly Signature[],
  args: readonly BoundExpr[],
  position: number,
): Resolved {
  const types = args.map((a) => a.type);
  const { index, parameters } = resolveSignature(shown, signatures, types, position);
  const typed = args.map((a, i) => {
    const target = argumentType(a.type, parameters[i]!);
    return target.name === 'unknown' ? settle(state, a) : tryCoerce(state, a, target, 'implicit', position)!;
  });
  const cast = inOneCollation(state, typed, position);
  const returns = signatures[index]!.returns;
  const given = cast.map((a) => a.type);
  const type = typeof returns === 'function' ? returns(given) : returns;
  return {
    signature: index,
    args: cast,
    type: given.includes(type) ? type : resultType(state, longText(state, type), cast),
  };
}

/** A text of no particular length: as long as any may be. */
export const longText = (state: AnalyserState, type: SqlType): SqlType =>
  state.context.largeStrings === true && type.name === 'varchar' && type.length === VARCHAR_BYTES_MAX
    ? { ...type, length: LARGE_STRING_BYTES_MAX }
    : type;

/** The call node (or its expansion) for already resolved arguments. */
function build(state: AnalyserState, f: ScalarFunction, r: Resolved, site: (() => number) | undefined): BoundExpr {
  if (f.expand !== undefined) return f.expand(r.args, r.type, r.signature);
  const call = { kind: 'call', type: r.type, name: f.name, signature: r.signature, args: r.args } as const;
  return f.volatility === 'volatile' ? { ...call, site: site?.() ?? state.context.nextColId() } : call;
}

/** Whether a function of the leader gives one value for the whole statement: Redshift takes such beside tables. */
export const isAskedOnce = (f: ScalarFunction, args: readonly BoundExpr[]): boolean =>
  f.besideTables === true && !args.some(isOfRows);

export function callScalar(
  state: AnalyserState,
  f: ScalarFunction,
  shown: string,
  args: readonly BoundExpr[],
  position: number,
  site?: () => number,
): BoundExpr {
  const types = args.map((a) => a.type);
  if (f.refuses?.(types)) throw undefinedFunction(`${shown}(${types.map(shownType).join(', ')})`, position);
  const unsupported = f.unsupported?.(types);
  if (unsupported !== undefined) throw featureNotSupported(unsupported, position);
  const resolved = resolveCall(state, shown, f.signatures, args, position);
  if (f.runsOn === 'leader' && !isAskedOnce(f, resolved.args))
    state.usage.leaderFunctions.add(
      signatureOf(
        f.name,
        resolved.args.map((a) => a.type),
      ),
    );
  const written = f.literal === undefined ? undefined : resolved.args[f.literal];
  if (written !== undefined && isOfRows(written)) state.usage.patternOfRows ??= position;
  const isFolded = resolved.args.some((a) => a.type.collation !== undefined);
  const pattern = isFolded ? foldedPattern(f.name) : undefined;
  if (pattern !== undefined) return callFunction(state, pattern, resolved.args, position, shown);
  const out = isFolded
    ? ignoringCase(build(state, f, { ...resolved, args: searchedArgs(f.name, resolved.args) }, site))
    : build(state, f, resolved, site);
  if (f.widens === true || sameType(out.type, resolved.type)) return out;
  // What the function is made of may have no particular length either.
  if (sameType(longText(state, out.type), resolved.type)) return { ...out, type: resolved.type };
  return out.type.name === resolved.type.name ? out : castResult(out, resolved.type);
}

const castResult = (e: BoundExpr, type: SqlType): BoundExpr => ({ kind: 'cast', type, arg: e, mode: 'implicit' });

/** A function that the analyser itself needs, by registry name. */
export function callFunction(
  state: AnalyserState,
  name: string,
  args: readonly BoundExpr[],
  position: number,
  what = name,
): BoundExpr {
  const f = state.context.functions.lookup(name);
  if (f === undefined || f.kind !== 'scalar') throw featureNotSupported(`${what} is not supported`, position);
  return callScalar(state, f, name, args, position);
}

export const hasFunction = (state: AnalyserState, name: string): boolean =>
  state.context.functions.lookup(name)?.kind === 'scalar';

export interface ResolvedAggregate {
  readonly args: readonly BoundExpr[];
  readonly type: SqlType;
}
/** Aggregates over values of any type, also of one whose values cannot be compared. */
const OVER_ANYTHING: readonly string[] = ['any_value', 'count'];

/** An aggregate's arguments and result type; count(*) has no arguments. */
export function resolveAggregate(
  state: AnalyserState,
  f: AggregateFunction,
  { star, distinct }: { readonly star: boolean; readonly distinct: boolean },
  args: readonly BoundExpr[],
  position: number,
): ResolvedAggregate {
  if (star) return { args: [], type: INT8 };
  const settled = args.map((a) => (isUnknown(a) && f.name === 'count' ? settle(state, a) : a));
  const r = resolveCall(state, f.name, f.signatures, settled, position);
  const compares = distinct || !OVER_ANYTHING.includes(f.name);
  const isExtreme = f.name === 'max' || f.name === 'min';
  const refused = ({ type }: BoundExpr, i: number): boolean =>
    (isExtreme && type.name === 'bool') ||
    (compares && f.signatures[r.signature]!.args[i] === 'any' && !hasOrder(type));
  if (r.args.some(refused))
    throw undefinedFunction(`${f.name}(${r.args.map((a) => shownType(a.type)).join(', ')})`, position);
  return { args: r.args, type: r.type };
}
