/**
 * How much code an expression is, and where it is cut: V8 takes time and memory that grow with the square of a function's
 * locals and branches, so no emitted function may grow with the statement. An expression that weighs more than
 * FUNCTION_WEIGHT_MAX stands in a function of its own, and weighs as much as a call where it is used; a long AND, OR or
 * CASE is compiled in runs of arms of that weight.
 */
import { FUNCTION_WEIGHT_MAX } from '../common/limits.ts';
import type { BoundExpr } from './bound.ts';
import { children } from './walk.ts';

/** Of a call of another function, and of taking its result. */
const CALL_WEIGHT = 4;
/** Of nodes whose code is several times that of a comparison. */
const HEAVY_WEIGHT = 4;

const known = new WeakMap<BoundExpr, number>();

/** Of all that an expression's own function would hold. */
function wholeWeight(e: BoundExpr): number {
  let weight = known.get(e);
  if (weight === undefined) {
    weight = isHeavy(e) ? HEAVY_WEIGHT : 1;
    for (const c of children(e)) weight += weightOf(c);
    known.set(e, weight);
  }
  return weight;
}
const isHeavy = ({ kind }: BoundExpr): boolean =>
  kind === 'arith' ||
  kind === 'cast' ||
  kind === 'trycast' ||
  kind === 'call' ||
  kind === 'inlist' ||
  kind === 'arms';

/** Runs of arms of a chain that is too much for one function. */
const cut = new WeakSet<BoundExpr>();

/** Too much code to stand where the expression is used. */
export const standsApart = (e: BoundExpr): boolean => cut.has(e) || wholeWeight(e) > FUNCTION_WEIGHT_MAX;
/** Of the expression where it is used. */
export const weightOf = (e: BoundExpr): number => (standsApart(e) ? CALL_WEIGHT : wholeWeight(e));

/** The arguments; when they are too much for one function, as many AND or OR of their own as it takes. */
export function argumentsInRuns(e: Extract<BoundExpr, { kind: 'and' | 'or' }>): readonly BoundExpr[] {
  if (cut.has(e) || wholeWeight(e) <= FUNCTION_WEIGHT_MAX) return e.args;
  return inRuns(e.args, weightOf).map((args) => {
    if (args.length === 1) return args[0]!;
    const run = { ...e, args };
    cut.add(run);
    return run;
  });
}

/** Whether the code of all items is too much for one function. */
export function isTooMuch<T>(items: readonly T[], weight: (item: T) => number): boolean {
  let sum = 0;
  return items.some((item) => (sum += weight(item)) > FUNCTION_WEIGHT_MAX);
}

/** Successive items in runs that fit one function each: a single one when all do. */
export function inRuns<T>(items: readonly T[], weight: (item: T) => number): readonly (readonly T[])[] {
  const runs: T[][] = [];
  let room = 0;
  for (const item of items) {
    const w = weight(item);
    if (runs.length === 0 || w > room) {
      runs.push([]);
      room = FUNCTION_WEIGHT_MAX;
    }
    runs.at(-1)!.push(item);
    room -= w;
  }
  return runs;
}
