/**
 * Functions of the leader that give rows, in a select list: user tables beside them are refused as for every function of the
 * leader; without FROM they are the same as in FROM. generate_series gives numbers; the others (row-functions.ts) give
 * records, which are shown as PostgreSQL shows them: (a,"b c",)
 */
import { featureNotSupported } from '../../common/errors/catalogue.ts';
import type { Expr, SelectCore, SelectItem } from '../parser/ast.ts';
import type { SqlType } from '../../types/sql-type.ts';
import { at, type AnalyserState } from './context.ts';
import { functionsRefused, signatureOf } from './leader-only.ts';
import { rowFunction, type RowFunction } from './row-functions.ts';

const SERIES = 'generate_series';
type Call = Extract<Expr, { kind: 'call' }>;

function givesRows(e: Expr): e is Call {
  if (e.kind !== 'call' || (e.name.schema !== undefined && e.name.schema !== 'pg_catalog')) return false;
  if (e.name.name === SERIES) return e.args.length === 2 || e.args.length === 3;
  return rowFunction(e.name.name)?.args === e.args.length;
}

/** SELECT generate_series(1, 3) as SELECT generate_series FROM generate_series(1, 3). */
export function rowsFromList(core: SelectCore): SelectCore {
  if (core.from.length > 0) return core;
  const [first, ...more] = core.items.filter((item) => givesRows(item.expr));
  if (first === undefined) return core;
  if (more.length > 0)
    throw featureNotSupported('several functions that give rows in a select list are not supported', at(more[0]!));
  const call = first.expr as Call;
  const { pos } = call;
  const { name } = call.name;
  const f = rowFunction(name);
  const value: Expr = f === undefined ? column(name, pos) : recordText(f, pos);
  const items = core.items.map((item): SelectItem =>
    item === first ? { ...item, alias: item.alias ?? name, expr: value } : item,
  );
  return {
    ...core,
    items,
    from: [{ kind: 'function', call, columnAliases: [], columnTypes: [], ordinality: false, pos }],
  };
}

const column = (name: string, pos: number): Expr => ({ kind: 'name', parts: [name], pos });
const string = (value: string, pos: number): Expr => ({ kind: 'literal', form: 'string', value, pos });

/** The row as text. */
function recordText(f: RowFunction, pos: number): Expr {
  const text = (value: string): Expr => string(value, pos);
  const call = (name: string, args: readonly Expr[]): Expr => ({
    ...{
      kind: 'call',
      name: { name, pos },
      args,
      star: false,
      distinct: false,
      orderBy: [],
      withinGroup: false,
      pos,
    },
  });
  const joined = (left: Expr, right: Expr): Expr => ({ kind: 'binary', op: '||', left, right, pos });
  const doubled = (of: Expr, what: string): Expr => call('replace', [of, text(what), text(what + what)]);
  const fields = f.columns.map(({ name, type }): Expr => {
    const value = column(name, pos);
    const isNull: Expr = { kind: 'isnull', arg: value, negated: false, pos };
    const nothing = { when: isNull, then: text('') };
    if (type.name === 'bool')
      return { kind: 'case', whens: [nothing, { when: value, then: text('t') }], otherwise: text('f'), pos };
    const shown: Expr = { kind: 'cast', arg: value, type: { name: 'varchar', mods: [65535], pos }, pos };
    const special: Expr = { kind: 'binary', op: '~', left: shown, right: text('^$|[(),"\\\\[:space:]]'), pos };
    const quoted = joined(joined(text('"'), doubled(doubled(shown, '\\'), '"')), text('"'));
    return { kind: 'case', whens: [nothing, { when: special, then: quoted }], otherwise: shown, pos };
  });
  const list = fields.reduce((left, field) => joined(joined(left, text(',')), field));
  return joined(joined(text('('), list), text(')'));
}

/** Where rows stand that no FROM clause holds. */
export function refuseRows(e: Call, types: readonly SqlType[], state: AnalyserState): void {
  if (!givesRows(e)) return;
  const { name } = e.name;
  if (!state.usage.readsUserTable) throw featureNotSupported(`${name} in an expression is not supported`, at(e));
  throw functionsRefused(signatureOf(name, types));
}
