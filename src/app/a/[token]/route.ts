/** Answers from messages, on hosts where Next takes the requests. `npm start` serves them without Next. */
export { GET, POST } from '../../api/[[...route]]/route';
