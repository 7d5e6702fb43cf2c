/**
 * The libpg-query instance: loaded once, lazily; parses one legal Postgres statement to its JSON tree. An instance that
 * throws anything but a reported parse error may be corrupt (stack overflow inside WebAssembly): it is thrown away and
 * the spare one, kept ready, takes over while a new spare is made. Of the package only the factory of its WebAssembly module is
 * used: its own wrapper keeps a single instance for ever. Only postgres-ast.ts calls this.
 */
import { createRequire } from 'node:module';
import { SqlError } from '../../common/errors/sql-error.ts';
import { statementTooComplex } from '../../common/errors/catalogue.ts';
import { assert } from '../../common/assert.ts';

/** The first statements go before the spare instance. */
const SPARE_AFTER_MS = 1_000;
/** Not `import`: that would scan the file for the names it exports, which takes longer than running it. */
const requireFile = createRequire(import.meta.url);

interface LibpgModule {
  getValue(address: number, type: string): number;
  UTF8ToString(address: number): string;
  stringToUTF8(text: string, address: number, bytes: number): void;
  lengthBytesUTF8(text: string): number;
  _malloc(bytes: number): number;
  _free(address: number): void;
  _wasm_parse_query_raw(address: number): number;
  _wasm_free_parse_result(address: number): void;
}

/** A node of the JSON tree. */
export interface PgNode {
  readonly [field: string]: unknown;
}

/** What libpg-query reports for text that is not a legal statement. */
export interface PgSyntaxError {
  readonly message: string;
  /** 0-based, in code points. */
  readonly cursor: number;
}

export type PgResult = { readonly tree: PgNode } | { readonly error: PgSyntaxError };

let factory: (() => Promise<LibpgModule>) | undefined;
let current: LibpgModule | undefined;
let spare: LibpgModule | undefined;
let loading: Promise<void> | undefined;

async function load(): Promise<void> {
  factory ??= requireFile('libpg-query/wasm/libpg-query.js') as () => Promise<LibpgModule>;
  current ??= await factory();
}
/** Behind warmLibpg. Without memory for it now, the next restart tries again. */
export async function warmSpare(): Promise<void> {
  spare ??= await factory!().catch(() => undefined);
}

/** Loads the parser; afterwards parsePostgres may be called. Cheap when already loaded. The spare one comes behind. */
export async function warmLibpg(): Promise<void> {
  if (current !== undefined) return;
  loading ??= load().finally(() => {
    loading = undefined;
  });
  await loading;
  setTimeout(() => void warmSpare(), SPARE_AFTER_MS).unref();
}

function discard(): void {
  current = spare;
  spare = undefined;
  warmLibpg().then(warmSpare, () => undefined);
}

function run(module: LibpgModule, text: string): PgResult {
  const bytes = module.lengthBytesUTF8(text) + 1;
  const address = module._malloc(bytes);
  module.stringToUTF8(text, address, bytes);
  const result = module._wasm_parse_query_raw(address);
  assert(result !== 0, 'libpg-query returned nothing');
  const tree = module.getValue(result, 'i32');
  const error = module.getValue(result + 8, 'i32');
  const answer: PgResult =
    error === 0
      ? { tree: JSON.parse(module.UTF8ToString(tree)) as PgNode }
      : {
          error: {
            message: module.UTF8ToString(module.getValue(error, 'i32')),
            cursor: module.getValue(error + 16, 'i32') - 1,
          },
        };
  module._wasm_free_parse_result(result);
  module._free(address);
  return answer;
}

/** Parses `text`, which must be warmed up for. */
export function parsePostgres(text: string): PgResult {
  assert(factory !== undefined, 'the SQL parser is used before warmParser()');
  if (current === undefined) throw statementTooComplex('the parser is being restarted');
  try {
    return run(current, text);
  } catch (thrown) {
    discard();
    if (thrown instanceof SqlError) throw thrown;
    throw statementTooComplex('the parser gave up');
  }
}
