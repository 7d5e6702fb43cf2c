/**
 * SET and RESET. Special forms become plain settings: TIME ZONE 'timezone', NAMES 'client_encoding', SESSION AUTHORIZATION
 * 'session_authorization', ROLE 'role', [SESSION CHARACTERISTICS AS] TRANSACTION 'transaction' with the modes as words.
 */
import type { StatementBody } from '../ast.ts';
import type { Cursor } from '../cursor.ts';
import { transactionModes } from './transaction.ts';

type Value = Extract<StatementBody, { kind: 'set' }>['value'];

function oneValue(c: Cursor): string | number {
  const token = c.peek();
  if (token?.kind === 'string') return c.string();
  if (token?.kind === 'number' || c.at('-') || c.at('+')) {
    const sign = c.acceptSymbol('-') ? -1 : (c.acceptSymbol('+'), 1);
    const number = c.next();
    if (number.kind !== 'number') throw c.fail(number);
    return sign * Number(number.value);
  }
  let word = c.word();
  // Unquoted values such as US/Pacific, or a qualified name.
  while ((c.at('/') || c.at('.') || c.at('-')) && c.pos === c.endPos) word += c.next().value + c.word();
  return word;
}

/** value [, value ...] or DEFAULT. */
export function settingValue(c: Cursor): Value {
  if (c.accept('default')) return 'default';
  return c.list(() => oneValue(c));
}

/** a or a.b */
function settingName(c: Cursor): string {
  const first = c.name();
  return c.acceptSymbol('.') ? `${first}.${c.word()}` : first;
}

function timeZone(c: Cursor): Value {
  if (c.accept('local')) return 'default';
  if (c.accept('interval')) {
    // Counted east, where a bare text with a colon counts west: the setting must see which it is.
    const value = c.string();
    if (!c.accept('hour', 'to', 'minute')) c.accept('hour');
    return [`interval '${value}'`];
  }
  return settingValue(c);
}

function transaction(c: Cursor, local: boolean): StatementBody {
  const modes = transactionModes(c);
  const value = [
    ...(modes.isolation === undefined ? [] : [`isolation level ${modes.isolation}`]),
    ...(modes.readOnly === undefined ? [] : [modes.readOnly ? 'read only' : 'read write']),
  ];
  return { kind: 'set', name: 'transaction', value, local };
}

/** Name and value of every form but the transaction ones. */
function setting(c: Cursor): { readonly name: string; readonly value: Value } {
  if (c.accept('time', 'zone')) return { name: 'timezone', value: timeZone(c) };
  if (c.accept('names')) return { name: 'client_encoding', value: settingValue(c) };
  if (c.accept('session', 'authorization')) return { name: 'session_authorization', value: settingValue(c) };
  if (c.atWords('role') && c.peek(1)?.kind !== 'op' && !(c.peek(1)?.kind === 'word' && c.peek(1)?.value === 'to')) {
    c.next();
    return { name: 'role', value: settingValue(c) };
  }
  const name = settingName(c);
  if (!c.accept('to')) c.expectSymbol('=');
  return { name, value: settingValue(c) };
}

/** The cursor stands behind SET. */
export function set(c: Cursor): StatementBody {
  if (c.accept('session', 'characteristics', 'as', 'transaction')) return transaction(c, false);
  if (c.accept('transaction')) return transaction(c, true);
  const local = c.accept('local');
  if (!local && !c.atWords('session', 'authorization')) c.accept('session');
  const { name, value } = setting(c);
  c.expectEnd();
  return { kind: 'set', name, value, local };
}

/** The cursor stands behind RESET. */
export function reset(c: Cursor): StatementBody {
  let name: string;
  if (c.accept('time', 'zone')) name = 'timezone';
  else if (c.accept('session', 'authorization')) name = 'session_authorization';
  else name = c.accept('all') ? 'all' : settingName(c);
  c.expectEnd();
  return { kind: 'reset', name };
}
