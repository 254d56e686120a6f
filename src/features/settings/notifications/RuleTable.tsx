import { NEWS_KINDS, type NewsKind, RULE_VALUES } from '@everbeat/domain';
import { useId } from 'react';
import { Select } from '@/components/ui/field';
import { NEWS_LABELS, RULE_LABELS } from './labels';

interface RuleTableProps {
  caption: string;
  /** What is chosen for a kind of news; empty: the first choice of `without`. */
  ruleOf: (kind: NewsKind) => string;
  onChoose: (kind: NewsKind, value: string) => void;
  /** What no choice means, for a kind of news. Left out, one has to be made. */
  without?: (kind: NewsKind) => string;
}

/** For each kind of news, whether and when it is sent. */
export function RuleTable({ caption, ruleOf, onChoose, without }: RuleTableProps) {
  const id = useId();
  return (
    <table className="w-full text-sm">
      <caption className="sr-only">{caption}</caption>
      <tbody className="divide-y">
        {NEWS_KINDS.map((kind) => {
          const { label, hint } = NEWS_LABELS[kind];
          return (
            <tr key={kind}>
              <th scope="row" className="py-2 pr-4 text-left font-normal" id={`${id}-${kind}`}>
                {label}
                <span className="block text-[0.8125rem] text-muted">{hint}</span>
              </th>
              <td className="w-52 max-w-[50%] py-2">
                <Select
                  aria-labelledby={`${id}-${kind}`}
                  value={ruleOf(kind)}
                  onChange={({ target }) => onChoose(kind, target.value)}
                >
                  {without !== undefined && <option value="">{without(kind)}</option>}
                  {RULE_VALUES.map((value) => (
                    <option key={value} value={value}>
                      {RULE_LABELS[value]}
                    </option>
                  ))}
                </Select>
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
