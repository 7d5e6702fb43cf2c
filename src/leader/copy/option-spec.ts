/**
 * COPY and UNLOAD parameters as data, and the one reader that checks what was written against such a table: known name,
 * given once, right argument, supported, no conflict. What the values mean together is decided in options.ts of each
 * command.
 */
import {
  featureNotSupported,
  optionConflict,
  optionNeeds,
  optionNotOf,
  optionValue,
  redundantOptions,
} from '../../common/errors/catalogue.ts';
import { isRegion } from '../../common/account.ts';
import type { CodecName, Compression } from '../../common/compress/compression.ts';
import { CODECS } from '../../s3/codecs/registry.ts';
import type { CommandOption } from '../parser/ast.ts';

export type ArgumentKind =
  | { readonly kind: 'flag' }
  /** Text; `optional` = may be left out. */
  | { readonly kind: 'text'; readonly optional?: boolean }
  /** One ASCII character, or \t or \ddd. */
  | { readonly kind: 'char'; readonly optional?: boolean }
  | { readonly kind: 'integer'; readonly low: number; readonly high: number }
  /** Nothing = true; `words` are further keywords. */
  | { readonly kind: 'switch'; readonly words?: readonly string[] }
  /** A number and MB or GB; value = bytes. */
  | { readonly kind: 'size'; readonly low: number; readonly high: number }
  | { readonly kind: 'names' };

export interface OptionSpec {
  readonly name: string;
  readonly argument: ArgumentKind;
  /** As the manual prints it. */
  readonly default: string;
  /** True, or the message with which it is refused (0A000). */
  readonly supported: true | string;
  readonly conflicts?: readonly string[];
  readonly needs?: string;
}
export type OptionValue = string | number | boolean | readonly string[];

/** What was written: option name to value. `position` finds its place for later errors. */
export interface ReadOptions {
  readonly values: ReadonlyMap<string, OptionValue>;
  position(name: string): number | undefined;
}

const BYTES: Readonly<Record<string, number>> = { mb: 1_000_000, gb: 1_000_000_000 };
const NO_DATA_FORMAT = new Set(['DELIMITED', 'TEXT']);

/** FORMAT [AS] x [argument] is option x. */
function resolveFormat(option: CommandOption): CommandOption | undefined {
  const words = option.args.filter((a) => a !== 'AS');
  if (option.name !== 'FORMAT') return { ...option, args: words };
  const format = String(words[0] ?? '').toUpperCase();
  if (format === '') throw optionValue('FORMAT', 'a format must follow', option.pos + 1);
  return NO_DATA_FORMAT.has(format) ? undefined : { name: format, args: words.slice(1), pos: option.pos };
}

/** The character of a char option; undefined when the text is not one. */
export function singleCharacter(text: string): string | undefined {
  if (text === '\\t') return '\t';
  const octal = /^\\([0-3]?[0-7]{1,2})$/.exec(text);
  if (octal !== null) return String.fromCharCode(Number.parseInt(octal[1]!, 8));
  return text.length === 1 && text.charCodeAt(0) < 128 ? text : undefined;
}

function readArgument(spec: OptionSpec, option: CommandOption): OptionValue {
  const { argument: kind } = spec;
  const at = option.pos + 1;
  const [first, second] = option.args;
  const bad = (what: string) => optionValue(spec.name, what, at);
  if (kind.kind === 'names') return option.args.map(String);
  if (option.args.length > (kind.kind === 'size' ? 2 : kind.kind === 'flag' ? 0 : 1)) throw bad('too many values');
  switch (kind.kind) {
    case 'flag':
      return true;
    case 'switch': {
      if (first === undefined) return true;
      const word = typeof first === 'string' ? first.toLowerCase() : first;
      if (word === true || word === 'on' || word === 'true') return true;
      if (word === false || word === 'off' || word === 'false') return false;
      if (typeof word === 'string' && kind.words?.includes(word)) return word;
      throw bad(`"${String(first)}"`);
    }
    case 'integer': {
      const n = typeof first === 'string' && /^-?\d+$/.test(first.trim()) ? Number(first) : first;
      if (typeof n !== 'number' || !Number.isInteger(n) || n < kind.low || n > kind.high) {
        throw bad(`must be an integer from ${kind.low} to ${kind.high}`);
      }
      return n;
    }
    case 'size': {
      const bytes = Number(first) * (BYTES[String(second ?? 'mb').toLowerCase()] ?? Number.NaN);
      if (first === undefined || !(bytes >= kind.low && bytes <= kind.high)) {
        throw bad(`must be from ${kind.low / 1e6} MB to ${kind.high / 1e6} MB`);
      }
      return Math.floor(bytes);
    }
    case 'char': {
      if (first === undefined && kind.optional) return true;
      const c = typeof first === 'string' ? singleCharacter(first) : undefined;
      if (c === undefined) throw bad('must be a single ASCII character');
      return c;
    }
    case 'text':
      if (first === undefined && kind.optional) return true;
      if (first === undefined) throw bad('a value is required');
      return String(first);
  }
}

export function readOptions(
  command: string,
  table: readonly OptionSpec[],
  options: readonly CommandOption[],
): ReadOptions {
  const values = new Map<string, OptionValue>();
  const positions = new Map<string, number>();
  for (const written of options) {
    const option = resolveFormat(written);
    if (option === undefined) continue;
    const spec = table.find((s) => s.name === option.name);
    const at = option.pos + 1;
    if (spec === undefined) throw optionNotOf(option.name, command, at);
    if (values.has(spec.name)) throw redundantOptions(at);
    if (spec.supported !== true) throw featureNotSupported(spec.supported, at);
    values.set(spec.name, readArgument(spec, option));
    positions.set(spec.name, at);
  }
  for (const name of values.keys()) {
    const spec = table.find((s) => s.name === name)!;
    const other = spec.conflicts?.find((c) => values.has(c));
    if (other !== undefined) throw optionConflict(name, other, positions.get(name));
    if (spec.needs !== undefined && !values.has(spec.needs)) throw optionNeeds(name, spec.needs, positions.get(name));
  }
  return { values, position: (name) => positions.get(name) };
}

/** Which compression was asked for. */
export function compressionOf({ values }: ReadOptions): Compression {
  const names = Object.keys(CODECS) as CodecName[];
  return names.find((name) => values.has(name.toUpperCase())) ?? 'none';
}
/** An option for every codec of a command, each against the others. */
export const compressionOptions = (...codecs: readonly CodecName[]): readonly OptionSpec[] => {
  const names = codecs.map((c) => c.toUpperCase());
  return names.map((name) => ({
    name,
    argument: { kind: 'flag' },
    default: 'off',
    supported: true,
    conflicts: names.filter((n) => n !== name),
  }));
};

/** REGION, which must be the bucket's own when it has one; a folder that was dropped in answers in every region. */
export function readRegion(options: ReadOptions): string | undefined {
  const region = options.values.get('REGION') as string | undefined;
  if (region !== undefined && !isRegion(region))
    throw optionValue('REGION', `"${String(region)}" is not a region`, options.position('REGION'));
  return region;
}

/** How COPY and UNLOAD say who they are; keys given in CREDENTIALS stand for these options of their own, too. */
export const authorisation = (...keysOfEncryption: readonly string[]): readonly OptionSpec[] => {
  const text = { kind: 'text' } as const;
  const keys = ['ACCESS_KEY_ID', 'SECRET_ACCESS_KEY', 'SESSION_TOKEN'];
  const plain = { argument: text, default: 'none', supported: true } as const;
  return [
    { ...plain, name: 'IAM_ROLE', conflicts: [...keys, 'CREDENTIALS'] },
    { ...plain, name: 'CREDENTIALS', conflicts: [...keys, ...keysOfEncryption] },
    { ...plain, name: 'ACCESS_KEY_ID', needs: 'SECRET_ACCESS_KEY' },
    { ...plain, name: 'SECRET_ACCESS_KEY', needs: 'ACCESS_KEY_ID' },
    { ...plain, name: 'SESSION_TOKEN', needs: 'ACCESS_KEY_ID' },
  ];
};
