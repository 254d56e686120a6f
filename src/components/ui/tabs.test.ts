import { describe, expect, it } from 'vitest';
import { scrollToShow } from './tabs';

describe('a list of tabs that is wider than the screen', () => {
  const scrolled = (scrollLeft: number, offsetLeft: number, offsetWidth = 80) =>
    scrollToShow({ offsetLeft, offsetWidth }, { scrollLeft, clientWidth: 300 });

  it('is scrolled as little as shows the whole chosen tab, to either side', () => {
    expect(scrolled(0, 330), 'beyond the right edge').toBe(110);
    expect(scrolled(110, 0), 'beyond the left edge').toBe(0);
    expect(scrolled(110, 90), 'partly beyond the left edge').toBe(90);
    expect(scrolled(110, 200), 'in view').toBe(110);
  });

  it('shows the beginning of a tab that is wider than the screen', () => {
    expect(scrolled(0, 50, 400)).toBe(50);
  });
});
