// Why an item is passed over, or taken from its holder, in the order in which the reasons are offered.
import type { SkipReason, TakeOverReason } from '$lib/api';
import { terms } from '$lib/wording';

export const SKIP_REASONS = Object.keys(terms.skipReason) as SkipReason[];
export const TAKE_OVER_REASONS = Object.keys(terms.takeOverReason) as TakeOverReason[];
