/**
 * Follows the syntax of a command (notation.ts) over the tokens of a statement. What does not match is 42601 at the token that
 * no alternative got behind.
 */
import type { Cursor } from '../cursor.ts';
import { readNotation, type Syntax } from './notation.ts';
import { RULES, TOKEN_RULES } from './rules.ts';

const trees = new Map<string, Syntax>();

function treeOf(notation: string): Syntax {
  let tree = trees.get(notation);
  if (tree === undefined) trees.set(notation, (tree = readNotation(notation)));
  return tree;
}

class Match {
  /** Index of the furthest token that was not what was wanted. */
  private furthest = 0;
  constructor(private readonly c: Cursor) {}

  whole(tree: Syntax): void {
    const { c } = this;
    if (this.follow(tree) && c.done) return;
    c.index = Math.max(this.furthest, c.index);
    throw c.fail();
  }

  private failed(from: number, at: number = from): false {
    this.furthest = Math.max(this.furthest, at);
    this.c.index = from;
    return false;
  }

  private follow(tree: Syntax): boolean {
    const { c } = this;
    const from = c.index;
    switch (tree.kind) {
      case 'word':
        return c.accept(tree.word) || this.failed(from);
      case 'symbol':
        return c.acceptSymbol(tree.symbol) || this.failed(from);
      case 'rule':
        return this.rule(tree.name, tree.stops);
      case 'sequence':
        return tree.items.every((item) => this.follow(item)) || this.failed(from, c.index);
      case 'choice':
        return tree.alternatives.some((alternative) => this.follow(alternative)) || tree.optional;
      case 'list':
        return this.list(tree.item, tree.commas);
    }
  }

  private list(item: Syntax, commas: boolean): boolean {
    const { c } = this;
    if (!this.follow(item)) return false;
    for (;;) {
      const behind = c.index;
      if (commas && !c.acceptSymbol(',')) return true;
      if (!this.follow(item) || c.index === behind) {
        c.index = behind;
        return true;
      }
    }
  }

  private rule(name: string, stops: readonly string[]): boolean {
    if (Object.hasOwn(RULES, name)) return this.follow(treeOf(RULES[name]));
    const { c } = this;
    const from = c.index;
    return TOKEN_RULES[name](c, stops) || this.failed(from, c.index);
  }
}

/** Takes all that is left of the statement as `notation` has it. */
export const matchRest = (c: Cursor, notation: string): void => new Match(c).whole(treeOf(notation));
