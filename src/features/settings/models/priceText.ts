import type { OfferedModel } from '@everbeat/domain';

const dollars = (price: number): string =>
  `$${price.toLocaleString('en-US', { minimumFractionDigits: price === 0 ? 0 : 2, maximumFractionDigits: 4 })}`;

/** What a model costs, for a person who chooses one. */
export function priceText({
  inputPerMillionUsd: input,
  outputPerMillionUsd: output,
}: Pick<OfferedModel, 'inputPerMillionUsd' | 'outputPerMillionUsd'>): string {
  if (input === null || output === null) return 'price not known';
  if (input === 0 && output === 0) return 'free';
  return `${dollars(input)} in, ${dollars(output)} out per million tokens`;
}
