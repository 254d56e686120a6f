import type { SpendView, TaskSpendView } from '@everbeat/domain';
import { formatTokens, formatUsd } from '@/lib/format/money';

type Told = Pick<
  SpendView,
  'spentUsd' | 'idleUsd' | 'forecastMonthUsd' | 'inputTokens' | 'outputTokens' | 'lastCall'
>;

/**
 * "$0.12 this month, about $3.60 a month at this rhythm, of it $3.10 on runs without news". Null: nothing was
 * spent.
 */
export function spendText(spend: Told, { hasRhythm }: { hasRhythm: boolean }): string | null {
  const { spentUsd, idleUsd, forecastMonthUsd: forecast } = spend;
  const tokens = spend.inputTokens + spend.outputTokens;
  if (spentUsd === 0) {
    const cost = spend.lastCall?.isPriced === false ? 'at no known cost' : 'at no cost';
    return tokens === 0 ? null : `${formatTokens(tokens)} this month, ${cost}`;
  }
  const parts = [`${formatUsd(spentUsd)} this month`];
  if (forecast > 0) {
    parts.push(
      `about ${formatUsd(forecast)} a month ${hasRhythm ? 'at this rhythm' : 'if it goes on like this'}`,
    );
  }
  const idleShare = Math.min(1, idleUsd / spentUsd);
  // Of what the sentence named last.
  if (idleUsd > 0) parts.push(`of it ${formatUsd((forecast || spentUsd) * idleShare)} on runs without news`);
  return parts.join(', ');
}

/** "A run costs $0.0042, on average of the newest ones. " Empty: none has cost anything. */
export const perRunText = ({ meanRunUsd }: Pick<TaskSpendView, 'meanRunUsd'>): string =>
  meanRunUsd === null || meanRunUsd === 0
    ? ''
    : `A run costs ${formatUsd(meanRunUsd)}, on average of the newest ones. `;

/** Why caps in dollars hold nothing at present. Null: they hold, or there are none. */
export function unpricedText({ lastCall, caps }: Pick<SpendView, 'lastCall' | 'caps'>): string | null {
  const hasUsdCaps = caps.some(({ cap }) => cap !== 'perDayTokens');
  if (!hasUsdCaps || lastCall === null || lastCall.isPriced) return null;
  return lastCall.model === null
    ? 'Its agent says how many tokens it used, and not what they cost, so the caps in dollars hold nothing.'
    : `No price is known for ${lastCall.model}, so the caps in dollars hold nothing.`;
}
