/**
 * Which values of a document fill which columns, as a tree that the kernels scan_json and scan_avro walk beside the document:
 * made of COPY's argument by the leader, laid out in node memory by the slices (the layout stands in wasm/runtime/json-load.ts).
 */
import { invalidJsonPath, jsonPathCount } from '../../common/errors/catalogue.ts';
import type { LoadHost } from '../load-format.ts';

export interface PathNode {
  /** Indexes of the load's columns that take the value here. */
  readonly columns: number[];
  readonly names: Map<string, PathNode>;
  readonly indexes: Map<number, PathNode>;
}
const newNode = (): PathNode => ({ columns: [], names: new Map(), indexes: new Map() });

/** The argument of JSON or AVRO: its words, or the URL of a jsonpaths file. */
export type PathArgument = 'auto' | 'auto ignorecase' | 'noshred' | { readonly url: string };
export function pathArgument(text: string | undefined): PathArgument | undefined {
  const word = text?.trim().toLowerCase() ?? 'auto';
  if (word === 'auto' || word === 'auto ignorecase' || word === 'noshred') return word;
  return /^s3:\/\//i.test(word) ? { url: text!.trim() } : undefined;
}

/** Every column takes the value of its name in the outermost object. */
export function treeOfNames(names: readonly string[], ignoresCase: boolean): PathNode {
  const root = newNode();
  names.forEach((written, i) => {
    const name = ignoresCase ? written.toLowerCase() : written;
    const node = root.names.get(name) ?? newNode();
    root.names.set(name, node);
    node.columns.push(i);
  });
  return root;
}
/** The one column takes whole documents. */
export const treeOfDocument = (): PathNode => ({ ...newNode(), columns: [0] });

const STEP = /\.([^.[\]'"\s*]+)|\[\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|(\d+))\s*\]/y;
/** The steps of `$.a.b[0]` or `$['a']['b'][0]`: names in one notation, indexes from 0. */
export function parseJsonPath(path: string): readonly (string | number)[] {
  const steps: (string | number)[] = [];
  const text = path.trim();
  if (!text.startsWith('$')) throw invalidJsonPath(`${path} does not begin with $`);
  let notation: 'dot' | 'bracket' | undefined;
  STEP.lastIndex = 1;
  while (STEP.lastIndex < text.length) {
    const at = STEP.lastIndex;
    const match = STEP.exec(text);
    if (match === null) throw invalidJsonPath(`${path} at position ${at + 1}`);
    const [, dotted, single, double, index] = match;
    if (index !== undefined) steps.push(Number(index));
    else {
      const kind = dotted === undefined ? 'bracket' : 'dot';
      if (notation !== undefined && notation !== kind)
        throw invalidJsonPath(`${path} mixes dot and bracket notation`);
      notation = kind;
      steps.push(dotted ?? (single ?? double)!.replace(/\\(.)/gs, '$1'));
    }
  }
  return steps;
}

/**
 * The tree of a jsonpaths file, `{"jsonpaths": [path, ...]}`: a path for each column. undefined: the file has no such list,
 * which Redshift takes for 'auto'.
 */
export function treeOfPaths(file: string, columns: number): PathNode | undefined {
  let json: unknown;
  try {
    json = JSON.parse(file);
  } catch (error) {
    throw invalidJsonPath(`the jsonpaths file is not JSON: ${(error as Error).message}`);
  }
  const paths = (json as { readonly jsonpaths?: unknown } | null)?.jsonpaths;
  if (!Array.isArray(paths)) return undefined;
  if (paths.length !== columns) throw jsonPathCount(paths.length, columns);
  const root = newNode();
  paths.forEach((path: unknown, column) => {
    if (typeof path !== 'string') throw invalidJsonPath(`path ${column + 1} is not a string`);
    let node = root;
    for (const step of parseJsonPath(path)) {
      const children = typeof step === 'string' ? node.names : node.indexes;
      const next = (children as Map<string | number, PathNode>).get(step) ?? newNode();
      (children as Map<string | number, PathNode>).set(step, next);
      node = next;
    }
    node.columns.push(column);
  });
  return root;
}

const NODE_BYTES = 24;
const NAME_BYTES = 16;
const INDEX_BYTES = 8;
const WORD_BYTES = 8;
/** No name has come behind this one yet. */
const NO_NAME = 0xffffffff;

/** Lays the tree out in node memory and gives the root's address. */
export function writePathTree({ memory, allocate }: LoadHost, root: PathNode): number {
  const write = (node: PathNode): number => {
    const at = allocate(NODE_BYTES);
    const words = [0, node.names.size, 0, node.indexes.size, 0, 0];
    if (node.columns.length > 0) {
      words[0] = allocate((node.columns.length + 1) * 4);
      [...node.columns, -1].forEach((column, i) => memory.setU32(words[0]! + i * 4, column >>> 0));
    }
    if (node.names.size > 0) words[2] = allocate(node.names.size * NAME_BYTES);
    [...node.names].forEach(([name, child], i) => {
      const bytes = Buffer.from(name);
      // Names are compared a word at a time.
      const text = allocate(bytes.length + WORD_BYTES);
      memory.bytes.set(bytes, text);
      [text, bytes.length, write(child), NO_NAME].forEach((word, k) =>
        memory.setU32(words[2]! + i * NAME_BYTES + k * 4, word),
      );
    });
    if (node.indexes.size > 0) words[4] = allocate(node.indexes.size * INDEX_BYTES);
    [...node.indexes]
      .sort(([a], [b]) => a - b)
      .forEach(([index, child], i) =>
        [index, write(child)].forEach((word, k) => memory.setU32(words[4]! + i * INDEX_BYTES + k * 4, word)),
      );
    // The name met last is the one before the first.
    words[5] = Math.max(node.names.size - 1, 0);
    words.forEach((word, i) => memory.setU32(at + i * 4, word));
    return at;
  };
  return write(root);
}
