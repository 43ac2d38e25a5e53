export { common, sentence } from './common';
export { terms } from './terms';
