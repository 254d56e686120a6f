import { load } from 'cheerio';
import { z } from 'zod';
import { addressSchema } from '../../shared/config';
import { timeoutSecondsSchema } from '../../shared/guardRun';

const PAGE_TIMEOUT_SECONDS_DEFAULT = 30;

const selectorSchema = z
  .string()
  .trim()
  .min(1)
  .max(500)
  .refine(isSelector, { message: 'is not a CSS selector such as "main h2"' });

export function isSelector(selector: string): boolean {
  try {
    load('<p>')(selector);
    return true;
  } catch {
    return false;
  }
}

/** Without a `url` the agent watches the page that each task names in its settings. */
export const watchConfigSchema = z.strictObject({
  url: addressSchema.optional(),
  selector: selectorSchema.optional(),
  timeoutSeconds: timeoutSecondsSchema.default(PAGE_TIMEOUT_SECONDS_DEFAULT),
});

/** What a task watches (`task.config.watch`). It takes precedence over the agent's own page as a whole. */
export const watchSettingsSchema = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).max(2_000),
  /** Whether it is a selector is checked by the run. */
  selector: z.string().max(500).optional(),
});
