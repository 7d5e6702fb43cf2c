/**
 * JSON: objects or arrays that follow each other; values fill columns by name ('auto'), by the paths of a jsonpaths file, or
 * whole ('noshred'). Nested values go into SUPER, or as their text into VARCHAR. A file is cut where a line ends
 * with the end of one document and the next line begins another: inside a document a comma would stand between.
 */
import { noshredNeedsSuper } from '../common/errors/catalogue.ts';
import type { LoadFormat, LoadObject } from './load-format.ts';
import {
  treeOfDocument,
  treeOfNames,
  treeOfPaths,
  writePathTree,
  type PathArgument,
  type PathNode,
} from './json/path-tree.ts';
import { COLUMN_KIND, SCAN } from './text/scan-state.ts';
import { textPlan, type TextLoadOptions, type TextPlan } from './text/text-load.ts';
import { TextReader } from './text/text-reader.ts';

export interface JsonLoadOptions extends TextLoadOptions {
  readonly paths: PathArgument;
}
export interface JsonPlan extends TextPlan {
  readonly tree: PathNode;
  readonly ignoresCase: boolean;
}

const PROBE_BYTES = 64 * 1024;
const isBlank = (byte: number): boolean => byte === 32 || (byte >= 9 && byte <= 13);
const ends = (byte: number): boolean => byte === 0x7d || byte === 0x5d;
const begins = (byte: number): boolean => byte === 0x7b || byte === 0x5b;

/** First byte at or behind `from` of a document in front of which another one's line ends; the size when there is none. */
async function nextDocument(object: LoadObject, from: number): Promise<number> {
  let before = 0;
  let hasFeed = false;
  for (let at = from; at < object.size; at += PROBE_BYTES) {
    const chunk = await object.read(at, at + PROBE_BYTES);
    for (let i = 0; i < chunk.length; i++) {
      const byte = chunk[i]!;
      if (byte === 10) hasFeed = true;
      if (isBlank(byte)) continue;
      if (hasFeed && ends(before) && begins(byte)) return at + i;
      before = byte;
      hasFeed = false;
    }
  }
  return object.size;
}

class JsonReader extends TextReader {
  private readonly root: number;
  constructor(
    load: ConstructorParameters<typeof TextReader>[0],
    private readonly json: JsonPlan,
  ) {
    super(load, json, 'scan_json');
    this.root = writePathTree(load, json.tree);
  }
  override start(first: boolean): void {
    super.start(first);
    this.set(SCAN.ROOT, this.root);
    this.set(SCAN.NO_CASE, this.json.ignoresCase ? 1 : 0);
  }
}

export const json: LoadFormat<JsonLoadOptions, JsonPlan> = {
  split: async (object, wishes, { text }) => {
    // Header lines may hold anything.
    if (text.ignoreHeader > 0 || text.encoding !== 'utf8') return [];
    const cuts: number[] = [];
    for (const wish of wishes) cuts.push(await nextDocument(object, wish));
    return cuts;
  },
  schema: async (columns, options, _first, host) => {
    const { paths } = options;
    const plan = textPlan(columns, options);
    const names = columns.map((c) => c.name);
    const ignoresCase = paths === 'auto ignorecase';
    let tree: PathNode | undefined;
    if (paths === 'noshred') {
      if (columns.length !== 1 || columns[0]!.type.name !== 'super') throw noshredNeedsSuper();
      tree = treeOfDocument();
    } else if (typeof paths === 'object')
      tree = treeOfPaths(Buffer.from(await host.object(paths.url)).toString('utf8'), columns.length);
    return {
      delivers: 'text',
      plan: {
        ...plan,
        kinds: columns.map(({ type }, i) => (type.name === 'super' ? COLUMN_KIND.super : plan.kinds[i]!)),
        tree: tree ?? treeOfNames(names, ignoresCase),
        ignoresCase,
      },
    };
  },
  open: (load, plan) => new JsonReader(load, plan),
};
