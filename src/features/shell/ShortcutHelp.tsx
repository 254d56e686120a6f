'use client';

import { useState } from 'react';
import { Dialog } from '@/components/ui/dialog';
import type { OpenState } from '@/components/ui/overlay';
import { characterKeys } from '@/lib/shortcuts/characterKeys';
import { SHORTCUT_GROUPS, SHORTCUTS } from '@/lib/shortcuts/shortcuts';

/** "Shift+x" as the caps of its keys. */
function Keys({ keys }: { keys: string }) {
  return (
    <span className="flex shrink-0 items-center gap-1 text-[0.8125rem] text-muted">
      {keys.split(/[ +]/).map((key, position) => (
        <kbd
          // biome-ignore lint/suspicious/noArrayIndexKey: a chord can have the same key twice, and is never changed
          key={position}
          className="min-w-6 rounded-md border bg-surface px-1.5 py-0.5 text-center font-mono text-xs text-ink"
        >
          {key === 'Mod' ? 'Ctrl / ⌘' : key.replace('-', ' … ')}
        </kbd>
      ))}
    </span>
  );
}

/** Kept in this browser. Without them, the palette still opens by Ctrl or ⌘ and k, and leads back here. */
function CharacterKeys() {
  const [areOn, setOn] = useState(characterKeys.areOn);
  const turn = (isOn: boolean) => {
    characterKeys.turn(isOn);
    setOn(isOn);
  };
  return (
    <label className="mt-5 flex items-center gap-2 text-sm">
      <input type="checkbox" checked={areOn} onChange={({ target }) => turn(target.checked)} />
      Use shortcuts of single keys. Without them, Ctrl / ⌘ k still opens what leads here.
    </label>
  );
}

/** All shortcuts, from the table that the listener reads too. */
export default function ShortcutHelp(props: OpenState) {
  return (
    <Dialog {...props} title="Keyboard shortcuts" description="They are off while you type.">
      {/* Without anything that takes the focus, the keyboard could not scroll it. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: see above */}
      <div tabIndex={0} className="gap-x-10 rounded-lg sm:columns-2">
        {SHORTCUT_GROUPS.map((group) => (
          <section key={group} aria-label={group} className="mb-6 break-inside-avoid">
            <h3 className="mb-1.5 text-sm font-semibold">{group}</h3>
            <ul className="divide-y">
              {SHORTCUTS.filter((shortcut) => shortcut.group === group).map(({ id, keys, does }) => (
                <li key={id} className="flex items-center justify-between gap-4 py-1.5 text-sm">
                  <span>{does}</span>
                  <Keys keys={keys} />
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
      <CharacterKeys />
    </Dialog>
  );
}
