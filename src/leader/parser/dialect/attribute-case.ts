/**
 * `col.AttributeName`: names fold to lower case, but inside SUPER values enable_case_sensitive_super_attribute wants them as
 * they were written. A plain name behind a dot therefore takes its spelling along, behind U+0001; postgres-ast.ts takes the two
 * apart, and the analyser decides.
 */
import { isPunct, quoted, spelledName, type Rewrite } from './rewrite.ts';

export const attributeCase: Rewrite = {
  triggers: [],
  apply: (tokens, text) => {
    let out: (typeof tokens)[number][] | undefined;
    for (let i = 1; i < tokens.length; i += 1) {
      const token = tokens[i];
      if (token.kind !== 'word' || !isPunct(tokens[i - 1], '.')) continue;
      const written = text.slice(token.start, token.end);
      if (written === token.value || isPunct(tokens[i + 1], '(')) continue;
      out ??= [...tokens];
      out[i] = quoted(spelledName(token.value, written), token);
    }
    return out ?? tokens;
  },
};
