/**
 * Names of a body while it is read: variables of blocks, innermost first, and the labels that qualify them. Every place of
 * a word that names a variable is the variable, in SQL too, as in Redshift.
 */
import { duplicateDeclaration, invalidRoutine } from '../../common/errors/routine-errors.ts';
import { ROUTINE_VARIABLES_MAX } from '../../common/limits.ts';
import type { Token } from '../parser/token.ts';
import { ALL_FIELDS, type Place, type Sql } from './body.ts';

export type VariableKind = 'scalar' | 'record' | 'cursor';
interface Known {
  readonly variable: number;
  readonly kind: VariableKind;
  /** SUPER: names and places in it may follow. */
  readonly isDocument?: boolean;
}
interface Level {
  readonly label: string | undefined;
  readonly names: Map<string, Known>;
  readonly loop: boolean;
}

const isName = (token: Token | undefined): boolean => token?.kind === 'word' || token?.kind === 'quoted';
const isStar = (token: Token | undefined): boolean => token?.kind === 'op' && token.value === '*';
const isDot = (token: Token | undefined): boolean => token?.kind === 'punct' && token.value === '.';

export class Names {
  private readonly levels: Level[] = [];
  readonly variables: string[] = [];

  open(label: string | undefined, loop = false): void {
    this.levels.push({ label, names: new Map(), loop });
  }
  close(): void {
    this.levels.pop();
  }
  /** A variable without a name that statements could use. */
  hidden(name: string): number {
    if (this.variables.length >= ROUTINE_VARIABLES_MAX)
      throw invalidRoutine(`a procedure may have at most ${ROUTINE_VARIABLES_MAX} variables`);
    return this.variables.push(name) - 1;
  }
  add(name: string, kind: VariableKind, position?: number, isDocument = false): number {
    const { names } = this.levels[this.levels.length - 1]!;
    if (names.has(name)) throw duplicateDeclaration(name, position);
    const variable = this.hidden(name);
    names.set(name, { variable, kind, isDocument });
    return variable;
  }
  /** Another name for a variable. */
  alias(name: string, known: Known): void {
    this.levels[this.levels.length - 1]!.names.set(name, known);
  }
  find(name: string): Known | undefined {
    for (let i = this.levels.length - 1; i >= 0; i--) {
      const found = this.levels[i]!.names.get(name);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  private labelled(label: string, name: string): Known | undefined {
    for (let i = this.levels.length - 1; i >= 0; i--)
      if (this.levels[i]!.label === label) return this.levels[i]!.names.get(name);
    return undefined;
  }
  /** Whether EXIT or CONTINUE finds a loop, or a block with the label. */
  encloses(label: string | undefined, loopsOnly: boolean): boolean {
    return this.levels.some((l) => (label === undefined ? l.loop : l.label === label && (l.loop || !loopsOnly)));
  }

  /** The place that begins at token `at`, and how many tokens it takes. */
  placeAt(
    tokens: readonly Token[],
    at: number,
  ): { readonly place: Place; readonly kind: VariableKind; readonly taken: number } | undefined {
    const token = tokens[at];
    if (token === undefined) return undefined;
    if (token.kind === 'param') {
      const known = this.find(`$${token.value}`);
      return known && { place: { variable: known.variable }, kind: known.kind, taken: 1 };
    }
    if (!isName(token) || isDot(tokens[at - 1])) return undefined;
    if (isDot(tokens[at + 1]) && isStar(tokens[at + 2])) {
      const record = this.find(token.value);
      if (record?.kind === 'record')
        return { place: { variable: record.variable, field: ALL_FIELDS }, kind: 'scalar', taken: 3 };
    }
    const document = isDot(tokens[at + 1]) ? this.find(token.value) : undefined;
    if (document?.isDocument === true)
      return { place: { variable: document.variable }, kind: document.kind, taken: 1 };
    if (isDot(tokens[at + 1]) && isName(tokens[at + 2])) {
      const second = tokens[at + 2]!.value;
      const record = this.find(token.value);
      if (record?.kind === 'record')
        return { place: { variable: record.variable, field: second }, kind: 'scalar', taken: 3 };
      const inside = this.labelled(token.value, second);
      if (inside === undefined) return undefined;
      if (inside.kind === 'record' && isDot(tokens[at + 3]) && isName(tokens[at + 4]))
        return { place: { variable: inside.variable, field: tokens[at + 4]!.value }, kind: 'scalar', taken: 5 };
      return { place: { variable: inside.variable }, kind: inside.kind, taken: 3 };
    }
    if (isDot(tokens[at + 1])) return undefined;
    const known = this.find(token.value);
    return known && { place: { variable: known.variable }, kind: known.kind, taken: 1 };
  }

  /** The text of the tokens with their variables as parameters; something is left out before token `gap`. */
  sql(tokens: readonly Token[], source: string, gap?: number): Sql {
    const places: Place[] = [];
    const parts: string[] = [];
    const uses: number[] = [];
    const use = (place: Place): number => {
      const known = places.findIndex((p) => p.variable === place.variable && p.field === place.field);
      return known >= 0 ? known : places.push(place) - 1;
    };
    let text = '';
    let from = tokens[0]?.start ?? 0;
    for (let i = 0; i < tokens.length;) {
      if (i === gap && i > 0) {
        text += `${source.slice(from, tokens[i - 1]!.end)} `;
        from = tokens[i]!.start;
      }
      const found = this.placeAt(tokens, i);
      if (found === undefined) {
        i++;
        continue;
      }
      parts.push(text + source.slice(from, tokens[i]!.start));
      text = '';
      uses.push(use(found.place));
      i += found.taken;
      from = tokens[i - 1]!.end;
    }
    parts.push(text + source.slice(from, tokens[tokens.length - 1]?.end ?? from));
    return sqlOf(parts, uses, places);
  }
}

/** SQL of its parts; `shown` says how place `i` is written, as $n when it is not given. */
export function sqlText(
  parts: readonly string[],
  uses: readonly number[],
  shown?: (place: number) => string,
): string {
  return parts.map((part, i) => (i < uses.length ? part + (shown?.(uses[i]!) ?? `$${uses[i]! + 1}`) : part)).join('');
}
export const sqlOf = (parts: readonly string[], uses: readonly number[], places: readonly Place[]): Sql => ({
  text: sqlText(parts, uses),
  places,
  parts,
  uses,
});
/** The same with words around it. */
export const wrapped = (before: string, { parts, uses, places }: Sql, after: string): Sql => {
  const all = [...parts];
  all[0] = before + all[0];
  all[all.length - 1] += after;
  return sqlOf(all, uses, places);
};
