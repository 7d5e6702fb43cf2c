/**
 * Tells errors of the engine that mean a statement is too complex from those that are bugs. Used by session.ts.
 */
/** An expression nested deeper than our stack, or code beyond what the engine takes (50,000 locals, 7.6 MB a function). */
export const isTooDeep = (error: unknown): boolean =>
  (error instanceof RangeError && error.message.includes('call stack')) ||
  (error instanceof WebAssembly.CompileError &&
    /local count|function body size|body size|nesting/.test(error.message));
