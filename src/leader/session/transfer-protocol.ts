/**
 * Redshift's transfer protocols, which its own drivers ask for with client_protocol_version:
 *
 *   0  PostgreSQL's version 3 as it is
 *   1  RowDescription tells which table column a result column is, and of what kind (wire/backend.ts)
 *   2  NUMERIC in binary is a scaled integer (common/result-format.ts)
 *   3  RowDescription tells whether case counts
 *
 * The lower of what both sides know is spoken, and told in server_protocol_version. Used by session.ts.
 */
import { RESULT_FORMAT } from '../../common/result-format.ts';

const NEWEST = 3;
const SCALED_NUMERIC = 2;

/** Undefined when the client did not ask. */
export function askedProtocol(parameters: ReadonlyMap<string, string>): number | undefined {
  const asked = parameters.get('client_protocol_version');
  if (asked === undefined) return undefined;
  return /^[0-9]{1,9}$/.test(asked) ? Math.min(Number(asked), NEWEST) : 0;
}

/** What a client's format codes mean under a protocol. */
export const formatsUnder = (protocol: number, formats: readonly number[]): readonly number[] =>
  protocol < SCALED_NUMERIC ? formats : formats.map((f) => (f === RESULT_FORMAT.binary ? RESULT_FORMAT.scaled : f));
