import type { About, CommunityName, Me } from '$lib/api';

declare global {
  namespace App {
    interface Error {
      message: string;
      /** The status of the answer that failed; 0 when no answer came. */
      status: number;
      code: string;
    }
    interface PageData {
      about: About;
      me: Me | null;
      /** Communities one was a member of earlier in this tab. */
      ended: CommunityName[];
    }
  }
}

export {};
