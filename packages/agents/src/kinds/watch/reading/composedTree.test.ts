import { describe, expect, it } from 'vitest';
import { readPage } from './readPage';

const textOf = async (body: string, selector: string | null = null) => {
  const answer = { bytes: Buffer.from(body), isCut: false, contentType: 'text/html', host: 'shop.example' };
  return (await readPage(answer, { selector, without: [] })).text;
};

describe('what a browser shows together', () => {
  it('is a shadow tree with what stands in its slots', async () => {
    const card = `<x-card><template shadowrootmode="open"><h2><slot name="title">No title</slot></h2><p>Price: <slot></slot></p></template><b slot="title">Mug</b>19 €<i slot="none">unseen</i></x-card>`;
    expect(await textOf(card)).toBe('Mug\nPrice: 19 €');
    expect(await textOf(card, 'x-card h2')).toBe('Mug');
  });

  it('is the words of a slot that nothing stands in', async () => {
    expect(
      await textOf('<x-a><template shadowrootmode="closed"><slot>Sold out</slot></template></x-a>'),
    ).toBe('Sold out');
  });

  it('is a shadow tree within another one, each with slots of its own', async () => {
    const inner = '<x-in><template shadowrootmode="open">[<slot></slot>]</template><slot></slot></x-in>';
    expect(await textOf(`<x-out><template shadowrootmode="open">(${inner})</template>Mug</x-out>`)).toBe(
      '([Mug])',
    );
  });

  it('is the page of a frame that stands in its attribute', async () => {
    expect(await textOf('<p>Before</p><iframe srcdoc="&lt;p id=price>19 €&lt;/p>">no frames</iframe>')).toBe(
      'Before\n19 €',
    );
    expect(await textOf('<iframe srcdoc="&lt;p id=price>19 €&lt;/p>"></iframe>', '#price')).toBe('19 €');
  });

  it('is no ordinary template, and no frame of another page', async () => {
    expect(await textOf('<p>a<template>b</template><iframe src="/c">d</iframe></p>')).toBe('a');
  });

  it('is read quickly, however much stands in one element', async () => {
    const slots = '<slot></slot>'.repeat(30_000);
    const page = `<x-a><template shadowrootmode="open">${slots}</template>${'<b></b>'.repeat(150_000)}end</x-a>`;
    expect(await textOf(page)).toBe('end');
  });
});
