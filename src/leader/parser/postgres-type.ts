/**
 * TypeName nodes of libpg-query to TypeRef.
 */
import { grammarError } from '../../common/errors/catalogue.ts';
import type { TypeRef } from './ast.ts';
import { canonicalType, intervalFields, MAX_LENGTH } from './type-names.ts';
import type { PgNode } from './libpg.ts';
import { child, flag, int, list, names, refuse, text, unwrap, type PgContext } from './postgres-node.ts';

/** Integer of an A_Const, or undefined. */
export function intConst(node: unknown): number | undefined {
  const [type, fields] = unwrap(node);
  const value = type === 'A_Const' ? child(fields, 'ival') : undefined;
  return value === undefined ? undefined : int(value, 'ival');
}

function modifier(ctx: PgContext, node: PgNode, pos: number): number {
  const value = intConst(node);
  if (value !== undefined) return value;
  const [type, fields] = unwrap(node);
  const max = type === 'ColumnRef' && text(unwrap(list(fields, 'fields')[0])[1], 'sval') === 'max';
  if (max) return MAX_LENGTH;
  throw grammarError('type modifiers must be simple constants', ctx.pos(fields.location, pos) + 1);
}

export function typeRef(ctx: PgContext, node: PgNode, fallback: number): TypeRef {
  const pos = ctx.pos(node.location, fallback);
  const parts = names(ctx, list(node, 'names'));
  if (flag(node, 'setof')) throw refuse('SETOF', pos);
  if (flag(node, 'pct_type')) throw refuse('%TYPE', pos);
  const last = parts[parts.length - 1];
  // A bare "char" is the catalogs' one-byte type; CHAR(n) arrives as pg_catalog.bpchar.
  const base = last === 'char' && parts.length === 1 ? 'chartype' : canonicalType(last);
  const array = list(node, 'arrayBounds').length > 0 ? '[]' : '';
  const modifiers = list(node, 'typmods');
  const mods = modifiers.map((mod) => modifier(ctx, mod, pos));
  const max = modifiers.length === 1 && ctx.saysMax(unwrap(modifiers[0])[1].location);
  const [mask, digits] = mods;
  const fields = base === 'interval' && mask !== undefined ? intervalFields(mask, digits) : undefined;
  if (fields !== undefined) return { name: base + array, mods: [], fields, pos };
  return { name: base + array, mods, ...(max ? { max } : {}), pos };
}
