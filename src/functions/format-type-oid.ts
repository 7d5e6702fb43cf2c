/**
 * format_type: the SQL name of a type oid with the modifier that pg_attribute.atttypmod holds.
 */
import { intervalOfModifier } from '../types/interval-fields.ts';
import { formatType, isInterval, numeric, typeFromOid, TYPE_INFO } from '../types/sql-type.ts';

export function formatTypeOid(oid: number, modifier: number): string | null {
  if (oid === 0) return '-';
  const type = typeFromOid(oid);
  if (type === undefined) return '???';
  if (isInterval(type)) return formatType(intervalOfModifier(modifier) ?? type);
  if (modifier < 4) return TYPE_INFO[type.name].sqlName;
  const m = modifier - 4;
  if (type.name === 'numeric') return formatType(numeric(m >> 16, m & 0xffff));
  if (type.name === 'varchar' || type.name === 'char' || type.name === 'varbyte')
    return formatType({ name: type.name, length: m });
  return TYPE_INFO[type.name].sqlName;
}
