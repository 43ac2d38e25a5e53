import { api } from '$lib/api';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ depends, url }) => {
  depends('hortus:account');
  const [devices, factor, signing] = await Promise.all([
    api.session.devices(),
    api.account.secondFactor(),
    api.account.signing(),
  ]);
  return {
    devices: devices.items,
    factor,
    signing,
    link: url.searchParams.get('link') ?? undefined,
  };
};
