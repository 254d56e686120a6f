import { z } from 'zod';

/**
 * An address that a person sets. Without credentials, because it is shown to people and in messages.
 */
export const addressSchema = z
  .url({ protocol: /^https?$/, message: 'must be an http or https address' })
  .max(2_000)
  .refine((url) => !hasCredentials(url), { message: 'must not hold a user name or password' });

export function hasCredentials(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const url = new URL(address);
  return url.username !== '' || url.password !== '';
}
