/**
 * Syntax of a command as text, in the notation of manuals, to a tree that match.ts follows: CAPITALS are words, small letters
 * are rules (rules.ts), `[ ]` encloses what may be left out, `{ | }` a choice, `...` says that the item before it may be
 * repeated and `,...` the same with commas between. `expr:WHEN/WHERE` is a rule that ends before one of these words. All else
 * stands for itself. The first alternative that matches is taken, and no item gives back what it took.
 */
import { assert } from '../../../common/assert.ts';

export type Syntax =
  | { readonly kind: 'word'; readonly word: string }
  | { readonly kind: 'symbol'; readonly symbol: string }
  | { readonly kind: 'rule'; readonly name: string; readonly stops: readonly string[] }
  | { readonly kind: 'sequence'; readonly items: readonly Syntax[] }
  | { readonly kind: 'choice'; readonly alternatives: readonly Syntax[]; readonly optional: boolean }
  | { readonly kind: 'list'; readonly item: Syntax; readonly commas: boolean };

const CLOSERS: Readonly<Record<string, string>> = { '[': ']', '{': '}' };

class NotationReader {
  private at = 0;
  constructor(private readonly parts: readonly string[]) {}

  whole(): Syntax {
    const tree = this.alternatives(undefined, false);
    assert(this.at === this.parts.length, `the syntax ends at ${this.parts[this.at]}`);
    return tree;
  }

  private alternatives(closer: string | undefined, optional: boolean): Syntax {
    const alternatives = [this.sequence(closer)];
    while (this.parts[this.at] === '|') {
      this.at += 1;
      alternatives.push(this.sequence(closer));
    }
    assert(this.parts[this.at] === closer, `${closer} is missing in ${this.parts.join(' ')}`);
    if (closer !== undefined) this.at += 1;
    return alternatives.length === 1 && !optional ? alternatives[0] : { kind: 'choice', alternatives, optional };
  }

  private sequence(closer: string | undefined): Syntax {
    const items: Syntax[] = [];
    while (this.at < this.parts.length && this.parts[this.at] !== '|' && this.parts[this.at] !== closer)
      items.push(this.repeated(this.item()));
    return items.length === 1 ? items[0] : { kind: 'sequence', items };
  }

  private repeated(item: Syntax): Syntax {
    const next = this.parts[this.at];
    if (next !== '...' && next !== ',...') return item;
    this.at += 1;
    return { kind: 'list', item, commas: next === ',...' };
  }

  private item(): Syntax {
    const part = this.parts[this.at];
    this.at += 1;
    if (Object.hasOwn(CLOSERS, part)) return this.alternatives(CLOSERS[part], part === '[');
    if (/^[A-Z][A-Z0-9_]*$/.test(part)) return { kind: 'word', word: part.toLowerCase() };
    if (/^[a-z]/.test(part)) {
      const [name, stops] = part.split(':');
      return { kind: 'rule', name, stops: stops === undefined ? [] : stops.toLowerCase().split('/') };
    }
    return { kind: 'symbol', symbol: part };
  }
}

/** The parts of a notation: brackets, bars and repetitions stand alone, whatever they touch. */
const PARTS = /,?\.\.\.|[[\]{}|(),=.*]|[A-Za-z_][\w:/]*/g;

export const readNotation = (text: string): Syntax => new NotationReader(text.match(PARTS) ?? []).whole();
