import { z } from 'zod';
import { pageAddressSchema } from '@/lib/webAddress';

export const WATCH_INTERVALS = [
  { seconds: 300, label: 'every 5 minutes' },
  { seconds: 900, label: 'every 15 minutes' },
  { seconds: 3_600, label: 'every hour' },
  { seconds: 6 * 3_600, label: 'every 6 hours' },
  { seconds: 86_400, label: 'every day' },
] as const;

const isNumberOrEmpty = (text: string): boolean => Number.isFinite(Number(text.trim().replace(',', '.')));

export const quickWatchSchema = z.object({
  url: pageAddressSchema,
  intervalSeconds: z.coerce.number<string>().int(),
  /** Chosen on the preview. */
  selector: z.string(),
  below: z.string().refine(isNumberOrEmpty, 'Enter a number, such as 45 or 49.90'),
});
export type QuickWatch = z.output<typeof quickWatchSchema>;
export type QuickWatchFields = z.input<typeof quickWatchSchema>;
