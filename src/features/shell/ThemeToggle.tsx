'use client';

import { Monitor, Moon, Sun } from 'lucide-react';
import { useTheme } from 'next-themes';
import { Button } from '@/components/ui/button';
import { useIsHydrated } from '@/lib/useIsHydrated';

const THEMES = [
  { name: 'system', icon: Monitor, text: 'as this device' },
  { name: 'light', icon: Sun, text: 'light' },
  { name: 'dark', icon: Moon, text: 'dark' },
] as const;

/**
 * Goes through the themes; the first one follows the device again. The server knows none, and shows that one.
 */
export function ThemeToggle() {
  const { theme, setTheme } = useTheme();
  const isHydrated = useIsHydrated();
  const chosen = isHydrated ? THEMES.findIndex(({ name }) => name === theme) : 0;
  const { icon: Icon, text } = THEMES[chosen] ?? THEMES[0];
  const next = THEMES[(chosen + 1) % THEMES.length] ?? THEMES[0];
  const label = `Colours: ${text}. Switch to ${next.text}`;
  return (
    <Button variant="ghost" size="icon" aria-label={label} title={label} onClick={() => setTheme(next.name)}>
      <Icon aria-hidden />
    </Button>
  );
}
