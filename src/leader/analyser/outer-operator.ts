/**
 * Oracle's (+) in WHERE: `a.x = b.y(+)` keeps rows of a without a match in b. The conditions that mark columns of a table
 * become the ON of a left join to that table; all others stay in WHERE, and take the kept rows away where they look at
 * their NULLs.
 */
import { featureNotSupported, outerTwice, outerUnderOr } from '../../common/errors/catalogue.ts';
import type { BoundExpr } from '../../expressions/bound.ts';
import type { Rel } from '../../expressions/relation.ts';
import { conjunction } from '../../expressions/walk.ts';
import type { Expr, FromItem, SelectCore } from '../parser/ast.ts';
import { at } from './context.ts';
import type { FromResult } from './from.ts';
import { findLocal, findTables, type Scope } from './scope.ts';

type Name = Extract<Expr, { kind: 'name' }>;
const isNode = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** Calls `visit` with every node of the expression, but for subqueries. */
function walk(value: unknown, visit: (node: Expr, isMarked: boolean) => void, isMarked = false): void {
  if (!isNode(value)) return;
  const node = value as unknown as Expr;
  if (typeof node.kind === 'string') visit(node, isMarked);
  const inside = isMarked || node.kind === 'outer';
  for (const [key, member] of Object.entries(value)) if (key !== 'query') walk(member, visit, inside);
}
function hasMark(e: Expr): boolean {
  let found = false;
  walk(e, (node) => (found ||= node.kind === 'outer'));
  return found;
}
/** The expression without its marks. */
function unmarked<T>(value: T): T {
  if (!isNode(value)) return value;
  if (Array.isArray(value)) return value.map(unmarked) as T;
  if (value['kind'] === 'outer') return value['arg'] as T;
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, unmarked(v)])) as T;
}
function conjunctsOf(e: Expr): readonly Expr[] {
  const out: Expr[] = [];
  const stack = [e];
  while (stack.length > 0) {
    const top = stack.pop()!;
    if (top.kind === 'binary' && top.op === 'and') stack.push(top.right, top.left);
    else out.push(top);
  }
  return out;
}
function refuseUnderOr(e: Expr): void {
  walk(e, (node) => {
    const isOr = (node.kind === 'binary' && node.op === 'or') || node.kind === 'inlist';
    if ((isOr || (node.kind === 'subquery' && node.form === 'in')) && hasMark(node)) throw outerUnderOr(at(e));
  });
}

/** Conditions that mark one table of FROM. */
interface Marked {
  readonly on: Expr[];
  /** Tables its marked conditions compare it with. */
  readonly others: Set<number>;
}

/** FROM with the left joins that WHERE asks for, and what is left of WHERE; `bind` makes a condition of one of its parts. */
export function outerJoined(
  core: SelectCore,
  from: FromResult,
  scope: Scope,
  bind: (e: Expr) => BoundExpr,
): { readonly from: FromResult; readonly where: Expr | undefined } {
  const { where } = core;
  if (where === undefined || !hasMark(where)) return { from, where };
  if (core.from.some((item: FromItem) => item.kind === 'join'))
    throw featureNotSupported('Outer join operator (+) is not allowed beside joins in FROM', at(where));
  const rels = commaParts(from.rel, core.from.length);
  const tableOf = ({ parts, pos }: Name): number | undefined => {
    if (parts.length > 1) {
      const [table] = findTables(scope, parts.slice(0, -1));
      return table === undefined ? undefined : from.tables.indexOf(table);
    }
    const column = findLocal(scope, parts[0]!, pos + 1);
    const index = from.tables.findIndex((t) => t.columns.some((c) => c.column === column));
    return index < 0 ? undefined : index;
  };
  const tables = new Map<number, Marked>();
  const rest: Expr[] = [];
  for (const condition of conjunctsOf(where)) {
    if (!hasMark(condition)) {
      rest.push(condition);
      continue;
    }
    refuseUnderOr(condition);
    const { marked, plain } = sidesOf(condition, tableOf);
    if (marked.size > 1 || [...marked].some((t) => plain.has(t)))
      throw featureNotSupported(
        'Outer join operator (+) marks the columns of one table in a condition',
        at(condition),
      );
    const [table] = marked;
    if (table === undefined)
      throw featureNotSupported('Outer join operator (+) marks columns of FROM', at(condition));
    const entry: Marked = tables.get(table) ?? { on: [], others: new Set() };
    tables.set(table, entry);
    entry.on.push(unmarked(condition));
    plain.forEach((t) => entry.others.add(t));
    if (entry.others.size > 1) throw outerTwice(at(condition));
  }
  for (const [table, { on, others }] of tables) {
    if (others.size > 0) continue;
    rest.push(...on);
    tables.delete(table);
  }
  return { from: { ...from, rel: joinAll(rels, tables, bind, at(where)) }, where: conjunctionOf(rest) };
}

function sidesOf(
  condition: Expr,
  tableOf: (name: Name) => number | undefined,
): { readonly marked: ReadonlySet<number>; readonly plain: ReadonlySet<number> } {
  const marked = new Set<number>();
  const plain = new Set<number>();
  walk(condition, (node, isMarked) => {
    const table = node.kind === 'name' ? tableOf(node) : undefined;
    if (table !== undefined) (isMarked ? marked : plain).add(table);
  });
  return { marked, plain };
}

/** The items of a FROM clause of commas. */
function commaParts(rel: Rel, count: number): readonly Rel[] {
  const parts: Rel[] = [];
  let at = rel;
  while (parts.length < count - 1 && at.kind === 'join') {
    parts.unshift(at.right);
    at = at.left;
  }
  return [at, ...parts];
}

/** Tables that nobody marks as FROM has them, then each other one when what it is compared with is there. */
function joinAll(
  rels: readonly Rel[],
  tables: ReadonlyMap<number, Marked>,
  bind: (e: Expr) => BoundExpr,
  position: number,
): Rel {
  const waiting = new Map(tables);
  const placed = new Set<number>();
  let joined: Rel | undefined;
  for (const [i, right] of rels.entries()) {
    if (waiting.has(i)) continue;
    placed.add(i);
    joined = joined === undefined ? right : { kind: 'join', type: 'cross', left: joined, right, on: undefined };
  }
  while (waiting.size > 0) {
    const next = [...waiting].find(([, { others }]) => [...others].every((t) => placed.has(t)));
    if (next === undefined || joined === undefined)
      throw featureNotSupported('two tables cannot be outer-joined to each other', position);
    const [table, { on }] = next;
    waiting.delete(table);
    placed.add(table);
    joined = { kind: 'join', type: 'left', left: joined, right: rels[table]!, on: conjunction(on.map(bind)) };
  }
  return joined!;
}

const conjunctionOf = (list: readonly Expr[]): Expr | undefined =>
  list.length === 0
    ? undefined
    : list.reduce((left, right): Expr => ({ kind: 'binary', op: 'and', left, right, pos: left.pos }));
