import { z } from 'zod';

/** Adds `https://` where a person left the scheme out: `example.com` becomes `https://example.com`. */
export const withScheme = (address: string): string => {
  const trimmed = address.trim();
  return trimmed === '' || /^[a-z][a-z\d+.-]*:/i.test(trimmed) ? trimmed : `https://${trimmed}`;
};

/** A typed page address; the output is the complete http(s) URL that is stored. */
export const pageAddressSchema = z
  .string()
  .transform(withScheme)
  .pipe(
    z.url({
      protocol: /^https?$/,
      // Chromium's URL parser accepts a space in a host name, as `%20`.
      hostname: /^[^%]+$/,
      message: 'Enter the address of a page, such as https://example.com/news',
    }),
  );
