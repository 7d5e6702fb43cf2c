/**
 * Reading libpg-query's JSON: every node is `{ "TypeName": { fields } }`, absent fields mean zero, false or nothing.
 * PgContext is what all converters (postgres-*.ts) share: positions, restored names, refusals, and the way to a subquery.
 */
import { featureNotSupported } from '../../common/errors/catalogue.ts';
import type { SqlError } from '../../common/errors/sql-error.ts';
import type { Query } from './ast.ts';
import type { PgNode } from './libpg.ts';
import type { LiteralList } from './literal-list.ts';

export interface PgContext {
  /** Character offset in the user's text for a location of the tree; `fallback` when the tree has none. */
  pos(location: unknown, fallback?: number): number;
  /** A name as the user wrote it, folded. */
  name(name: string): string;
  /** The same in the case in which it was written, where the lexer folded it. */
  written(name: string): string;
  /** Whether the user wrote MAX there. */
  saysMax(location: unknown): boolean;
  /** The list that a function's name stands for. */
  literals(name: string): LiteralList | undefined;
  query(select: PgNode): Query;
  /** The one SELECT that may say INTO: the first of a statement that is a query. */
  readonly into: { select?: PgNode };
}

export const refuse = (what: string, pos: number): SqlError =>
  featureNotSupported(`${what} is not supported`, pos + 1);

/** Type name and fields of a wrapped node. */
export function unwrap(node: unknown): readonly [string, PgNode] {
  if (typeof node !== 'object' || node === null) return ['', {}];
  for (const type in node) return [type, (node as PgNode)[type] as PgNode];
  return ['', {}];
}

export const child = (node: PgNode, field: string): PgNode | undefined => node[field] as PgNode | undefined;
export const list = (node: PgNode, field: string): readonly PgNode[] =>
  (node[field] as readonly PgNode[] | undefined) ?? [];
export const text = (node: PgNode, field: string): string => (node[field] as string | undefined) ?? '';
export const int = (node: PgNode, field: string): number => (node[field] as number | undefined) ?? 0;
export const flag = (node: PgNode, field: string): boolean => node[field] === true;

/** Names of a list of String nodes. */
export const names = (ctx: PgContext, nodes: readonly PgNode[]): string[] =>
  nodes.map((node) => ctx.name(text(unwrap(node)[1], 'sval')));
