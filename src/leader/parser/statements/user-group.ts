/**
 * CREATE/ALTER USER, CREATE/ALTER GROUP.
 */
import type { CommandOption, StatementBody } from '../ast.ts';
import type { Cursor } from '../cursor.ts';
import { grammarError } from '../../../common/errors/catalogue.ts';
import { connectionLimit } from './schema-database.ts';
import { settingValue } from './set.ts';

interface UserFields {
  password?: string | null;
  createdb?: boolean;
  superuser?: boolean;
  renameTo?: string;
  options?: CommandOption[];
}

const SWITCHES: Readonly<Record<string, Partial<UserFields>>> = {
  createdb: { createdb: true },
  nocreatedb: { createdb: false },
  createuser: { superuser: true },
  nocreateuser: { superuser: false },
};

/** [NO]CREATEDB or [NO]CREATEUSER, each said once. */
function switched(c: Cursor, before: UserFields): Partial<UserFields> {
  const { pos } = c;
  const given = SWITCHES[c.name()];
  if (Object.keys(given).some((key) => key in before))
    throw grammarError('conflicting or redundant options', pos + 1);
  return given;
}

/** Options that the AST carries by name. */
function namedOption(c: Cursor): CommandOption {
  const { pos } = c;
  if (c.accept('valid', 'until')) return { name: 'VALID UNTIL', args: [c.string()], pos };
  if (c.accept('in', 'group')) return { name: 'IN GROUP', args: c.list(() => c.name()), pos };
  if (c.accept('syslog', 'access'))
    return { name: 'SYSLOG ACCESS', args: [c.oneOf('restricted', 'unrestricted')], pos };
  if (c.accept('connection', 'limit')) {
    return { name: 'CONNECTION LIMIT', args: [connectionLimit(c)], pos };
  }
  if (c.accept('session', 'timeout')) return { name: 'SESSION TIMEOUT', args: [c.integer()], pos };
  if (c.accept('reset', 'session', 'timeout')) return { name: 'RESET SESSION TIMEOUT', args: [], pos };
  if (c.accept('externalid'))
    return { name: 'EXTERNALID', args: [c.peek()?.kind === 'string' ? c.string() : c.name()], pos };
  if (c.accept('reset')) return { name: 'RESET', args: [c.name()], pos };
  c.expect('set');
  const parameter = c.name();
  if (!c.accept('to')) c.expectSymbol('=');
  const value = settingValue(c);
  return { name: 'SET', args: [parameter, ...(value === 'default' ? ['default'] : value)], pos };
}

/** The cursor stands behind USER. */
export function user(c: Cursor, kind: 'create-user' | 'alter-user'): StatementBody {
  const name = c.name();
  const fields: UserFields = {};
  c.accept('with');
  while (!c.done) {
    c.acceptSymbol(',');
    if (c.accept('password')) fields.password = c.accept('disable') ? null : c.string();
    else if (c.atAny(Object.keys(SWITCHES))) Object.assign(fields, switched(c, fields));
    else if (kind === 'alter-user' && c.accept('rename', 'to')) fields.renameTo = c.name();
    else (fields.options ??= []).push(namedOption(c));
  }
  // CREATE USER says the password, or that there is none.
  if (kind === 'create-user' && fields.password === undefined) throw c.fail();
  return { kind, name, ...fields };
}

export function createGroup(c: Cursor): StatementBody {
  const name = c.name();
  c.accept('with');
  const users = c.accept('user') ? c.list(() => c.name()) : [];
  c.expectEnd();
  return { kind: 'create-group', name, users };
}

export function alterGroup(c: Cursor): StatementBody {
  const name = c.name();
  if (c.accept('rename', 'to')) {
    const to = c.name();
    c.expectEnd();
    return { kind: 'alter-group', name, action: { kind: 'rename', to } };
  }
  const kind = c.oneOf('add', 'drop') as 'add' | 'drop';
  c.expect('user');
  const users = c.list(() => c.name());
  c.expectEnd();
  return { kind: 'alter-group', name, action: { kind, users } };
}
