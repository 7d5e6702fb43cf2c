/**
 * generate_series in a select list: the leader's, so that user tables beside it are refused as for every function of the leader;
 * without FROM it is the same as in FROM.
 */
import { featureNotSupported, leaderOnlyOnTables } from '../../common/errors/catalogue.ts';
import type { Expr, SelectCore, SelectItem } from '../parser/ast.ts';
import { at, type AnalyserState } from './context.ts';

const NAME = 'generate_series';
type Call = Extract<Expr, { kind: 'call' }>;

const isSeries = (e: Expr): e is Call =>
  e.kind === 'call' &&
  e.name.name === NAME &&
  (e.name.schema === undefined || e.name.schema === 'pg_catalog') &&
  (e.args.length === 2 || e.args.length === 3);

/** SELECT generate_series(1, 3) as SELECT generate_series FROM generate_series(1, 3). */
export function seriesFromList(core: SelectCore): SelectCore {
  if (core.from.length > 0) return core;
  const [series, ...more] = core.items.filter((item) => isSeries(item.expr));
  if (series === undefined) return core;
  if (more.length > 0) throw featureNotSupported('several series in a select list are not supported', at(more[0]!));
  const { pos } = series.expr;
  const items = core.items.map((item): SelectItem =>
    item === series ? { ...item, expr: { kind: 'name', parts: [NAME], pos } } : item,
  );
  const call = series.expr as Call;
  return {
    ...core,
    items,
    from: [{ kind: 'function', call, columnAliases: [], columnTypes: [], ordinality: false, pos }],
  };
}

/** Where a series stands that no FROM clause holds. */
export function refuseSeries(e: Call, types: string, state: AnalyserState): void {
  if (!isSeries(e)) return;
  if (!state.usage.readsUserTable) throw featureNotSupported('a series in an expression is not supported', at(e));
  const message = `Function "${NAME}(${types})" not supported.`;
  state.context.notice?.({ severity: 'INFO', sqlstate: '00000', message });
  throw leaderOnlyOnTables();
}
