import { describe, expect, it } from 'vitest';
import { boundaryFor, fenceFor } from './fence';

describe('the boundary of a fence', () => {
  it('depends on the texts only', () => {
    expect(fenceFor(['a', 'b']).boundary).toBe(fenceFor(['a', 'b']).boundary);
    expect(fenceFor(['a', 'b']).boundary).not.toBe(fenceFor(['a', 'c']).boundary);
  });

  it('is lengthened when a text contains it, in upper or lower case', () => {
    const digest = () => 'abcdef0123456789';

    expect(boundaryFor(['nothing'], 4, digest)).toBe('abcd');
    expect(boundaryFor(['ABCDEF'], 4, digest)).toBe('abcdef0');
  });

  it('can be longer than one digest', () => {
    const digest = (input: string) => (input.length > 4 ? 'abcd' : '0123');

    expect(boundaryFor(['text abcd'], 4, digest)).toBe('abcd0');
  });
});
