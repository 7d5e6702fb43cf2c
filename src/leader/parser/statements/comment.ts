/**
 * COMMENT ON {TABLE | COLUMN | CONSTRAINT | VIEW | SCHEMA | DATABASE} name IS {'text' | NULL}.
 */
import type { QualifiedName, StatementBody } from '../ast.ts';
import type { Cursor } from '../cursor.ts';

const KINDS = ['table', 'column', 'constraint', 'view', 'schema', 'database'] as const;

/** [[database.]schema.]table.column */
function columnPath(c: Cursor): { readonly name: QualifiedName; readonly column: string } {
  const { pos } = c;
  const parts = [c.name()];
  while (c.acceptSymbol('.')) parts.push(c.word());
  const column = parts.pop();
  const [name, schema, database] = [...parts].reverse();
  if (column === undefined || name === undefined || parts.length > 3) throw c.fail();
  return {
    name: { ...(database === undefined ? {} : { database }), ...(schema === undefined ? {} : { schema }), name, pos },
    column,
  };
}

/** name ON table */
function constraintOf(c: Cursor): { readonly name: QualifiedName; readonly constraint: string } {
  const constraint = c.name();
  c.expect('on');
  return { constraint, name: c.qualified() };
}

/** The cursor stands behind COMMENT. */
export function comment(c: Cursor): StatementBody {
  c.expect('on');
  const objectKind = c.oneOf(...KINDS) as (typeof KINDS)[number];
  const target =
    objectKind === 'column' ? columnPath(c) : objectKind === 'constraint' ? constraintOf(c) : { name: c.qualified() };
  c.expect('is');
  const text = c.accept('null') ? null : c.string();
  c.expectEnd();
  return { kind: 'comment', objectKind, ...target, text };
}
