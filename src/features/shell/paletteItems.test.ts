import { describe, expect, it } from 'vitest';
import { paletteGroups } from './paletteItems';

const NOTHING = { tasks: [], briefs: [], agents: [], areOld: false };
const labels = (query: string) =>
  paletteGroups(query, NOTHING).map(({ name, items }) => [name, items.map(({ label }) => label)]);

describe('the palette', () => {
  it('lists all pages and actions before anything is typed, with their shortcuts', () => {
    const groups = paletteGroups('', NOTHING);
    expect(groups.map(({ name }) => name)).toEqual(['Pages', 'Actions']);
    expect(groups[0]?.items[1]).toMatchObject({ label: 'Tasks', hint: 'g t', command: { href: '/tasks' } });
  });

  it.each<[string, [string, string[]][]]>([
    [
      'ta',
      [
        ['Pages', ['Tasks']],
        ['Actions', ['New task']],
      ],
    ],
    ['NEW t', [['Actions', ['New task']]]],
    ['settings mod', [['Pages', ['Settings: models']]]],
    ['feeds', [['Pages', ['Settings: feeds']]]],
    ['notif', [['Pages', ['Settings: notifications']]]],
    ['nothing like it', []],
  ])('finds by the beginnings of words: %s', (query, found) => {
    expect(labels(query)).toEqual(found);
  });
});
