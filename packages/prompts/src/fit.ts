import { AppError } from '@everbeat/domain';
import { CHARS_PER_TOKEN, shareFairly } from './budget';
import type { Fence } from './fence';
import { type RenderedSection, renderSection, renderWhole, type Section, stubChars } from './section';

/** Between the parts of a prompt. */
export const SEPARATOR = '\n\n';

/**
 * The sections in the space that the fixed parts leave of `maxTokens`, shared by their weights.
 * @throws AppError `limit-reached` when the fixed parts alone need more
 */
export function fit(
  sections: readonly Section[],
  fence: Fence,
  fixed: readonly string[],
  maxTokens: number,
): RenderedSection[] {
  const stubs = sections.map((section) => stubChars(section));
  const parts = fixed.length + sections.length;
  const required = fixed.join('').length + sum(stubs) + (parts - 1) * SEPARATOR.length;
  const available = maxTokens * CHARS_PER_TOKEN - required;
  if (available < 0) {
    const tokens = Math.ceil(required / CHARS_PER_TOKEN);
    throw new AppError(
      'limit-reached',
      `The prompt needs about ${tokens} tokens and may have ${maxTokens}; shorten the instruction`,
    );
  }
  const demands = sections.map((section, index) => ({
    need: Math.max(0, renderWhole(section, fence).text.length - (stubs[index] ?? 0)),
    weight: section.weight,
  }));
  const shares = shareFairly(demands, available);
  return sections.map((section, index) =>
    renderSection(section, fence, (stubs[index] ?? 0) + (shares[index] ?? 0)),
  );
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
