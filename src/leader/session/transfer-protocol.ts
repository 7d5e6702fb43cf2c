/**
 * Redshift's transfer protocols, which its own drivers ask for with client_protocol_version:
 *
 *   0  PostgreSQL's version 3 as it is
 *   1  RowDescription tells which table column a result column is, and of what kind (wire/backend.ts)
 *   2  NUMERIC in binary is a scaled integer (common/result-format.ts), VARBYTE is bytes whatever was asked for: both
 *      drivers tell it by the format in RowDescription, or take it so without looking
 *   3  RowDescription tells whether case counts
 *
 * The lower of what both sides know is spoken, and told in server_protocol_version. Used by session.ts.
 */
import { formatOf, RESULT_FORMAT } from '../../common/result-format.ts';
import type { FieldDescription } from '../../common/sql-service.ts';
import { TYPE_INFO } from '../../types/sql-type.ts';

const NEWEST = 3;
const BINARY = 2;

/** Undefined when the client did not ask. */
export function askedProtocol(parameters: ReadonlyMap<string, string>): number | undefined {
  const asked = parameters.get('client_protocol_version');
  if (asked === undefined) return undefined;
  return /^[0-9]{1,9}$/.test(asked) ? Math.min(Number(asked), NEWEST) : 0;
}

/** The formats in which a portal's columns go out when a client of that protocol asks for `formats`. */
export function formatsUnder(
  protocol: number,
  formats: readonly number[],
  fields: readonly FieldDescription[] | null,
): readonly number[] {
  if (protocol < BINARY || fields === null) return formats;
  return fields.map(({ typeOid }, i) =>
    typeOid === TYPE_INFO.varbyte.oid || formatOf(formats, i) === RESULT_FORMAT.binary
      ? RESULT_FORMAT.scaled
      : RESULT_FORMAT.text,
  );
}
