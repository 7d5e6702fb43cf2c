/**
 * Casts that read the catalog: names to regclass, regtype, regproc and regprocedure, and back to text. Constants are looked up here;
 * the rest becomes a call of a leader function (regclass_in, regclass_out, format_type ...).
 */
import { undefinedFunction, undefinedTable } from '../../common/errors/catalogue.ts';
import type { BoundExpr } from '../../expressions/bound.ts';
import { INT4, OID, TEXT, TYPE_INFO, isString, type SqlType } from '../../types/sql-type.ts';
import { callFunction, hasFunction } from './calls.ts';
import { constant, isUnknown, operandAs } from './coerce.ts';
import type { AnalyserState } from './context.ts';
import { typeOfRef } from './type-rules.ts';

const REG_TYPES = ['regclass', 'regtype', 'regproc', 'regprocedure'];
const OID_LIKE = ['oid', ...REG_TYPES];

/** Types that only signatures of functions have, with their oids. */
const PSEUDO_TYPES: Readonly<Record<string, number>> = {
  any: 2276,
  anyarray: 2277,
  anyelement: 2283,
  cstring: 2275,
  internal: 2281,
  record: 2249,
  trigger: 2279,
  void: 2278,
};

/** "s"."t" or s.t folded to lower case. */
const nameParts = (text: string): readonly string[] =>
  text
    .trim()
    .split('.')
    .map((p) => p.replaceAll('"', '').toLowerCase());

function relationOid(state: AnalyserState, text: string): number | undefined {
  const parts = nameParts(text);
  const name = parts[parts.length - 1]!;
  const schemas = parts.length > 1 ? [parts[parts.length - 2]!] : state.searchPath;
  const { catalog } = state.context;
  for (const s of schemas) {
    const schema = catalog.schema(s);
    const relation = schema === undefined ? undefined : catalog.relationIn(schema.oid, name);
    if (relation !== undefined) return relation.oid;
  }
  return undefined;
}

function fromText(state: AnalyserState, text: string, type: SqlType, position: number): BoundExpr {
  const value = (oid: number): BoundExpr => constant(type, oid);
  if (/^\d+$/.test(text)) return value(Number(text));
  if (type.name === 'regtype') {
    const pseudo =
      PSEUDO_TYPES[
        text
          .trim()
          .toLowerCase()
          .replace(/^pg_catalog\./, '')
      ];
    if (pseudo !== undefined) return value(pseudo);
    return value(TYPE_INFO[typeOfRef({ name: text.toLowerCase(), mods: [], pos: position - 1 }).name].oid);
  }
  const oid = type.name === 'regclass' ? relationOid(state, text) : undefined;
  if (oid !== undefined) return value(oid);
  const input = `${type.name}_in`;
  if (hasFunction(state, input)) return callFunction(state, input, [constant(TEXT, text)], position);
  throw type.name === 'regclass' ? undefinedTable(text, position) : undefinedFunction(text, position);
}

/** The cast's result when it concerns reg types, undefined for every other cast. */
export function bindCatalogCast(
  state: AnalyserState,
  arg: BoundExpr,
  type: SqlType,
  position: number,
): BoundExpr | undefined {
  if (REG_TYPES.includes(type.name)) {
    const text = isUnknown(arg) || isString(arg.type);
    if (text && arg.kind === 'const' && arg.value !== null)
      return fromText(state, arg.value as string, type, position);
    // A parameter is a text until it has its value: what it names is looked up then.
    if (text && arg.kind !== 'const' && hasFunction(state, `${type.name}_in`)) {
      const name = arg.kind === 'param' ? operandAs(state, arg, TEXT, position) : arg;
      return callFunction(state, `${type.name}_in`, [name], position);
    }
    return undefined;
  }
  if (!isString(type) || !OID_LIKE.includes(arg.type.name) || arg.type.name === 'oid') return undefined;
  if (arg.type.name === 'regtype' && hasFunction(state, 'format_type')) {
    const oid: BoundExpr = { kind: 'cast', type: OID, arg, mode: 'implicit' };
    return callFunction(state, 'format_type', [oid, constant(INT4, null)], position);
  }
  const output = `${arg.type.name}_out`;
  return hasFunction(state, output) ? callFunction(state, output, [arg], position) : undefined;
}
