/**
 * CSV: fields parted by ',', quoted by '"' (doubled inside), newlines allowed in quotes, blanks allowed between a quote
 * and a delimiter. NULL AS is compared with the field's content, quoted or not. Called by copy/options and the tests; `csv` is
 * the load format.
 */
import { byteOf, type TextFormat, type TextOptions } from './text/text-format.ts';
import { delimitedFormat } from './delimited.ts';
import { csvCuts } from './text/cuts.ts';
import { textFormat } from './text/text-load.ts';

export function csvFormat(options: TextOptions = {}): TextFormat {
  return {
    ...delimitedFormat({ ...options, escape: false, removeQuotes: false }),
    kind: 'csv',
    delimiter: byteOf(options.delimiter ?? ','),
    quote: byteOf(options.quote ?? '"'),
  };
}

export const csv = textFormat((object, wishes, { text }) => csvCuts(object, wishes, text));
