/**
 * A view's query as it is stored: every table of FROM is held by oid, with the columns it had, by number, and the names
 * they had for the query. Renaming, moving or extending a table therefore changes nothing in what the view means. Where
 * every column can be written as alias.column, names are rewritten so, stars are spelled out and every output column has
 * its alias; print-query.ts can then print the query with the names that tables and columns have now.
 */
import type { Expr, FromItem, LiteralsExpr, Query, SelectItem } from '../parser/ast.ts';
import { literalExprs } from '../parser/literal-expr.ts';
import type { AnalyserContext } from './context.ts';
import { defaultLabel } from './labels.ts';
import type { NameRecorder } from './name-recorder.ts';

type Node = Readonly<Record<string, unknown>>;

/** A stored query has its lists written out. */
const isLiterals = (node: object): node is LiteralsExpr => (node as Node)['kind'] === 'literals';

const nameNode = (parts: readonly string[], pos: number): Expr => ({ kind: 'name', parts, pos });

class Freezer {
  constructor(
    private readonly names: NameRecorder,
    private readonly context: AnalyserContext,
  ) {}

  value(value: unknown): unknown {
    if (Array.isArray(value))
      return value.flatMap((v) => (v instanceof Object && isLiterals(v) ? literalExprs(v.list) : [this.value(v)]));
    if (typeof value !== 'object' || value === null) return value;
    const node = value as Node;
    if (this.names.qualifies) {
      const parts = this.names.columns.get(node);
      if (parts !== undefined) return nameNode(parts, node['pos'] as number);
      const alias = this.names.aliases.get(node);
      if (alias !== undefined) return this.value(alias);
    }
    if (node['kind'] === 'table') return this.table(node as unknown as FromItem);
    const routine = node['kind'] === 'call' ? this.names.routines.get(node) : undefined;
    if (routine !== undefined) return { ...this.members(node), routine };
    if (node['kind'] === 'select' && this.names.qualifies) return this.select(node);
    const joined = node['kind'] === 'join' && this.names.qualifies ? this.names.joins.get(node) : undefined;
    if (joined !== undefined) return this.join(node, joined);
    return this.members(node);
  }

  private members(node: Node): Node {
    return Object.fromEntries(Object.entries(node).map(([key, v]) => [key, this.value(v)]));
  }

  private table(item: FromItem): unknown {
    const relation = this.names.tables.get(item);
    return relation === undefined ? item : { ...item, columnAliases: [], relation };
  }

  private select(node: Node): Node {
    const items = (node['items'] as readonly SelectItem[]).flatMap((item): readonly SelectItem[] => {
      const star = this.names.stars.get(item.expr);
      if (star !== undefined) {
        return star.map((parts) => ({ expr: nameNode(parts, item.pos), alias: parts[1]!, pos: item.pos }));
      }
      const alias = item.alias ?? defaultLabel(item.expr, this.context);
      return [{ expr: this.value(item.expr) as Expr, alias, pos: item.pos }];
    });
    return { ...this.members({ ...node, items: [] }), items };
  }

  private join(node: Node, pairs: readonly (readonly [readonly string[], readonly string[]])[]): Node {
    const pos = node['pos'] as number;
    const on = pairs
      .map(([l, r]): Expr => ({ kind: 'binary', op: '=', left: nameNode(l, pos), right: nameNode(r, pos), pos }))
      .reduce((left, right): Expr => ({ kind: 'binary', op: 'and', left, right, pos }));
    return { ...this.members(node), using: [], natural: false, on };
  }
}

/** The query frozen under what `names` recorded when it was analysed. */
export function freezeQuery(query: Query, names: NameRecorder, context: AnalyserContext): Query {
  const frozen = new Freezer(names, context).value(query) as Query;
  return { ...frozen, qualified: names.qualifies };
}
