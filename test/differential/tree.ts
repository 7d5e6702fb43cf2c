/**
 * SQL as a tree of text pieces, so that a failing query can be made smaller without knowing SQL: a piece is text, a pair
 * of texts (ours, the oracle's) where the dialects differ, or a node. Optional nodes may be left out, nodes with a type
 * may be replaced by a node of the same type inside them or by that type's plain constant.
 */
export type Piece = string | readonly [ours: string, oracle: string] | Node;
export interface Node {
  readonly type: string;
  readonly pieces: readonly Piece[];
  readonly optional?: boolean;
}
export type Dialect = 'ours' | 'oracle';

export const node = (type: string, ...pieces: Piece[]): Node => ({ type, pieces });
export const optional = (...pieces: Piece[]): Node => ({ type: '', pieces, optional: true });
const isNode = (p: Piece): p is Node => typeof p === 'object' && 'pieces' in p;

export function render(piece: Piece, dialect: Dialect): string {
  if (typeof piece === 'string') return piece;
  if (isNode(piece)) return piece.pieces.map((p) => render(p, dialect)).join('');
  return piece[dialect === 'ours' ? 0 : 1];
}

/** What stands for an expression of a type when it is taken out. */
const PLAIN: Readonly<Record<string, string>> = {
  int: '1',
  big: '1',
  dec: '1.5',
  flt: '0.5::float8',
  str: "'a'",
  date: "date '2020-01-01'",
  ts: "timestamp '2020-01-01 00:00:00'",
  bool: '(1=1)',
  time: "'12:00'::time",
  ttz: "'12:00+00'::timetz",
  tz: "'2020-01-01 00:00:00+00'::timestamptz",
};

function* inside(n: Node, type: string): Generator<Node> {
  for (const p of n.pieces) {
    if (!isNode(p)) continue;
    if (p.type === type) yield p;
    else yield* inside(p, type);
  }
}

/** Trees that are one step smaller, biggest steps first. */
export function* smaller(n: Node): Generator<Node> {
  for (const [i, p] of n.pieces.entries()) {
    if (!isNode(p)) continue;
    const put = (q: Piece): Node => ({ ...n, pieces: n.pieces.map((old, k) => (k === i ? q : old)) });
    if (p.optional) yield put('');
    if (p.type !== '') {
      for (const q of inside(p, p.type)) yield put(q);
      const plain = PLAIN[p.type];
      if (plain !== undefined && !(p.pieces.length === 1 && p.pieces[0] === plain)) yield put(node(p.type, plain));
    }
    for (const q of smaller(p)) yield put(q);
  }
}
