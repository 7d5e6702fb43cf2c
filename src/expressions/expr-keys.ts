/**
 * Numbers for expressions: equal expressions have the same. Each node is looked at once, by its own fields and the numbers
 * of its operands, so that the numbers of all parts of an expression take time in proportion to it.
 */
import type { BoundExpr } from './bound.ts';
import { exprKey, mapChildren } from './walk.ts';

export class ExprKeys {
  private readonly byNode = new WeakMap<BoundExpr, number>();
  private readonly byText = new Map<string, number>();

  of(e: BoundExpr): number {
    const known = this.byNode.get(e);
    if (known !== undefined) return known;
    // An operand's number stands in its place.
    const text = exprKey(mapChildren(e, (c) => this.of(c) as never));
    const key = this.byText.get(text) ?? this.byText.size;
    this.byText.set(text, key);
    this.byNode.set(e, key);
    return key;
  }
}
