import type { Clean } from './clean';

/**
 * Cleans every text in a value that was read from JSON, its keys included, in place. Not by recursion: JSON
 * can be nested more deeply than functions can call each other.
 */
export function cleanTexts(value: object, clean: Clean): void {
  const waiting = [value];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const [key, inside] of Object.entries(next)) {
      const cleanKey = Array.isArray(next) ? key : clean(key);
      const kept: unknown = typeof inside === 'string' ? clean(inside) : inside;
      if (cleanKey !== key) Reflect.deleteProperty(next, key);
      if (cleanKey !== key || kept !== inside) Reflect.set(next, cleanKey, kept);
      if (typeof inside === 'object' && inside !== null) waiting.push(inside);
    }
  }
}
