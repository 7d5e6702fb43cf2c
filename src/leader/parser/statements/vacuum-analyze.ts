/**
 * VACUUM, ANALYZE and ANALYZE COMPRESSION.
 */
import { invalidParameterValue } from '../../../common/errors/catalogue.ts';
import type { StatementBody } from '../ast.ts';
import type { Cursor } from '../cursor.ts';

type Vacuum = Extract<StatementBody, { kind: 'vacuum' }>;

function vacuumMode(c: Cursor): Vacuum['mode'] {
  if (c.accept('full')) return 'full';
  if (c.accept('sort', 'only')) return 'sort only';
  if (c.accept('delete', 'only')) return 'delete only';
  if (c.accept('reindex')) return 'reindex';
  return c.accept('recluster') ? 'recluster' : 'full';
}

/** The cursor stands behind VACUUM. */
export function vacuum(c: Cursor): StatementBody {
  const mode = vacuumMode(c);
  if (c.done && mode === 'recluster') throw c.fail();
  if (c.done) return { kind: 'vacuum', mode };
  const table = c.qualified();
  let threshold: number | undefined;
  if (c.atWords('to') && (mode === 'reindex' || mode === 'recluster')) throw c.fail();
  if (c.accept('to')) {
    const { pos: at } = c;
    threshold = c.integer();
    c.expect('percent');
    if (threshold < 0 || threshold > 100)
      throw invalidParameterValue(`VACUUM threshold must be between 0 and 100, not ${threshold}`, at + 1);
  }
  const { pos } = c;
  if (c.accept('boost')) c.lacks('VACUUM BOOST is not supported', pos);
  c.expectEnd();
  return { kind: 'vacuum', mode, table, ...(threshold === undefined ? {} : { threshold }) };
}

function compression(c: Cursor): StatementBody {
  const table = c.done || c.atWords('comprows') ? undefined : c.qualified();
  const columns = c.at('(') ? c.nameList() : [];
  const comprows = c.accept('comprows') ? c.integer() : undefined;
  c.expectEnd();
  return {
    kind: 'analyze-compression',
    columns,
    ...(table === undefined ? {} : { table }),
    ...(comprows === undefined ? {} : { comprows }),
  };
}

/** The cursor stands behind ANALYZE. */
export function analyze(c: Cursor): StatementBody {
  if (c.accept('compression')) return compression(c);
  const verbose = c.accept('verbose');
  const bare = c.done || c.atWords('predicate', 'columns') || c.atWords('all', 'columns');
  const table = bare ? undefined : c.qualified();
  const columns = c.at('(') ? c.nameList() : [];
  const predicateColumns = c.accept('predicate', 'columns');
  if (!predicateColumns) c.accept('all', 'columns');
  c.expectEnd();
  return { kind: 'analyze', ...(table === undefined ? {} : { table }), columns, predicateColumns, verbose };
}
