/**
 * Options of COPY and UNLOAD as CommandOption, generically: NAME [AS] arguments, any order, no commas. What an option
 * means and which arguments it takes is the business of leader/copy and leader/unload; only the shape is decided here.
 */
import type { CommandOption } from '../ast.ts';
import type { Cursor } from '../cursor.ts';
import { optionString } from '../lexer.ts';

/** Option names; those of several words first. */
const NAMES: readonly (readonly string[])[] = [
  ['partition', 'by'],
  ['using', 'template'],
  ['job', 'create'],
  ...[
    'format',
    'csv',
    'quote',
    'delimiter',
    'fixedwidth',
    'shapefile',
    'avro',
    'json',
    'parquet',
    'orc',
    'serializetojson',
    'simplify',
    'iam_role',
    'credentials',
    'access_key_id',
    'secret_access_key',
    'session_token',
    'region',
    'readratio',
    'ssh',
    'manifest',
    'encrypted',
    'master_symmetric_key',
    'kms_key_id',
    'bzip2',
    'gzip',
    'lzop',
    'zstd',
    'acceptanydate',
    'acceptinvchars',
    'blanksasnull',
    'dateformat',
    'emptyasnull',
    'encoding',
    'escape',
    'explicit_ids',
    'fillrecord',
    'ignoreblanklines',
    'ignoreheader',
    'null',
    'removequotes',
    'roundec',
    'timeformat',
    'trimblanks',
    'truncatecolumns',
    'comprows',
    'compupdate',
    'ignoreallerrors',
    'maxerror',
    'noload',
    'statupdate',
    'header',
    'addquotes',
    'extension',
    'allowoverwrite',
    'cleanpath',
    'parallel',
    'maxfilesize',
    'rowgroupsize',
    'auto',
  ].map((name) => [name]),
];

/** Words that are arguments of the named option; all other words start the next option. */
const WORD_ARGUMENTS: Readonly<Record<string, readonly string[]>> = {
  FORMAT: ['csv', 'json', 'avro', 'parquet', 'orc', 'shapefile', 'text'],
  IAM_ROLE: ['default'],
  COMPUPDATE: ['on', 'off', 'preset', 'true', 'false'],
  STATUPDATE: ['on', 'off', 'true', 'false'],
  IGNOREALLERRORS: ['on', 'off', 'true', 'false'],
  PARALLEL: ['on', 'off', 'true', 'false'],
  AUTO: ['on', 'off'],
  SIMPLIFY: ['auto'],
  MANIFEST: ['verbose'],
  ENCRYPTED: ['auto'],
  MAXFILESIZE: ['mb', 'gb'],
  ROWGROUPSIZE: ['mb', 'gb'],
  ENCODING: ['utf8', 'utf16', 'utf16le', 'utf16be', 'iso88591'],
};
const BOOLEANS: Readonly<Record<string, boolean>> = { on: true, off: false, true: true, false: false };
/** These options name an object as their argument. */
const NAME_ARGUMENT = new Set(['USING TEMPLATE', 'JOB CREATE']);

function optionName(c: Cursor): string {
  const words = NAMES.find((candidate) => c.atWords(...candidate));
  if (words === undefined) throw c.fail();
  c.accept(...words);
  return words.join(' ').toUpperCase();
}

function argument(c: Cursor, name: string, taken: number): string | number | boolean | undefined {
  const token = c.peek();
  if (token === undefined) return undefined;
  if (token.kind === 'string') {
    c.next();
    return optionString(c.text, token);
  }
  if (token.kind === 'number') {
    c.next();
    return Number(token.value);
  }
  if (name === 'FORMAT' && taken > 0) return undefined;
  if (token.kind !== 'word' || !(WORD_ARGUMENTS[name] ?? []).includes(token.value)) return undefined;
  c.next();
  if (name === 'FORMAT') {
    c.accept('as');
    return token.value.toUpperCase();
  }
  return Object.hasOwn(BOOLEANS, token.value) ? BOOLEANS[token.value] : token.value;
}

/** All options to the end of the statement. */
export function commandOptions(c: Cursor): CommandOption[] {
  const options: CommandOption[] = [];
  while (!c.done) {
    const { pos } = c;
    c.accept('with');
    const name = optionName(c);
    c.accept('as');
    // FORMAT AS DELIMITER '|' is DELIMITER '|'.
    if (name === 'FORMAT' && c.atAny(['delimiter', 'fixedwidth'])) continue;
    const args: (string | number | boolean)[] = [];
    if (NAME_ARGUMENT.has(name)) args.push(c.name());
    if (name === 'PARTITION BY') {
      args.push(...c.nameList());
      if (c.accept('include')) options.push({ name: 'INCLUDE', args: [], pos });
    }
    for (let arg = argument(c, name, 0); arg !== undefined; arg = argument(c, name, args.length)) args.push(arg);
    options.push({ name, args, pos });
  }
  return options;
}
