/**
 * DISTSTYLE, DISTKEY, SORTKEY, BACKUP, ENCODE AUTO behind CREATE TABLE, CTAS, CREATE MATERIALIZED VIEW and ALTER: any
 * order, each at most once.
 */
import { grammarError } from '../../../common/errors/catalogue.ts';
import type { TableAttributes } from '../table-attributes.ts';
import type { Cursor } from '../cursor.ts';

type Diststyle = NonNullable<TableAttributes['diststyle']>;

/** A column name, in parentheses or bare. */
function keyColumn(c: Cursor): string {
  if (!c.acceptSymbol('(')) return c.name();
  const name = c.name();
  c.expectSymbol(')');
  return name;
}

/** What stands behind SORTKEY: columns, AUTO or, in ALTER only, NONE. */
function sortkey(c: Cursor, altered: boolean): NonNullable<TableAttributes['sortkey']> {
  if (c.accept('auto')) return { style: 'auto', columns: [] };
  if (altered && c.accept('none')) return { style: 'none', columns: [] };
  return { style: 'compound', columns: c.nameList() };
}

function one(c: Cursor, altered: boolean): TableAttributes | undefined {
  if (c.accept('diststyle')) return { diststyle: c.oneOf('even', 'key', 'all', 'auto') as Diststyle };
  if (c.accept('distkey')) return { distkey: keyColumn(c) };
  for (const style of ['compound', 'interleaved'] as const) {
    if (!c.accept(style)) continue;
    c.expect('sortkey');
    return { sortkey: { style, columns: c.nameList() } };
  }
  if (c.accept('sortkey')) return { sortkey: sortkey(c, altered) };
  if (c.accept('backup')) return { backup: c.oneOf('yes', 'no') === 'yes' };
  if (c.accept('encode', 'auto')) return { encodeAuto: true };
  return undefined;
}

export function tableAttributes(c: Cursor, altered = false): TableAttributes {
  let all: TableAttributes = {};
  for (;;) {
    const { pos } = c;
    const found = one(c, altered);
    if (found === undefined) return all;
    const repeated = Object.keys(found).find((key) => key in all);
    if (repeated !== undefined)
      throw grammarError(`conflicting or redundant options: ${repeated.toUpperCase()}`, pos + 1);
    all = { ...all, ...found };
  }
}
