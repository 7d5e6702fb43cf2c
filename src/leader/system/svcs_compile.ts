/**
 * SVCS_COMPILE: the same as SVL_COMPILE.
 */
import { sameAs } from './define.ts';
import svlCompile from './svl_compile.ts';

export default sameAs(
  svlCompile,
  'svcs_compile',
  'SVL_COMPILE; there are no concurrency scaling clusters whose rows it would add.',
);
