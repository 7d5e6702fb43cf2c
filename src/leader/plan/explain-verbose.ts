/**
 * EXPLAIN VERBOSE: the whole plan, node by node, above the summary that EXPLAIN prints. Every field of every node is
 * there, movements and projections too, which the summary leaves out:
 *
 *   { HASHJOIN
 *     :startup_cost 0.05 :total_cost 0.20 :plan_rows 3 :plan_width 8
 *     :distribution key (a)
 *     :targetlist (a integer, b character varying(10))
 *     :joinType inner
 *     :outer
 *       { SCAN ... }
 *   }
 */
import type { ColId } from '../../common/ids.ts';
import type { BoundExpr } from '../../expressions/bound.ts';
import { printExpr } from '../../expressions/print.ts';
import { formatType, type SqlType } from '../../types/sql-type.ts';
import type { Distribution, Plan, PlanNode } from './plan.ts';
import { inputsOf } from './plan.ts';

/** Fields that have lines of their own. */
const SHOWN = ['kind', 'columns', 'rows', 'width', 'startupCost', 'totalCost', 'distribution'];

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;
const isNode = (value: unknown): value is PlanNode => isObject(value) && 'kind' in value && 'totalCost' in value;
const isExpr = (value: unknown): value is BoundExpr => isObject(value) && 'kind' in value && 'type' in value;
const isNodes = (value: unknown): value is readonly PlanNode[] => Array.isArray(value) && value.some(isNode);

class VerbosePrinter {
  readonly lines: string[] = [];
  private readonly names = new Map<ColId, string>();

  constructor(root: PlanNode) {
    this.learn(root);
    this.node(root, 0);
  }
  /** Columns keep the name they have lowest in the tree. */
  private learn(node: PlanNode): void {
    inputsOf(node).forEach((n) => this.learn(n));
    for (const c of node.columns) if (!this.names.has(c.id)) this.names.set(c.id, c.name);
  }
  private readonly nameOf = (id: ColId): string => this.names.get(id) ?? `column${id}`;

  private line(depth: number, text: string): void {
    this.lines.push(' '.repeat(depth * 2) + text);
  }
  private distribution(d: Distribution): string {
    return d.kind === 'key' ? `key (${d.keys.map(this.nameOf).join(', ')})` : d.kind;
  }
  private value(value: unknown): string {
    if (isExpr(value)) return printExpr(value, this.nameOf);
    if (Array.isArray(value)) return `(${value.map((v) => this.value(v)).join(', ')})`;
    if (!isObject(value)) return String(value);
    const fields = Object.entries(value).filter(([, v]) => v !== undefined);
    return fields.map(([key, v]) => `${key} ${key === 'type' ? formatType(v as SqlType) : this.value(v)}`).join(' ');
  }
  private node(node: PlanNode, depth: number): void {
    this.line(depth, `{ ${node.kind.replaceAll('-', '').toUpperCase()}`);
    const cost = `:startup_cost ${node.startupCost.toFixed(2)} :total_cost ${node.totalCost.toFixed(2)}`;
    this.line(depth + 1, `${cost} :plan_rows ${Math.round(node.rows)} :plan_width ${Math.round(node.width)}`);
    this.line(depth + 1, `:distribution ${this.distribution(node.distribution)}`);
    this.line(depth + 1, `:targetlist (${node.columns.map((c) => `${c.name} ${formatType(c.type)}`).join(', ')})`);
    for (const [key, value] of Object.entries(node)) {
      if (SHOWN.includes(key) || value === undefined) continue;
      if (!isNode(value) && !isNodes(value)) this.line(depth + 1, `:${key} ${this.value(value)}`);
      else {
        this.line(depth + 1, `:${key}`);
        for (const input of isNode(value) ? [value] : value) this.node(input, depth + 2);
      }
    }
    this.line(depth, '}');
  }
}

/** The lines above the summary. */
export const explainVerbose = (plan: Plan): readonly string[] => new VerbosePrinter(plan.root).lines;
