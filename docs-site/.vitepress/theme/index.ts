import './style.css';

export { theme as default } from '../../src/site/layout.ts';
