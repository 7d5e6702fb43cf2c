/**
 * Variables of one call while it runs: values with their types, records with the columns of the last row. Values are held
 * in ConstValue form, SUPER as its JSON text.
 */
import {
  constantAssigned,
  noSuchField,
  nullAssigned,
  recordNotAssigned,
} from '../../common/errors/routine-errors.ts';
import { assert } from '../../common/assert.ts';
import { foldCast } from '../../expressions/fold.ts';
import { isNumber, isString, sameType, varchar, type SqlType } from '../../types/sql-type.ts';
import { formatText, parseText, type TextSettings } from '../../types/text.ts';
import type { TypedValue } from '../session/types.ts';
import type { Place, Sql } from './body.ts';

export interface RecordValue {
  readonly names: readonly string[];
  readonly values: readonly TypedValue[];
}
/** What a cursor is opened with, where its declaration says so. */
export interface BoundCursor {
  readonly query: Sql;
  readonly parameters: readonly number[];
}
export interface Variable {
  readonly name: string;
  readonly kind: 'scalar' | 'record' | 'cursor';
  readonly type: SqlType;
  value: TypedValue['value'];
  /** Of a record that was assigned; a row has the types of its table from the start. */
  record?: RecordValue;
  /** Columns of %ROWTYPE: what is assigned is converted to them. */
  readonly row?: { readonly names: readonly string[]; readonly types: readonly SqlType[] };
  readonly constant: boolean;
  readonly notNull: boolean;
  readonly cursor?: BoundCursor;
}

/** A SUPER scalar as another type; what is none is NULL, as its cast is. */
function ofDocument(json: string, type: SqlType, settings: TextSettings): TypedValue['value'] {
  const scalar = JSON.parse(json) as unknown;
  if (scalar === null || typeof scalar === 'object') return null;
  const text = typeof scalar === 'string' ? scalar : json;
  return converted({ type: varchar(Math.max(1, Buffer.byteLength(text))), value: text }, type, settings);
}
function asDocument({ type, value }: TypedValue, settings: TextSettings): string {
  const text = isString(type) ? String(value) : formatText(type, value as never, settings);
  if (type.name === 'bool') return value === 1 ? 'true' : 'false';
  return isNumber(type) ? text : JSON.stringify(text);
}

/** The value as `type`: by assignment, else through its text, as PL/pgSQL does. */
export function converted(given: TypedValue, type: SqlType, settings: TextSettings): TypedValue['value'] {
  const { value } = given;
  if (value === null || sameType(given.type, type)) return value;
  if (given.type.name === 'super') return ofDocument(String(value), type, settings);
  if (type.name === 'super') return asDocument(given, settings);
  const folded = foldCast({ kind: 'const', type: given.type, value, cast: true }, type, 'assignment');
  if (folded !== undefined) return folded.value;
  const text = isString(given.type) ? String(value) : formatText(given.type, value, settings);
  return parseText(type, text, settings);
}

export class Frame {
  readonly variables: (Variable | undefined)[] = [];

  constructor(private readonly settings: () => TextSettings) {}

  declare(index: number, variable: Variable): void {
    this.variables[index] = variable;
  }
  at(index: number): Variable {
    const found = this.variables[index];
    assert(found !== undefined, `variable ${index} is declared before it is used`);
    return found;
  }
  get({ variable, field }: Place): TypedValue {
    const found = this.at(variable);
    if (field === undefined) return { type: found.type, value: found.value };
    const { record } = found;
    if (record === undefined) throw recordNotAssigned(found.name);
    const at = record.names.indexOf(field);
    if (at < 0) throw noSuchField(found.name, field);
    return record.values[at]!;
  }
  /** Values of all fields of a record. */
  fields({ variable }: Place): readonly TypedValue[] {
    const { name, record } = this.at(variable);
    if (record === undefined) throw recordNotAssigned(name);
    return record.values;
  }
  set({ variable, field }: Place, given: TypedValue): void {
    const found = this.at(variable);
    if (found.constant) throw constantAssigned(found.name);
    if (field === undefined) {
      const value = converted(given, found.type, this.settings());
      if (found.notNull && value === null) throw nullAssigned(found.name);
      found.value = value;
      return;
    }
    const { record } = found;
    if (record === undefined) throw recordNotAssigned(found.name);
    const at = record.names.indexOf(field);
    if (at < 0) throw noSuchField(found.name, field);
    const type = record.values[at]!.type;
    const values = [...record.values];
    values[at] = { type, value: converted(given, type, this.settings()) };
    found.record = { ...record, values };
  }
  /** A row goes to variables, one after the other, or to one record; no row: NULLs. */
  setRow(
    into: readonly Place[],
    columns: readonly { readonly name: string; readonly type: SqlType }[],
    row: readonly TypedValue[] | undefined,
  ): void {
    const [first] = into;
    const record = first !== undefined && first.field === undefined ? this.at(first.variable) : undefined;
    if (into.length === 1 && record?.kind === 'record') {
      const { row: declared } = record;
      const names = declared?.names ?? columns.map((c) => c.name);
      const types = declared?.types ?? columns.map((c) => c.type);
      const values = types.map((type, i): TypedValue => {
        const given = row?.[i];
        return { type, value: given === undefined ? null : converted(given, type, this.settings()) };
      });
      record.record = { names, values };
      return;
    }
    for (const [i, place] of into.entries()) this.set(place, row?.[i] ?? { type: varchar(1), value: null });
  }
}
