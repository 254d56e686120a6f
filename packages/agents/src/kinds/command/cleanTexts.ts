/**
 * Replaces every text in a value that was read from JSON, in place. Not by recursion: JSON can be nested more deeply
 * than functions can call each other.
 */
export function cleanTexts(value: object, clean: (text: string) => string): void {
  const waiting = [value];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const [key, inside] of Object.entries(next)) {
      if (typeof inside === 'string') Reflect.set(next, key, clean(inside));
      else if (typeof inside === 'object' && inside !== null) waiting.push(inside);
    }
  }
}
