/**
 * The analyser with every function and no system view, for tests that keep views: commands.test.ts, catalog.test.ts.
 */
import { aggregateFunctions, scalarFunctions, windowFunctions } from '../../functions/all-functions.ts';
import { createFunctionRegistry } from '../../functions/registry.ts';
import type { AnalyserContext } from '../analyser/index.ts';
import type { CatalogSnapshot, UserObject } from '../catalog/objects.ts';
import { parseQueryTextSync } from '../parser/parser.ts';

const functions = createFunctionRegistry(scalarFunctions, aggregateFunctions, windowFunctions);

export function viewContext(
  catalog: CatalogSnapshot,
  user: UserObject,
  searchPath: readonly string[],
): AnalyserContext {
  let id = 0;
  return {
    catalog,
    searchPath,
    user,
    parameterTypes: [],
    nextColId: () => ++id,
    functions,
    systemViews: () => undefined,
    parseQuery: parseQueryTextSync,
  };
}
