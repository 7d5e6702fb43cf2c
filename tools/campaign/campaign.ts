/**
 * What a campaign is: a long test from a seed, whose result is kept in docs/. One file a campaign in this folder, found by
 * its name; tools/campaign.ts runs them. To add one: a file <name>.ts that exports `campaign`.
 */
export interface CampaignRun {
  readonly seed: number;
  /** How much of its unit the campaign does. */
  readonly trials: number;
  /** Names of the parts that run; all without it. */
  readonly only?: readonly string[] | undefined;
  log(line: string): void;
}
export interface CampaignResult {
  /** True when nothing was found. */
  readonly good: boolean;
  /** Markdown for the report, without its title and the line that says how it was made. */
  readonly report: string;
}
export interface Campaign {
  /** One sentence for --help. */
  readonly about: string;
  /** What is counted, in the plural: `kills`. */
  readonly unit: string;
  readonly trials: number;
  /** File in docs/ that holds the last result. */
  readonly report: string;
  readonly title: string;
  /** Parts of it that may run alone. */
  readonly parts?: readonly string[];
  run(run: CampaignRun): Promise<CampaignResult>;
}
