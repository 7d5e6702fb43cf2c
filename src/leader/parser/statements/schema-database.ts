/**
 * CREATE/ALTER SCHEMA, CREATE/ALTER DATABASE, USE.
 */
import { featureNotSupported, invalidParameterValue } from '../../../common/errors/catalogue.ts';
import type { CommandOption, StatementBody } from '../ast.ts';
import type { Cursor } from '../cursor.ts';
import type { Token } from '../token.ts';
import { databaseFromShare } from './datashare.ts';
import { missing, refusedWith } from '../grammar/commands.ts';
import { DATABASE_FROM, DATABASE_INTEGRATION } from '../grammar/missing-commands.ts';

type ParseTokens = (tokens: readonly Token[]) => unknown;

const COLLATIONS = ['case_sensitive', 'cs', 'case_insensitive', 'ci'];
const MEGABYTES: Readonly<Record<string, number>> = { mb: 1, gb: 1024, tb: 1024 * 1024 };

/** QUOTA {n [MB|GB|TB] | UNLIMITED}, in megabytes; the default unit is GB. */
function quota(c: Cursor): number | 'unlimited' | undefined {
  if (!c.accept('quota')) return undefined;
  if (c.accept('unlimited')) return 'unlimited';
  const amount = c.integer();
  return amount * MEGABYTES[c.atAny(['mb', 'gb', 'tb']) ? c.oneOf('mb', 'gb', 'tb') : 'gb'];
}

/** n or UNLIMITED behind CONNECTION LIMIT. */
export function connectionLimit(c: Cursor): number | 'unlimited' {
  if (c.accept('unlimited')) return 'unlimited';
  const { pos } = c;
  const limit = c.integer();
  if (limit < 0) throw invalidParameterValue(`invalid connection limit: ${limit}`, pos + 1);
  return limit;
}

/** CREATE is a privilege of GRANT as well. */
const atElement = (c: Cursor): boolean =>
  c.atWords('grant') || (c.atWords('create') && !['grant', ','].includes(c.peek(-1)?.value ?? ''));

/** CREATE TABLE, CREATE VIEW and GRANT inside CREATE SCHEMA: each is read, then all are refused. */
function elements(c: Cursor, parse: ParseTokens): StatementBody {
  while (!c.done) {
    const from = c.index;
    if (c.accept('create') && !c.atAny(['table', 'view'])) throw c.fail();
    do c.next();
    while (!c.done && !atElement(c));
    parse(c.tokens.slice(from, c.index));
  }
  return refusedWith('CREATE SCHEMA', featureNotSupported('CREATE SCHEMA with elements is not supported'));
}

export function createSchema(c: Cursor, parse: ParseTokens): StatementBody {
  const ifNotExists = c.accept('if', 'not', 'exists');
  const own = c.atWords('authorization') ? undefined : c.name();
  const owner = c.accept('authorization') ? c.name() : undefined;
  const name = own ?? owner;
  if (name === undefined) throw c.fail();
  const limit = quota(c);
  if (c.atAny(['create', 'grant'])) return elements(c, parse);
  c.expectEnd();
  return {
    kind: 'create-schema',
    name,
    ifNotExists,
    ...(owner === undefined ? {} : { owner }),
    ...(limit === undefined ? {} : { quota: limit }),
  };
}

function renameOrOwner(c: Cursor): { readonly kind: 'rename' | 'owner'; readonly to: string } {
  const kind = c.oneOf('rename', 'owner') as 'rename' | 'owner';
  c.expect('to');
  const to = c.name();
  c.expectEnd();
  return { kind, to };
}

export function alterSchema(c: Cursor): StatementBody {
  const name = c.name();
  const to = quota(c);
  return { kind: 'alter-schema', name, action: to === undefined ? renameOrOwner(c) : { kind: 'quota', to } };
}

export function alterDatabase(c: Cursor): StatementBody {
  const name = c.name();
  if (!c.atAny(['with', 'isolation', 'connection', 'collate', 'integration', 'set']))
    return { kind: 'alter-database', name, action: renameOrOwner(c) };
  if (c.atAny(['integration', 'set']))
    return missing(c, 'ALTER DATABASE of zero-ETL integrations', DATABASE_INTEGRATION);
  c.accept('with');
  const options: CommandOption[] = [];
  do options.push(databaseOption(c));
  while (!c.done);
  return { kind: 'alter-database', name, action: { kind: 'options', options } };
}

function databaseOption(c: Cursor): CommandOption {
  const { pos } = c;
  if (c.accept('connection', 'limit')) {
    return { name: 'CONNECTION LIMIT', args: [connectionLimit(c)], pos };
  }
  if (c.accept('collate')) return { name: 'COLLATE', args: [c.oneOf(...COLLATIONS)], pos };
  c.expect('isolation', 'level');
  return { name: 'ISOLATION LEVEL', args: [c.oneOf('serializable', 'snapshot')], pos };
}

export function createDatabase(c: Cursor): StatementBody {
  const name = c.name();
  if (c.atWords('from', 'datashare')) {
    c.expect('from');
    return databaseFromShare(c, name)!;
  }
  if (c.atWords('from')) return missing(c, 'CREATE DATABASE FROM', DATABASE_FROM);
  c.accept('with');
  let owner: string | undefined;
  const options: CommandOption[] = [];
  while (!c.done) {
    if (c.accept('owner')) {
      c.acceptSymbol('=');
      owner = c.name();
    } else {
      options.push(databaseOption(c));
    }
  }
  return {
    kind: 'create-database',
    name,
    ...(owner === undefined ? {} : { owner }),
    ...(options.length === 0 ? {} : { options }),
  };
}

export function use(c: Cursor): StatementBody {
  const database = c.name();
  c.expectEnd();
  return { kind: 'use', database };
}

/** The cursor stands behind RESET or SHOW; undefined when it is not USE that follows. */
export function resetOrShowUse(c: Cursor, kind: 'reset-use' | 'show-use'): StatementBody | undefined {
  if (!c.accept('use')) return undefined;
  c.expectEnd();
  return { kind };
}
