/**
 * The masking of keys and passwords in statement texts. Every text that is kept (STL_QUERY, STL_QUERYTEXT,
 * STL_UTILITYTEXT, logs, error contexts) passes maskCredentials first.
 */
import { HISTORY_TEXT_MAX } from '../../common/limits.ts';
import { SqlError } from '../../common/errors/sql-error.ts';

/** Characters. */
const MASKED_MAX = 2 * HISTORY_TEXT_MAX;
/** A SQL string as written: quotes doubled or escaped by backslash, or in dollar quotes. */
const STRING = String.raw`(?:[eE]?'(?:[^'\\]|''|\\[\s\S])*'?|\$(\w*)\$[\s\S]*?(?:\$\KTAG\$|$))`;
const string = (group: number): string => STRING.replace(String.raw`\KTAG`, `\\${group}`);
const GAP = String.raw`(?:\s|--[^\n]*(?:\n|$)|/\*[\s\S]*?\*/)*`;
const KEYWORDS = new RegExp(
  String.raw`\b(access_key_id|secret_access_key|session_token|master_symmetric_key|credentials|password)(${GAP})((?:as\b${GAP})?)(${string(5)})`,
  'gi',
);
/** From CREATE USER or ALTER USER on: whatever stands quoted behind PASSWORD, whether it parses or not. */
const USER = new RegExp(String.raw`\b(?:create|alter)\b${GAP}\buser\b[\s\S]*?\bpassword\b`, 'i');
const QUOTED =
  /(until\s*)?(?:[eE]?'(?:[^'\\]|''|\\[\s\S])*(?:'|$)|"(?:[^"]|"")*(?:"|$)|\$(\w*)\$[\s\S]*?(?:\$\2\$|$))/gi;
const INSIDE = /((?:aws_access_key_id|aws_secret_access_key|token|master_symmetric_key)\s*=\s*)([^;'"\s]*)/gi;

/**
 * The statement with every key and password replaced by asterisks. CREDENTIALS that name a role only keep it. Also covers
 * `name=value` pairs anywhere, so that a statement that does not parse leaks nothing either. Of a long text only the
 * beginning, which is more than the history keeps.
 */
export function maskCredentials(text: string): string {
  const sql = text.length > MASKED_MAX ? text.slice(0, MASKED_MAX) : text;
  if (!/credentials|access_key|session_token|symmetric_key|password|token\s*=/i.test(sql)) return sql;
  return maskUser(sql)
    .replace(KEYWORDS, (whole, keyword: string, gap: string, as: string, value: string) => {
      if (keyword.toLowerCase() === 'credentials' && /^[eE]?'\s*aws_iam_role\s*=[^;]*'$/i.test(value)) return whole;
      return `${keyword}${gap}${as}'***'`;
    })
    .replace(INSIDE, (_, name: string) => `${name}***`);
}

function maskUser(sql: string): string {
  const head = USER.exec(sql);
  if (head === null) return sql;
  const end = head.index + head[0].length;
  const rest = sql.slice(end).replace(QUOTED, (whole, until?: string) => (until === undefined ? "'***'" : whole));
  return sql.slice(0, end) + rest;
}

/** An error of a statement that held a password, without the piece of text it stopped at. */
export function maskError(error: SqlError, maskedText: string): SqlError {
  if (!/\bpassword\b/i.test(maskedText) || !/ at or near "/.test(error.message)) return error;
  const { sqlstate, severity, detail, hint, position } = error;
  const message = error.message.replace(/( at or near )"[\s\S]*"$/, (_, at: string) => `${at}"***"`);
  return new SqlError({ sqlstate, severity, detail, hint, position, message });
}
