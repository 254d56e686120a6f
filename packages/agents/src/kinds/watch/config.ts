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

/** Without a `url` the agent watches what each task names in its own `config.watch`. */
export const watchConfigSchema = z.strictObject({
  url: addressSchema.optional(),
  selector: selectorSchema.optional(),
  timeoutSeconds: timeoutSecondsSchema.default(PAGE_TIMEOUT_SECONDS_DEFAULT),
});
export type WatchConfig = z.output<typeof watchConfigSchema>;
