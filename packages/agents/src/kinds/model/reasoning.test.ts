import { describe, expect, it } from 'vitest';
import { withoutReasoning } from './reasoning';

describe('a text without the reasoning at its start', () => {
  it.each([
    ['a block', '<think>\nHm.\n</think>\n\nReport', 'Report'],
    ['a block of another name', ' <Thinking>Hm.</Thinking> Report', 'Report'],
    ['several blocks', '<think>a</think>\n<think>b</think>Report', 'Report'],
    ['an empty block', '<think>\n\n</think>\n\nReport', 'Report'],
    ['a block whose begin is missing', 'Hm.\nSo be it.\n</think>\n\nReport', 'Report'],
    ['a block that ends within a line', 'Hm. So be it.</think>\nReport', 'Report'],
    ['a block in brackets', '[THINK]Hm.[/THINK]Report', 'Report'],
    ['a block of another script', '◁think▷Hm.◁/think▷\n\nReport', 'Report'],
    ['a block that names its model', '<seed:think>Hm.</seed:think>Report', 'Report'],
    [
      'the channels before the last',
      '<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|channel|>final<|message|>Report<|return|>',
      'Report',
    ],
    ['a channel that does not end', '<|channel|>analysis<|message|>Hm.', ''],
    ['a block that does not end', '<think>\nHm.', ''],
  ])('has %s removed', (_what, text, report) => expect(withoutReasoning(text)).toBe(report));

  it.each([
    ['nothing of it', 'Report\n\nAll well.'],
    ['the tag within a sentence', 'The tag </think> ends the reasoning.'],
    ['the tags in an example', 'Like this:\n<think>\nHm.\n</think>\nand on.'],
  ])('stays as it is with %s', (_what, text) => expect(withoutReasoning(text)).toBe(text));

  it('takes linear time', () => {
    const started = performance.now();
    for (const flood of [
      '<think>',
      '<think></think>',
      '</think>\n',
      '<think></think',
      '<|channel|>',
      '[THINK]',
    ])
      withoutReasoning(flood.repeat(100_000));
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});
