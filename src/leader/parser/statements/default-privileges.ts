/** ALTER DEFAULT PRIVILEGES. */
import type { StatementBody } from '../ast.ts';
import type { Cursor } from '../cursor.ts';
import { grantee, privileges, type GivenPrivilege, type GivenTo } from './grant.ts';

export interface AlterDefaultPrivileges {
  readonly kind: 'alter-default-privileges';
  /** None: whoever runs it. */
  readonly users: readonly string[];
  /** None: all schemas. */
  readonly schemas: readonly string[];
  readonly objects: 'tables' | 'functions' | 'procedures';
  readonly change: {
    readonly kind: 'grant' | 'revoke';
    readonly privileges: readonly GivenPrivilege[];
    readonly grantees: readonly GivenTo[];
    /** GRANT OPTION FOR. */
    readonly optionOnly?: boolean;
  };
}

/** The cursor stands behind PRIVILEGES. */
export function alterDefaultPrivileges(c: Cursor): StatementBody {
  const users = c.accept('for', 'user') ? c.list(() => c.name()) : [];
  const schemas = c.accept('in', 'schema') ? c.list(() => c.name()) : [];
  const kind = c.oneOf('grant', 'revoke') as 'grant' | 'revoke';
  const optionOnly = kind === 'revoke' && c.accept('grant', 'option', 'for');
  const words = privileges(c, (at) => at.fail());
  c.expect('on');
  const objects = c.oneOf('tables', 'functions', 'procedures') as AlterDefaultPrivileges['objects'];
  c.expect(kind === 'grant' ? 'to' : 'from');
  const grantees = c.list(() => grantee(c, kind === 'grant' ? 'grant' : undefined));
  if (kind === 'revoke') c.accept('restrict');
  c.expectEnd();
  const change = { kind, privileges: words, grantees, ...(optionOnly ? { optionOnly } : {}) };
  return { kind: 'alter-default-privileges', users, schemas, objects, change };
}
