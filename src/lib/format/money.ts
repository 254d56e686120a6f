/** "$0", "$0.0042", "$0.12", "$1,234.50", "under $0.0001". */
export function formatUsd(amount: number): string {
  if (amount === 0) return '$0';
  if (amount < 0.0001) return 'under $0.0001';
  const digits =
    amount < 0.01
      ? { minimumFractionDigits: 2, maximumFractionDigits: 4 }
      : { minimumFractionDigits: 2, maximumFractionDigits: 2 };
  return `$${amount.toLocaleString('en-US', digits)}`;
}

/** "1,200 tokens", "84k tokens", "1.2M tokens". */
export function formatTokens(tokens: number): string {
  if (tokens < 10_000) return `${tokens.toLocaleString('en-US')} ${tokens === 1 ? 'token' : 'tokens'}`;
  const short = Intl.NumberFormat('en-US', {
    notation: 'compact',
    maximumFractionDigits: tokens < 1_000_000 ? 0 : 1,
  });
  return `${short.format(tokens)} tokens`.replace('K ', 'k ');
}
