import { describe, expect, it } from 'vitest';
import { boundaryFor, fenceFor } from './fence';

describe('the boundary of a fence', () => {
  it('follows from the texts alone', () => {
    expect(fenceFor(['a', 'b']).boundary).toBe(fenceFor(['a', 'b']).boundary);
    expect(fenceFor(['a', 'b']).boundary).not.toBe(fenceFor(['a', 'c']).boundary);
  });

  it('is lengthened past what a text happens to contain, in whatever case it is written', () => {
    const digest = () => 'abcdef0123456789';

    expect(boundaryFor(['nothing'], 4, digest)).toBe('abcd');
    expect(boundaryFor(['ABCDEF'], 4, digest)).toBe('abcdef0');
  });

  it('goes on beyond one digest', () => {
    const digest = (input: string) => (input.length > 4 ? 'abcd' : '0123');

    expect(boundaryFor(['text abcd'], 4, digest)).toBe('abcd0');
  });
});
