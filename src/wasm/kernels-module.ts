/**
 * The kernels as a module, for threads that have no part in a node's memory and give it a small one of their own.
 */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { assert } from '../common/assert.ts';

let compiled: WebAssembly.Module | undefined;

/** The built file lies beside the bundle, or in build/ when running from sources. */
export function kernelsModule(): WebAssembly.Module {
  if (compiled !== undefined) return compiled;
  const places = ['./kernels.wasm', '../../build/kernels.wasm'].map((p) =>
    fileURLToPath(new URL(p, import.meta.url)),
  );
  const file = places.find((p) => existsSync(p));
  assert(file !== undefined, 'build/kernels.wasm is missing: run npm run build');
  return (compiled = new WebAssembly.Module(readFileSync(file)));
}
