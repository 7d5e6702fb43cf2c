/**
 * Numbers for expressions: equal expressions have the same. Each node is looked at once, by its own fields and the numbers
 * of its operands, so that the numbers of all parts of an expression take time in proportion to it.
 */
import type { BoundExpr } from './bound.ts';
import { exprKey, mapChildren, typeKey } from './walk.ts';

export class ExprKeys {
  private readonly byNode = new WeakMap<BoundExpr, number>();
  private readonly byText = new Map<string, number>();

  of(e: BoundExpr): number {
    const known = this.byNode.get(e);
    if (known !== undefined) return known;
    const text = this.text(e);
    const key = this.byText.get(text) ?? this.byText.size;
    this.byText.set(text, key);
    this.byNode.set(e, key);
    return key;
  }
  /** Of one node: an operand's number stands in its place. */
  private text(e: BoundExpr): string {
    switch (e.kind) {
      case 'column':
        return `c${e.id}`;
      case 'param':
        return `p${e.index} ${typeKey(e.type)}`;
      case 'compare':
        return `${e.op} ${this.of(e.left)} ${this.of(e.right)}`;
      case 'arith':
        return `a${e.op} ${this.of(e.left)} ${this.of(e.right)} ${typeKey(e.type)}`;
      default:
        return exprKey(mapChildren(e, (c) => this.of(c) as never));
    }
  }
}
