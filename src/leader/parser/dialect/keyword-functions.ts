/**
 * Words that are functions in Redshift but reserved or special in Postgres' grammar are quoted where a `(` follows:
 * ARRAY(1, 2), COLLATE(x, 'cs'), JSON_SERIALIZE(x) ... So is the date part DEC, a type elsewhere, in EXTRACT(DEC FROM x).
 */
import { isPunct, isWord, quoted, type Rewrite } from './rewrite.ts';

const ALWAYS = [
  'collate',
  'json',
  'json_serialize',
  'json_array',
  'json_object',
  'json_scalar',
  'json_value',
  'json_query',
  'json_exists',
  'normalize',
  'xmlparse',
  'merge_action',
];

export const keywordFunctions: Rewrite = {
  triggers: ['array', 'dec', ...ALWAYS],
  apply: (tokens) =>
    tokens.map((token, i) => {
      if (isWord(token, 'dec') && isPunct(tokens[i - 1], '(') && isWord(tokens[i - 2], 'extract'))
        return quoted('dec', token);
      if (token.kind !== 'word' || !isPunct(tokens[i + 1], '(')) return token;
      if (ALWAYS.includes(token.value)) return quoted(token.value, token);
      const query = isWord(tokens[i + 2], 'select', 'with', 'values') || isPunct(tokens[i + 2], '(');
      return token.value === 'array' && !query ? quoted('array', token) : token;
    }),
};
