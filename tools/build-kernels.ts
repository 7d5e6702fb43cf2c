/**
 * Compiles src/wasm/runtime/index.ts (AssemblyScript) into build/kernels.wasm and verifies what the engine relies on:
 * imported shared memory with the maximum of 65536 pages, no other import than those listed below, no data
 * segments, no start function. Run: npx tsx tools/build-kernels.ts [--checked]
 *
 * --checked makes build/kernels.checked.wasm, where allocations have canaries (alloc-checked.ts in place of alloc.ts); only
 * tests use it, and it is not part of a build.
 *
 * Sources may use two build-time macros, because string literals would need static data:
 *   WORD("abc")     u64 constant of up to eight ASCII bytes, the first byte lowest
 *   HASH("abc")     u64 FNV-1a of the text, to compare with nameHash() of a name
 *   PUT(p, "text")  stores the text at p (up to 7 bytes of slack are overwritten) and yields the new end
 */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

const IMPORTS = ['memory', 'grow', 'zone', 'clock', 'long_keep', 'long_first', 'long_order', 'long_common'].map(
  (name) => `env.${name}`,
);

const unescape = (text: string): string => JSON.parse(`"${text}"`) as string;

function word(text: string): string {
  let value = 0n;
  for (let i = text.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(text.charCodeAt(i));
  return `(<u64>0x${value.toString(16)})`;
}
function put(target: string, text: string): string {
  let expression = target;
  for (let i = 0; i < text.length; i += 8) {
    const part = text.slice(i, i + 8);
    expression = `put8(${expression}, ${word(part)}, ${part.length})`;
  }
  return expression;
}
/** FNV-1a 64, as nameHash in text-hash.ts computes it over lower-cased names. */
function fnv(text: string): string {
  let h = 0xcbf29ce484222325n;
  for (const byte of Buffer.from(text)) h = ((h ^ BigInt(byte)) * 0x100000001b3n) & 0xffffffffffffffffn;
  return `(<u64>0x${h.toString(16)})`;
}
/** Expands WORD, HASH and PUT and drops the .ts of import paths (the compiler adds it); keeps line numbers. */
export function expandMacros(source: string): string {
  return source
    .replace(/(from '\.[^']*)\.ts'/g, "$1'")
    .replace(/\bWORD\("((?:[^"\\]|\\.)*)"\)/g, (_, text: string) => word(unescape(text)))
    .replace(/\bHASH\("((?:[^"\\]|\\.)*)"\)/g, (_, text: string) => fnv(unescape(text)))
    .replace(/\bPUT\((\w+), "((?:[^"\\]|\\.)*)"\)/g, (_, target: string, text: string) =>
      put(target, unescape(text)),
    );
}

/** Source of a module: the checked build takes its allocator from another file. */
const sourceOf = (name: string, checked: boolean): string =>
  checked ? name.replace(/wasm\/runtime\/alloc\.ts$/, 'wasm/runtime/alloc-checked.ts') : name;

export async function buildKernels(checked = false): Promise<Uint8Array> {
  const outFile = join(root, checked ? 'build/kernels.checked.wasm' : 'build/kernels.wasm');
  const files = new Map<string, Uint8Array | string>();
  const messages: string[] = [];
  const sink = { write: (chunk: string | Uint8Array): boolean => (messages.push(String(chunk)), true) };
  const args = [
    'src/wasm/runtime/index.ts',
    '--baseDir',
    root,
    '--outFile',
    'kernels.wasm',
    '--runtime',
    'stub',
    '--importMemory',
    '--noExportMemory',
    '--sharedMemory',
    '--initialMemory',
    '1',
    '--maximumMemory',
    '65536',
    '--enable',
    'simd,threads,bulk-memory',
    '-O3',
    '--shrinkLevel',
    '1',
    '--noAssert',
    '--disableWarning',
    '235',
  ];
  const result = await asc.main(args, {
    stdout: sink as never,
    stderr: sink as never,
    readFile: (name: string, base: string) => {
      try {
        const text = readFileSync(join(base, sourceOf(name, checked)), 'utf8');
        return name.includes('wasm/runtime') ? expandMacros(text) : text;
      } catch {
        return null;
      }
    },
    writeFile: (name: string, content: Uint8Array | string) => void files.set(name, content),
    listFiles: () => [],
  });
  if (messages.length > 0) process.stderr.write(messages.join(''));
  if (result.error) throw result.error;
  const wasm = files.get('kernels.wasm') as Uint8Array;
  const problem = verifyKernels(wasm);
  if (problem !== undefined) throw new TypeError(`kernels.wasm: ${problem}`);
  mkdirSync(dirname(outFile), { recursive: true });
  // written aside and moved, so that a reader never sees half a module
  writeFileSync(`${outFile}.${process.pid}`, wasm);
  renameSync(`${outFile}.${process.pid}`, outFile);
  return wasm;
}

/** What is wrong with the module, or undefined. */
export function verifyKernels(wasm: Uint8Array): string | undefined {
  const module = new WebAssembly.Module(wasm as Uint8Array<ArrayBuffer>);
  for (const i of WebAssembly.Module.imports(module)) {
    const name = `${i.module}.${i.name}`;
    if (!IMPORTS.includes(name)) return `unexpected import ${name}`;
  }
  for (let at = 8; at < wasm.length;) {
    const id = wasm[at++]!;
    let size = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = wasm[at++]!;
      size |= (byte & 127) << shift;
      if (byte < 128) break;
    }
    if (id === 11) return 'it has a data section';
    if (id === 8) return 'it has a start function';
    at += size;
  }
  return undefined;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const checked = process.argv.includes('--checked');
  const wasm = await buildKernels(checked);
  const exports = WebAssembly.Module.exports(new WebAssembly.Module(wasm as Uint8Array<ArrayBuffer>));
  process.stdout.write(
    `build/kernels${checked ? '.checked' : ''}.wasm: ${wasm.length} bytes, ${exports.length} exports\n`,
  );
}
