/**
 * A Parquet schema as a tree: which fields a row has, and at which levels values and their parents are missing or repeated.
 */
import type { SchemaElement } from './metadata.ts';
import { ParquetDamage } from './thrift.ts';

export interface SchemaNode {
  readonly element: SchemaElement;
  readonly name: string;
  /** Definition level of a value that is there, and repetition level of another one of the same parent. */
  readonly definition: number;
  readonly repetition: number;
  readonly children: readonly SchemaNode[];
  /** Number of its column in a row group; undefined for a group. */
  readonly leaf: number | undefined;
}
const NESTING_MAX = 64;

/** The fields of a row. */
export function schemaFields(elements: readonly SchemaElement[]): readonly SchemaNode[] {
  let at = 0;
  let leaves = 0;
  const node = (definition: number, repetition: number, depth: number): SchemaNode => {
    const element = elements[at++];
    if (element === undefined) throw new ParquetDamage('the schema ends too early');
    if (depth > NESTING_MAX) throw new ParquetDamage('the schema is nested too deeply');
    const isRoot = depth === 0;
    const d = definition + (isRoot || element.repetition === 'required' ? 0 : 1);
    const r = repetition + (!isRoot && element.repetition === 'repeated' ? 1 : 0);
    const leaf = element.type === undefined ? undefined : leaves++;
    const children: SchemaNode[] = [];
    if (leaf === undefined) for (let i = 0; i < element.children; i++) children.push(node(d, r, depth + 1));
    if (leaf === undefined && children.length === 0 && !isRoot) throw new ParquetDamage('a group has no fields');
    return { element, name: element.name, definition: d, repetition: r, children, leaf };
  };
  const root = node(0, 0, 0);
  if (root.leaf !== undefined || at !== elements.length) throw new ParquetDamage('the schema is no tree');
  return root.children;
}

export function leavesOf(node: SchemaNode): readonly SchemaNode[] {
  return node.leaf === undefined ? node.children.flatMap(leavesOf) : [node];
}

/** As Redshift's errors show a field. */
export function schemaText(node: SchemaNode, indent = ''): string {
  const { element, definition, repetition } = node;
  const levels = `d:${definition} r:${repetition}]`;
  const head = `${indent}${element.repetition} ${element.type ?? 'struct'} ${node.name} [`;
  if (node.leaf !== undefined) return `${head}i:${node.leaf} ${levels}`;
  return `${head}${levels} {\n${node.children.map((c) => schemaText(c, `${indent}  `)).join('\n')}\n${indent}}`;
}
