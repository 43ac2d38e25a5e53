// Standard sentences to the author for each of the usual reasons, to insert and then adapt. They say what would make the
// text releasable, name no other person, and tell nothing of what the safety team does with a report.
import type { Item } from '$lib/api';

const SENTENCES = {
  fair_balance: [
    'Please name the important risks in the same post, as prominently as the benefit.',
    'Please leave out words such as “better” or “the safest”, or name the study that supports them.',
    'Please say that results differ from person to person, and promise no outcome.',
  ],
  off_label: [
    'This speaks of a use for which the product is not approved. Please leave this part out; our medical information service is glad to answer you directly.',
    'Please keep to the approved indication, dose and age group.',
  ],
  adverse_event_detail: [
    'Thank you for telling us; what you wrote has reached the people who look after the safety of our products.',
    'Please leave the medical details out of the post. They are safe with us.',
  ],
  privacy: [
    'Please remove names, dates, places and anything else by which a person could be recognised.',
    'Please remove telephone numbers and addresses, your own too. Members can reach you here.',
  ],
  conduct: [
    'Please answer what was said, not the person who said it.',
    'Please write this again without insults. The point you make is welcome.',
  ],
  off_topic: ['This community has another subject. Please write where the subject fits.'],
  duplicate: ['This has been posted before. Please continue in the thread that exists.'],
  unclear: ['Please say more exactly what you mean; readers could take it in more than one way.'],
  other: [],
};
const STANDARD: ReadonlyMap<string, readonly string[]> = new Map(Object.entries(SENTENCES));

/** What the policy of the item's community says of reasons. */
type Policy = Pick<Item, 'reason_codes' | 'author_templates' | 'language'>;

export function reasonOptions(policy: Policy): { value: string; label: string }[] {
  return policy.reason_codes.map(({ code, name }) => ({ value: code, label: name }));
}

/** What to say: the community's own words for the reason, those in the language of the text first, then the standard
 *  sentences; a reason of the community's own that has neither says its remedy. */
export function sentencesFor(policy: Policy, code: string): readonly string[] {
  const reason = policy.reason_codes.find((one) => one.code === code);
  if (!reason) return [];
  const foreign = ({ language }: { language: string }) =>
    Number(primary(language) !== primary(policy.language));
  const own = (of: string | null) =>
    policy.author_templates
      .filter((template) => template.reason === of)
      .toSorted((one, other) => foreign(one) - foreign(other))
      .map(({ words }) => words);
  const said = [...own(code), ...(STANDARD.get(code) ?? [])];
  const first = said.length > 0 || STANDARD.has(code) ? said : [reason.remedy];
  return [...first, ...own(null)];
}

function primary(language: string): string {
  return language.split('-', 1)[0]?.toLowerCase() ?? '';
}

/** Gives the reason; its first sentence is put down as long as nobody has written anything of their own. */
export function chooseReason(
  draft: { reason: string; words: string },
  policy: Policy,
  reason: string,
) {
  const own = draft.words.trim();
  const untouched = own === '' || own === sentencesFor(policy, draft.reason)[0];
  draft.reason = reason;
  if (untouched) draft.words = sentencesFor(policy, reason)[0] ?? '';
}

/** `sentence` put in the place of what lies between `from` and `to`, with a space on either side where one is needed. */
export function insertSentence(
  text: string,
  from: number,
  to: number,
  sentence: string,
): { text: string; caret: number } {
  const before = text.slice(0, from);
  const after = text.slice(to);
  const lead = before !== '' && !/\s$/.test(before) ? ' ' : '';
  const tail = after !== '' && !/^\s/.test(after) ? ' ' : '';
  return {
    text: before + lead + sentence + tail + after,
    caret: before.length + lead.length + sentence.length,
  };
}
