/**
 * UNLOAD ('select ..') TO 'target' options. The query stays text; `queryPos` is the offset of its first character.
 */
import type { StatementBody } from '../ast.ts';
import type { Cursor } from '../cursor.ts';
import { commandOptions } from './command-options.ts';

/** The cursor stands behind UNLOAD. */
export function unload(c: Cursor): StatementBody {
  c.expectSymbol('(');
  const token = c.peek();
  const query = c.string();
  const start = token?.start ?? 0;
  const opening = /^(?:[eEnN]?'|\$[^$]*\$)/.exec(c.text.slice(start, start + 130))?.[0].length ?? 0;
  const queryPos = start + opening;
  c.expectSymbol(')');
  c.expect('to');
  const target = c.string();
  return { kind: 'unload', query, queryPos, target, options: commandOptions(c) };
}
