/**
 * The datestyle setting as the number kernels read at ctx+DATE_STYLE (memory-map.ts): the output style in the low four
 * bits, 16 for DMY, 32 for YMD. The setting's value is always 'STYLE, ORDER'.
 */
export const OUTPUT_STYLES = ['ISO', 'SQL', 'German', 'Postgres'] as const;
export const DATE_ORDERS = ['MDY', 'DMY', 'YMD'] as const;

export function dateStyleCode(setting: string): number {
  const [style, order] = setting.split(', ');
  const output = OUTPUT_STYLES.findIndex((s) => s === style);
  return Math.max(0, output) + (order === 'DMY' ? 16 : order === 'YMD' ? 32 : 0);
}
