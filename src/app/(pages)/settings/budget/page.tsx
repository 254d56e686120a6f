import type { Metadata } from 'next';

export const metadata: Metadata = { title: 'Budget' };

export { BudgetPage as default } from '@/features/settings/budget/BudgetPage';
