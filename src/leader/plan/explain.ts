/**
 * EXPLAIN: a plan as Redshift's XN text, and as the rows STL_EXPLAIN keeps of it. The text shows operators, not our
 * nodes: movement is a label of its join, partial and final aggregates are one line, a merge stands over its network
 * step, projections and gathers do not show. Compute work has the prefix XN, leader work inside such a plan LD, and
 * a plan without user tables none.
 *
 * Costs are printed as the optimizer made them; nothing is estimated here. Called by EXPLAIN and by the query log.
 */
import type { ColId } from '../../common/ids.ts';
import { ownArgs, type BoundAggregate, type BoundExpr } from '../../expressions/bound.ts';
import { printExpr } from '../../expressions/print.ts';
import type { SortKey } from '../../expressions/relation.ts';
import { inputsOf } from './plan.ts';
import type { Plan, PlanNode } from './plan.ts';

export interface PlanRow extends Figures {
  readonly nodeId: number;
  readonly parentId: number;
  readonly planNode: string;
  readonly info: string;
}
/** A plan's operators as EXPLAIN numbers them, and which of them each node of the plan is part of. */
export interface PlanNumbers {
  readonly rows: readonly PlanRow[];
  /** The operator a node's work is shown as; of movement, the operator that wants it. */
  idOf(node: PlanNode): number;
  /** The Hash below a hash join, the Network below a Merge and above an UPDATE's rows. */
  belowOf(node: PlanNode): number;
}

type NodeOf<K extends PlanNode['kind']> = Extract<PlanNode, { kind: K }>;
type JoinNode = NodeOf<'hash-join' | 'merge-join' | 'nested-loop'>;
/** The numbers of a printed line. */
export interface Figures {
  readonly startupCost: number;
  readonly totalCost: number;
  readonly rows: number;
  readonly width: number;
}
/** One printed operator. */
interface Shown {
  /** The node whose line it is; `below`: a line beside that one, which has no node of its own. */
  readonly node: PlanNode;
  readonly isBelow?: true;
  /** What is below is shown to few. */
  readonly secure?: true;
  readonly label: string;
  readonly figures: Figures;
  readonly details: readonly string[];
  readonly children: readonly Shown[];
}

/** How a column is called where it is printed; `text` when it is an expression of this query level. */
interface Name {
  readonly qualifier?: string;
  readonly name: string;
  readonly text?: string;
}
type Names = ReadonlyMap<ColId, Name>;

// --------------------------------------------------------------------------------------------------------- names

class Printer {
  private readonly memo = new WeakMap<PlanNode, Names>();
  private readonly qualify: boolean;
  readonly leaderOnly: boolean;

  constructor(root: PlanNode) {
    const sources = countSources(root);
    this.qualify = sources > 1;
    this.leaderOnly = !readsTables(root);
  }

  /** Operators without user tables below them run on the leader. */
  prefix(node: PlanNode): string {
    if (this.leaderOnly) return '';
    return readsTables(node) || node.distribution.kind !== 'leader' ? 'XN ' : 'LD ';
  }

  namesOf(node: PlanNode): Names {
    const known = this.memo.get(node);
    if (known !== undefined) return known;
    const names = this.makeNames(node);
    this.memo.set(node, names);
    return names;
  }

  private makeNames(node: PlanNode): Names {
    switch (node.kind) {
      case 'scan':
      case 'virtual-scan':
      case 'working-scan':
        return new Map(node.columns.map((c) => [c.id, { qualifier: node.alias, name: c.name }]));
      case 'subquery-scan':
        return new Map(node.columns.map((c) => [c.id, { qualifier: node.alias, name: c.name }]));
      case 'append':
        if (node.emptyGroups === true) return this.namesOf(node.inputs[0]!);
        return new Map(node.columns.map((c) => [c.id, { name: c.name }]));
      case 'values':
      case 'recursive-union':
        return new Map(node.columns.map((c) => [c.id, { name: c.name }]));
      case 'hash-join':
      case 'merge-join':
      case 'nested-loop':
        return new Map([...this.namesOf(node.outer), ...this.namesOf(node.inner)]);
      case 'project':
        return this.projectNames(node);
      case 'aggregate':
        return this.aggregateNames(node);
      case 'window': {
        const names = new Map(this.namesOf(node.input));
        for (const c of node.calls) names.set(c.id, { name: c.columnName });
        return names;
      }
      default:
        return this.namesOf(node.input);
    }
  }

  private projectNames(node: NodeOf<'project'>): Names {
    const names = new Map(this.namesOf(node.input));
    node.columns.forEach((column, i) => {
      if (names.has(column.id)) return;
      const expr = node.exprs[i]!;
      const under = expr.kind === 'column' ? names.get(expr.id) : undefined;
      names.set(column.id, under ?? { name: column.name, text: this.upper(expr, node.input) });
    });
    return names;
  }

  private aggregateNames(node: NodeOf<'aggregate'>): Names {
    const names = new Map(this.namesOf(node.input));
    for (const g of node.groups) {
      if (names.has(g.id)) continue;
      const under = g.expr.kind === 'column' ? names.get(g.expr.id) : undefined;
      names.set(g.id, under ?? { name: 'group', text: this.upper(g.expr, node.input) });
    }
    for (const a of node.aggregates) {
      if (names.has(a.id)) continue;
      const arg = a.arg === undefined ? '*' : this.upper(a.arg, node.input);
      names.set(a.id, { name: a.prim, text: `${PRIMITIVE_NAMES[a.prim] ?? a.prim}(${arg})` });
    }
    for (const call of node.calls ?? []) {
      if (!names.has(call.id)) names.set(call.id, { name: call.name, text: this.callText(call, node.input) });
    }
    return names;
  }

  private callText(call: BoundAggregate, input: PlanNode): string {
    const own = ownArgs(call);
    const args = own.length === 0 ? '*' : own.map((a) => this.upper(a, input)).join(', ');
    return `${call.name}(${call.distinct ? 'DISTINCT ' : ''}${args})`;
  }

  /** Text of an expression over one input, above the scans. */
  upper(expr: BoundExpr, input: PlanNode): string {
    const names = this.namesOf(input);
    return printExpr(expr, (id) => {
      const name = names.get(id);
      if (name === undefined) return `column${id}`;
      if (name.text !== undefined) return name.text;
      return this.qualify && name.qualifier !== undefined ? `${name.qualifier}.${name.name}` : name.name;
    });
  }

  /** Text of a condition inside a scan: bare column names. */
  local(expr: BoundExpr, node: PlanNode): string {
    const names = this.namesOf(node);
    return printExpr(expr, (id) => names.get(id)?.name ?? `column${id}`);
  }

  /** Text of a join condition: columns by side. */
  sides(expr: BoundExpr, join: JoinNode): string {
    const inner = this.namesOf(join.inner);
    const outer = this.namesOf(join.outer);
    const outerIds = new Set(join.outer.columns.map((c) => c.id));
    return printExpr(expr, (id) =>
      outerIds.has(id)
        ? `"outer".${outer.get(id)?.name ?? `column${id}`}`
        : `"inner".${inner.get(id)?.name ?? `column${id}`}`,
    );
  }

  keys(keys: readonly SortKey[], input: PlanNode): string {
    return keys.map((k) => this.upper(k.expr, input)).join(', ');
  }
}

const PRIMITIVE_NAMES: Readonly<Record<string, string>> = {
  count_star: 'count',
  sum_i64: 'sum',
  sum_i128: 'sum',
  sum_f64: 'sum',
  sum_super: 'sum',
};

const readsTables = (node: PlanNode): boolean => node.kind === 'scan' || inputsOf(node).some(readsTables);
const countSources = (node: PlanNode): number =>
  inputsOf(node).reduce((n, i) => n + countSources(i), node.kind === 'scan' || node.kind === 'virtual-scan' ? 1 : 0);

// ----------------------------------------------------------------------------------------------------- operators

const andText = (texts: readonly string[]): string => (texts.length === 1 ? texts[0]! : `(${texts.join(' AND ')})`);

/** A filter's details: printed with the operator whose rows it tests. */
interface Above {
  readonly figures: Figures;
  readonly filters: readonly string[];
}

function show(p: Printer, node: PlanNode, above?: Above): Shown {
  const figures = above?.figures ?? node;
  const filters = above?.filters ?? [];
  const line = (label: string, details: readonly string[], children: readonly Shown[]): Shown => ({
    node,
    label: `${p.prefix(node)}${label}`,
    figures,
    children,
    details: filters.length === 0 ? details : [...details, `Filter: ${andText(filters)}`],
  });
  const through = (input: PlanNode): Shown => show(p, input, { figures, filters });
  switch (node.kind) {
    case 'scan':
    case 'virtual-scan':
    case 'values':
      return showSource(p, node, figures, filters);
    case 'filter':
      return show(p, node.input, {
        figures,
        filters: [...node.condition.map((c) => conditionText(p, c, node.input)), ...filters],
      });
    case 'project':
      return through(node.input);
    case 'expand':
      return show(p, node.input, { figures: node.input, filters });
    case 'exchange': {
      const label = { hash: 'Distribute', even: 'Distribute Round Robin', broadcast: 'Broadcast' } as const;
      if (node.mode === 'leader' || node.mode === 'single') return through(node.input);
      return line('Network', [label[node.mode]], [show(p, node.input)]);
    }
    case 'unnest':
      return line('Unnest', node.on === undefined ? [] : [`Join Filter: ${conditionText(p, node.on, node)}`], [
        show(p, node.input),
      ]);
    case 'subquery-scan':
      if (node.secure === undefined) return line(`Subquery Scan ${node.alias}`, [], [show(p, node.input)]);
      if (!node.secure.rows) return through(node.input);
      return { ...line(`RLS SecureScan ${node.alias}`, [], [show(p, node.input)]), secure: true };
    case 'hash-join':
    case 'merge-join':
    case 'nested-loop':
      return showJoin(p, node, line);
    case 'aggregate':
      return showAggregate(p, node, line);
    case 'window':
      return showWindow(p, node, line);
    case 'sort':
      return line('Sort', [`Sort Key: ${p.keys(node.keys, node.input)}`], [show(p, belowTwin(node))]);
    case 'merge': {
      const network: Shown = {
        node,
        isBelow: true,
        label: 'XN Network',
        figures,
        details: ['Send to leader'],
        children: [show(p, node.input)],
      };
      return line('Merge', [`Merge Key: ${p.keys(node.keys, node.input)}`], [network]);
    }
    case 'recursive-union':
      return line('Recursive Union', [], [show(p, unmoved(node.seed)), show(p, node.step)]);
    case 'working-scan':
      return line(`WorkTable Scan on ${node.alias}`, [], []);
    case 'limit':
      return line('Limit', [], [show(p, belowTwin(node))]);
    case 'append':
      if (node.emptyGroups === true) return through(unmoved(node.inputs[0]!));
      return line(
        'Append',
        [],
        node.inputs.map((input, i): Shown => ({
          node: input,
          isBelow: true,
          label: `${p.prefix(input)}Subquery Scan "*SELECT* ${i + 1}"`,
          figures: input,
          details: [],
          children: [show(p, unmoved(input))],
        })),
      );
  }
}

/** Filters over a subquery scan or a source print as the scan's own. */
function conditionText(p: Printer, condition: BoundExpr, input: PlanNode): string {
  return input.kind === 'subquery-scan' ? p.local(condition, input) : p.upper(condition, input);
}

const unmoved = (node: PlanNode): PlanNode => (node.kind === 'exchange' ? node.input : node);

/** The input of a sort or limit, past the per-slice twin that works for it below a gather. */
function belowTwin(node: NodeOf<'sort'> | NodeOf<'limit'>): PlanNode {
  if (node.input.kind !== 'exchange') return node.input;
  let below = node.input.input;
  while (below.kind === 'project') below = below.input;
  return below.kind === node.kind ? below.input : node.input;
}

function showSource(
  p: Printer,
  node: NodeOf<'scan'> | NodeOf<'virtual-scan'> | NodeOf<'values'>,
  figures: Figures,
  filters: readonly string[],
): Shown {
  const all = node.kind === 'values' ? [] : node.filter.map((f) => p.local(f, node));
  const conditions = [...all, ...filters];
  const details = conditions.length === 0 ? [] : [`Filter: ${andText(conditions)}`];
  return { node, label: `${p.prefix(node)}${sourceLabel(node)}`, figures, details, children: [] };
}

function sourceLabel(node: NodeOf<'scan'> | NodeOf<'virtual-scan'> | NodeOf<'values'>): string {
  if (node.kind === 'values')
    return (node.packed?.length ?? node.exprs.length) > 1 ? 'Values Scan "*VALUES*"' : 'Result';
  const name = node.kind === 'scan' ? node.tableName : node.name.slice(node.name.lastIndexOf('.') + 1);
  const what = node.kind === 'virtual-scan' && node.args.length > 0 ? 'Function Scan' : 'Seq Scan';
  return `${what} on ${name}${node.alias === name ? '' : ` ${node.alias}`}`;
}

type MakeLine = (label: string, details: readonly string[], children: readonly Shown[]) => Shown;
const JOIN_WORDS: Readonly<Record<string, string>> = {
  inner: '',
  left: ' Left',
  right: ' Right',
  full: ' Full',
  semi: ' IN',
  anti: ' Anti',
  'anti-null-aware': ' NOT IN',
};

function showJoin(p: Printer, node: JoinNode, line: MakeLine): Shown {
  const word = JOIN_WORDS[node.joinType]!;
  const movement = node.distribution.kind === 'leader' ? '' : ` ${node.movement}`;
  const outer = show(p, unmoved(node.outer));
  const inner = show(p, unmoved(node.inner));
  if (node.kind === 'nested-loop') {
    const details =
      node.condition.length === 0 ? [] : [`Join Filter: ${andText(node.condition.map((c) => p.sides(c, node)))}`];
    return line(`Nested Loop${word === '' ? '' : `${word} Join`}${movement}`, details, [outer, inner]);
  }
  const cond = (k: { readonly outer: BoundExpr; readonly inner: BoundExpr }): string =>
    `(${p.sides(k.outer, node)} = ${p.sides(k.inner, node)})`;
  const details =
    node.kind === 'merge-join' ? [`Merge Cond: ${cond(node.key)}`] : [`Hash Cond: ${andText(node.keys.map(cond))}`];
  if (node.residual.length > 0) details.push(`Join Filter: ${andText(node.residual.map((c) => p.sides(c, node)))}`);
  if (node.kind === 'merge-join') return line(`Merge${word} Join${movement}`, details, [outer, inner]);
  const { totalCost, rows, width } = node.inner;
  const hash: Shown = {
    node,
    isBelow: true,
    label: `${p.prefix(node.inner)}Hash`,
    figures: { startupCost: totalCost, totalCost, rows, width },
    details: [],
    children: [inner],
  };
  return line(`Hash${word} Join${movement}`, details, [outer, hash]);
}

function showAggregate(p: Printer, node: NodeOf<'aggregate'>, line: MakeLine): Shown {
  let at = node;
  if (node.phase === 'final') {
    const partial = unmoved(node.input);
    if (partial.kind === 'aggregate') at = partial;
  }
  const names = { plain: 'Aggregate', hash: 'HashAggregate', sorted: 'GroupAggregate' } as const;
  const label = at.unique === true ? 'Unique' : names[at.strategy];
  return line(label, [], [show(p, at.input)]);
}

/** A window stands over the sort its rows come from. */
function showWindow(p: Printer, node: NodeOf<'window'>, line: MakeLine): Shown {
  const partition = node.partition.map((e) => p.upper(e, node.input)).join(', ');
  const order = p.keys(node.order, node.input);
  const details = [
    ...(node.partition.length > 0 ? [`Partition: ${partition}`] : []),
    ...(node.order.length > 0 ? [`Order: ${order}`] : []),
  ];
  const input = showMoved(p, node.input);
  if (details.length === 0) return line('Window', details, [input]);
  const keys = [...(node.partition.length > 0 ? [partition] : []), ...(node.order.length > 0 ? [order] : [])];
  const sort: Shown = {
    node,
    isBelow: true,
    label: `${p.prefix(node)}Sort`,
    figures: { ...node.input, startupCost: node.startupCost, totalCost: node.sortedCost },
    details: [`Sort Key: ${keys.join(', ')}`],
    children: [input],
  };
  return line('Window', details, [sort]);
}
/** Rows on their way to a window are shown also when all go to one slice. */
function showMoved(p: Printer, node: PlanNode): Shown {
  if (node.kind !== 'exchange' || node.mode !== 'single') return show(p, node);
  return {
    node,
    label: 'XN Network',
    figures: node,
    details: ['Send to slice 0'],
    children: [show(p, node.input)],
  };
}

// -------------------------------------------------------------------------------------------------------- output

const figuresText = (f: Figures): string =>
  `(cost=${f.startupCost.toFixed(2)}..${f.totalCost.toFixed(2)} rows=${f.rows.toFixed(0)} width=${f.width.toFixed(0)})`;

/** What is inserted is shown with how it comes to its slices, but for the rows of a VALUES list. */
function shownRoot(plan: Plan): Shown {
  const { root } = plan;
  const isList = plan.kind === 'insert' && root.kind === 'exchange' && root.input.kind === 'values';
  const printer = new Printer(root);
  const shown = show(printer, isList ? root.input : root);
  if (plan.kind !== 'update' || plan.newKey === undefined) return shown;
  const label = `${printer.prefix(root)}Network`;
  return { node: root, isBelow: true, label, figures: shown.figures, details: ['Distribute'], children: [shown] };
}

const nodeText = (shown: Shown, depth: number): string =>
  `${depth === 0 ? '' : `${' '.repeat((depth - 1) * 6)}  ->  `}${shown.label}  ${figuresText(shown.figures)}`;

/** The lines of EXPLAIN's one column. */
/** Whether policies let the user see only a part of some relation. */
export const holdsSecure = (node: PlanNode): boolean =>
  (node.kind === 'subquery-scan' && node.secure !== undefined) || inputsOf(node).some(holdsSecure);

/** `open`: what row-level security adds is shown. */
export function explainPlan(plan: Plan, open = true): readonly string[] {
  const lines: string[] = [];
  const print = (shown: Shown, depth: number): void => {
    lines.push(nodeText(shown, depth));
    for (const detail of shown.details) lines.push(`${' '.repeat(depth * 6 + 2)}${detail}`);
    if (shown.secure === true && !open) return;
    for (const child of shown.children) print(child, depth + 1);
  };
  print(shownRoot(plan), 0);
  return [...lines, ...plan.notes.map((note) => ` ${note}`)];
}

/** The rows of STL_EXPLAIN: one a printed operator, numbered from 1 in print order; parent 0 is none. */
export function numberPlan(plan: Plan): PlanNumbers {
  const rows: PlanRow[] = [];
  const own = new Map<PlanNode, number>();
  const below = new Map<PlanNode, number>();
  // Whoever reads the rows later need not be whom the policies may be shown to.
  const add = (shown: Shown, depth: number, parentId: number, hidden = false): void => {
    const nodeId = rows.length + 1;
    (shown.isBelow === true ? below : own).set(shown.node, nodeId);
    const info = hidden ? '' : shown.details.join(' ');
    const { startupCost, totalCost, rows: count, width } = shown.figures;
    rows.push({
      nodeId,
      parentId,
      planNode: nodeText(shown, depth),
      info,
      startupCost,
      totalCost,
      rows: count,
      width,
    });
    for (const child of shown.children) add(child, depth + 1, nodeId, hidden || shown.secure === true);
  };
  add(shownRoot(plan), 0, 0);
  const ids = new Map<PlanNode, number>();
  const settle = (node: PlanNode, parentId: number): void => {
    const id = own.get(node);
    for (const input of inputsOf(node)) settle(input, id ?? parentId);
    // What filters and computes is shown with its input; movement and a twin on the slices with who wants them.
    const passes = node.kind === 'filter' || node.kind === 'project' || parentId === 0;
    const input = inputsOf(node)[0];
    ids.set(node, id ?? (passes && input ? ids.get(input)! : parentId));
  };
  settle(plan.root, 0);
  return { rows, idOf: (node) => ids.get(node) ?? 1, belowOf: (node) => below.get(node) ?? ids.get(node) ?? 1 };
}
