/** What a colour means; every tone has an icon or words beside it, never colour alone. */
export type Tone = 'neutral' | 'info' | 'good' | 'warn' | 'danger';
