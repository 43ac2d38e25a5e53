import { redirect } from '@sveltejs/kit';
import type { PageLoad } from './$types';

/** The link that an administrator hands over after a reset: the page of the account takes it from here. */
export const load: PageLoad = ({ params }) => redirect(307, `/account?link=${params.token}`);
