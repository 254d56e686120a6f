import { z } from 'zod';

export const WATCH_INTERVALS = [
  { seconds: 300, label: 'every 5 minutes' },
  { seconds: 900, label: 'every 15 minutes' },
  { seconds: 3_600, label: 'every hour' },
  { seconds: 6 * 3_600, label: 'every 6 hours' },
  { seconds: 86_400, label: 'every day' },
] as const;

/** People type `example.com`; the address of a watch needs its scheme. */
export const withScheme = (address: string): string => {
  const trimmed = address.trim();
  return trimmed === '' || /^[a-z][a-z\d+.-]*:/i.test(trimmed) ? trimmed : `https://${trimmed}`;
};

/** The address of a page as it is stored. */
export const pageAddressSchema = z
  .string()
  .transform(withScheme)
  .pipe(
    z.url({
      protocol: /^https?$/,
      // Chromium takes a host with a space in it, as `%20`.
      hostname: /^[^%]+$/,
      message: 'Enter the address of a page, such as https://example.com/news',
    }),
  );

export const quickWatchSchema = z.object({
  url: pageAddressSchema,
  intervalSeconds: z.coerce.number<string>().int(),
});
export type QuickWatch = z.output<typeof quickWatchSchema>;
export type QuickWatchFields = z.input<typeof quickWatchSchema>;
