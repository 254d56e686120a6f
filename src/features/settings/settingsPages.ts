/** The pages of the settings, as their tabs and the command palette list them. */
export const SETTINGS_PAGES = [
  { href: '/settings/models', label: 'Models' },
  { href: '/settings/servers', label: 'Tool servers' },
  { href: '/settings/budget', label: 'Budget' },
  { href: '/settings/notifications', label: 'Notifications' },
  { href: '/settings/feeds', label: 'Feeds' },
] as const;
