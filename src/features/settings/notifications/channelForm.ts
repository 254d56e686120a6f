import { MASK } from '@everbeat/domain';
import type { ComponentType } from 'react';
import { z } from 'zod';
import type { KindFieldSet } from '@/features/agents/kindForm';
import { withScheme } from '@/lib/webAddress';

/** The form of one kind of channel. */
export interface ChannelForm {
  lead: string;
  /** The configuration. Those that hold a secret are marked so. */
  fields: KindFieldSet;
  /** How to set it up, step by step. */
  steps?: readonly string[];
  /** Helps with the fields. */
  Extra?: ComponentType<ChannelExtraProps>;
}

export interface ChannelExtraProps {
  /** As typed so far, by the name of the field. */
  texts: Readonly<Record<string, string>>;
  onText: (name: string, text: string) => void;
}

export const SECRET_HINT = 'It is stored encrypted and shown as dots; leave the dots to keep it.';

/** Of an address that is a secret itself. */
export const secretAddressSchema = z
  .string()
  .transform((address) => (address === MASK ? address : withScheme(address)));
