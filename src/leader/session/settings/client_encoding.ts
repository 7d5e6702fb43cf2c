/**
 * Setting client_encoding: text on the wire is always UTF8. Spellings of UTF-8 are accepted, quoted ones too (asyncpg), and
 * SQL_ASCII, which asks for bytes as they are (psql sends it at start-up where the locale is C).
 */
import { featureNotSupported } from '../../../common/errors/catalogue.ts';
import { setting } from './define.ts';

export default setting({
  name: 'client_encoding',
  default: 'UTF8',
  doc: 'Encoding of text on the wire: UTF8, or SQL_ASCII for the same bytes without conversion.',
  report: 'client_encoding',
  validate: (values) => {
    const word = values
      .join('')
      .replace(/[^a-z0-9]/gi, '')
      .toLowerCase();
    if (word === 'utf8' || word === 'unicode' || word === 'utf8mb4') return 'UTF8';
    if (word === 'sqlascii') return 'SQL_ASCII';
    throw featureNotSupported(`client encoding "${values.join(', ')}" is not supported; only UTF8 is`);
  },
});
