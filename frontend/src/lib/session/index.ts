export { leave, signInAddress, safeReturn } from './return';
