import { Problem } from '$lib/api';
import { common, sentence } from '$lib/wording';
import type { HandleClientError } from '@sveltejs/kit';

/** Turns whatever a page stumbled over into what the error page shows. */
export const handleError: HandleClientError = ({ error, status }) => {
  if (error instanceof Problem) {
    return { status: error.status, code: error.code, message: sentence(error) };
  }
  return { status, code: status === 404 ? 'not_found' : 'fault', message: common.problem.server };
};
