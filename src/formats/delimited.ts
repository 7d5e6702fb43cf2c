/**
 * Delimited text: COPY's and UNLOAD's default, fields parted by '|', NULL written \N, backslash escapes only with
 * ESCAPE, quotes only with REMOVEQUOTES. Called by copy/options and the tests; the result is a plain value.
 * `delimited` is the load format.
 */
import { delimitedCuts } from './text/cuts.ts';
import { textFormat } from './text/text-load.ts';
import { byteOf, type TextFormat, type TextOptions } from './text/text-format.ts';

export function delimitedFormat(options: TextOptions = {}): TextFormat {
  return {
    kind: 'delimited',
    delimiter: byteOf(options.delimiter ?? '|'),
    quote: 34,
    nullText: options.nullText ?? '\\N',
    escape: options.escape ?? false,
    removeQuotes: options.removeQuotes ?? false,
    ignoreHeader: options.ignoreHeader ?? 0,
    ignoreBlankLines: options.ignoreBlankLines ?? false,
    emptyAsNull: options.emptyAsNull ?? false,
    blanksAsNull: options.blanksAsNull ?? false,
    trimBlanks: options.trimBlanks ?? false,
    fillRecord: options.fillRecord ?? false,
    encoding: options.encoding ?? 'utf8',
    acceptInvChars: options.acceptInvChars === undefined ? undefined : byteOf(options.acceptInvChars),
  };
}

export const delimited = textFormat((object, wishes, { text }) => delimitedCuts(object, wishes, text));
