/**
 * SQL cursors: DECLARE, FETCH, CLOSE. Forward only.
 */
import type { StatementBody } from '../ast.ts';
import type { Cursor } from '../cursor.ts';
import { queryFromTokens } from '../postgres-ast.ts';

/** The cursor stands behind DECLARE. */
export function declare(c: Cursor): StatementBody {
  const name = c.name();
  while (!c.atWords('cursor')) {
    if (c.accept('no', 'scroll')) continue;
    const { pos } = c;
    const word = c.oneOf('binary', 'insensitive', 'scroll').toUpperCase();
    c.lacks(`${word} cursors are not supported`, pos);
  }
  c.expect('cursor');
  if (!c.accept('with', 'hold')) c.accept('without', 'hold');
  c.expect('for');
  const tokens = [...c.rest()];
  const tail = tokens
    .slice(-3)
    .map((token) => token.value)
    .join(' ');
  if (tail === 'for read only') tokens.splice(-3);
  return { kind: 'declare', name, query: queryFromTokens(tokens, c.text) };
}

function fetchCount(c: Cursor): number | 'all' {
  const { pos } = c;
  if (c.atAny(['backward', 'prior', 'absolute', 'relative', 'first', 'last'])) {
    c.lacks('Only forward FETCH is supported', pos);
    const counts = c.atAny(['absolute', 'relative']);
    const mayCount = c.atWords('backward');
    c.next();
    if (counts || (mayCount && c.peek()?.kind === 'number')) c.integer();
    else if (mayCount) c.accept('all');
    return 1;
  }
  if (c.accept('all')) return 'all';
  if (c.peek()?.kind === 'number' || c.at('-')) {
    const count = c.integer();
    if (count < 0) c.lacks('Only forward FETCH is supported', pos);
    if (count === 0) c.lacks('FETCH 0 (the current row again) is not supported', pos);
    return count;
  }
  return 1;
}

/** The cursor stands behind FETCH. */
export function fetch(c: Cursor): StatementBody {
  const worded = c.accept('next') ? 1 : undefined;
  if (worded === undefined) c.accept('forward');
  const count = worded ?? fetchCount(c);
  if (!c.accept('from')) c.accept('in');
  const name = c.name();
  c.expectEnd();
  return { kind: 'fetch', name, count };
}

/** The cursor stands behind CLOSE. */
export function close(c: Cursor): StatementBody {
  const name = c.accept('all') ? null : c.name();
  c.expectEnd();
  return { kind: 'close', name };
}
