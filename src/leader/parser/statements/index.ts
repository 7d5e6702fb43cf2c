/**
 * Dispatch of one statement by its first words to the parser of its kind. Queries, UPDATE and DELETE go to
 * postgres-ast.ts, all others to our own parsers in this folder.
 */
import type { Statement, StatementBody } from '../ast.ts';
import { Cursor } from '../cursor.ts';
import { refusedByRedshift, refusedCommand } from '../grammar/commands.ts';
import { TEMPORARY_SEQUENCE } from '../grammar/postgres-commands.ts';
import type { Token } from '../lexer.ts';
import { queryStatement } from '../postgres-ast.ts';
import { alterTable } from './alter-table.ts';
import { comment } from './comment.ts';
import { copy } from './copy.ts';
import { createTable } from './create-table.ts';
import { alterMaterializedView, createMaterializedView, createView, refreshMaterializedView } from './create-view.ts';
import { close, declare, fetch } from './cursor.ts';
import { alterDatashare, createDatashare, descDatashare, dropDatashare, showDatashares } from './datashare.ts';
import { drop, truncate } from './drop.ts';
import { grant } from './grant.ts';
import { insert } from './insert.ts';
import { alterDefaultPrivileges } from './default-privileges.ts';
import { alterPolicy, attachPolicy, createPolicy, dropPolicy } from './policy.ts';
import { alterRole, createRole, dropRole } from './role.ts';
import { merge } from './merge.ts';
import { cancel, deallocate, execute, explain, prepare } from './prepare.ts';
import { alterDatabase, alterSchema, createDatabase, createSchema, resetOrShowUse, use } from './schema-database.ts';
import { alterRoutine, call, createFunction, createProcedure, dropRoutine, showProcedure } from './routine.ts';
import { reset, set } from './set.ts';
import { show } from './show.ts';
import { begin, endTransaction, lock, startTransaction } from './transaction.ts';
import { unload } from './unload.ts';
import { alterGroup, createGroup, user } from './user-group.ts';
import { analyze, vacuum } from './vacuum-analyze.ts';

type Parse = (c: Cursor) => StatementBody;

/** EXPLAIN and PREPARE take no EXPLAIN or PREPARE inside: their nesting is bounded. */
const parseInner =
  (text: string) =>
  (tokens: readonly Token[]): Statement => {
    const c = new Cursor(tokens, text);
    if (c.done || c.atAny(['explain', 'prepare'])) throw c.fail();
    return parseStatement(tokens, text);
  };

function create(c: Cursor): StatementBody {
  const policy = createPolicy(c);
  if (policy !== undefined) return policy;
  const replace = c.accept('or', 'replace');
  if (c.accept('view')) return createView(c, replace);
  if (c.accept('procedure')) return createProcedure(c, replace);
  if (c.accept('function')) return createFunction(c, replace);
  if (replace) throw c.fail();
  if (c.accept('table')) return createTable(c, false);
  const local = c.accept('local');
  if (c.accept('temp') || c.accept('temporary')) {
    if (!local && c.atWords('sequence')) return refusedByRedshift(c, TEMPORARY_SEQUENCE);
    c.expect('table');
    return createTable(c, true);
  }
  if (local) throw c.fail();
  if (c.accept('materialized', 'view')) return createMaterializedView(c);
  if (c.accept('schema')) return createSchema(c, (tokens) => parseStatement(tokens, c.text));
  if (c.accept('database')) return createDatabase(c);
  if (c.accept('user')) return user(c, 'create-user');
  if (c.accept('group')) return createGroup(c);
  if (c.accept('datashare')) return createDatashare(c);
  if (c.accept('role')) return createRole(c);
  throw c.fail();
}

const routineKind = (c: Cursor): 'procedure' | 'function' | undefined =>
  c.accept('procedure') ? 'procedure' : c.accept('function') ? 'function' : undefined;

function alter(c: Cursor): StatementBody {
  const policy = alterPolicy(c);
  if (policy !== undefined) return policy;
  if (c.accept('default', 'privileges')) return alterDefaultPrivileges(c);
  const routine = routineKind(c);
  if (routine !== undefined) return alterRoutine(c, routine);
  if (c.accept('table')) return alterTable(c);
  if (c.accept('schema')) return alterSchema(c);
  if (c.accept('database')) return alterDatabase(c);
  if (c.accept('user')) return user(c, 'alter-user');
  if (c.accept('group')) return alterGroup(c);
  if (c.accept('materialized', 'view')) return alterMaterializedView(c);
  if (c.accept('datashare')) return alterDatashare(c);
  if (c.accept('role')) return alterRole(c);
  throw c.fail();
}

/** By first word; the cursor stands behind it. */
const PARSERS: Readonly<Record<string, Parse>> = {
  insert,
  merge,
  create,
  alter,
  call,
  drop: (c) => {
    const policy = dropPolicy(c);
    if (policy !== undefined) return policy;
    if (c.accept('role')) return dropRole(c);
    const routine = routineKind(c);
    if (c.accept('datashare')) return dropDatashare(c);
    const found = routine === undefined ? drop(c) : dropRoutine(c, routine);
    if (found === undefined) throw c.fail();
    return found;
  },
  attach: (c) => attachPolicy(c, 'attach-policy'),
  detach: (c) => attachPolicy(c, 'detach-policy'),
  truncate,
  refresh: refreshMaterializedView,
  grant: (c) => grant(c, 'grant'),
  revoke: (c) => grant(c, 'revoke'),
  comment,
  copy,
  unload,
  vacuum,
  analyze,
  analyse: analyze,
  explain: (c) => explain(c, parseInner(c.text)),
  begin,
  start: startTransaction,
  commit: (c) => endTransaction(c, 'commit'),
  end: (c) => endTransaction(c, 'commit'),
  rollback: (c) => endTransaction(c, 'rollback'),
  abort: (c) => endTransaction(c, 'rollback'),
  set,
  reset: (c) => resetOrShowUse(c, 'reset-use') ?? reset(c),
  show: (c) => {
    if (c.accept('procedure')) return showProcedure(c);
    if (c.accept('datashares')) return showDatashares(c);
    return resetOrShowUse(c, 'show-use') ?? show(c);
  },
  desc: descDatashare,
  prepare: (c) => prepare(c, parseInner(c.text)),
  execute,
  deallocate,
  declare,
  fetch,
  close,
  lock,
  cancel,
  use,
};

const QUERY_WORDS = ['select', 'with', 'update', 'delete'];

function parseBody(c: Cursor): StatementBody {
  if (c.at('(') || c.atAny(QUERY_WORDS)) return queryStatement(c.tokens, c.text);
  const refused = refusedCommand(c);
  if (refused !== undefined) return refused;
  const first = c.peek();
  const parse = first?.kind === 'word' && Object.hasOwn(PARSERS, first.value) ? PARSERS[first.value] : undefined;
  if (parse === undefined) throw c.fail();
  c.next();
  const body = parse(c);
  if (body.kind !== 'unsupported') c.expectEnd();
  if (c.gap !== undefined) throw c.gap;
  return body;
}

/** One statement from its tokens (at least one). */
export function parseStatement(tokens: readonly Token[], text: string): Statement {
  const c = new Cursor(tokens, text);
  return { ...parseBody(c), start: tokens[0].start, end: tokens[tokens.length - 1].end };
}
