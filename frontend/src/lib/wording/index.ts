export { reopening } from './reopening';
export { common, sentence } from './common';
export { communities } from './communities';
export { posts } from './posts';
export { session } from './session';
export { signing } from './signing';
export { submissions } from './submissions';
export { actionName, terms } from './terms';
