/**
 * Type names in our own statement parsers: column definitions, PREPARE's parameter list.
 */
import type { TypeRef } from '../ast.ts';
import type { Cursor } from '../cursor.ts';
import { TYPE_WORDS } from '../../../common/reserved-words.ts';
import { canonicalType, MAX_LENGTH } from '../type-names.ts';

function modifiers(c: Cursor): number[] {
  if (!c.acceptSymbol('(')) return [];
  const found = c.list(() => (c.accept('max') ? MAX_LENGTH : c.integer()));
  c.expectSymbol(')');
  return found;
}

/** Words of a type's name after the first, and the zone words behind the modifier. */
function timeName(c: Cursor, base: string): TypeRef {
  const { pos } = c;
  const mods = modifiers(c);
  const withZone = c.accept('with', 'time', 'zone');
  if (!withZone) c.accept('without', 'time', 'zone');
  return { name: withZone ? `${base}tz` : base, mods, pos };
}

const FIELDS = ['year', 'month', 'day', 'hour', 'minute', 'second'];

/** INTERVAL with its fields and the digits of its seconds. */
function intervalName(c: Cursor, pos: number): TypeRef {
  const given = modifiers(c);
  if (!c.atAny(FIELDS)) return { name: 'interval', mods: given, pos };
  const first = c.oneOf(...FIELDS);
  const last = c.accept('to') ? c.oneOf(...FIELDS) : first;
  const [digits] = modifiers(c);
  const words = first === last ? first : `${first} to ${last}`;
  return { name: 'interval', mods: [], fields: digits === undefined ? words : `${words}(${digits})`, pos };
}

function firstWord(c: Cursor): string {
  const first = c.peek();
  const quoted = first?.kind === 'quoted';
  const word = first?.kind === 'word' && TYPE_WORDS.has(first.value) ? c.word() : c.name();
  if (quoted) return word === 'char' ? '"char"' : word;
  if (word === 'double') {
    c.expect('precision');
    return 'double precision';
  }
  if (word === 'national') {
    if (c.accept('varchar')) return 'varchar';
    c.oneOf('character', 'char');
    return c.accept('varying') ? 'varchar' : 'char';
  }
  if ((word === 'character' || word === 'char' || word === 'binary') && c.accept('varying')) {
    return word === 'binary' ? 'varbyte' : 'varchar';
  }
  if (word === 'bit' && c.accept('varying')) return 'varbit';
  if (c.at('.')) {
    c.expectSymbol('.');
    return c.name();
  }
  return word;
}

export function typeName(c: Cursor): TypeRef {
  const { pos } = c;
  const word = firstWord(c);
  if (word === 'timestamp' || word === 'time') return { ...timeName(c, word), pos };
  if (word === 'interval') return intervalName(c, pos);
  let mods: readonly number[] = modifiers(c);
  // Redshift: FLOAT(1..24) is REAL, above it is DOUBLE PRECISION; CHAR alone is CHAR(1).
  if (word === 'float' && mods.length > 0) return { name: 'float', mods, pos };
  const name = canonicalType(word);
  if (name === 'char' && mods.length === 0 && word !== 'bpchar') mods = [1];
  const arrayWord = c.accept('array');
  const array = c.acceptSymbol('[') || arrayWord;
  if (array && !arrayWord) {
    if (!c.at(']')) c.integer();
    c.expectSymbol(']');
  }
  return { name: array ? `${name}[]` : name, mods, pos };
}
