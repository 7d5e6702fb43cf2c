/**
 * DROP TABLE, VIEW, MATERIALIZED VIEW, SCHEMA, DATABASE, USER, GROUP; and TRUNCATE.
 */
import type { StatementBody } from '../ast.ts';
import type { Cursor } from '../cursor.ts';
import { missing } from '../grammar/commands.ts';
import { cascadeWord } from './alter-table.ts';

type ObjectKind = Extract<StatementBody, { kind: 'drop' }>['objectKind'];

/** The object kind behind DROP, consumed; undefined when it is none of ours. */
function objectKind(c: Cursor): ObjectKind | undefined {
  if (c.accept('materialized', 'view')) return 'materialized view';
  for (const kind of ['table', 'view', 'schema', 'database', 'user', 'group'] as const)
    if (c.accept(kind)) return kind;
  return undefined;
}

const EXTERNAL_DATABASE = 'DROP EXTERNAL DATABASE behaviour';

/** The cursor stands behind DROP; undefined when the object kind is unknown here. */
export function drop(c: Cursor): StatementBody | undefined {
  const kind = objectKind(c);
  if (kind === undefined) return undefined;
  const ifExists = c.accept('if', 'exists');
  const names = c.list(() => c.qualified());
  if (kind === 'database' && names.length > 1) throw c.fail(c.peek(-2));
  if (kind === 'schema' && c.atWords('drop')) return missing(c, 'DROP EXTERNAL DATABASE', EXTERNAL_DATABASE);
  const force = kind === 'database' && c.accept('force');
  const cascade = kind === 'database' || kind === 'user' || kind === 'group' ? false : cascadeWord(c);
  c.expectEnd();
  return { kind: 'drop', objectKind: kind, names, ifExists, cascade, force };
}

/** The cursor stands behind TRUNCATE. */
export function truncate(c: Cursor): StatementBody {
  c.accept('table');
  const table = c.qualified();
  c.expectEnd();
  return { kind: 'truncate', table };
}
