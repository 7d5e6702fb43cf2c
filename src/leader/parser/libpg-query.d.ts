/**
 * Types of the one file of libpg-query that we use: the factory of its WebAssembly module, behind its own JavaScript
 * wrapper. The wrapper keeps a single instance for ever; libpg.ts must be able to throw a broken one away.
 */
declare module 'libpg-query/wasm/libpg-query.js' {
  const factory: () => Promise<unknown>;
  export default factory;
}
