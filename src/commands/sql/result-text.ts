/**
 * Rows as text: aligned tables and records as psql draws them, CSV, JSON. A writer is told pages; a table's columns are as wide
 * as the pages so far need, so that no more than a page lies in memory.
 */
import { centred, padEnd, padStart, widthOf } from './width.ts';

export type Cells = readonly (string | null)[];
export interface Column {
  readonly name: string;
  /** Object identifier of its type. */
  readonly oid: number;
}
export interface Look {
  readonly format: 'table' | 'csv' | 'json';
  readonly expanded: boolean;
  /** What NULL is shown as. */
  readonly nullText: string;
}
export interface ResultWriter {
  page(rows: readonly Cells[]): string;
  /** Behind the last page. */
  end(): string;
}
/** Types on the right: int2, int4, int8, oid, float4, float8, numeric, money. */
const NUMBERS: ReadonlySet<number> = new Set([21, 23, 20, 26, 700, 701, 1700, 790]);
const BOOLEAN = 16;
const SUPER = 4000;
/** What JSON takes as a number. */
const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

export const rowsText = (n: number): string => `(${n} row${n === 1 ? '' : 's'})`;

class Table implements ResultWriter {
  private widths: number[];
  private rows = 0;
  private begun = false;
  constructor(
    private readonly columns: readonly Column[],
    private readonly nullText: string,
  ) {
    this.widths = columns.map((c) => widthOf(c.name));
  }
  page(rows: readonly Cells[]): string {
    const lines = rows.map((row) => row.map((cell) => (cell ?? this.nullText).split('\n')));
    for (const row of lines)
      row.forEach((cell, i) => {
        for (const line of cell) this.widths[i] = Math.max(this.widths[i] as number, widthOf(line));
      });
    const head = this.begun ? '' : this.head();
    this.begun = true;
    this.rows += rows.length;
    return head + lines.map((row) => this.row(row)).join('');
  }
  end(): string {
    return `${this.begun ? '' : this.page([])}${rowsText(this.rows)}\n\n`;
  }
  private head(): string {
    const names = this.columns.map((c, i) => ` ${centred(c.name, this.widths[i] as number)} `);
    return `${names.join('|')}\n${this.widths.map((w) => '-'.repeat(w + 2)).join('+')}\n`;
  }
  private row(cells: readonly (readonly string[])[]): string {
    const height = Math.max(1, ...cells.map((c) => c.length));
    let out = '';
    for (let k = 0; k < height; k++) {
      const parts = cells.map((cell, i) => {
        const width = this.widths[i] as number;
        const text = cell[k] ?? '';
        const goesOn = k + 1 < cell.length;
        const last = i + 1 === cells.length;
        const right = NUMBERS.has((this.columns[i] as Column).oid);
        const padded = right ? padStart(text, width) : last && !goesOn ? text : padEnd(text, width);
        return ` ${padded}${goesOn ? '+' : last ? '' : ' '}`;
      });
      out += `${parts.join('|')}\n`;
    }
    return out;
  }
}

class Records implements ResultWriter {
  private rows = 0;
  constructor(
    private readonly columns: readonly Column[],
    private readonly nullText: string,
  ) {}
  page(rows: readonly Cells[]): string {
    const names = Math.max(0, ...this.columns.map((c) => widthOf(c.name)));
    const values = Math.max(0, ...rows.flatMap((r) => r.flatMap((c) => (c ?? '').split('\n').map(widthOf))));
    return rows
      .map((row) => {
        this.rows += 1;
        const title = `-[ RECORD ${this.rows} ]`;
        const rule = [...`${'-'.repeat(names + 1)}+${'-'.repeat(values + 1)}`];
        const head = title + rule.slice(title.length).join('');
        const lines = row.flatMap((cell, i) =>
          (cell ?? this.nullText).split('\n').map((line, k, all) => {
            const name = k === 0 ? (this.columns[i] as Column).name : '';
            return `${padEnd(name, names)} | ${k + 1 < all.length ? `${padEnd(line, values)}+` : line}`;
          }),
        );
        return `${[head, ...lines].join('\n')}\n`;
      })
      .join('');
  }
  end(): string {
    return this.rows === 0 ? '(0 rows)\n\n' : '\n';
  }
}

class Csv implements ResultWriter {
  private begun = false;
  constructor(
    private readonly columns: readonly Column[],
    private readonly nullText: string,
  ) {}
  page(rows: readonly Cells[]): string {
    const line = (cells: Cells): string => `${cells.map((c) => this.field(c)).join(',')}\n`;
    const head = this.begun ? '' : line(this.columns.map((c) => c.name));
    this.begun = true;
    return head + rows.map(line).join('');
  }
  end(): string {
    return this.begun ? '' : this.page([]);
  }
  private field(cell: string | null): string {
    const text = cell ?? this.nullText;
    return /[",\r\n]|^\\\.$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  }
}

class Json implements ResultWriter {
  private begun = false;
  constructor(private readonly columns: readonly Column[]) {}
  page(rows: readonly Cells[]): string {
    let out = '';
    for (const row of rows) {
      const fields = row.map((cell, i) => {
        const { name, oid } = this.columns[i] as Column;
        return `${JSON.stringify(name)}:${valueText(cell, oid)}`;
      });
      out += `${this.begun ? ',\n ' : '['}{${fields.join(',')}}`;
      this.begun = true;
    }
    return out;
  }
  end(): string {
    return this.begun ? ']\n' : '[]\n';
  }
}
/** A number keeps its digits, whatever a reader makes of them; SUPER is JSON already. */
function valueText(cell: string | null, oid: number): string {
  if (cell === null) return 'null';
  if (oid === BOOLEAN) return cell === 't' ? 'true' : 'false';
  if (oid === SUPER || (NUMBERS.has(oid) && JSON_NUMBER.test(cell))) return cell;
  return JSON.stringify(cell);
}

export function resultWriter(columns: readonly Column[], { format, expanded, nullText }: Look): ResultWriter {
  if (format === 'json') return new Json(columns);
  if (format === 'csv') return new Csv(columns, nullText);
  return expanded ? new Records(columns, nullText) : new Table(columns, nullText);
}
