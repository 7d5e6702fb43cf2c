/**
 * OBJECT_TRANSFORM(value [KEEP path, ...] [SET path, value, ...]): KEEP is one call over all its paths, SET one for each of
 * them. A path is a constant of quoted names, '"a"."b"'.
 */
import { cannotCast, invalidParameterValue, undefinedFunction } from '../../common/errors/catalogue.ts';
import type { BoundExpr } from '../../expressions/bound.ts';
import { call } from '../../functions/expand-nodes.ts';
import { textConstant } from '../../functions/text-constant.ts';
import { SUPER } from '../../types/sql-type.ts';
import { KEEP_ARGUMENT, SET_ARGUMENT } from '../parser/ast.ts';
import { isUnknown, settle, tryCoerce } from './coerce.ts';
import type { AnalyserState } from './context.ts';
import { shownType } from './type-rules.ts';

const NAME = /"((?:[^"]|"")+)"(\.|$)/y;

/** Steps of a path as navigation has them. */
function stepsOf(e: BoundExpr, position: number): string {
  const text = e.kind === 'const' && typeof e.value === 'string' ? e.value : undefined;
  let out = '';
  let dot = '.';
  NAME.lastIndex = 0;
  for (let at = 0; text !== undefined && at < text.length; at = NAME.lastIndex) {
    const found = NAME.exec(text);
    if (found === null) break;
    const name = found[1]!.replaceAll('""', '"');
    out += `.${Buffer.byteLength(name)}:${name}`;
    dot = found[2]!;
  }
  if (dot === '') return out;
  throw invalidParameterValue('a path of OBJECT_TRANSFORM is a constant of quoted names, \'"a"."b"\'', position);
}
const isArgument = (e: BoundExpr | undefined, text: string): boolean => e?.kind === 'const' && e.value === text;

export function objectTransform(state: AnalyserState, args: readonly BoundExpr[], position: number): BoundExpr {
  const [first, ...others] = args;
  const isOpen = first !== undefined && isUnknown(first);
  const object = isOpen ? tryCoerce(state, first, SUPER, 'implicit', position) : first;
  const settled = [...(object === undefined ? [] : [object]), ...others].map((a) => settle(state, a));
  const input = settled[0];
  const wrong = (): Error =>
    undefinedFunction(`object_transform(${settled.map((a) => shownType(a.type)).join(', ')})`, position);
  if (input?.type.name !== 'super') throw wrong();
  let rest = settled.slice(1);
  let out = input;
  if (isArgument(rest[0], KEEP_ARGUMENT)) {
    const at = rest.findIndex((a) => isArgument(a, SET_ARGUMENT));
    const paths = rest.slice(1, at < 0 ? undefined : at).map((a) => stepsOf(a, position));
    rest = at < 0 ? [] : rest.slice(at);
    if (paths.length === 0) throw wrong();
    out = call('super_keep', 0, SUPER, [out, textConstant(paths.join(';'))]);
  }
  if (rest.length === 0) return out;
  if (!isArgument(rest[0], SET_ARGUMENT) || rest.length % 2 === 0 || rest.length < 3) throw wrong();
  for (let i = 1; i < rest.length; i += 2) {
    const value = tryCoerce(state, rest[i + 1]!, SUPER, 'assignment', position);
    if (value === undefined) throw cannotCast(shownType(rest[i + 1]!.type), 'super', position);
    out = call('super_set', 0, SUPER, [out, textConstant(stepsOf(rest[i]!, position)), value]);
  }
  return out;
}
