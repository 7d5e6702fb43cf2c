/**
 * Number of an encoding by name, -1 for names nobody knows.
 */
import { INT4 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

const ENCODINGS: Readonly<Record<string, number>> = { sqlascii: 0, utf8: 6, unicode: 6, latin1: 8, iso88591: 8 };

export default scalar({
  name: 'pg_char_to_encoding',
  runsOn: 'leader',
  volatility: 'immutable',
  doc: 'Number of an encoding by name, -1 for names nobody knows.',
  signatures: [{ args: ['string'], returns: INT4 }],
  examples: [
    ["pg_char_to_encoding('UTF8')", '6'],
    ["pg_char_to_encoding('no such')", '-1'],
  ],
  host: (_, args) =>
    ENCODINGS[
      String(args[0])
        .toLowerCase()
        .replace(/[^a-z0-9]/g, '')
    ] ?? -1,
});
