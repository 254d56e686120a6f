import { addressesMeant } from '@everbeat/domain';
import { z } from 'zod';

/**
 * With the scheme that is meant where a person left it out: `localhost:4810` becomes `http://localhost:4810`.
 */
export const withScheme = (address: string): string => addressesMeant(address)[0] ?? address.trim();

/** A typed page address; the output is the complete http(s) URL that is stored. */
export const pageAddressSchema = z.string().transform((typed, context) => {
  const [address] = addressesMeant(typed);
  if (address !== undefined) return address;
  context.addIssue({
    code: 'custom',
    message: 'Enter the address of a page, such as https://example.com/news',
  });
  return z.NEVER;
});
