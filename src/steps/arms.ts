/**
 * Long chains whose arms are alike: (a >= 1 AND a < 5) OR (a >= 20 AND a < 25) OR ..., or CASE WHEN a = 1 THEN 'x' WHEN
 * a = 2 THEN 'y' ... A run of successive arms that differ in constants and parameters only becomes one arm over the rows
 * of a value table, and a loop instead of code for each. Arms keep their order: an earlier one may guard a later one.
 */
import { NUMERIC_PRECISION_MAX } from '../common/limits.ts';
import type { BoundExpr } from '../expressions/bound.ts';
import { exprKey, mapChildren } from '../expressions/walk.ts';
import { BOOL, numeric, TEXT, withCollation, type SqlType } from '../types/sql-type.ts';

/** Digits of a numeric that one word holds. */
const ONE_WORD_DIGITS = 18;

export interface ValueTable {
  readonly types: readonly SqlType[];
  /** Constants and parameters. */
  readonly rows: readonly (readonly BoundExpr[])[];
}
type Logic = Extract<BoundExpr, { kind: 'and' | 'or' }>;
type Case = Extract<BoundExpr, { kind: 'case' }>;
type Visit = (value: unknown) => unknown;

interface Arm {
  readonly when: BoundExpr;
  readonly then?: BoundExpr;
}
interface HollowArm {
  readonly arm: Arm;
  /** With items in place of the values; equal for arms of one shape. */
  readonly key: string;
  readonly values: readonly BoundExpr[];
}

/** Values that decide what code there is stay in it. */
const isItem = (e: BoundExpr): boolean =>
  e.kind === 'param' || (e.kind === 'const' && e.value !== null && e.type.name !== 'bool');

/** Literals of one column of a table may be declared shorter or longer; what they are compared by is the same. */
function itemType(type: SqlType): SqlType {
  if (type.name === 'varchar' || type.name === 'text') return withCollation(TEXT, type.collation);
  if (type.name !== 'numeric') return type;
  return numeric(
    (type.precision ?? NUMERIC_PRECISION_MAX) <= ONE_WORD_DIGITS ? ONE_WORD_DIGITS : NUMERIC_PRECISION_MAX,
    type.scale ?? 0,
  );
}

function hollow(arm: Arm, table: number): HollowArm {
  const values: BoundExpr[] = [];
  const visit = (e: BoundExpr): BoundExpr => {
    if (!isItem(e)) return mapChildren(e, visit);
    values.push(e);
    return { kind: 'item', type: itemType(e.type), table, index: values.length - 1, nullable: e.kind === 'param' };
  };
  const when = visit(arm.when);
  const out: Arm = arm.then === undefined ? { when } : { when, then: visit(arm.then) };
  return { arm: out, key: exprKey(out), values };
}

/** Successive arms of one shape, longest runs. */
function runs(arms: readonly Arm[], table: number): HollowArm[][] {
  const out: HollowArm[][] = [];
  for (const arm of arms) {
    const next = hollow(arm, table);
    const last = out.at(-1);
    if (last?.[0]!.key === next.key) last.push(next);
    else out.push([next]);
  }
  return out;
}

function addTable(
  tables: ValueTable[],
  run: readonly HollowArm[],
): { readonly table: number; readonly columns: number } {
  const types = run[0]!.values.map((v) => itemType(v.type));
  const table = tables.push({ types, rows: run.map((a) => a.values) }) - 1;
  return { table, columns: types.length };
}

const isLong = (run: readonly HollowArm[], least: number): boolean =>
  run.length >= least && run[0]!.values.length > 0;

/** The chain with its runs of at least `least` arms as tables; `visit` normalises what stays. */
export function tabledLogic(e: Logic, tables: ValueTable[], least: number, visit: Visit): BoundExpr {
  let at = 0;
  const args: BoundExpr[] = [];
  for (const run of runs(
    e.args.map((when) => ({ when })),
    tables.length,
  )) {
    const own = e.args.slice(at, (at += run.length));
    if (!isLong(run, least)) {
      for (const arg of own) args.push(visit(arg) as BoundExpr);
      continue;
    }
    // Numbered anew: tables may have been added since the run was made.
    const { arm } = hollow({ when: own[0]! }, tables.length);
    const place = addTable(tables, run);
    args.push({ kind: 'arms', type: BOOL, op: e.kind, ...place, when: visit(arm.when) as BoundExpr });
  }
  return args.length === 1 ? args[0]! : { ...e, args };
}

/** A CASE that begins or ends with a long run: what stands before it stays code, what follows it is its ELSE. */
export function tabledCase(e: Case, tables: ValueTable[], least: number, visit: Visit): BoundExpr | undefined {
  const parts = runs(e.whens, tables.length);
  const first = parts.findIndex((run) => isLong(run, least));
  if (first < 0) return undefined;
  const before = parts.slice(0, first).reduce((n, run) => n + run.length, 0);
  const after = before + parts[first]!.length;
  const rest = e.whens.slice(after);
  const otherwise = visit(rest.length > 0 ? { ...e, whens: rest } : e.otherwise) as BoundExpr;
  const { arm } = hollow(e.whens[before]!, tables.length);
  const place = addTable(tables, parts[first]!);
  const arms: BoundExpr = {
    kind: 'arms',
    type: e.type,
    op: 'case',
    ...place,
    when: visit(arm.when) as BoundExpr,
    then: visit(arm.then!) as BoundExpr,
    otherwise,
  };
  if (before === 0) return arms;
  const whens = e.whens.slice(0, before).map((w) => visit(w) as (typeof e.whens)[number]);
  return { ...e, whens, otherwise: arms };
}
