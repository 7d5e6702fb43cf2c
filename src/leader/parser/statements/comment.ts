/**
 * COMMENT ON {TABLE | COLUMN | VIEW | SCHEMA | DATABASE} name IS {'text' | NULL}.
 */
import { featureNotSupported } from '../../../common/errors/catalogue.ts';
import type { QualifiedName, StatementBody } from '../ast.ts';
import type { Cursor } from '../cursor.ts';

const KINDS = ['table', 'view', 'schema', 'database'] as const;

/** [[database.]schema.]table.column */
function columnPath(c: Cursor): { readonly name: QualifiedName; readonly column: string } {
  const { pos } = c;
  const parts = [c.name()];
  while (c.acceptSymbol('.')) parts.push(c.name());
  const column = parts.pop();
  const [name, schema, database] = [...parts].reverse();
  if (column === undefined || name === undefined || parts.length > 3) throw c.fail();
  return {
    name: { ...(database === undefined ? {} : { database }), ...(schema === undefined ? {} : { schema }), name, pos },
    column,
  };
}

/** The cursor stands behind COMMENT. */
export function comment(c: Cursor): StatementBody {
  c.expect('on');
  if (c.atWords('constraint')) throw featureNotSupported('COMMENT ON CONSTRAINT is not supported', c.pos + 1);
  const isColumn = c.accept('column');
  const objectKind = isColumn ? 'column' : (c.oneOf(...KINDS) as (typeof KINDS)[number]);
  const target = isColumn ? columnPath(c) : { name: c.qualified() };
  c.expect('is');
  const text = c.accept('null') ? null : c.string();
  c.expectEnd();
  return { kind: 'comment', objectKind, ...target, text };
}
