import { Activity, Bot, Inbox, ListTodo, type LucideIcon, Settings } from 'lucide-react';
import type { ShortcutId } from '@/lib/shortcuts/shortcuts';

export interface Place {
  href: '/' | '/tasks' | '/agents' | '/system' | '/settings';
  label: string;
  icon: LucideIcon;
  shortcut: ShortcutId;
}

export const PLACES: readonly Place[] = [
  { href: '/', label: 'Inbox', icon: Inbox, shortcut: 'go-inbox' },
  { href: '/tasks', label: 'Tasks', icon: ListTodo, shortcut: 'go-tasks' },
  { href: '/agents', label: 'Agents', icon: Bot, shortcut: 'go-agents' },
  { href: '/system', label: 'System', icon: Activity, shortcut: 'go-system' },
  { href: '/settings', label: 'Settings', icon: Settings, shortcut: 'go-settings' },
];

export const isAt = (place: Place, pathname: string): boolean =>
  place.href === '/' ? pathname === '/' : pathname === place.href || pathname.startsWith(`${place.href}/`);
