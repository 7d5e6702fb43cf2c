/**
 * Values of Bind, decoded to what the statement's parameters are. Used by session.ts.
 */
import { wrongParameterCount } from '../../common/errors/catalogue.ts';
import type { ConstValue } from '../../expressions/bound.ts';
import type { TextSettings } from '../../types/text.ts';
import { parametersOf } from './analysed.ts';
import { decodeParameter } from './parameters.ts';
import type { Analysed } from './scope.ts';

export function decodeValues(
  entry: Analysed,
  name: string,
  values: readonly (Uint8Array | null)[],
  formats: readonly number[],
  settings: TextSettings,
): readonly ConstValue[] {
  const types = parametersOf(entry);
  const oids = entry.kind === 'empty' ? [] : entry.oids;
  // A Parse may declare more parameter types than the statement uses; their values are dropped.
  const asDeclared = oids.length > types.length && values.length === oids.length;
  if (values.length !== types.length && !asDeclared) {
    throw wrongParameterCount(String(values.length), name, String(types.length));
  }
  return types.map((type, i) => {
    const value = values[i] ?? null;
    const format = formats.length === 1 ? formats[0] : formats[i];
    return value === null ? null : decodeParameter(value, format ?? 0, type, i, settings);
  });
}
