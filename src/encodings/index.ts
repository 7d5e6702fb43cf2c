/**
 * The registry of encodings: DDL checks names and types here, catalogs print from here, writers encode through it.
 * Aliases are names that DDL accepts and that are stored and reported as RAW.
 */
import { physOf, type SqlType } from '../types/sql-type.ts';
import az64 from './az64.ts';
import bytedict from './bytedict.ts';
import type { EncodingDefinition } from './encoding.ts';
import lzo from './lzo.ts';
import raw from './raw.ts';
import runlength from './runlength.ts';
import zstd from './zstd.ts';

export const ENCODINGS: readonly EncodingDefinition[] = [raw, az64, bytedict, runlength, lzo, zstd];
const BY_NAME = new Map(ENCODINGS.map((e) => [e.name, e]));
const BY_TAG = new Map(ENCODINGS.map((e) => [e.tag, e]));

interface EncodingAlias {
  readonly name: string;
  readonly types: readonly string[];
}
const INTEGER = ['int2', 'int4', 'int8'];
const DELTA = [...INTEGER, 'date', 'timestamp', 'numeric'];
export const ENCODING_ALIASES: readonly EncodingAlias[] = [
  { name: 'delta', types: DELTA },
  { name: 'delta32k', types: DELTA.filter((t) => t !== 'int2') },
  { name: 'mostly8', types: [...INTEGER, 'numeric'] },
  { name: 'mostly16', types: ['int4', 'int8', 'numeric'] },
  { name: 'mostly32', types: ['int8', 'numeric'] },
  { name: 'text255', types: ['varchar', 'text'] },
  { name: 'text32k', types: ['varchar', 'text'] },
  { name: 'none', types: [] },
];

/** A declared name that DDL may use with this type: the name that is stored, or undefined for an unknown name. */
export function resolveEncoding(name: string, type: SqlType): { stored: string; allowed: boolean } | undefined {
  const known = BY_NAME.get(name);
  if (known) return { stored: name, allowed: known.supports(type) };
  const alias = ENCODING_ALIASES.find((a) => a.name === name);
  if (!alias) return undefined;
  return { stored: 'raw', allowed: alias.types.length === 0 || alias.types.includes(type.name) };
}
/** Encoding of a declared name as writers use it; unknown names and aliases are RAW. */
export const encodingOf = (name: string): EncodingDefinition => BY_NAME.get(name) ?? raw;
export const encodingByTag = (tag: number): EncodingDefinition | undefined => BY_TAG.get(tag);

/** Redshift's default for a column without ENCODE. */
export function defaultEncoding(type: SqlType, options: { sortkey: boolean; temporary: boolean }): string {
  if (options.sortkey || options.temporary) return 'raw';
  if (az64.supports(type)) return 'az64';
  return physOf(type) === 'str' ? 'lzo' : 'raw';
}
