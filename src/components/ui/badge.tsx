import { cva, type VariantProps } from 'class-variance-authority';
import type { LucideIcon } from 'lucide-react';
import type { ComponentProps } from 'react';
import { cn } from '@/lib/cn';

const badgeVariants = cva(
  'inline-flex items-center gap-1 rounded-full px-2 py-0.5 text-xs font-medium whitespace-nowrap [&_svg]:size-3.5',
  {
    variants: {
      tone: {
        neutral: 'bg-sunken text-muted',
        accent: 'bg-accent-soft text-accent',
        danger: 'bg-danger-soft text-danger',
        warn: 'bg-warn-soft text-warn',
        info: 'bg-info-soft text-info',
      },
    },
    defaultVariants: { tone: 'neutral' },
  },
);

type Tone = NonNullable<VariantProps<typeof badgeVariants>['tone']>;

interface BadgeProps extends ComponentProps<'span'> {
  tone?: Tone;
}

export function Badge({ tone, className, ...rest }: BadgeProps) {
  return <span {...rest} className={cn(badgeVariants({ tone }), className)} />;
}

/** How a status or type looks as a badge. */
export interface BadgeLabel {
  label: string;
  icon: LucideIcon;
  tone: Tone;
}

/** `beats` animates the icon, for what is running now. */
export function LabelBadge({ label, icon: Icon, tone, beats = false }: BadgeLabel & { beats?: boolean }) {
  return (
    <Badge tone={tone}>
      <Icon aria-hidden className={beats ? 'animate-beat' : undefined} /> {label}
    </Badge>
  );
}
