/**
 * FIXEDWIDTH: lines of fields that have so many characters each, given as 'label:width,...'; labels mean nothing. Fields fill
 * the columns by position.
 */
import { optionValue, fixedWidthColumns } from '../common/errors/catalogue.ts';
import type { LoadFormat, LoadHost } from './load-format.ts';
import { delimitedCuts } from './text/cuts.ts';
import { SCAN } from './text/scan-state.ts';
import { textPlan, type TextLoadOptions, type TextPlan } from './text/text-load.ts';
import { TextReader } from './text/text-reader.ts';

export interface FixedWidthOptions extends TextLoadOptions {
  readonly widths: readonly number[];
}
interface FixedWidthPlan extends TextPlan {
  readonly widths: readonly number[];
}
const FIELD_CHARACTERS_MAX = 65535;

/** The widths of a specification. `position`: of the option, for errors. */
export function parseWidths(text: string, position: number | undefined): readonly number[] {
  return text.split(',').map((field) => {
    const width = /^(?:[^:]*:)?\s*(\d{1,6})\s*$/.exec(field)?.[1];
    if (width === undefined || Number(width) === 0 || Number(width) > FIELD_CHARACTERS_MAX)
      throw optionValue('FIXEDWIDTH', `"${field}" is not label:width`, position);
    return Number(width);
  });
}

class FixedWidthReader extends TextReader {
  private readonly widths: number;
  constructor(load: LoadHost, plan: FixedWidthPlan) {
    super(load, plan, 'scan_fixed');
    this.widths = load.allocate(plan.widths.length * 4);
    plan.widths.forEach((width, i) => load.memory.setU32(this.widths + i * 4, width));
  }
  override start(first: boolean): void {
    super.start(first);
    this.set(SCAN.WIDTHS, this.widths);
  }
}

export const fixedwidth: LoadFormat<FixedWidthOptions, FixedWidthPlan> = {
  split: (object, wishes, { text }) => delimitedCuts(object, wishes, text),
  schema: async (columns, options) => {
    const { widths } = options;
    if (widths.length !== columns.length) throw fixedWidthColumns(widths.length, columns.length);
    return Promise.resolve({ delivers: 'text', plan: { ...textPlan(columns, options), widths } });
  },
  open: (load, plan) => new FixedWidthReader(load, plan),
};
