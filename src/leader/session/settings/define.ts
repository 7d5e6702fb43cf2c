/**
 * The shape of a setting (configuration parameter), one file each, named as the parameter. `validate` takes the values
 * as SET got them and returns the canonical text, or throws the catalogue's 22023. Read by settings-store.ts.
 */
import { featureNotSupported, invalidSettingValue, settingOutOfRange } from '../../../common/errors/catalogue.ts';

export type Validate = (values: readonly string[], name: string, current?: string) => string;

export interface SettingDefinition {
  readonly name: string;
  readonly default: string;
  readonly doc: string;
  readonly validate: Validate;
  /** Name of the ParameterStatus message sent when the value changes. */
  readonly report?: string;
  /** The server decides the value (SettingsStore.fix); SET checks what it is given and changes nothing. */
  readonly fromServer?: boolean;
  /** Shown, never set. */
  readonly readOnly?: boolean;
  /** RESET ALL leaves it alone, as it is no setting of how statements run. */
  readonly keptByResetAll?: boolean;
  /** What a WARNING tells whoever sets this value: for a permission that is granted and never used. */
  readonly remark?: (value: string) => string | undefined;
}

export const setting = (definition: SettingDefinition): SettingDefinition => definition;

export const anyText: Validate = (values) => values.join(', ');

const TRUE_WORDS = ['on', 'true', 't', 'yes', 'y', '1', 'tr', 'tru', 'ye'];
const FALSE_WORDS = ['off', 'false', 'f', 'no', 'n', '0', 'fa', 'fal', 'fals', 'of'];

/** Booleans print in the pair of words their documentation uses. */
export const booleanValue =
  (yes = 'on', no = 'off'): Validate =>
  (values, name) => {
    const word = (values[0] ?? '').toLowerCase();
    if (values.length === 1 && TRUE_WORDS.includes(word)) return yes;
    if (values.length === 1 && FALSE_WORDS.includes(word)) return no;
    throw invalidSettingValue(name, values.join(', '));
  };

export const integerValue =
  (low: number, high: number): Validate =>
  (values, name) => {
    const text = (values[0] ?? '').trim();
    if (values.length !== 1 || !/^[+-]?\d+$/.test(text)) throw invalidSettingValue(name, values.join(', '));
    const value = Number(text);
    if (value < low || value > high) throw settingOutOfRange(name, text, String(low), String(high));
    return String(value);
  };

const UNIT_MS: Readonly<Record<string, number>> = { '': 1, ms: 1, s: 1000, min: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds, optionally with a unit (ms, s, min, h, d). */
export const durationMs: Validate = (values, name) => {
  const match = /^\s*(\d+)\s*(ms|s|min|h|d|)\s*$/i.exec(values[0] ?? '');
  if (match === null || values.length !== 1) throw invalidSettingValue(name, values.join(', '));
  const value = Number(match[1]) * (UNIT_MS[(match[2] as string).toLowerCase()] as number);
  if (value > 2147483647) throw settingOutOfRange(name, String(value), '0', '2147483647');
  return String(value);
};

/** One of some words, any case; prints as listed. */
export const oneOf =
  (...words: readonly string[]): Validate =>
  (values, name) => {
    const given = values.join(' ').trim().toLowerCase();
    const found = words.find((w) => w.toLowerCase() === given);
    if (found === undefined) throw invalidSettingValue(name, values.join(', '));
    return found;
  };

/**
 * For what is not there: a value is checked as `validate` does, but only the one that says so is accepted. Anything else
 * would ask for `feature`.
 */
export const onlyValue =
  (validate: Validate, accepted: string, feature: string): Validate =>
  (values, name) => {
    const value = validate(values, name);
    if (value !== accepted) throw featureNotSupported(`${name} = ${value} is not supported: there is no ${feature}`);
    return value;
  };

export const readOnlyValue: Validate = (values) => values.join(', ');

/** Splits `"$user", public`; quoted parts keep their case. */
export function splitIdentifiers(text: string): string[] {
  const parts = text.match(/"(?:[^"]|"")*"|[^,\s][^,]*/g) ?? [];
  return parts
    .map((p) => p.trim())
    .map((p) => (p.startsWith('"') ? p.slice(1, -1).replaceAll('""', '"') : p.toLowerCase()))
    .filter((p) => p !== '');
}

/** A list of identifiers printed with ', ' between, quoted only where they need it ($user stays bare). */
export const identifierList: Validate = (values) => {
  const names =
    values.length === 1 && /[,"]/.test(values[0] as string) ? splitIdentifiers(values[0] as string) : values;
  return names.map((n) => (/^[a-z_$][a-z0-9_$#]*$/.test(n) ? n : `"${n.replaceAll('"', '""')}"`)).join(', ');
};
