/**
 * The rewrites in their order, and the one entry point that runs those whose trigger words occur. Order matters:
 * refusals look at the user's own tokens; TOP must stand before QUALIFY moves a clause in front of it.
 */
import { approximate } from './approximate.ts';
import { attributeCase } from './attribute-case.ts';
import { bareAlias } from './bare-alias.ts';
import { binaryVarying } from './binary-varying.ts';
import { connectBy } from './connect-by.ts';
import { convert } from './convert.ts';
import { deleteFrom } from './delete-from.ts';
import { exclude } from './exclude.ts';
import { fromParentheses } from './from-parentheses.ts';
import { groupByAll } from './group-by-all.ts';
import { keywordFunctions } from './keyword-functions.ts';
import { laterPostgres } from './later-postgres.ts';
import { maxLength } from './max-length.ts';
import { minus } from './minus.ts';
import { nullTreatment } from './null-treatment.ts';
import { objectTransform } from './object-transform.ts';
import { outerOperator } from './outer-operator.ts';
import { pivot } from './pivot.ts';
import { qualify } from './qualify.ts';
import { refused } from './refused.ts';
import { reserved } from './reserved.ts';
import { top } from './top.ts';
import { tryCast } from './try-cast.ts';
import { unnest } from './unnest.ts';
import { withinGroupDistinct } from './within-group-distinct.ts';
import type { Rewrite } from './rewrite.ts';
import type { Token } from '../lexer.ts';

const REWRITES: readonly Rewrite[] = [
  fromParentheses,
  connectBy,
  reserved,
  laterPostgres,
  unnest,
  objectTransform,
  refused,
  outerOperator,
  pivot,
  convert,
  tryCast,
  binaryVarying,
  maxLength,
  approximate,
  withinGroupDistinct,
  nullTreatment,
  exclude,
  groupByAll,
  minus,
  top,
  qualify,
  deleteFrom,
  bareAlias,
  keywordFunctions,
  attributeCase,
];

const TRIGGERS = new Set(REWRITES.flatMap((rewrite) => rewrite.triggers));

/** Tokens of a Redshift query to tokens that Postgres' grammar takes. */
export function toPostgres(tokens: readonly Token[], text: string): readonly Token[] {
  const seen = new Set<string>();
  for (const token of tokens) if (token.kind === 'word' && TRIGGERS.has(token.value)) seen.add(token.value);
  let out = tokens;
  for (const rewrite of REWRITES) {
    if (rewrite.triggers.length > 0 && !rewrite.triggers.some((trigger) => seen.has(trigger))) continue;
    out = rewrite.apply(out, text);
  }
  return out;
}
