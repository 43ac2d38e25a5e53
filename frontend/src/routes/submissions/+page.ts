import { api, type SubmissionState } from '$lib/api';
import { terms } from '$lib/wording';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ url, depends }) => {
  depends('hortus:submissions');
  const wanted = url.searchParams.get('state');
  const state = wanted !== null && isState(wanted) ? wanted : undefined;
  return { state, page: await api.submissions.list({ state }) };
};

function isState(word: string): word is SubmissionState {
  return Object.hasOwn(terms.submissionState, word);
}
