/** CREATE, ALTER and DROP ROLE. */
import type { StatementBody } from '../ast.ts';
import type { Cursor } from '../cursor.ts';

export type RoleChange = { readonly kind: 'rename' | 'owner' | 'external id'; readonly to: string };

const externalId = (c: Cursor): string => (c.peek()?.kind === 'string' ? c.string() : c.name());

/** The cursor stands behind ROLE. */
export function createRole(c: Cursor): StatementBody {
  const name = c.name();
  const external = c.accept('externalid') ? { externalId: externalId(c) } : {};
  c.expectEnd();
  return { kind: 'create-role', name, ...external };
}

function change(c: Cursor): RoleChange {
  if (c.accept('rename', 'to')) return { kind: 'rename', to: c.name() };
  if (c.accept('owner', 'to')) return { kind: 'owner', to: c.name() };
  c.expect('externalid');
  c.accept('to');
  return { kind: 'external id', to: externalId(c) };
}

export function alterRole(c: Cursor): StatementBody {
  const name = c.name();
  c.accept('with');
  const changes = c.list(() => change(c));
  c.expectEnd();
  return { kind: 'alter-role', name, changes };
}

export function dropRole(c: Cursor): StatementBody {
  const { pos } = c;
  const names = [{ name: c.name(), pos }];
  const force = c.accept('force');
  if (!force) c.accept('restrict');
  c.expectEnd();
  return { kind: 'drop', objectKind: 'role', names, ifExists: false, cascade: false, force };
}
